-- Addresses that are asked again and again for what is new behind them.
CREATE TABLE sources (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    digest TEXT NOT NULL UNIQUE,     -- SHA-256 of the address, in hexadecimal
    url TEXT NOT NULL,
    kind TEXT,                       -- page, feed, sitemap; NULL before the first look
    tags TEXT NOT NULL,              -- JSON list: what is found there is given them
    added_at INTEGER NOT NULL,
    etag TEXT,                       -- validators of the last answer
    last_modified TEXT,
    said TEXT,                       -- SHA-256 of what was read there last
    last_checked INTEGER,
    last_changed INTEGER,            -- when something new was there
    next_at INTEGER NOT NULL,        -- not before
    pause INTEGER NOT NULL,          -- seconds between two looks, as learned so far
    least INTEGER NOT NULL DEFAULT 0,    -- seconds below which the feed itself wants no looks
    failures INTEGER NOT NULL DEFAULT 0, -- in a row
    why TEXT                         -- one line: what was wrong at the last look
) STRICT;
CREATE INDEX sources_due ON sources (next_at, id);

-- Pages that a feed or a sitemap lists and that were read because of it.
CREATE TABLE source_pages (
    source_id INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    digest TEXT NOT NULL,            -- SHA-256 of its address
    stamp TEXT NOT NULL,             -- when it changed, as the list has it; empty where it says nothing
    seen_at INTEGER NOT NULL,
    failures INTEGER NOT NULL,       -- in a row; 0 for one that was read
    PRIMARY KEY (source_id, digest)
) STRICT, WITHOUT ROWID;

-- What each server wants of programs (RFC 9309).
CREATE TABLE robots (
    origin TEXT PRIMARY KEY,         -- https://host:port
    read_at INTEGER NOT NULL,
    status INTEGER,                  -- HTTP; NULL where there was no answer
    rules TEXT NOT NULL              -- its robots.txt
) STRICT, WITHOUT ROWID;

-- When each host was asked last, by whichever worker, and until when it wants to be left alone.
CREATE TABLE hosts (
    host TEXT PRIMARY KEY,
    asked_at INTEGER NOT NULL,       -- milliseconds since 1970, by the clock of the database
    not_before INTEGER NOT NULL      -- seconds since 1970: its Retry-After
) STRICT, WITHOUT ROWID;

CREATE INDEX episodes_unmeasured ON episodes (id) WHERE media_bytes IS NULL AND hidden = 0;
