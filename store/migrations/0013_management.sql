-- The management API: tokens of operators, creates that are asked for twice, and the way from a tenant's id to its pool.

-- An operator's token reaches every pool, or one. A revoked one keeps its row, so that it is told apart from an unknown one.
CREATE TABLE operator_tokens (
  id {id} NOT NULL PRIMARY KEY,
  operator {id} NOT NULL,
  token_hash {bytes} NOT NULL UNIQUE,
  label {text} NOT NULL,
  scopes {text} NOT NULL,
  only_pool {id},
  expires_at {int},
  revoked_at {int},
  created_at {int} NOT NULL,
  last_used_at {int}
) {clustered};

-- What was made for a request that named itself. The subject is a keyed hash of who asked and the name they gave.
CREATE TABLE once (
  pool {id} NOT NULL,
  subject {bytes} NOT NULL,
  request {bytes} NOT NULL,
  made {id} NOT NULL,
  ends_at {int} NOT NULL,
  PRIMARY KEY (pool, subject)
) {clustered};
CREATE INDEX once_by_end ON once (ends_at);

CREATE INDEX lookup_slugs_by_tenant ON lookup_slugs (tenant, slug);
CREATE INDEX memberships_by_tenant_person ON memberships (pool, tenant, person, kind);
