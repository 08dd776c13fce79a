-- How often a feed had something to show otherwise, and at which of these times what there is, where it stands or what it
-- needs was last another. A head says with which of them it last changed.
ALTER TABLE peer_feeds ADD COLUMN news BIGINT NOT NULL DEFAULT 0;
ALTER TABLE peer_feeds ADD COLUMN moved BIGINT NOT NULL DEFAULT 0;
ALTER TABLE remote_heads ADD COLUMN news BIGINT NOT NULL DEFAULT 0;
CREATE INDEX remote_heads_by_news ON remote_heads (origin, news);

-- Up to which news the mirrors of a feed were brought, and with which version of the content all of them, by a program that
-- understood these kinds; `ends_at` is when the first of them is over by itself. A feed without a row was not brought yet.
CREATE TABLE mirrored_feeds (
  origin     TEXT PRIMARY KEY REFERENCES peer_feeds (origin) ON DELETE CASCADE,
  news       BIGINT NOT NULL,
  version    BIGINT NOT NULL,
  understood TEXT NOT NULL,
  ends_at    BIGINT
);
DELETE FROM counters WHERE name LIKE 'news of %';
DELETE FROM facts WHERE name LIKE 'mirrored news of %' OR name LIKE 'mirrored until of %';
