//! Who holds a session token: everything verify must know, in one statement.
//!
//! Asked on every request of somebody who is not remembered, so it reads no column that is not needed and no JSON. What
//! doors need of a session, a person and a place is read by their own modules.

use crate::sessions::Terms;
use crate::{Error, Row, Statement, Statements, sql};
use doorward_model::{
    AppId, ApplicationId, DoorId, Kind, PersonId, PersonStatus, PoolId, Role, SessionId, SessionScheme,
    TenantId, Timestamp,
};

/// Somebody with a session, whether it still lives or not.
#[derive(Clone, Debug, PartialEq)]
pub struct Caller {
    /// The pool.
    pub pool: PoolId,
    /// The session.
    pub session: SessionId,
    /// What its life hangs on.
    pub terms: Terms,
    /// What carries its token.
    pub scheme: SessionScheme,
    /// As what they signed in.
    pub kind: Kind,
    /// Where they are signed in.
    pub tenant: TenantId,
    /// The door they came through.
    pub door: Option<DoorId>,
    /// When they signed in.
    pub signed_in_at: Timestamp,
    /// The program they came with.
    pub program: Option<CallerProgram>,
    /// Whose session it is; `None` where the person is gone.
    pub person: Option<CallerPerson>,
    /// All places of the person, oldest first.
    pub places: Vec<CallerPlace>,
}

/// The person.
#[derive(Clone, Debug, PartialEq)]
pub struct CallerPerson {
    /// The id.
    pub id: PersonId,
    /// The short number.
    pub number: i64,
    /// Their address as they write it.
    pub email: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// What they like to be called.
    pub known_as: String,
    /// Whether they may sign in.
    pub status: PersonStatus,
    /// Whether they must set a new password first.
    pub must_reset: bool,
    /// Their `auth_generation`.
    pub generation: i64,
}

/// The program; without `app_id` where it was deleted.
#[derive(Clone, Debug, PartialEq)]
pub struct CallerProgram {
    /// The id.
    pub id: ApplicationId,
    /// The public id.
    pub app_id: Option<AppId>,
    /// Whether it was switched off.
    pub disabled: bool,
}

/// One of the person's places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallerPlace {
    /// Where.
    pub tenant: TenantId,
    /// As what.
    pub kind: Kind,
    /// With which rights.
    pub role: Role,
    since: Timestamp,
}

/// A row for each place, or one without a place. Places are put in order afterwards: sorting them here would cost more.
const FIND: Statement = sql(
    "SELECT s.pool, s.id, s.person_generation, s.tenant_generation, s.epoch, s.idle_until, s.expires_at, \
     s.scheme, s.kind, s.tenant, s.door, s.signed_in_at, s.application, a.app_id, a.disabled, \
     p.id, p.number, p.email, p.first_name, p.last_name, p.known_as, p.status, p.password_reset_required, \
     p.auth_generation, m.tenant, m.kind, m.role, m.created_at \
     FROM lookup_sessions l JOIN sessions s ON s.pool = l.pool AND s.id = l.session \
     LEFT JOIN people p ON p.pool = s.pool AND p.id = s.person \
     LEFT JOIN applications a ON a.pool = s.pool AND a.id = s.application \
     LEFT JOIN memberships m ON m.pool = s.pool AND m.person = s.person \
     WHERE l.token_hash = $1",
);
const PROGRAM: usize = 12;
const PERSON: usize = 15;
const PLACE: usize = 24;

/// Who holds the session of this token's hash.
pub fn find(tx: &mut impl Statements, token_hash: &[u8; 32]) -> Result<Option<Caller>, Error> {
    let mut caller: Option<Caller> = None;
    tx.rows(&FIND, &[&token_hash], |row| {
        let place = place(row)?;
        match &mut caller {
            Some(caller) => caller.places.extend(place),
            None => caller = Some(Caller { places: place.into_iter().collect(), ..read(row)? }),
        }
        Ok(())
    })?;
    if let Some(caller) = &mut caller {
        caller.places.sort_by_key(|place| place.since);
    }
    Ok(caller)
}

fn read(row: &Row<'_>) -> Result<Caller, Error> {
    let scheme = row.parsed(7, SessionScheme::parse)?;
    Ok(Caller {
        pool: row.get(0)?,
        session: row.get(1)?,
        terms: Terms {
            person_generation: row.get(2)?,
            tenant_generation: row.get(3)?,
            epoch: row.get(4)?,
            idle_until: row.get(5)?,
            expires_at: row.get(6)?,
        },
        kind: row.parsed_option(8, Kind::parse)?.unwrap_or(scheme.least_kind()),
        scheme,
        tenant: row.get(9)?,
        door: row.get(10)?,
        signed_in_at: row.get(11)?,
        program: program(row)?,
        person: person(row)?,
        places: Vec::new(),
    })
}

fn program(row: &Row<'_>) -> Result<Option<CallerProgram>, Error> {
    let Some(id) = row.get(PROGRAM)? else { return Ok(None) };
    Ok(Some(CallerProgram {
        id,
        app_id: row.parsed_option(PROGRAM + 1, AppId::parse)?,
        disabled: row.get::<Option<bool>>(PROGRAM + 2)?.unwrap_or_default(),
    }))
}

fn person(row: &Row<'_>) -> Result<Option<CallerPerson>, Error> {
    let Some(id) = row.get(PERSON)? else { return Ok(None) };
    let text = |column| Ok::<_, Error>(row.get::<Option<String>>(column)?.unwrap_or_default());
    Ok(Some(CallerPerson {
        id,
        number: row.get(PERSON + 1)?,
        email: row.get(PERSON + 2)?,
        first_name: text(PERSON + 3)?,
        last_name: text(PERSON + 4)?,
        known_as: text(PERSON + 5)?,
        status: row.parsed(PERSON + 6, PersonStatus::parse)?,
        must_reset: row.get(PERSON + 7)?,
        generation: row.get(PERSON + 8)?,
    }))
}

fn place(row: &Row<'_>) -> Result<Option<CallerPlace>, Error> {
    let Some(tenant) = row.get(PLACE)? else { return Ok(None) };
    Ok(Some(CallerPlace {
        tenant,
        kind: row.parsed(PLACE + 1, Kind::parse)?,
        role: row.parsed(PLACE + 2, Role::parse)?,
        since: row.get(PLACE + 3)?,
    }))
}
