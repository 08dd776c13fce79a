DROP TABLE foreign_regions;
DROP TABLE shown_feeds;
