CREATE TABLE trips (
    id serial PRIMARY KEY,
    name text NOT NULL
);
