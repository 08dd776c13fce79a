DROP TABLE body_contacts;
