-- Who still uses what, written behind the answer. A row for each day (UTC, counted from 1970) and each tenant whose administrator
-- may see it: where it was, and everything above. What concerns no one pool stands under the nil pool and the nil scope.
CREATE TABLE uses (
  pool {id} NOT NULL,
  scope {id} NOT NULL,
  kind {text} NOT NULL,
  subject {bytes} NOT NULL,
  day {int} NOT NULL,
  counted {int} NOT NULL,
  last_at {int} NOT NULL,
  PRIMARY KEY (pool, scope, kind, subject, day)
) {clustered};
CREATE INDEX uses_by_day ON uses (day);

-- By whom. Whatever stands here has a row above for the day of its last use, so that a sweep finds one by the other.
CREATE TABLE used_by (
  pool {id} NOT NULL,
  scope {id} NOT NULL,
  kind {text} NOT NULL,
  subject {bytes} NOT NULL,
  person {id} NOT NULL,
  days {int} NOT NULL,
  first_at {int} NOT NULL,
  last_at {int} NOT NULL,
  PRIMARY KEY (pool, scope, kind, subject, person)
) {clustered};
CREATE INDEX used_by_last ON used_by (pool, scope, kind, subject, last_at, person);

-- Whose stored password is of which kind: under the root of the pool, and under every other tenant they have a place in.
-- Whoever was here before is filled in behind (table fills), and until that is done nobody reads this.
CREATE TABLE password_schemes (
  pool {id} NOT NULL,
  scope {id} NOT NULL,
  scheme {text} NOT NULL,
  person {id} NOT NULL,
  PRIMARY KEY (pool, scope, scheme, person)
) {clustered};
