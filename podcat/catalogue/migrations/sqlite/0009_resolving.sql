-- Recordings for which no file could be found so far, and when to try again.
CREATE TABLE resolving (
    episode_id INTEGER PRIMARY KEY REFERENCES episodes (id) ON DELETE CASCADE,
    tried_at INTEGER NOT NULL,       -- last
    tries INTEGER NOT NULL,          -- in a row, all in vain
    why TEXT NOT NULL,               -- one line
    next_at INTEGER NOT NULL         -- not before
) STRICT;
