ALTER TABLE peer_feeds DROP COLUMN compare_at;
ALTER TABLE peer_feeds DROP COLUMN held_size;
ALTER TABLE peer_feeds DROP COLUMN pinged_size;
ALTER TABLE peer_feeds DROP COLUMN cosigned_at;
DROP TABLE witnesses;
DROP TABLE witness_state;
