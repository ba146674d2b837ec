-- Trimming the revocation log finds what is old without reading what is not.
CREATE INDEX revocations_by_age ON revocations (at);
