-- Followed feeds whose regions are shown here as they are.
CREATE TABLE shown_feeds (
  origin TEXT PRIMARY KEY REFERENCES peer_feeds (origin) ON DELETE CASCADE
);

-- Under which id, number and address a region of another node is or was shown here; for ever, whatever becomes of it.
CREATE TABLE foreign_regions (
  origin    TEXT NOT NULL,
  object    TEXT NOT NULL,
  region_id TEXT NOT NULL UNIQUE,
  number    BIGINT NOT NULL,
  slug      TEXT NOT NULL,
  PRIMARY KEY (origin, object)
);
