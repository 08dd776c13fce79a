-- With which version of the content an item or a region last changed for readers, so that what they see is made anew
-- only there. What is gone counts as a change of its region.
ALTER TABLE items ADD COLUMN changed BIGINT NOT NULL DEFAULT 0;
CREATE INDEX items_by_change ON items (changed);
ALTER TABLE regions ADD COLUMN changed BIGINT NOT NULL DEFAULT 0;
