-- Long work that goes on in the background: how it stands, the rows it reads or made (sealed), and those it could not do.
CREATE TABLE works (
  pool {id} NOT NULL,
  id {id} NOT NULL,
  tenant {id} NOT NULL,
  kind {text} NOT NULL,
  state {text} NOT NULL,
  wish {text} NOT NULL,
  maker {text} NOT NULL,
  actor {text} NOT NULL,
  address {text},
  epoch {int} NOT NULL,
  made_at {int} NOT NULL,
  due_at {int} NOT NULL,
  step {int} NOT NULL,
  place {bytes},
  done {int} NOT NULL,
  refused {int} NOT NULL,
  total {int},
  bytes {int} NOT NULL,
  reason {text},
  finished_at {int},
  erase_at {int} NOT NULL,
  is_erased {int} NOT NULL,
  PRIMARY KEY (pool, id)
) {clustered};
CREATE INDEX works_by_tenant ON works (pool, tenant, id);
CREATE INDEX works_by_due ON works (state, due_at);
CREATE INDEX works_by_id ON works (id);
CREATE INDEX works_by_end ON works (erase_at);

CREATE TABLE work_parts (
  pool {id} NOT NULL,
  work {id} NOT NULL,
  number {int} NOT NULL,
  sealed {bytes} NOT NULL,
  PRIMARY KEY (pool, work, number)
) {clustered};

CREATE TABLE work_refusals (
  pool {id} NOT NULL,
  work {id} NOT NULL,
  line {int} NOT NULL,
  sealed {bytes} NOT NULL,
  PRIMARY KEY (pool, work, line)
) {clustered};
