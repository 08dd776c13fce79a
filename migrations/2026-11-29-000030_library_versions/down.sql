ALTER TABLE library DROP COLUMN version;
