-- The nouns. Written once for both engines: {id} is 16 bytes, {bytes} any bytes, {int} 64 bits, {text} text,
-- {clustered} keeps rows in key order where the engine can. Times are microseconds since 1970. The pool stands
-- first in every key of what belongs to one; what must be found before a pool is known lives in lookup_* tables.

-- One row: what this database is.
CREATE TABLE installation (
  one {int} NOT NULL PRIMARY KEY CHECK (one = 1),
  id {id} NOT NULL,
  made_by {text} NOT NULL,
  epoch {int} NOT NULL,
  created_at {int} NOT NULL
) {clustered};

CREATE TABLE operators (
  id {id} NOT NULL PRIMARY KEY,
  email {text} NOT NULL,
  email_key {text} NOT NULL UNIQUE,
  password_hash {text} NOT NULL,
  created_at {int} NOT NULL
) {clustered};

CREATE TABLE regions (
  id {id} NOT NULL PRIMARY KEY,
  code {text} NOT NULL UNIQUE,
  name {text} NOT NULL,
  hosts {text} NOT NULL
) {clustered};

CREATE TABLE doors (
  id {id} NOT NULL PRIMARY KEY,
  name {text} NOT NULL UNIQUE,
  host {text} NOT NULL UNIQUE,
  base_url {text} NOT NULL,
  dialect {text} NOT NULL,
  pool {id},
  tenant {id},
  settings {text} NOT NULL
) {clustered};

-- The next free number of each kind: company numbers over all pools, person numbers within one.
CREATE TABLE numbers (
  scope {id} NOT NULL,
  kind {text} NOT NULL,
  next {int} NOT NULL,
  PRIMARY KEY (scope, kind)
) {clustered};

CREATE TABLE tenants (
  pool {id} NOT NULL,
  id {id} NOT NULL,
  parent {id},
  slug {text} NOT NULL,
  number {int} NOT NULL,
  display_name {text} NOT NULL,
  status {text} NOT NULL,
  region {text},
  policy {text} NOT NULL,
  profile {text} NOT NULL,
  auth_generation {int} NOT NULL,
  version {int} NOT NULL,
  created_at {int} NOT NULL,
  modified_at {int} NOT NULL,
  PRIMARY KEY (pool, id)
) {clustered};
CREATE INDEX tenants_by_parent ON tenants (pool, parent);

CREATE TABLE lookup_slugs (
  slug {text} NOT NULL PRIMARY KEY,
  pool {id} NOT NULL,
  tenant {id} NOT NULL
) {clustered};

CREATE TABLE lookup_companies (
  number {int} NOT NULL PRIMARY KEY,
  pool {id} NOT NULL,
  tenant {id} NOT NULL
) {clustered};

-- email_key is the canonical e-mail while the person lives, NULL once deleted, so that the address may sign up anew.
CREATE TABLE people (
  pool {id} NOT NULL,
  id {id} NOT NULL,
  home {id} NOT NULL,
  number {int} NOT NULL,
  email {text} NOT NULL,
  email_key {text},
  first_name {text},
  last_name {text},
  known_as {text},
  extra {text} NOT NULL,
  status {text} NOT NULL,
  verified {text} NOT NULL,
  password_reset_required {int} NOT NULL,
  notifications {text} NOT NULL,
  password_hash {text},
  password_changed_at {int},
  feed_generation {int} NOT NULL,
  auth_generation {int} NOT NULL,
  version {int} NOT NULL,
  created_at {int} NOT NULL,
  modified_at {int} NOT NULL,
  PRIMARY KEY (pool, id)
) {clustered};
CREATE UNIQUE INDEX people_by_email ON people (pool, email_key);
CREATE UNIQUE INDEX people_by_number ON people (pool, number);

CREATE TABLE memberships (
  pool {id} NOT NULL,
  id {id} NOT NULL,
  person {id} NOT NULL,
  tenant {id} NOT NULL,
  kind {text} NOT NULL,
  role {text} NOT NULL,
  standing {text},
  created_at {int} NOT NULL,
  PRIMARY KEY (pool, id)
) {clustered};
CREATE UNIQUE INDEX memberships_by_person ON memberships (pool, person, tenant, kind);
CREATE INDEX memberships_by_tenant ON memberships (pool, tenant, kind, created_at, id);

CREATE TABLE applications (
  pool {id} NOT NULL,
  id {id} NOT NULL,
  tenant {id} NOT NULL,
  name {text} NOT NULL,
  app_id {text} NOT NULL,
  key_hash {bytes},
  previous_hash {bytes},
  previous_until {int},
  trusted_server {int} NOT NULL,
  origins {text} NOT NULL,
  disabled {int} NOT NULL,
  created_at {int} NOT NULL,
  last_used_at {int},
  PRIMARY KEY (pool, id)
) {clustered};

CREATE TABLE lookup_app_ids (
  app_id {text} NOT NULL PRIMARY KEY,
  pool {id} NOT NULL,
  application {id} NOT NULL
) {clustered};

CREATE TABLE lookup_application_keys (
  key_hash {bytes} NOT NULL PRIMARY KEY,
  pool {id} NOT NULL,
  application {id} NOT NULL
) {clustered};

