-- Grows with every change of an item: whoever changes it names the version that they saw.
ALTER TABLE items ADD COLUMN version BIGINT NOT NULL DEFAULT 0;
