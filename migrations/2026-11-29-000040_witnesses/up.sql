-- ------------------------------------------------------------------ witnesses (domain/peers)
-- What this node cosigned last of each log: whatever does not continue it is refused, also after a log was no longer
-- followed. `sha256` is that of the origin, as monitors ask for it.
CREATE TABLE witness_state (
  origin      TEXT PRIMARY KEY,
  sha256      TEXT NOT NULL UNIQUE,
  size        BIGINT NOT NULL,
  root        TEXT NOT NULL,
  note        TEXT NOT NULL,
  cosigned_at BIGINT NOT NULL
);

-- Whom this node asks to cosign its own log. `known_size` is what the witness holds of it as far as we know;
-- `cosigned_size` and `cosigned_at` tell its newest cosignature that we verified.
CREATE TABLE witnesses (
  name          TEXT PRIMARY KEY,
  vkey          TEXT NOT NULL,
  site_url      TEXT NOT NULL,
  submit_url    TEXT NOT NULL,
  added_at      BIGINT NOT NULL,
  known_size    BIGINT NOT NULL,
  cosigned_size BIGINT,
  cosigned_at   BIGINT,
  next_ask_at   BIGINT NOT NULL,
  fail_count    BIGINT NOT NULL,
  last_error    TEXT
);

-- The newest time at which a witness that we trust saw nothing larger than the feed's checkpoint.
ALTER TABLE peer_feeds ADD COLUMN cosigned_at BIGINT;
-- The largest checkpoint with which the feed told us that there is something new.
ALTER TABLE peer_feeds ADD COLUMN pinged_size BIGINT NOT NULL DEFAULT 0;
-- The checkpoint that a held feed waits with.
ALTER TABLE peer_feeds ADD COLUMN held_size BIGINT NOT NULL DEFAULT 0;
-- When the feed is to be compared next with what a witness saw of it.
ALTER TABLE peer_feeds ADD COLUMN compare_at BIGINT NOT NULL DEFAULT 0;
