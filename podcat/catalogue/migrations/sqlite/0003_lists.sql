-- The pages of a tag and of a person are read in their order, however many episodes they have:
-- `sort_at` is their episode's, kept so by triggers.

-- No time is further than 2^33 seconds from 1970 (years 1697 to 2242): a place is one number.
UPDATE episodes SET sort_at = min(8589934592, max(-8589934592, sort_at))
    WHERE sort_at NOT BETWEEN -8589934592 AND 8589934592;

ALTER TABLE episode_tags ADD COLUMN sort_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE credits ADD COLUMN sort_at INTEGER NOT NULL DEFAULT 0;
UPDATE episode_tags SET sort_at = (SELECT e.sort_at FROM episodes e WHERE e.id = episode_id);
UPDATE credits SET sort_at = (SELECT e.sort_at FROM episodes e WHERE e.id = episode_id);

DROP INDEX episode_tags_of_tag;
DROP INDEX credits_of_person;
CREATE INDEX episode_tags_of_tag ON episode_tags (tag_id, sort_at DESC, episode_id DESC);
-- Upwards, so that several credits of one person are counted as one along the index.
CREATE INDEX credits_of_person ON credits (person_id, sort_at, episode_id, role);

CREATE TRIGGER episode_tags_sorted AFTER INSERT ON episode_tags BEGIN
    UPDATE episode_tags SET sort_at = (SELECT e.sort_at FROM episodes e WHERE e.id = new.episode_id)
    WHERE episode_id = new.episode_id AND tag_id = new.tag_id;
END;
CREATE TRIGGER credits_sorted AFTER INSERT ON credits BEGIN
    UPDATE credits SET sort_at = (SELECT e.sort_at FROM episodes e WHERE e.id = new.episode_id)
    WHERE episode_id = new.episode_id AND person_id = new.person_id AND role = new.role;
END;
CREATE TRIGGER episodes_moved AFTER UPDATE OF sort_at ON episodes
WHEN new.sort_at <> old.sort_at BEGIN
    UPDATE episode_tags SET sort_at = new.sort_at WHERE episode_id = new.id;
    UPDATE credits SET sort_at = new.sort_at WHERE episode_id = new.id;
END;

-- The index of words is in the order of time, too: rowid is the episode's place, which is
-- sort_at * 2^29 + id (see catalogue/search.py), so rowid & (2^29 - 1) is its id. FTS5 gathers rows
-- in memory as long as they come in that order, and writes each by itself where they do not.
-- What is spoken is searched as well, as far as a document has it in words.
CREATE VIRTUAL TABLE search_3 USING fts5 (
    title, programme, people, tags, description, caption, pages, provider, transcript,
    tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co M*'"
);
INSERT INTO search_3 (
        rowid, title, programme, people, tags, description, caption, pages, provider, transcript)
    SELECT e.sort_at * 536870912 + e.id,
        s.title, s.programme, s.people, s.tags, s.description, s.caption, s.pages, s.provider, ''
    FROM episodes e CROSS JOIN search s ON s.rowid = e.id ORDER BY e.sort_at, e.id;
DROP TABLE search;
ALTER TABLE search_3 RENAME TO search;

-- The lists that pages are read from hold what is shown alone: nobody passes over hidden episodes.
DROP INDEX episodes_newest;
DROP INDEX episodes_of_programme;
DROP INDEX episodes_of_provider;
CREATE INDEX episodes_newest ON episodes (sort_at DESC, id DESC) WHERE hidden = 0;
CREATE INDEX episodes_of_programme ON episodes (programme_slug, sort_at DESC, id DESC)
    WHERE hidden = 0;
CREATE INDEX episodes_of_provider ON episodes (provider, sort_at DESC, id DESC)
    WHERE hidden = 0;
CREATE INDEX episodes_playable ON episodes (playable, sort_at DESC, id DESC) WHERE hidden = 0;
-- When anything changed last, without a look at everything; and small numbers to be told at once.
CREATE INDEX episodes_changed ON episodes (changed_at) WHERE hidden = 0;
CREATE INDEX episodes_unresolved ON episodes (id) WHERE status = 'unresolved' AND hidden = 0;
CREATE INDEX episodes_hidden ON episodes (id) WHERE hidden = 1;
