-- Which state of a thing somebody has read, so that a change says what it changes; and lists of a tenant by key. A program of
-- before changes things without counting.
ALTER TABLE applications ADD COLUMN version {int} NOT NULL DEFAULT 1;
ALTER TABLE access_keys ADD COLUMN version {int} NOT NULL DEFAULT 1;

CREATE INDEX applications_by_tenant ON applications (pool, tenant, id);
CREATE INDEX access_keys_by_tenant ON access_keys (pool, tenant, id);
