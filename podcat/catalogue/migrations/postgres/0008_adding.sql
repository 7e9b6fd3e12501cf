-- Adding from the browser: tokens that let somebody add, those who are signed in with one, and
-- documents that wait for their click.

-- What a token is for: `feed` opens the private feed it names, `add` lets its owner add.
ALTER TABLE tokens ADD COLUMN scope chars NOT NULL DEFAULT 'feed';
-- How often it was used since a moment: what is asked too often has to wait.
ALTER TABLE tokens ADD COLUMN uses_since bigint NOT NULL DEFAULT 0;
ALTER TABLE tokens ADD COLUMN uses bigint NOT NULL DEFAULT 0;

-- Browsers that are signed in.
CREATE TABLE sessions (
    sha256 chars PRIMARY KEY,         -- of what its cookie holds, in hexadecimal
    token_id bigint NOT NULL REFERENCES tokens (id) ON DELETE CASCADE,
    expires_at bigint NOT NULL
);
CREATE INDEX sessions_of ON sessions (token_id, expires_at);

-- Documents that were previewed and not kept so far, several of them in one batch.
CREATE TABLE pending (
    batch chars NOT NULL,             -- made by chance
    position bigint NOT NULL,
    token_id bigint NOT NULL REFERENCES tokens (id) ON DELETE CASCADE,
    held_at bigint NOT NULL,
    name chars NOT NULL,
    url chars,
    content_type chars,
    size bigint NOT NULL,           -- bytes of the body as it stands here
    body bytea NOT NULL,              -- packed by zlib
    PRIMARY KEY (batch, position)
);
CREATE INDEX pending_by_age ON pending (held_at);

-- 1: something was kept from the browser, of which a hub has not been told.
INSERT INTO meta (name, value) VALUES ('hub_owed', 0);
