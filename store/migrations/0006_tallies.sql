-- How often something happened within a span of time, by keyed hash, so that a row tells nobody what was counted.
CREATE TABLE tallies (
  pool {id} NOT NULL,
  subject {bytes} NOT NULL,
  counted {int} NOT NULL,
  ends_at {int} NOT NULL,
  PRIMARY KEY (pool, subject)
) {clustered};
CREATE INDEX tallies_by_end ON tallies (ends_at);
