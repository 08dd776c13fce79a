-- Calendars of others that a region takes over by the clock, and how that went (domain/exchange/ical).
-- `categories` is a JSON list of names, empty for all; `report` is what the last good run told, as JSON.
CREATE TABLE calendars (
  number        BIGINT PRIMARY KEY,
  region_id     TEXT NOT NULL REFERENCES regions (id) ON DELETE CASCADE,
  url           TEXT NOT NULL,
  language      TEXT NOT NULL,
  categories    TEXT NOT NULL,
  every_minutes BIGINT NOT NULL,
  etag          TEXT,
  next_at       BIGINT NOT NULL,
  fails         BIGINT NOT NULL,
  last_error    TEXT,
  last_good     BIGINT,
  report        TEXT,
  UNIQUE (region_id, url)
);
