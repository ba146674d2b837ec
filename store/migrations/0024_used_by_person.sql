-- What somebody used is forgotten when they are deleted.
CREATE INDEX used_by_person ON used_by (pool, person);
