-- What the library knows of a medium of ours, one that was uploaded or imported; not of what followed nodes show.
CREATE TABLE library (
  medium      TEXT PRIMARY KEY REFERENCES media (sha256) ON DELETE CASCADE,
  file_name   TEXT NOT NULL,
  credit      TEXT,
  -- NULL: that of the region whose texts show it.
  licence     TEXT,
  uploaded_at BIGINT NOT NULL
);

CREATE TABLE library_alts (
  medium   TEXT NOT NULL REFERENCES library (medium) ON DELETE CASCADE,
  language TEXT NOT NULL,
  alt      TEXT NOT NULL,
  PRIMARY KEY (medium, language)
);

-- The pictures among the media that were looked at, ours and others', with their size as seen; without one: no picture
-- that can be made smaller. Made from the files, and made again when a row is missing.
CREATE TABLE pictures (
  medium TEXT PRIMARY KEY REFERENCES media (sha256) ON DELETE CASCADE,
  width  BIGINT,
  height BIGINT
);

CREATE TABLE picture_variants (
  medium     TEXT NOT NULL REFERENCES pictures (medium) ON DELETE CASCADE,
  width      BIGINT NOT NULL,
  sha256     TEXT NOT NULL,
  mime       TEXT NOT NULL,
  PRIMARY KEY (medium, width)
);
CREATE INDEX picture_variants_of_blob ON picture_variants (sha256);
