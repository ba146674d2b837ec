//! Leases: background work that one node does for all of them. Who dies gives its work back when the lease ends.

use crate::{Error, HouseTx, Statement, Statements, sql};
use doorward_model::Timestamp;
use uuid::Uuid;

/// A lease that ends later than one taken now was taken by a clock that ran ahead (P21), and binds nobody.
const CLAIM: Statement = sql("INSERT INTO leases (work, holder, ends_at) VALUES ($1, $2, $4) \
     ON CONFLICT (work) DO UPDATE SET holder = $2, ends_at = $4 \
     WHERE leases.holder = $2 OR leases.ends_at <= $3 OR leases.ends_at > $4 RETURNING work");

/// Takes a lease until `ends_at`, or prolongs the holder's own; `false` if another has it.
pub fn claim(
    tx: &mut HouseTx<'_>,
    work: &str,
    holder: Uuid,
    now: Timestamp,
    ends_at: Timestamp,
) -> Result<bool, Error> {
    let claimed = tx.row(&CLAIM, &[&work, &holder, &now, &ends_at], |row| row.get::<String>(0))?;
    Ok(claimed.is_some())
}
