-- What several nodes must agree on. The calls of an access key that may still count in its window, oldest first, eight bytes
-- each; a node that is alone keeps them in memory.
CREATE TABLE key_windows (
  pool {id} NOT NULL,
  access_key {id} NOT NULL,
  passed {bytes} NOT NULL,
  empty_at {int} NOT NULL,
  PRIMARY KEY (pool, access_key)
) {clustered};
CREATE INDEX key_windows_by_end ON key_windows (empty_at);

-- Background work that one node does for all of them, and until when.
CREATE TABLE leases (
  work {text} NOT NULL PRIMARY KEY,
  holder {id} NOT NULL,
  ends_at {int} NOT NULL
) {clustered};
