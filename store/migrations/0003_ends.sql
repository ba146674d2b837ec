-- Sweeping finds what is over without reading what is not.
CREATE INDEX sessions_by_end ON sessions (idle_until);
CREATE INDEX tickets_by_end ON tickets (expires_at);
