ALTER TABLE regions DROP COLUMN changed;
DROP INDEX items_by_change;
ALTER TABLE items DROP COLUMN changed;
