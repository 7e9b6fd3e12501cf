-- Items of feeds, each rendered once and kept until something shown of its episode changes.
CREATE TABLE fragments (
    episode_id bigint PRIMARY KEY REFERENCES episodes (id) ON DELETE CASCADE,
    edition chars NOT NULL,          -- of the program that rendered it: another one renders anew
    file chars,                      -- address of its enclosure
    body chars NOT NULL
);

-- Since when a declared feed has the bytes that it has: a narrow row, apart from all bodies.
CREATE TABLE validators (
    url chars PRIMARY KEY,
    digest chars NOT NULL,           -- SHA-256 of the bytes, in hexadecimal
    modified_at bigint NOT NULL
);
