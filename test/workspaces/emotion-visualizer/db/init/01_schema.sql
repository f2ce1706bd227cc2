CREATE TABLE recordings (id serial PRIMARY KEY, emotion text NOT NULL);
