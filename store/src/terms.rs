//! Terms and the consents given to them.

use crate::{Error, Invalidation, Row, Statement, Statements, Tx, sql};
use doorward_model::{Consent, ConsentId, PersonId, TenantId, Terms, TermsId, Timestamp};

const INSERT: Statement = sql(
    "INSERT INTO terms (pool, id, tenant, version, url, effective_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
);

/// Publishes a version; one the tenant already has is [`Error::Constraint`].
pub fn insert(tx: &mut Tx<'_>, terms: &Terms, now: Timestamp) -> Result<(), Error> {
    let Terms { id, tenant, version, url, effective_at } = terms;
    tx.execute(&INSERT, &[&tx.pool(), id, tenant, version, url, effective_at, &now])?;
    Ok(())
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, tenant, version, url, effective_at FROM terms WHERE pool = $1 AND tenant = $2 ",
            $rest
        )
    };
}

const FIND_CURRENT: Statement =
    sql(select!("AND effective_at <= $3 ORDER BY effective_at DESC, created_at DESC, id DESC LIMIT 1"));

/// The tenant's current version, if it has terms.
pub fn find_current(tx: &mut Tx<'_>, tenant: TenantId, now: Timestamp) -> Result<Option<Terms>, Error> {
    tx.row(&FIND_CURRENT, &[&tx.pool(), &tenant, &now], read)
}

const LIST: Statement = sql(select!("ORDER BY effective_at, id"));

/// Every version of a tenant's terms, oldest first, scheduled ones last.
pub fn list(tx: &mut Tx<'_>, tenant: TenantId) -> Result<Vec<Terms>, Error> {
    tx.rows(&LIST, &[&tx.pool(), &tenant], read)
}

const FIND: Statement =
    sql("SELECT id, tenant, version, url, effective_at FROM terms WHERE pool = $1 AND id = $2");

/// One version, whosever it is.
pub fn find(tx: &mut Tx<'_>, id: TermsId) -> Result<Option<Terms>, Error> {
    tx.row(&FIND, &[&tx.pool(), &id], read)
}

const LIST_BEFORE: Statement = sql(select!("AND id < $3 ORDER BY id DESC LIMIT $4"));

/// A tenant's versions that were published before one, the latest first.
pub fn list_before(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    before: TermsId,
    limit: i64,
) -> Result<Vec<Terms>, Error> {
    tx.rows(&LIST_BEFORE, &[&tx.pool(), &tenant, &before, &limit], read)
}

const CONSENT: Statement =
    sql("INSERT INTO consents (pool, id, person, terms, door, given_at) VALUES ($1, $2, $3, $4, $5, $6) \
     ON CONFLICT (pool, person, terms) DO NOTHING");

/// Records a consent; the first one given stays the evidence. `false` if there was one.
pub fn consent(tx: &mut Tx<'_>, consent: &Consent) -> Result<bool, Error> {
    let Consent { id, person, terms, door, at } = consent;
    tx.invalidate(Invalidation::Person { pool: tx.pool(), person: *person });
    Ok(tx.execute(&CONSENT, &[&tx.pool(), id, person, terms, door, at])? == 1)
}

const CONSENTED: Statement =
    sql("SELECT given_at FROM consents WHERE pool = $1 AND person = $2 AND terms = $3");

/// When a person consented to a version.
pub fn consented_at(tx: &mut Tx<'_>, person: PersonId, terms: TermsId) -> Result<Option<Timestamp>, Error> {
    tx.row(&CONSENTED, &[&tx.pool(), &person, &terms], |row| row.get(0))
}

macro_rules! consents {
    ($rest:literal) => {
        concat!("SELECT id, person, terms, door, given_at FROM consents WHERE pool = $1 AND ", $rest)
    };
}

const CONSENTS_TO: Statement = sql(consents!("terms = $2 AND id > $3 ORDER BY id LIMIT $4"));

/// Who consented to a version, in the order in which they did.
pub fn list_consents_to(
    tx: &mut Tx<'_>,
    terms: TermsId,
    after: ConsentId,
    limit: i64,
) -> Result<Vec<Consent>, Error> {
    tx.rows(&CONSENTS_TO, &[&tx.pool(), &terms, &after, &limit], read_consent)
}

const CONSENTS_OF: Statement = sql(consents!("person = $2 AND terms < $3 ORDER BY terms DESC LIMIT $4"));

/// What a person consented to, the version published last first.
pub fn list_consents_of(
    tx: &mut Tx<'_>,
    person: PersonId,
    before: TermsId,
    limit: i64,
) -> Result<Vec<Consent>, Error> {
    tx.rows(&CONSENTS_OF, &[&tx.pool(), &person, &before, &limit], read_consent)
}

fn read_consent(row: &Row<'_>) -> Result<Consent, Error> {
    Ok(Consent {
        id: row.get(0)?,
        person: row.get(1)?,
        terms: row.get(2)?,
        door: row.get(3)?,
        at: row.get(4)?,
    })
}

fn read(row: &Row<'_>) -> Result<Terms, Error> {
    Ok(Terms {
        id: row.get(0)?,
        tenant: row.get(1)?,
        version: row.get(2)?,
        url: row.get(3)?,
        effective_at: row.get(4)?,
    })
}
