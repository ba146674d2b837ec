-- Finding people: a row for each word of a living person, under the root of their pool and under every other tenant they have
-- a place in. Words are folded and cut by the program. Whoever was here before is filled in behind (table fills), and until
-- that is done nobody reads this.
CREATE TABLE people_words (
  pool {id} NOT NULL,
  scope {id} NOT NULL,
  word {text} NOT NULL,
  person {id} NOT NULL,
  PRIMARY KEY (pool, scope, word, person)
) {clustered};

-- How far background work has come that passes over the rows there were when a version began to need it.
CREATE TABLE fills (
  work {text} NOT NULL PRIMARY KEY,
  pool {id} NOT NULL,
  after {id} NOT NULL,
  done {int} NOT NULL
) {clustered};
