-- Items of feeds, each rendered once and kept until something shown of its episode changes.
CREATE TABLE fragments (
    episode_id INTEGER PRIMARY KEY REFERENCES episodes (id) ON DELETE CASCADE,
    edition TEXT NOT NULL,           -- of the program that rendered it: another one renders anew
    file TEXT,                       -- address of its enclosure
    body TEXT NOT NULL
) STRICT;

-- Since when a declared feed has the bytes that it has: a narrow row, apart from all bodies.
CREATE TABLE validators (
    url TEXT PRIMARY KEY,
    digest TEXT NOT NULL,            -- SHA-256 of the bytes, in hexadecimal
    modified_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
