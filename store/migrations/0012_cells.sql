-- Cells: what of the directory is this cell's own, what it copied of others, and which requests it has seen.

-- One row, once this database is a cell's. Its number is the last one given out in directory_own.
CREATE TABLE directory_head (
  one {int} NOT NULL PRIMARY KEY CHECK (one = 1),
  cell {text} NOT NULL,
  number {int} NOT NULL,
  filled {int} NOT NULL
) {clustered};

-- This cell's names, each with the number under which it last changed.
CREATE TABLE directory_own (
  kind {text} NOT NULL,
  name {text} NOT NULL,
  number {int} NOT NULL,
  held {int} NOT NULL,
  PRIMARY KEY (kind, name)
) {clustered};
CREATE UNIQUE INDEX directory_own_by_number ON directory_own (number);

-- Other cells' names, and the log that last told of each.
CREATE TABLE directory_elsewhere (
  kind {text} NOT NULL,
  name {text} NOT NULL,
  cell {text} NOT NULL,
  log {text} NOT NULL,
  PRIMARY KEY (kind, name)
) {clustered};
CREATE INDEX directory_elsewhere_by_cell ON directory_elsewhere (cell, kind, name);

-- Claims to names that another cell had first.
CREATE TABLE directory_conflicts (
  kind {text} NOT NULL,
  name {text} NOT NULL,
  cell {text} NOT NULL,
  log {text} NOT NULL,
  PRIMARY KEY (kind, name, cell)
) {clustered};

-- How far each other cell's directory was read, and what else its last page said.
CREATE TABLE directory_peers (
  cell {text} NOT NULL PRIMARY KEY,
  log {text} NOT NULL,
  number {int} NOT NULL,
  complete {int} NOT NULL,
  places {text} NOT NULL
) {clustered};

-- Signed requests of other cells that were taken, until they are too old to be taken.
CREATE TABLE cell_nonces (
  cell {text} NOT NULL,
  nonce {text} NOT NULL,
  until {int} NOT NULL,
  PRIMARY KEY (cell, nonce)
) {clustered};
CREATE INDEX cell_nonces_by_end ON cell_nonces (until);
