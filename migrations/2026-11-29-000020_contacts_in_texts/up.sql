-- The contacts whose cards the text of a body shows: such a text is not whole without them. As `body_media`, it goes with
-- the body. Of what is here already, it is found for the contacts that the same feed has.
CREATE TABLE body_contacts (
  body    TEXT NOT NULL REFERENCES bodies (sha256) ON DELETE CASCADE,
  contact TEXT NOT NULL,
  PRIMARY KEY (body, contact)
);
INSERT INTO body_contacts (body, contact)
SELECT DISTINCT shown.sha256, known.object
FROM (SELECT sha256, bytes FROM bodies WHERE bytes LIKE '%data-contact=%') AS shown
JOIN (SELECT origin, body FROM remote_heads
      UNION SELECT origin, ready_body FROM remote_heads WHERE ready_body IS NOT NULL) AS heads
  ON heads.body = shown.sha256
JOIN remote_objects AS known ON known.origin = heads.origin AND known.kind = 'contact'
WHERE shown.bytes LIKE '%data-contact=_"contact:' || known.object || '%';
