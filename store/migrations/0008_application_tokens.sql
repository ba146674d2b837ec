-- Bearer tokens of applications. A revoked one keeps its row, so that it is told apart from an unknown one.
CREATE TABLE application_tokens (
  pool {id} NOT NULL,
  id {id} NOT NULL,
  application {id} NOT NULL,
  token_hash {bytes} NOT NULL,
  label {text} NOT NULL,
  scopes {text} NOT NULL,
  audience {text} NOT NULL,
  expires_at {int},
  revoked_at {int},
  created_at {int} NOT NULL,
  last_used_at {int},
  PRIMARY KEY (pool, id)
) {clustered};
CREATE INDEX application_tokens_by_application ON application_tokens (pool, application);

CREATE TABLE lookup_application_tokens (
  token_hash {bytes} NOT NULL PRIMARY KEY,
  pool {id} NOT NULL,
  token {id} NOT NULL
) {clustered};
