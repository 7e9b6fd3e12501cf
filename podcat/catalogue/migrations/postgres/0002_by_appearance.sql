-- What a document says is kept with the appearance it says it of, so that appearances can be
-- grouped into episodes anew: by a later document, or by a person who undoes a wrong merge.
-- Times are whole seconds since 1970 in UTC; 0 and 1 are no and yes.

-- Every key an embed was seen with.
CREATE TABLE appearance_keys (
    key chars NOT NULL,              -- see catalogue/identity.py; scoped by a split: key#LABEL
    document_id bigint NOT NULL,
    position bigint NOT NULL,
    FOREIGN KEY (document_id, position)
        REFERENCES appearances (document_id, position) ON DELETE CASCADE
);
-- In place of a primary key: a B-tree takes no more than 2.7 kB, a key can be longer.
CREATE UNIQUE INDEX appearance_keys_once ON appearance_keys (document_id, position, md5(key));
CREATE INDEX appearance_keys_by_key ON appearance_keys USING hash (key);
-- Schema 1 knew keys of episodes alone: each of their appearances gets them all.
INSERT INTO appearance_keys (key, document_id, position)
    SELECT k.key, a.document_id, a.position
    FROM episode_keys k JOIN appearances a ON a.episode_id = k.episode_id;

-- Keys that recordings known to differ share: they join nothing, and never will again.
CREATE TABLE blunt_keys (
    key chars NOT NULL,
    EXCLUDE USING hash (key WITH =)  -- as pages.key
);
INSERT INTO blunt_keys (key)
    SELECT key FROM episode_keys WHERE key NOT LIKE 'id:%' GROUP BY key HAVING count(*) > 1;
DROP TABLE episode_keys;

-- Every value that any document proposes for a field of a recording.
CREATE TABLE provenance_2 (
    document_id bigint NOT NULL,
    position bigint NOT NULL,
    field chars NOT NULL,
    value chars NOT NULL,            -- numbers in decimal, yes and no as true and false
    rule chars NOT NULL,             -- carrier/name; the carrier says how far to trust it
    picked bigint NOT NULL,          -- 1 where it is the value that won within its document
    FOREIGN KEY (document_id, position)
        REFERENCES appearances (document_id, position) ON DELETE CASCADE
);
-- In place of a primary key: a B-tree takes no more than 2.7 kB, a value can be longer.
CREATE UNIQUE INDEX provenance_by_appearance
    ON provenance_2 (document_id, position, field, md5(value), rule);
INSERT INTO provenance_2 (document_id, position, field, value, rule, picked)
    SELECT p.document_id, min(a.position), p.field, p.value, p.rule, p.picked
    FROM provenance p
    JOIN appearances a ON a.document_id = p.document_id AND a.episode_id = p.episode_id
    GROUP BY p.document_id, p.episode_id, p.field, p.value, p.rule, p.picked;
DROP TABLE provenance;
ALTER TABLE provenance_2 RENAME TO provenance;

-- The people and tags that a document names with an embed; credits and episode_tags follow from
-- those of the newest document of each page and form.
CREATE TABLE mentions (
    document_id bigint NOT NULL,
    position bigint NOT NULL,
    kind chars NOT NULL,             -- person or tag
    ordinal bigint NOT NULL,         -- in the document's list, from 0
    name chars NOT NULL,
    role chars,                      -- of a person
    about chars,                     -- who that is, in a page's words
    rule chars NOT NULL,             -- as in provenance; person/add for podcat add --tag
    PRIMARY KEY (document_id, position, kind, ordinal),
    FOREIGN KEY (document_id, position)
        REFERENCES appearances (document_id, position) ON DELETE CASCADE
);
-- Schema 1 did not keep who said it: each appearance of an episode does.
INSERT INTO mentions (document_id, position, kind, ordinal, name, role, about, rule)
    SELECT a.document_id, a.position, 'person',
        row_number() OVER (PARTITION BY a.document_id, a.position
            ORDER BY c.position, c.role, p.slug) - 1,
        p.name, c.role, c.about, 'unknown/schema-1'
    FROM appearances a JOIN credits c ON c.episode_id = a.episode_id
    JOIN people p ON p.id = c.person_id;
INSERT INTO mentions (document_id, position, kind, ordinal, name, role, about, rule)
    SELECT a.document_id, a.position, 'tag',
        row_number() OVER (PARTITION BY a.document_id, a.position ORDER BY t.slug) - 1,
        t.name, NULL, NULL, 'unknown/schema-1'
    FROM appearances a JOIN episode_tags et ON et.episode_id = a.episode_id
    JOIN tags t ON t.id = et.tag_id;

-- What a person said of an episode; it wins over every document.
CREATE TABLE edits (
    episode_id bigint NOT NULL REFERENCES episodes (id) ON DELETE CASCADE,
    field chars NOT NULL,            -- of an episode, or hidden
    value chars,                     -- as in provenance; NULL says that there is none
    edited_at bigint NOT NULL,
    PRIMARY KEY (episode_id, field)
);
CREATE TABLE tag_edits (
    episode_id bigint NOT NULL REFERENCES episodes (id) ON DELETE CASCADE,
    slug chars NOT NULL,
    name chars NOT NULL,
    wanted bigint NOT NULL,          -- 0: the episode has not this tag, whoever says so
    edited_at bigint NOT NULL,
    PRIMARY KEY (episode_id, slug)
);
ALTER TABLE episodes ADD COLUMN hidden bigint NOT NULL DEFAULT 0;  -- 1: in no list and no count

-- What a person took apart: on this page, these keys name another recording than elsewhere.
CREATE TABLE splits (
    page_key chars NOT NULL,         -- as pages.key
    key chars NOT NULL,
    label chars NOT NULL,            -- pages with one label share that recording
    split_at bigint NOT NULL
);
-- In place of a primary key: a B-tree takes no more than 2.7 kB, a key can be longer.
CREATE UNIQUE INDEX splits_once ON splits (md5(page_key), md5(key));
CREATE INDEX splits_of_page ON splits USING hash (page_key);

-- A number that an import gives is never given again, as in SQLite's AUTOINCREMENT.
CREATE FUNCTION never_again() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    given text := pg_get_serial_sequence(quote_ident(TG_TABLE_SCHEMA) || '.' || TG_TABLE_NAME, 'id');
    known boolean;
BEGIN
    EXECUTE format('SELECT is_called AND last_value >= $1 FROM %s', given) INTO known USING NEW.id;
    IF NOT known THEN
        PERFORM setval(given, NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER episodes_numbered AFTER INSERT ON episodes
    FOR EACH ROW EXECUTE FUNCTION never_again();
CREATE TRIGGER pages_numbered AFTER INSERT ON pages
    FOR EACH ROW EXECUTE FUNCTION never_again();
