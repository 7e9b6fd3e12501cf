-- Lists by length and by health, and what a timeline has to say of recordings without a date.

-- Seconds; -1 where they are not known: no list is sorted by what can be missing.
ALTER TABLE episodes ADD COLUMN lasting bigint NOT NULL
    GENERATED ALWAYS AS (coalesce(duration, -1)) STORED;
CREATE INDEX episodes_longest ON episodes (lasting DESC, sort_at DESC, id DESC) WHERE hidden = 0;

-- What can be believed of the ways in which it can be heard: unknown, alive, failing, dead.
-- It follows the looks at its addresses (see catalogue/healths.py).
ALTER TABLE episodes ADD COLUMN health chars NOT NULL DEFAULT 'unknown';
CREATE INDEX episodes_of_health ON episodes (health, sort_at DESC, id DESC) WHERE hidden = 0;
-- Those that were looked at before this column was there get it with the next check.
INSERT INTO links_to_gather (episode_id)
    SELECT DISTINCT o.episode_id FROM link_episodes o JOIN links l ON l.id = o.link_id
    WHERE l.last_checked IS NOT NULL ON CONFLICT DO NOTHING;

-- Recordings that stand at the time at which they were first seen.
CREATE INDEX episodes_undated ON episodes (id)
    WHERE hidden = 0 AND published IS NULL AND sort_at = first_seen;
