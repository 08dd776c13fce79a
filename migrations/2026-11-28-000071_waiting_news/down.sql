DROP TABLE waiting_news;
