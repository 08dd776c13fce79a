-- ------------------------------------------------------------------ labels (domain/content)
-- What an item says of itself besides its texts; no row, or nothing in a column: what its region says, or nothing.
CREATE TABLE labels (
  item_id     TEXT PRIMARY KEY REFERENCES items (id) ON DELETE CASCADE,
  licence     TEXT,
  attribution TEXT,
  facets      TEXT NOT NULL
);

-- Terms that this node has beside those of the program, or instead of them: `removed` hides one of the program's.
CREATE TABLE vocabulary (
  id      TEXT PRIMARY KEY,
  number  BIGINT NOT NULL UNIQUE,
  sort    TEXT NOT NULL CHECK (sort IN ('topic', 'stage', 'group')),
  word    TEXT NOT NULL,
  names   TEXT NOT NULL,
  removed BOOLEAN NOT NULL
);

-- Topics and audiences that the newest entry of a followed object names.
ALTER TABLE remote_objects ADD COLUMN facets TEXT NOT NULL DEFAULT '{}';
