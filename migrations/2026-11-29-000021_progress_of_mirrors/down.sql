DROP TABLE mirrored_feeds;
DROP INDEX remote_heads_by_news;
ALTER TABLE remote_heads DROP COLUMN news;
ALTER TABLE peer_feeds DROP COLUMN moved;
ALTER TABLE peer_feeds DROP COLUMN news;
