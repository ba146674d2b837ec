-- At most one row: this database is one end of a move to another engine, and not, or no longer, the place to work in.
CREATE TABLE moves (
  one {int} NOT NULL PRIMARY KEY CHECK (one = 1),
  id {id} NOT NULL,
  state {text} NOT NULL,
  other {text} NOT NULL,
  at {int} NOT NULL
) {clustered};
