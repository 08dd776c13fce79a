ALTER TABLE tokens DROP COLUMN item_id;
