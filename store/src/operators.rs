//! Operators: who runs Doorward itself. They cross pools.

use crate::{Error, HouseTx, Row, Statement, Statements, sql};
use doorward_model::{Email, Operator, OperatorId, Secret};

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

const FIND: Statement = sql("SELECT id, email, created_at FROM operators WHERE id = $1");

/// One operator.
pub fn find(tx: &mut HouseTx<'_>, id: OperatorId) -> Result<Option<Operator>, Error> {
    tx.row(&FIND, &[&id], read)
}

const FIND_ACCOUNT: Statement =
    sql("SELECT id, email, created_at, password_hash FROM operators WHERE email_key = $1");

/// The operator of an address, with the PHC string of their password.
pub fn find_account(tx: &mut HouseTx<'_>, email: &Email) -> Result<Option<(Operator, Secret)>, Error> {
    tx.row(&FIND_ACCOUNT, &[&email.canonical()], |row| Ok((read(row)?, Secret::new(row.get::<String>(3)?))))
}

const SET_PASSWORD: Statement = sql("UPDATE operators SET password_hash = $2 WHERE id = $1");

/// Writes the PHC string of a new password; `false` if there is no such operator.
pub fn set_password(tx: &mut HouseTx<'_>, id: OperatorId, password: &Secret) -> Result<bool, Error> {
    Ok(tx.execute(&SET_PASSWORD, &[&id, &password.expose()])? > 0)
}

const DELETE: Statement = sql("DELETE FROM operators WHERE id = $1");

/// Takes an operator away; `false` if there is no such.
pub fn delete(tx: &mut HouseTx<'_>, id: OperatorId) -> Result<bool, Error> {
    Ok(tx.execute(&DELETE, &[&id])? > 0)
}

fn read(row: &Row<'_>) -> Result<Operator, Error> {
    Ok(Operator {
        id: row.get(0)?,
        email: row.parsed(1, |text| Email::parse(text).ok())?,
        created_at: row.get(2)?,
    })
}
