-- The picture on the pages of a tenant and of everything below it. Its tag stands among the tenant's facts.
CREATE TABLE logos (
  pool {id} NOT NULL,
  tenant {id} NOT NULL,
  png {bytes} NOT NULL,
  set_at {int} NOT NULL,
  PRIMARY KEY (pool, tenant)
) {clustered};
