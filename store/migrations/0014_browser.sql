-- Doorward's own sign-in for those who run it: their sessions in a browser, and the links that make operators.

CREATE TABLE operator_sessions (
  id {id} NOT NULL PRIMARY KEY,
  operator {id} NOT NULL,
  token_hash {bytes} NOT NULL UNIQUE,
  epoch {int} NOT NULL,
  signed_in_at {int} NOT NULL,
  last_used_at {int} NOT NULL,
  idle_until {int} NOT NULL,
  expires_at {int} NOT NULL,
  address {text},
  agent {text}
) {clustered};
CREATE INDEX operator_sessions_by_end ON operator_sessions (idle_until);

-- A link whose bearer becomes an operator; one that makes the first is good while there is none. A used one keeps its row,
-- so that it is told from an unknown one. made_by is the operator who made it; nobody where it was the machine itself.
CREATE TABLE operator_links (
  id {id} NOT NULL PRIMARY KEY,
  code_hash {bytes} NOT NULL UNIQUE,
  makes_first {int} NOT NULL,
  made_by {id},
  epoch {int} NOT NULL,
  created_at {int} NOT NULL,
  ends_at {int} NOT NULL,
  used_at {int}
) {clustered};
