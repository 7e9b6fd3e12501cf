-- The pages of a tag and of a person are read in their order, however many episodes they have:
-- `sort_at` is their episode's, kept so by triggers.

-- No time is further than 2^33 seconds from 1970 (years 1697 to 2242): a place is one number.
UPDATE episodes SET sort_at = least(8589934592, greatest(-8589934592, sort_at))
    WHERE sort_at NOT BETWEEN -8589934592 AND 8589934592;

ALTER TABLE episode_tags ADD COLUMN sort_at bigint NOT NULL DEFAULT 0;
ALTER TABLE credits ADD COLUMN sort_at bigint NOT NULL DEFAULT 0;
UPDATE episode_tags SET sort_at = (SELECT e.sort_at FROM episodes e WHERE e.id = episode_id);
UPDATE credits SET sort_at = (SELECT e.sort_at FROM episodes e WHERE e.id = episode_id);

DROP INDEX episode_tags_of_tag;
DROP INDEX credits_of_person;
CREATE INDEX episode_tags_of_tag ON episode_tags (tag_id, sort_at DESC, episode_id DESC);
-- Upwards, so that several credits of one person are counted as one along the index.
CREATE INDEX credits_of_person ON credits (person_id, sort_at, episode_id, role);

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

-- The index of words is in the order of time, too: rowid is the episode's place, which is
-- sort_at * 2^29 + id (see catalogue/search.py), so rowid & (2^29 - 1) is its id.
ALTER TABLE search DROP CONSTRAINT search_rowid_fkey;
DELETE FROM search s WHERE NOT EXISTS (SELECT 1 FROM episodes e WHERE e.id = s.rowid);
UPDATE search s SET rowid = e.sort_at * 536870912 + e.id FROM episodes e WHERE e.id = s.rowid;

-- What is spoken is searched as well, as far as a document has it in words.
ALTER TABLE search ADD COLUMN transcript chars NOT NULL DEFAULT '';
ALTER TABLE search DROP COLUMN words;  -- and with it its index
ALTER TABLE search ADD COLUMN words tsvector NOT NULL GENERATED ALWAYS AS (
    array_to_tsvector(array_remove(string_to_array(
        title || ' ' || programme || ' ' || people || ' ' || tags || ' ' || description || ' '
        || caption || ' ' || pages || ' ' || provider || ' ' || transcript, ' '), ''))) STORED;
CREATE INDEX search_words ON search USING gin (words) WITH (fastupdate = off);
