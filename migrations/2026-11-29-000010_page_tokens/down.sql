-- Without its page such a token would be for nothing.
DELETE FROM tokens WHERE item_id IS NOT NULL;
ALTER TABLE tokens DROP COLUMN item_id;
