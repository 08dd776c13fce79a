ALTER TABLE remote_objects DROP COLUMN facets;
DROP TABLE vocabulary;
DROP TABLE labels;
