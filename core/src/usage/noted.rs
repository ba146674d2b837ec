//! What is counted where: sign-ins each; calls each, and their person once a day.

use super::counters::{Counted, Counter};
use crate::sign_in::SignIn;
use crate::{Caller, Core, Error, Identity};
use doorward_model::{
    AccessKeyId, ApplicationId, DoorId, HashScheme, PersonId, PoolId, TenantId, Thing, Timestamp, UseKind,
};
use doorward_store::uses::HOUSE;
use std::sync::Arc;
use uuid::Uuid;

/// How often a session's or key's person is noted, in minutes: an administrator decides by days, and a write for each call would
/// cost more than the call.
const DAY: u64 = 24 * 60;

/// A tenant.
pub(crate) type At = (PoolId, TenantId);

/// The minute of a moment, counted from 1970.
pub(crate) fn minute(now: Timestamp) -> u32 {
    u32::try_from(now.seconds().div_euclid(60).max(0)).unwrap_or(u32::MAX)
}

/// From which minute on a carrier that is noted now is noted again: the next that is its own. Each day has one for each of them,
/// by its id, so that the sessions of a pool do not all come at midnight, on every node at once.
pub(crate) fn next_due(carrier: Uuid, minute: u32) -> u32 {
    let (now, (_, random)) = (u64::from(minute), carrier.as_u64_pair());
    let wait = (random % DAY + DAY - now % DAY) % DAY;
    u32::try_from(now + if wait == 0 { DAY } else { wait }).unwrap_or(u32::MAX)
}

/// From which minute on one is tried again that found no room.
pub(crate) const fn soon(minute: u32) -> u32 {
    minute.saturating_add(1)
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
    if !core.note_who(at, (identity.door, identity.application), identity.person.id, now) {
        core.uses().lose();
    }
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
    note_carrier(core, carrier, identity, (identity.door, identity.application), now);
}

/// A call with a key pair that was right, through a door or not.
pub(crate) fn key_called(core: &Core, key: AccessKeyId, identity: &Identity, door: Option<DoorId>) {
    let (at, now) = ((identity.pool(), identity.tenant()), core.now());
    core.uses_of(at, &Thing::Key(key)).count();
    let Some(door) = door else { return };
    // The pair is what such a door's clients sign in with.
    core.counter_of(at, UseKind::SignIn, at_door(Some(door))).count();
    core.uses_of(at, &Thing::Door(door)).count();
    note_carrier(core, key.uuid(), identity, (Some(door), None), now);
}

/// Notes once a day who a carrier is.
fn note_carrier(
    core: &Core,
    carrier: Uuid,
    identity: &Identity,
    with: (Option<DoorId>, Option<ApplicationId>),
    now: Timestamp,
) {
    let minute = minute(now);
    let at = (identity.pool(), identity.tenant());
    if core.uses().is_due(carrier, minute, next_due(carrier, minute))
        && !core.note_who(at, with, identity.person.id, now)
    {
        core.uses().set_due(carrier, soon(minute));
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    const TODAY: u32 = 20_000 * 24 * 60;

    #[test]
    fn everybody_has_a_minute_of_their_own_each_day() {
        let mut minutes: BTreeMap<u32, usize> = BTreeMap::new();
        for n in 0..14_400_u128 {
            let carrier = Uuid::from_u128(n.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835));
            let due = next_due(carrier, TODAY + 7);
            assert!(due > TODAY + 7 && due <= TODAY + 7 + 24 * 60);
            assert_eq!(next_due(carrier, due - 1), due, "whenever they were noted before");
            assert_eq!(next_due(carrier, due), due + 24 * 60);
            *minutes.entry(due).or_default() += 1;
        }
        let most = minutes.values().max().unwrap();
        assert!(minutes.len() > 1_000 && *most < 100, "{most} of 14,400 come in one minute");
    }
}
