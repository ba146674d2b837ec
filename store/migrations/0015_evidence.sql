-- Lists of the management API and the console: what happened at one tenant, who agreed to a version of terms, and who is
-- signed in at one tenant, each newest first by its time-ordered id. What happened in a whole pool is read by the primary key.
CREATE INDEX events_by_tenant ON events (pool, tenant, id);
CREATE INDEX sessions_by_tenant ON sessions (pool, tenant, id);
CREATE INDEX consents_by_terms ON consents (pool, terms, id);
