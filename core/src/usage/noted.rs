//! What is counted where: sign-ins each; calls each, and their person once an hour.

use super::tally::{Counted, Counter};
use crate::sign_in::SignIn;
use crate::{Caller, Core, Error, Identity};
use doorward_model::{
    AccessKeyId, ApplicationId, DoorId, HashScheme, PersonId, PoolId, TenantId, Thing, Timestamp, UseKind,
};
use doorward_store::uses::HOUSE;
use std::sync::Arc;
use uuid::Uuid;

/// How often a session's or key's person is noted: an administrator decides by days, and a write for each call would cost more than
/// the call.
const HOUR: i64 = 60 * 60;

/// A tenant.
pub(crate) type At = (PoolId, TenantId);

/// The hour of a moment.
pub(crate) const fn hour(now: Timestamp) -> i64 {
    now.seconds().div_euclid(HOUR)
}

impl Core {
    fn counter_of(&self, (pool, tenant): At, kind: UseKind, subject: Vec<u8>) -> Arc<Counter> {
        self.uses().counter(Counted { pool, tenant, kind, subject })
    }

    /// The counter of a thing at a tenant, for who keeps it.
    pub(crate) fn uses_of(&self, at: At, thing: &Thing) -> Arc<Counter> {
        self.counter_of(at, thing.kind(), thing.subject())
    }

    /// Notes somebody's use of a thing; `false` when too many wait.
    fn note_person(&self, (pool, tenant): At, thing: &Thing, person: PersonId, now: Timestamp) -> bool {
        let of = Counted { pool, tenant, kind: thing.kind(), subject: thing.subject() };
        self.uses().note(of, person, now)
    }

    /// Notes who came with what; `false` when too many wait.
    pub(crate) fn note_who(
        &self,
        at: At,
        (door, application): (Option<DoorId>, Option<ApplicationId>),
        person: PersonId,
        now: Timestamp,
    ) -> bool {
        let of_door = door.is_none_or(|door| self.note_person(at, &Thing::Door(door), person, now));
        // Also behind a door that found no room.
        let application = application.map(Thing::Application);
        application.is_none_or(|thing| self.note_person(at, &thing, person, now)) && of_door
    }
}

/// Sign-ins stand under their door; those at Doorward's own pages under the nil id.
fn at_door(door: Option<DoorId>) -> Vec<u8> {
    door.map_or(Uuid::nil(), DoorId::uuid).as_bytes().to_vec()
}

/// Somebody signed in; `scheme` is of the password that was right.
pub(crate) fn signed_in(core: &Core, identity: &Identity, scheme: Option<HashScheme>, now: Timestamp) {
    let at = (identity.pool(), identity.tenant());
    core.counter_of(at, UseKind::SignIn, at_door(identity.door)).count();
    for thing in identity.door.map(Thing::Door).into_iter().chain(scheme.map(Thing::Hash)) {
        core.uses_of(at, &thing).count();
    }
    core.note_who(at, (identity.door, identity.application), identity.person.id, now);
}

/// How an attempt to sign in ended.
pub(crate) fn attempted(
    core: &Core,
    caller: &Caller,
    at: At,
    outcome: &crate::Result<(SignIn, Option<HashScheme>)>,
) {
    match outcome {
        Ok((SignIn::Done(done), scheme)) => signed_in(core, &done.identity, scheme.clone(), core.now()),
        // Whoever has to choose comes again.
        Ok((SignIn::Choose { .. }, _)) => {}
        Err(error) => refused(core, at, caller.door, error),
    }
}

/// An attempt to sign in that came to nothing.
pub(crate) fn refused(core: &Core, at: At, door: Option<DoorId>, error: &Error) {
    let kind = match error {
        Error::WrongCredentials => UseKind::SignInWrong,
        Error::Throttled { .. }
        | Error::RateLimited { .. }
        | Error::Unavailable { .. }
        | Error::HomeAway { .. }
        | Error::Internal
        | Error::Invalid { .. }
        | Error::NotSignedIn
        | Error::ApplicationRefused
        | Error::NotAllowed
        | Error::NotFound
        | Error::Conflict { .. }
        | Error::PasswordRefused(_)
        | Error::CurrentPasswordWrong
        | Error::CodeRefused
        | Error::CallbackRefused
        | Error::PasswordResetRequired
        | Error::WrongRegion { .. } => UseKind::SignInRefused,
    };
    core.counter_of(at, kind, at_door(door)).count();
}

/// A call at a door with a session. The application is counted where it names itself ([`program_called`]).
pub(crate) fn session_called(core: &Core, identity: &Identity, carrier: Uuid, now: Timestamp) {
    let at = (identity.pool(), identity.tenant());
    if let Some(door) = identity.door {
        core.uses_of(at, &Thing::Door(door)).count();
    }
    if core.uses().is_first_in(hour(now), carrier) {
        core.note_who(at, (identity.door, identity.application), identity.person.id, now);
    }
}

/// A call with a key pair that was right, through a door or not.
pub(crate) fn key_called(core: &Core, key: AccessKeyId, identity: &Identity, door: Option<DoorId>) {
    let (at, now) = ((identity.pool(), identity.tenant()), core.now());
    core.uses_of(at, &Thing::Key(key)).count();
    let Some(door) = door else { return };
    // The pair is what such a door's clients sign in with.
    core.counter_of(at, UseKind::SignIn, at_door(Some(door))).count();
    core.uses_of(at, &Thing::Door(door)).count();
    if core.uses().is_first_in(hour(now), key.uuid()) {
        core.note_who(at, (Some(door), None), identity.person.id, now);
    }
}

/// A key pair that was nobody's, or was refused, at a door. Nobody knows whose it was meant to be.
pub(crate) fn pair_refused(core: &Core, caller: &Caller, error: &Error) {
    if caller.door.is_some() {
        refused(core, HOUSE, caller.door, error);
    }
}

/// A call in which a program named itself.
pub(crate) fn program_called(core: &Core, at: At, application: ApplicationId) {
    core.uses_of(at, &Thing::Application(application)).count();
}
