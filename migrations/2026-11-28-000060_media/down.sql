DROP TABLE picture_variants;
DROP TABLE pictures;
DROP TABLE library_alts;
DROP TABLE library;
