-- What somebody reads, as a tag of BCP 47; whoever was here before reads what their tenant says until they say or show it.
ALTER TABLE people ADD COLUMN language {text};

-- Who wants digests, when the next is due, and until when the last one told.
CREATE TABLE digests (
  pool {id} NOT NULL,
  person {id} NOT NULL,
  due_at {int} NOT NULL,
  told_until {int} NOT NULL,
  PRIMARY KEY (pool, person)
) {clustered};
CREATE INDEX digests_due ON digests (due_at);
