-- What is adopted of a region, named as the object: with a kind everything of that kind, without one all of it.
ALTER TABLE adoptions ADD COLUMN kind TEXT CHECK (kind IN
  ('event', 'place', 'contact', 'organisation', 'category', 'news', 'offer'));
