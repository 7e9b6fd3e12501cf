-- What was ever seen of the addresses that the catalogue vouches for, or that were checked beside it.

-- One address, and how it stands after all looks at it (see check/history.py for the rules).
CREATE TABLE links (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    digest TEXT NOT NULL UNIQUE,     -- SHA-256 of the address, in hexadecimal
    url TEXT NOT NULL,
    kind TEXT NOT NULL,              -- player, page, audio, transcript, image
    provider TEXT,
    provider_id TEXT,
    watched INTEGER NOT NULL,        -- 1: an episode that is shown has it
    state TEXT NOT NULL,             -- what the last look said; unchecked before the first
    since INTEGER NOT NULL,          -- when a look said so first
    health TEXT NOT NULL,            -- unknown, alive, failing, dead
    first_checked INTEGER,
    last_checked INTEGER,
    due_at INTEGER NOT NULL,         -- when to look again
    last_ok INTEGER,                 -- the last look at which it was alive
    failing_since INTEGER,           -- the first failure after that
    dead_since INTEGER,              -- the failure that was one too many
    recovered_at INTEGER,            -- the first look at which it was alive again
    failures INTEGER NOT NULL DEFAULT 0, -- looks in a row that failed
    strikes INTEGER NOT NULL DEFAULT 0,  -- those far enough apart to count, and when the last was
    struck_at INTEGER,
    gone INTEGER NOT NULL DEFAULT 0,     -- the same for answers that say that it is gone
    gone_at INTEGER
) STRICT;
CREATE INDEX links_due ON links (due_at, id) WHERE watched = 1;
CREATE INDEX links_by_state ON links (state, since DESC, id DESC);
CREATE INDEX links_by_health ON links (health, since DESC, id DESC);
CREATE INDEX links_recovered ON links (recovered_at DESC, id DESC) WHERE recovered_at IS NOT NULL;
CREATE INDEX links_counted ON links (provider, health, state) WHERE watched = 1;

-- One look at one address. Old ones that say the same as their neighbours are taken out.
CREATE TABLE checks (
    link_id INTEGER NOT NULL REFERENCES links (id) ON DELETE CASCADE,
    checked_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    status INTEGER,                  -- HTTP
    detail TEXT NOT NULL,
    suggestion TEXT,                 -- a better address
    rule TEXT NOT NULL,              -- which one spoke
    evidence TEXT NOT NULL,          -- JSON object: hops, type, length, trouble
    PRIMARY KEY (link_id, checked_at)
) STRICT, WITHOUT ROWID;

-- Which episodes have an address.
CREATE TABLE link_episodes (
    episode_id INTEGER NOT NULL REFERENCES episodes (id) ON DELETE CASCADE,
    link_id INTEGER NOT NULL REFERENCES links (id) ON DELETE CASCADE,
    PRIMARY KEY (episode_id, link_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX link_episodes_of ON link_episodes (link_id, episode_id);

-- Episodes whose addresses may have changed since they were gathered.
CREATE TABLE links_to_gather (
    episode_id INTEGER PRIMARY KEY
) STRICT;
INSERT INTO links_to_gather (episode_id) SELECT id FROM episodes;
CREATE TRIGGER episodes_new_links AFTER INSERT ON episodes BEGIN
    INSERT INTO links_to_gather (episode_id) VALUES (new.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER episodes_changed_links AFTER UPDATE OF changed_at, hidden ON episodes BEGIN
    INSERT INTO links_to_gather (episode_id) VALUES (new.id) ON CONFLICT DO NOTHING;
END;

-- When an address was looked at last; 0 is never.
INSERT INTO meta (name, value) VALUES ('last_check', 0);
