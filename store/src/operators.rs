//! Operators: who runs Doorward itself. They cross pools.

use crate::{Error, HouseTx, Row, Statement, Statements, sql};
use doorward_model::{Email, Operator, Secret};

const INSERT: Statement = sql(
    "INSERT INTO operators (id, email, email_key, password_hash, created_at) VALUES ($1, $2, $3, $4, $5)",
);

/// Adds an operator with the PHC string of their password.
pub fn insert(tx: &mut HouseTx<'_>, operator: &Operator, password: &Secret) -> Result<(), Error> {
    let email = &operator.email;
    tx.execute(
        &INSERT,
        &[&operator.id, &email.as_written(), &email.canonical(), &password.expose(), &operator.created_at],
    )?;
    Ok(())
}

const LIST: Statement = sql("SELECT id, email, created_at FROM operators ORDER BY created_at, id");

/// Every operator, oldest first.
pub fn list(tx: &mut HouseTx<'_>) -> Result<Vec<Operator>, Error> {
    tx.rows(&LIST, &[], read)
}

fn read(row: &Row<'_>) -> Result<Operator, Error> {
    Ok(Operator {
        id: row.get(0)?,
        email: row.parsed(1, |text| Email::parse(text).ok())?,
        created_at: row.get(2)?,
    })
}
