-- One SQL for SQLite and PostgreSQL: ids are TEXT UUIDv7, times BIGINT microseconds UTC,
-- digests TEXT (hex), documents TEXT (JSON). Numbers shown to API clients come from `counters`.

CREATE TABLE counters (
  name  TEXT PRIMARY KEY,
  value BIGINT NOT NULL
);

-- Single facts about this node, such as the object id of its own profile.
CREATE TABLE facts (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

-- ------------------------------------------------------------------ identity (domain/identity)
CREATE TABLE identity_notes (
  seq  BIGINT PRIMARY KEY,
  note TEXT NOT NULL
);

-- ------------------------------------------------------------------ content (domain/content)
CREATE TABLE regions (
  id               TEXT PRIMARY KEY,
  number           BIGINT NOT NULL UNIQUE,
  slug             TEXT NOT NULL UNIQUE,
  name             TEXT NOT NULL,
  default_language TEXT NOT NULL,
  settings         TEXT NOT NULL
);

CREATE TABLE languages (
  region_id   TEXT NOT NULL REFERENCES regions (id) ON DELETE CASCADE,
  tag         TEXT NOT NULL,
  number      BIGINT NOT NULL UNIQUE,
  slug        TEXT NOT NULL,
  native_name TEXT NOT NULL,
  source_tag  TEXT,
  ordinal     BIGINT NOT NULL,
  PRIMARY KEY (region_id, tag),
  UNIQUE (region_id, slug)
);

-- Everything that a region publishes. Only pages stand below each other.
CREATE TABLE items (
  id          TEXT PRIMARY KEY,
  number      BIGINT NOT NULL UNIQUE,
  region_id   TEXT NOT NULL REFERENCES regions (id) ON DELETE CASCADE,
  kind        TEXT NOT NULL CHECK (kind IN
    ('page', 'event', 'place', 'contact', 'organisation', 'category', 'news', 'imprint', 'offer')),
  parent_id   TEXT REFERENCES items (id) ON DELETE CASCADE,
  ord         TEXT NOT NULL,
  archived    BOOLEAN NOT NULL,
  stewardship TEXT NOT NULL CHECK (stewardship IN ('own', 'mirrored')),
  icon        TEXT,
  expires_at  BIGINT
);
CREATE INDEX items_of_region ON items (region_id, kind, parent_id, ord);

-- Slugs are unique per region, kind and language over all time; the newest of an item is its current one.
CREATE TABLE slugs (
  region_id TEXT NOT NULL REFERENCES regions (id) ON DELETE CASCADE,
  kind      TEXT NOT NULL,
  language  TEXT NOT NULL,
  slug      TEXT NOT NULL,
  item_id   TEXT NOT NULL REFERENCES items (id) ON DELETE CASCADE,
  number    BIGINT NOT NULL,
  PRIMARY KEY (region_id, kind, language, slug)
);
CREATE INDEX slugs_of_item ON slugs (item_id, language, number);

-- Immutable; the language `zxx` holds what is equal in all languages. `body` is the digest of its bytes in `bodies`. `rev` counts the published revisions of one page in one language from 1; a draft has none.
CREATE TABLE revisions (
  number          BIGINT PRIMARY KEY,
  item_id         TEXT NOT NULL REFERENCES items (id) ON DELETE CASCADE,
  language        TEXT NOT NULL,
  rev             BIGINT,
  body            TEXT NOT NULL,
  minor           BOOLEAN NOT NULL,
  via             TEXT NOT NULL CHECK (via IN ('human', 'mt', 'mt-reviewed')),
  source_language TEXT,
  source_rev      BIGINT,
  updated_at      BIGINT NOT NULL,
  UNIQUE (item_id, language, rev)
);
CREATE INDEX revisions_of_item ON revisions (item_id, language, number);
CREATE INDEX revisions_of_body ON revisions (body);

-- Which revision readers see; no row, or no number: the page is not public in that language.
CREATE TABLE translations (
  item_id  TEXT NOT NULL REFERENCES items (id) ON DELETE CASCADE,
  language TEXT NOT NULL,
  public   BIGINT REFERENCES revisions (number) ON DELETE CASCADE,
  PRIMARY KEY (item_id, language)
);

-- What an import knows of an item: where it came from and what it last looked like.
CREATE TABLE imported (
  region_id TEXT NOT NULL REFERENCES regions (id) ON DELETE CASCADE,
  source    TEXT NOT NULL,
  item      TEXT NOT NULL,
  item_id   TEXT NOT NULL REFERENCES items (id) ON DELETE CASCADE,
  sha256    TEXT NOT NULL,
  PRIMARY KEY (region_id, source, item)
);

-- ------------------------------------------------------------------ upkeep (domain/upkeep)
-- What readers say; never who. Item and revision are no keys: what was said of a text outlives its erasure.
CREATE TABLE feedback (
  number     BIGINT PRIMARY KEY,
  region_id  TEXT NOT NULL REFERENCES regions (id) ON DELETE CASCADE,
  language   TEXT NOT NULL,
  subject    TEXT NOT NULL CHECK (subject IN
    ('categories', 'page', 'poi', 'event', 'events', 'imprint', 'map', 'search', 'offers', 'offer')),
  item_id    TEXT,
  revision   BIGINT,
  rating     TEXT CHECK (rating IN ('up', 'down')),
  comment    TEXT NOT NULL,
  query      TEXT,
  technical  BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  read_at    BIGINT
);
CREATE INDEX feedback_of_region ON feedback (region_id, number);

-- ------------------------------------------------------------------ bodies and media (content, feed, peers)
-- A body is the exact published bytes (UTF-8 JSON <= 256 KiB), ours or verified foreign ones.
CREATE TABLE bodies (
  sha256 TEXT PRIMARY KEY,
  bytes  TEXT NOT NULL
);

-- Which media a body names; filled wherever a body is stored, and gone with it.
CREATE TABLE body_media (
  body   TEXT NOT NULL REFERENCES bodies (sha256) ON DELETE CASCADE,
  medium TEXT NOT NULL,
  PRIMARY KEY (body, medium)
);
CREATE INDEX body_media_of_medium ON body_media (medium);

CREATE TABLE media (
  sha256     TEXT PRIMARY KEY,
  size_bytes BIGINT NOT NULL,
  mime       TEXT NOT NULL,
  source_url TEXT
);

-- Media whose files are to be deleted: they stand here from the transaction that lets go of them until that is done.
CREATE TABLE idle_media (
  sha256 TEXT PRIMARY KEY
);

-- ------------------------------------------------------------------ our feed (domain/feed)
-- What was published and is not yet in the log: one `Change` (JSON) a row, written with its cause.
CREATE TABLE outbox (
  number BIGINT PRIMARY KEY,
  change TEXT NOT NULL
);

CREATE TABLE own_feed (
  name     TEXT PRIMARY KEY,
  origin   TEXT NOT NULL,
  size     BIGINT NOT NULL,
  frontier TEXT NOT NULL,
  note     TEXT NOT NULL
);

CREATE TABLE own_entries (
  idx  BIGINT PRIMARY KEY,
  leaf TEXT NOT NULL,
  raw  TEXT NOT NULL
);

-- Newest state of each blob our entries name: served while 'live', kept without being served when 'withdrawn' (404),
-- answered 410 when 'erased'.
CREATE TABLE own_blobs (
  sha256 TEXT PRIMARY KEY,
  object TEXT NOT NULL,
  language TEXT NOT NULL,
  rev    BIGINT NOT NULL,
  kind   TEXT NOT NULL CHECK (kind IN ('body', 'media')),
  state  TEXT NOT NULL CHECK (state IN ('live', 'withdrawn', 'erased'))
);
CREATE INDEX own_blobs_of_object ON own_blobs (object, language, rev);

-- ------------------------------------------------------------------ other nodes (domain/peers)
CREATE TABLE peer_nodes (
  node_id      TEXT PRIMARY KEY,
  name         TEXT NOT NULL,
  site_url     TEXT,
  state        TEXT NOT NULL CHECK (state IN ('followed', 'frozen', 'blocked')),
  pinned_at    BIGINT NOT NULL,
  identity_seq BIGINT NOT NULL,
  why          TEXT
);

CREATE TABLE peer_identities (
  node_id TEXT NOT NULL REFERENCES peer_nodes (node_id) ON DELETE CASCADE,
  seq     BIGINT NOT NULL,
  sha256  TEXT NOT NULL,
  note    TEXT NOT NULL,
  seen_at BIGINT NOT NULL,
  source  TEXT NOT NULL,
  PRIMARY KEY (node_id, seq, sha256)
);

CREATE TABLE peer_feeds (
  origin       TEXT PRIMARY KEY,
  node_id      TEXT NOT NULL REFERENCES peer_nodes (node_id) ON DELETE CASCADE,
  url          TEXT NOT NULL,
  identity_url TEXT NOT NULL,
  size         BIGINT NOT NULL,
  frontier     TEXT NOT NULL,
  note         TEXT,
  etag         TEXT,
  state        TEXT NOT NULL CHECK (state IN ('following', 'held', 'quarantined', 'retired')),
  why          TEXT,
  filter       TEXT NOT NULL,
  next_poll_at BIGINT NOT NULL,
  lease_until  BIGINT NOT NULL,
  fail_count   BIGINT NOT NULL,
  last_ok_at   BIGINT,
  last_new_at  BIGINT,
  behind_since BIGINT,
  confirmed_size BIGINT NOT NULL,
  held_bytes   BIGINT NOT NULL,
  last_error   TEXT
);

CREATE TABLE peer_entries (
  origin     TEXT NOT NULL REFERENCES peer_feeds (origin) ON DELETE CASCADE,
  idx        BIGINT NOT NULL,
  leaf       TEXT NOT NULL,
  raw        TEXT NOT NULL,
  op         TEXT NOT NULL,
  kind       TEXT,
  object     TEXT,
  bad_reason TEXT,
  PRIMARY KEY (origin, idx)
);
CREATE INDEX peer_entries_of_object ON peer_entries (origin, object, idx);

-- The fold of a followed feed: one row per object, one per language of it.
CREATE TABLE remote_objects (
  origin    TEXT NOT NULL REFERENCES peer_feeds (origin) ON DELETE CASCADE,
  object    TEXT NOT NULL,
  idx       BIGINT NOT NULL,
  kind      TEXT NOT NULL,
  licence   TEXT NOT NULL,
  parent    TEXT,
  ord       TEXT NOT NULL,
  expires_at BIGINT,
  state     TEXT NOT NULL CHECK (state IN ('live', 'withdrawn', 'erased')),
  entry     TEXT NOT NULL,
  PRIMARY KEY (origin, object)
);
CREATE INDEX remote_objects_of_parent ON remote_objects (origin, parent);

-- `body`/`rev` is what the log says now; `ready_*` is the newest that is complete here and may be shown.
CREATE TABLE remote_heads (
  origin      TEXT NOT NULL REFERENCES peer_feeds (origin) ON DELETE CASCADE,
  object      TEXT NOT NULL,
  language    TEXT NOT NULL,
  idx         BIGINT NOT NULL,
  rev         BIGINT NOT NULL,
  body        TEXT NOT NULL,
  size_bytes  BIGINT NOT NULL,
  source_language TEXT,
  source_rev  BIGINT,
  via         TEXT NOT NULL,
  minor       BOOLEAN NOT NULL,
  major_rev   BIGINT NOT NULL,
  state       TEXT NOT NULL CHECK (state IN ('unwanted', 'want', 'ready', 'bad', 'withdrawn', 'erased')),
  ready_body  TEXT,
  ready_rev   BIGINT,
  ready_at    BIGINT,
  PRIMARY KEY (origin, object, language)
);
CREATE INDEX remote_heads_of_body ON remote_heads (body);
CREATE INDEX remote_heads_of_ready_body ON remote_heads (ready_body);

CREATE TABLE blob_wants (
  origin     TEXT NOT NULL REFERENCES peer_feeds (origin) ON DELETE CASCADE,
  sha256     TEXT NOT NULL,
  kind       TEXT NOT NULL CHECK (kind IN ('body', 'media')),
  size_bytes BIGINT NOT NULL,
  tries      BIGINT NOT NULL,
  next_at    BIGINT NOT NULL,
  last_error TEXT,
  PRIMARY KEY (origin, sha256)
);

-- The bodies and media that a feed holds, whoever else does too: their sizes are the part of `held_bytes` that goes again.
CREATE TABLE held_blobs (
  origin     TEXT NOT NULL REFERENCES peer_feeds (origin) ON DELETE CASCADE,
  sha256     TEXT NOT NULL,
  size_bytes BIGINT NOT NULL,
  PRIMARY KEY (origin, sha256)
);

CREATE TABLE checkpoints_seen (
  origin  TEXT NOT NULL,
  size    BIGINT NOT NULL,
  root    TEXT NOT NULL,
  note    TEXT NOT NULL,
  source  TEXT NOT NULL,
  seen_at BIGINT NOT NULL,
  PRIMARY KEY (origin, size, root)
);

CREATE TABLE evidence (
  id       TEXT PRIMARY KEY,
  origin   TEXT NOT NULL,
  what     TEXT NOT NULL,
  detail   TEXT NOT NULL,
  found_at BIGINT NOT NULL
);

-- ------------------------------------------------------------------ adoption (domain/adoption)
CREATE TABLE adoptions (
  id         TEXT PRIMARY KEY,
  region_id  TEXT NOT NULL REFERENCES regions (id) ON DELETE CASCADE,
  parent_id  TEXT REFERENCES items (id) ON DELETE CASCADE,
  origin     TEXT NOT NULL,
  object     TEXT NOT NULL,
  scope      TEXT NOT NULL CHECK (scope IN ('page', 'subtree')),
  adopted_at BIGINT NOT NULL
);

CREATE TABLE mirrors (
  item_id     TEXT PRIMARY KEY REFERENCES items (id) ON DELETE CASCADE,
  adoption_id TEXT NOT NULL REFERENCES adoptions (id) ON DELETE CASCADE,
  origin      TEXT NOT NULL,
  object      TEXT NOT NULL
);
CREATE INDEX mirrors_of_object ON mirrors (origin, object);
