-- Tokens that are for the text of one page; none: for what the region says.
ALTER TABLE tokens ADD COLUMN item_id TEXT REFERENCES items (id) ON DELETE CASCADE;
