-- Recordings for which no file could be found so far, and when to try again.
CREATE TABLE resolving (
    episode_id bigint PRIMARY KEY REFERENCES episodes (id) ON DELETE CASCADE,
    tried_at bigint NOT NULL,        -- last
    tries bigint NOT NULL,           -- in a row, all in vain
    why chars NOT NULL,              -- one line
    next_at bigint NOT NULL          -- not before
);
