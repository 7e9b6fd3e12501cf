-- Addresses of one's own for private feeds. The token itself is kept nowhere: it is as hard to
-- guess as its digest is to reverse, so a plain digest is enough.
CREATE TABLE tokens (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    feed TEXT NOT NULL,              -- name of the declared feed it opens
    label TEXT NOT NULL,             -- whose it is, in the owner's words
    sha256 TEXT NOT NULL UNIQUE,     -- of the token, in hexadecimal
    made_at INTEGER NOT NULL,
    revoked_at INTEGER               -- since when it opens nothing
) STRICT;
