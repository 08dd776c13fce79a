-- The contacts whose cards the text of a body shows: such a text is not whole without them. As `body_media`, it goes with
-- the body. Of what is here already, it is found for the contacts that are known here.
CREATE TABLE body_contacts (
  body    TEXT NOT NULL REFERENCES bodies (sha256) ON DELETE CASCADE,
  contact TEXT NOT NULL,
  PRIMARY KEY (body, contact)
);
INSERT INTO body_contacts (body, contact)
SELECT bodies.sha256, known.contact FROM bodies
JOIN (SELECT object AS contact FROM remote_objects WHERE kind = 'contact'
      UNION SELECT id FROM items WHERE kind = 'contact') AS known
  ON bodies.bytes LIKE '%data-contact=_"contact:' || known.contact || '%'
WHERE bodies.bytes LIKE '%data-contact=%';
