-- The pages of a tag and of a person are read in their order, however many episodes they have:
-- `sort_at` is their episode's, kept so by triggers.

ALTER TABLE episode_tags ADD COLUMN sort_at bigint NOT NULL DEFAULT 0;
ALTER TABLE credits ADD COLUMN sort_at bigint NOT NULL DEFAULT 0;
UPDATE episode_tags SET sort_at = (SELECT e.sort_at FROM episodes e WHERE e.id = episode_id);
UPDATE credits SET sort_at = (SELECT e.sort_at FROM episodes e WHERE e.id = episode_id);

DROP INDEX episode_tags_of_tag;
DROP INDEX credits_of_person;
CREATE INDEX episode_tags_of_tag ON episode_tags (tag_id, sort_at DESC, episode_id DESC);
CREATE INDEX credits_of_person ON credits (person_id, sort_at DESC, episode_id DESC, role);

CREATE FUNCTION sorted_as_its_episode() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    NEW.sort_at := (SELECT e.sort_at FROM episodes e WHERE e.id = NEW.episode_id);
    RETURN NEW;
END $$;
CREATE TRIGGER episode_tags_sorted BEFORE INSERT ON episode_tags
    FOR EACH ROW EXECUTE FUNCTION sorted_as_its_episode();
CREATE TRIGGER credits_sorted BEFORE INSERT ON credits
    FOR EACH ROW EXECUTE FUNCTION sorted_as_its_episode();
CREATE FUNCTION move_with_episode() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE episode_tags SET sort_at = NEW.sort_at WHERE episode_id = NEW.id;
    UPDATE credits SET sort_at = NEW.sort_at WHERE episode_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER episodes_moved AFTER UPDATE OF sort_at ON episodes
    FOR EACH ROW WHEN (NEW.sort_at <> OLD.sort_at) EXECUTE FUNCTION move_with_episode();

-- When anything changed last, without a look at everything.
CREATE INDEX episodes_changed ON episodes (changed_at);