CREATE TABLE access_keys (
  pool {id} NOT NULL,
  id {id} NOT NULL,
  person {id} NOT NULL,
  tenant {id} NOT NULL,
  name {text} NOT NULL,
  label {text} NOT NULL,
  secret_hash {bytes} NOT NULL,
  previous_hash {bytes},
  previous_until {int},
  rate_calls {int},
  rate_window {int},
  disabled {int} NOT NULL,
  expires_at {int},
  generation {int} NOT NULL,
  created_at {int} NOT NULL,
  last_used_at {int},
  PRIMARY KEY (pool, id)
) {clustered};
CREATE INDEX access_keys_by_person ON access_keys (pool, person);

CREATE TABLE lookup_access_keys (
  name {text} NOT NULL PRIMARY KEY,
  pool {id} NOT NULL,
  access_key {id} NOT NULL
) {clustered};

-- A session is alive while its row is here, its times are ahead, its generations are the current ones and its epoch
-- is the installation's. Ending one deletes the row: nothing is left that could revive.
CREATE TABLE sessions (
  pool {id} NOT NULL,
  id {id} NOT NULL,
  token_hash {bytes} NOT NULL,
  person {id} NOT NULL,
  tenant {id} NOT NULL,
  application {id},
  door {id},
  scheme {text} NOT NULL,
  person_generation {int} NOT NULL,
  tenant_generation {int} NOT NULL,
  epoch {int} NOT NULL,
  signed_in_at {int} NOT NULL,
  last_used_at {int} NOT NULL,
  idle_until {int} NOT NULL,
  expires_at {int} NOT NULL,
  address {text},
  agent {text},
  PRIMARY KEY (pool, id)
) {clustered};
CREATE INDEX sessions_by_person ON sessions (pool, person, signed_in_at);

CREATE TABLE lookup_sessions (
  token_hash {bytes} NOT NULL PRIMARY KEY,
  pool {id} NOT NULL,
  session {id} NOT NULL
) {clustered};

CREATE TABLE tickets (
  pool {id} NOT NULL,
  id {id} NOT NULL,
  purpose {text} NOT NULL,
  person {id} NOT NULL,
  tenant {id} NOT NULL,
  door {id},
  code_hash {bytes} NOT NULL,
  generation {int} NOT NULL,
  epoch {int} NOT NULL,
  created_at {int} NOT NULL,
  expires_at {int} NOT NULL,
  used_at {int},
  PRIMARY KEY (pool, id)
) {clustered};
CREATE INDEX tickets_by_person ON tickets (pool, person, purpose);

CREATE TABLE lookup_tickets (
  code_hash {bytes} NOT NULL PRIMARY KEY,
  pool {id} NOT NULL,
  ticket {id} NOT NULL
) {clustered};

-- Guessing counters. The subject is a keyed hash of what is counted, so that a row exists for unknown accounts too.
CREATE TABLE attempts (
  pool {id} NOT NULL,
  subject {bytes} NOT NULL,
  failures {int} NOT NULL,
  pending {int} NOT NULL,
  allowed_at {int} NOT NULL,
  changed_at {int} NOT NULL,
  PRIMARY KEY (pool, subject)
) {clustered};

-- Places (application and address prefix) from which an account signed in lately.
CREATE TABLE known_places (
  pool {id} NOT NULL,
  place {bytes} NOT NULL,
  seen_at {int} NOT NULL,
  PRIMARY KEY (pool, place)
) {clustered};

CREATE TABLE terms (
  pool {id} NOT NULL,
  id {id} NOT NULL,
  tenant {id} NOT NULL,
  version {text} NOT NULL,
  url {text},
  effective_at {int} NOT NULL,
  created_at {int} NOT NULL,
  PRIMARY KEY (pool, id)
) {clustered};
CREATE UNIQUE INDEX terms_by_version ON terms (pool, tenant, version);

CREATE TABLE consents (
  pool {id} NOT NULL,
  id {id} NOT NULL,
  person {id} NOT NULL,
  terms {id} NOT NULL,
  door {id},
  given_at {int} NOT NULL,
  PRIMARY KEY (pool, id)
) {clustered};
CREATE UNIQUE INDEX consents_by_person ON consents (pool, person, terms);

-- The pool of what concerns the installation itself is the nil id.
CREATE TABLE events (
  pool {id} NOT NULL,
  id {id} NOT NULL,
  tenant {id},
  kind {text} NOT NULL,
  person {id},
  actor {text},
  session {id},
  door {id},
  application {id},
  address {text},
  detail {text},
  at {int} NOT NULL,
  PRIMARY KEY (pool, id)
) {clustered};
CREATE INDEX events_by_person ON events (pool, person, at);

-- The outbox is worked through over all pools, so its due index is the one that does not begin with one.
CREATE TABLE mails (
  pool {id} NOT NULL,
  id {id} NOT NULL,
  kind {text} NOT NULL,
  sealed {bytes} NOT NULL,
  state {text} NOT NULL,
  attempts {int} NOT NULL,
  due_at {int} NOT NULL,
  lease {id},
  last_error {text},
  created_at {int} NOT NULL,
  settled_at {int},
  PRIMARY KEY (pool, id)
) {clustered};
CREATE INDEX mails_due ON mails (state, due_at);

-- Revocations in commit order: the last statements of a revoking transaction advance one of 256 epochs and append here.
CREATE TABLE epochs (
  shard {int} NOT NULL PRIMARY KEY,
  value {int} NOT NULL
) {clustered};

CREATE TABLE revocations (
  shard {int} NOT NULL,
  value {int} NOT NULL,
  pool {id} NOT NULL,
  kind {text} NOT NULL,
  subject {id} NOT NULL,
  at {int} NOT NULL,
  PRIMARY KEY (shard, value)
) {clustered};
