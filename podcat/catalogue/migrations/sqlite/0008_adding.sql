-- Adding from the browser: tokens that let somebody add, those who are signed in with one, and
-- documents that wait for their click.

-- What a token is for: `feed` opens the private feed it names, `add` lets its owner add.
ALTER TABLE tokens ADD COLUMN scope TEXT NOT NULL DEFAULT 'feed';
-- How often it was used since a moment: what is asked too often has to wait.
ALTER TABLE tokens ADD COLUMN uses_since INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tokens ADD COLUMN uses INTEGER NOT NULL DEFAULT 0;

-- Browsers that are signed in.
CREATE TABLE sessions (
    sha256 TEXT PRIMARY KEY,         -- of what its cookie holds, in hexadecimal
    token_id INTEGER NOT NULL REFERENCES tokens (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_of ON sessions (token_id, expires_at);

-- Documents that were previewed and not kept so far, several of them in one batch.
CREATE TABLE pending (
    batch TEXT NOT NULL,             -- made by chance
    position INTEGER NOT NULL,
    token_id INTEGER NOT NULL REFERENCES tokens (id) ON DELETE CASCADE,
    held_at INTEGER NOT NULL,
    name TEXT NOT NULL,
    url TEXT,
    content_type TEXT,
    size INTEGER NOT NULL,           -- bytes of the body as it stands here
    body BLOB NOT NULL,              -- packed by zlib
    PRIMARY KEY (batch, position)
) STRICT;
CREATE INDEX pending_by_age ON pending (held_at);

-- 1: something was kept from the browser, of which a hub has not been told.
INSERT INTO meta (name, value) VALUES ('hub_owed', 0);
