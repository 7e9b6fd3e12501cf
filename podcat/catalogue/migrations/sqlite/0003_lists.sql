-- The pages of a tag and of a person are read in their order, however many episodes they have:
-- `sort_at` is their episode's, kept so by triggers.

ALTER TABLE episode_tags ADD COLUMN sort_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE credits ADD COLUMN sort_at INTEGER NOT NULL DEFAULT 0;
UPDATE episode_tags SET sort_at = (SELECT e.sort_at FROM episodes e WHERE e.id = episode_id);
UPDATE credits SET sort_at = (SELECT e.sort_at FROM episodes e WHERE e.id = episode_id);

DROP INDEX episode_tags_of_tag;
DROP INDEX credits_of_person;
CREATE INDEX episode_tags_of_tag ON episode_tags (tag_id, sort_at DESC, episode_id DESC);
CREATE INDEX credits_of_person ON credits (person_id, sort_at DESC, episode_id DESC, role);

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

-- When anything changed last, without a look at everything.
CREATE INDEX episodes_changed ON episodes (changed_at);
