-- What lets machines change content (domain/access). The token itself is nowhere, only its hash.
CREATE TABLE tokens (
  sha256     TEXT PRIMARY KEY,
  number     BIGINT NOT NULL UNIQUE,
  name       TEXT NOT NULL,
  scopes     TEXT NOT NULL,
  region_id  TEXT REFERENCES regions (id) ON DELETE CASCADE,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  revoked_at BIGINT,
  used_on    BIGINT
);
