-- The catalogue: documents, the pages they are of, the episodes found on them.
-- Times are whole seconds since 1970 in UTC; lengths are whole seconds; sizes are bytes;
-- 0 and 1 are no and yes; NULL is "not known". Dates in TEXT are ISO 8601, as exact as their source.

PRAGMA application_id = 1886348899;  -- "podc": tells a catalogue from another program's database

-- Single numbers. `revision` grows with every document stored: a key for caches.
CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO meta (name, value) VALUES ('revision', 0);

-- A page: the best of what its documents say of it.
CREATE TABLE pages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,        -- address without what makes no other page, or document:SHA256
    url TEXT,
    site TEXT,                       -- name or host
    title TEXT,
    published TEXT,                  -- date
    byline TEXT,
    language TEXT
) STRICT;

-- Bytes that were read, once for each content.
CREATE TABLE documents (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sha256 TEXT NOT NULL UNIQUE,     -- of the bytes and the address, if known, in hexadecimal
    page_id INTEGER NOT NULL REFERENCES pages (id),
    name TEXT NOT NULL,              -- what a person calls it: a path, an address
    source_url TEXT,                 -- where it was fetched from, as far as told
    form TEXT NOT NULL,              -- text or html
    encoding TEXT,
    size INTEGER NOT NULL,           -- bytes
    added_at INTEGER NOT NULL,
    -- what this document says of its page
    url TEXT,
    site TEXT,
    title TEXT,
    published TEXT,                  -- date
    byline TEXT,
    language TEXT
) STRICT;
CREATE INDEX documents_of_page ON documents (page_id);

-- Addresses in a document that go a provider's way but can be none of its players.
CREATE TABLE refusals (
    document_id INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,       -- among the refused addresses of the document, from 0
    url TEXT NOT NULL,               -- as the document has it
    provider TEXT NOT NULL,
    reason TEXT NOT NULL,
    line INTEGER,                    -- from 1
    path TEXT,                       -- XPath
    PRIMARY KEY (document_id, position)
) STRICT, WITHOUT ROWID;

-- One recording, as it is shown: every field is the best of the values in `provenance`.
CREATE TABLE episodes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    guid TEXT NOT NULL UNIQUE,       -- urn:uuid:…, never changed
    provider TEXT NOT NULL,
    provider_id TEXT,
    status TEXT NOT NULL,            -- identified or unresolved
    sort_at INTEGER NOT NULL,        -- published, else its page's publication, else first seen
    first_seen INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,     -- when something shown changed last
    kind TEXT,                       -- audio, video, space
    title TEXT,
    description TEXT,
    programme TEXT,
    programme_slug TEXT,
    language TEXT,
    duration INTEGER,                -- seconds
    published TEXT,                  -- date
    event_date TEXT,                 -- day, --MM-DD when the year is not known
    embed_url TEXT,                  -- the player
    link TEXT,                       -- the recording's own page
    audio_url TEXT,
    video_url TEXT,
    transcript_url TEXT,
    image_url TEXT,
    image_caption TEXT,
    image_credit TEXT,
    has_download INTEGER,            -- 0, 1
    has_transcript INTEGER,          -- 0, 1
    start INTEGER,                   -- second at which the page starts the player
    media_type TEXT,                 -- MIME type of the file
    media_bytes INTEGER,             -- size of the file
    derived TEXT NOT NULL DEFAULT '',    -- fields built by a rule, separated by blanks
    playable INTEGER NOT NULL DEFAULT 0, -- has a direct file that is not derived
    page_url TEXT,                   -- of the newest page it is on
    page_title TEXT
) STRICT;
CREATE INDEX episodes_newest ON episodes (sort_at DESC, id DESC);
CREATE INDEX episodes_of_programme ON episodes (programme_slug, sort_at DESC, id DESC);
CREATE INDEX episodes_of_provider ON episodes (provider, sort_at DESC, id DESC);

-- Episodes that turned out to be another one: their addresses still lead there.
CREATE TABLE former_episodes (
    id INTEGER PRIMARY KEY,
    guid TEXT NOT NULL UNIQUE,
    episode_id INTEGER NOT NULL REFERENCES episodes (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX former_episodes_of ON former_episodes (episode_id);

-- Every key an episode was ever seen with. A weak key can belong to several episodes.
CREATE TABLE episode_keys (
    key TEXT NOT NULL,
    episode_id INTEGER NOT NULL REFERENCES episodes (id) ON DELETE CASCADE,
    PRIMARY KEY (key, episode_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX episode_keys_of ON episode_keys (episode_id);

-- An episode in a document, and by it on a page.
CREATE TABLE appearances (
    document_id INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,       -- of the embed in the document, from 0
    episode_id INTEGER NOT NULL REFERENCES episodes (id) ON DELETE CASCADE,
    page_id INTEGER NOT NULL REFERENCES pages (id),
    provider TEXT NOT NULL,          -- this and the next two as this document has them
    provider_id TEXT,
    status TEXT NOT NULL,
    line INTEGER,                    -- from 1
    path TEXT,                       -- XPath
    PRIMARY KEY (document_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX appearances_of_episode ON appearances (episode_id);
CREATE INDEX appearances_on_page ON appearances (page_id, position);

-- Every value that any document proposes for a field of an episode.
CREATE TABLE provenance (
    episode_id INTEGER NOT NULL REFERENCES episodes (id) ON DELETE CASCADE,
    field TEXT NOT NULL,
    value TEXT NOT NULL,             -- numbers in decimal, yes and no as true and false
    rule TEXT NOT NULL,              -- carrier/name; the carrier says how far to trust it
    document_id INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    picked INTEGER NOT NULL,         -- 1 where it is the value that won within its document
    PRIMARY KEY (episode_id, field, value, rule, document_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX provenance_of_document ON provenance (document_id);

CREATE TABLE people (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL
) STRICT;

CREATE TABLE credits (
    episode_id INTEGER NOT NULL REFERENCES episodes (id) ON DELETE CASCADE,
    person_id INTEGER NOT NULL REFERENCES people (id),
    role TEXT NOT NULL,              -- host, guest, reporter, moderator, speaker, author
    about TEXT,                      -- who that is, in a page's words
    position INTEGER NOT NULL,       -- the foremost place in any document's list, from 0
    PRIMARY KEY (episode_id, person_id, role)
) STRICT, WITHOUT ROWID;
CREATE INDEX credits_of_person ON credits (person_id, episode_id);

CREATE TABLE tags (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL
) STRICT;

CREATE TABLE episode_tags (
    episode_id INTEGER NOT NULL REFERENCES episodes (id) ON DELETE CASCADE,
    tag_id INTEGER NOT NULL REFERENCES tags (id),
    PRIMARY KEY (episode_id, tag_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX episode_tags_of_tag ON episode_tags (tag_id, episode_id);

-- What a feed is for ever known by.
CREATE TABLE feeds (
    name TEXT PRIMARY KEY,
    guid TEXT NOT NULL               -- podcast:guid
) STRICT, WITHOUT ROWID;

-- Words to find episodes by; rowid is the episode's id. Words are folded before they come here
-- (text.words), so the tokenizer must not fold once more: it only keeps letters, numbers and marks.
CREATE VIRTUAL TABLE search USING fts5 (
    title, programme, people, tags, description, caption, pages, provider,
    tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co M*'"
);
