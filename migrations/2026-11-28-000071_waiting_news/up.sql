-- News that are not due yet: no item exists, so that nothing of them can leave the node before their time. The item gets
-- the id that stands here. `news` is a JSON document.
CREATE TABLE waiting_news (
  item_id   TEXT PRIMARY KEY,
  region_id TEXT NOT NULL REFERENCES regions (id) ON DELETE CASCADE,
  due_at    BIGINT NOT NULL,
  news      TEXT NOT NULL
);
CREATE INDEX waiting_news_by_time ON waiting_news (due_at);
