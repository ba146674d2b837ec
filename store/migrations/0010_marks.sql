-- A row that a connection writes only so that its commit waits for the standby: which one is chance, and what it says nothing.
CREATE TABLE marks (
  slot {int} NOT NULL PRIMARY KEY,
  value {int} NOT NULL
) {clustered};
-- The oldest version that still serves over this schema, in one row. A single process on SQLite has no use for it.
CREATE TABLE serving (
  one {int} NOT NULL PRIMARY KEY,
  oldest {int} NOT NULL
) {clustered};
