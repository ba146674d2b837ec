//! Who is calling, as little as an API must know of them. Small, because a million of these are kept (`memory.rs`):
//! what many callers have in common is shared, texts are one piece, times and flags stand in the open.

use super::place::{Place, Places};
use super::stamps::Moment;
use super::way::{Method, Program, Way};
use crate::Branch;
use doorward_model::{Door, Person, PersonId, PersonNumber, PoolId, SessionId, Tenant, Timestamp};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use uuid::Uuid;

/// Between the texts of a caller; no name or address holds it.
const BETWEEN: char = '\0';

/// Who is calling.
#[derive(Debug)]
pub struct Who {
    /// The session, key or token.
    pub(super) subject: Uuid,
    /// The nil id where a program speaks for itself.
    pub(super) person: PersonId,
    pub(super) way: Arc<Way>,
    pub(super) signed_in_at: Timestamp,
    /// When this ends by itself; the end of time where it does not.
    pub(super) ends_at: Timestamp,
    /// When it ends if it is not used, in microseconds.
    pub(super) idle_until: AtomicI64,
    pub(super) read: Moment,
    pub(super) number: i64,
    pub(super) method: Method,
    pub(super) must_reset: bool,
    /// From which minute on it is noted again that this is used; it stands where the struct has a gap anyway.
    pub(super) note_from: AtomicU32,
    pub(super) places: Places,
    /// E-mail, first name, last name, the name they like to be called.
    pub(super) texts: Box<str>,
}

impl Who {
    /// The person; `None` where a program speaks for itself.
    pub fn person(&self) -> Option<PersonId> {
        Some(self.person).filter(|person| !person.uuid().is_nil())
    }

    /// The person's short number.
    pub fn number(&self) -> Option<PersonNumber> {
        PersonNumber::new(self.number).ok()
    }

    /// Their address; empty where a program speaks for itself.
    pub fn email(&self) -> &str {
        self.text(0)
    }

    /// Their first name.
    pub fn first_name(&self) -> &str {
        self.text(1)
    }

    /// Their last name.
    pub fn last_name(&self) -> &str {
        self.text(2)
    }

    /// What they like to be called.
    pub fn known_as(&self) -> &str {
        self.text(3)
    }

    /// The pool.
    pub fn pool(&self) -> PoolId {
        self.way.branch.pool()
    }

    /// Where they are signed in.
    pub fn tenant(&self) -> &Tenant {
        self.way.branch.tenant()
    }

    /// The same with what is above it.
    pub fn branch(&self) -> &Branch {
        &self.way.branch
    }

    /// All their places in the pool.
    pub fn places(&self) -> &[Place] {
        match &self.places {
            Places::One(place) => std::slice::from_ref(place),
            Places::Several(places) => places,
        }
    }

    /// Those of their places that count where they are signed in.
    pub fn places_here(&self) -> impl Iterator<Item = &Place> {
        self.places().iter().filter(|place| place.reaches)
    }

    /// The program they use, or that speaks for itself.
    pub fn application(&self) -> Option<&Program> {
        self.way.application.as_ref()
    }

    /// The door they came through.
    pub fn door(&self) -> Option<&Door> {
        self.way.door.as_deref()
    }

    /// What a token may be used for.
    pub fn scopes(&self) -> &[Box<str>] {
        &self.way.scopes
    }

    /// How they proved it.
    pub const fn method(&self) -> Method {
        self.method
    }

    /// When they signed in, or the key was made.
    pub const fn signed_in_at(&self) -> Timestamp {
        self.signed_in_at
    }

    /// When this ends by itself.
    pub fn expires_at(&self) -> Option<Timestamp> {
        Some(self.ends_at).filter(|end| end.micros() != i64::MAX)
    }

    /// The session that carries this; never its token.
    pub fn session(&self) -> Option<SessionId> {
        matches!(self.method, Method::Session(_)).then_some(SessionId::new(self.subject))
    }

    /// What is told apart by: the id of the session, key or token.
    pub const fn subject(&self) -> Uuid {
        self.subject
    }

    /// Whether a new password is required first.
    pub const fn must_reset(&self) -> bool {
        self.must_reset
    }

    /// Which reading of them this is. After anything of theirs was revoked or changed they are read anew, with a later
    /// number; what was made of one reading says nothing of another.
    pub const fn edition(&self) -> u64 {
        self.read.number()
    }

    /// When this ends if it is not used again.
    pub fn lapses_at(&self) -> Timestamp {
        self.ends_at.min(self.idle_until())
    }

    pub(super) fn idle_until(&self) -> Timestamp {
        Timestamp::from_micros(self.idle_until.load(Ordering::Relaxed))
    }

    pub(super) fn is_over(&self, now: Timestamp) -> bool {
        now >= self.ends_at || now >= self.idle_until()
    }

    /// Everything a revocation of which ends this.
    pub(super) fn subjects(&self) -> impl Iterator<Item = Uuid> {
        let program = self.way.application.as_ref().map(|program| program.id.uuid());
        let tenants = self.way.branch.upwards().map(|tenant| tenant.id.uuid());
        [self.subject, self.person.uuid()].into_iter().chain(program).chain(tenants)
    }

    /// Counts a call.
    pub(super) fn count(&self) {
        if let Some(calls) = &self.way.calls {
            calls.count();
        }
    }

    fn text(&self, index: usize) -> &str {
        self.texts.split(BETWEEN).nth(index).unwrap_or_default()
    }
}

impl Who {
    /// A person as everything else than a session shows them: from now on, for ever.
    pub(super) fn of_person(person: &Person, way: Arc<Way>, places: Places, read: Moment) -> Self {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let profile = &person.profile;
        Self {
            subject: person.id.uuid(),
            person: person.id,
            way,
            signed_in_at: person.created_at,
            ends_at: Timestamp::from_micros(i64::MAX),
            idle_until: AtomicI64::new(i64::MAX),
            read,
            number: person.number.get(),
            method: Method::AccessKey,
            must_reset: person.password_reset_required,
            note_from: AtomicU32::new(0),
            places,
            texts: texts(
                person.email.as_written(),
                &text(&profile.first_name),
                &text(&profile.last_name),
                &text(&profile.known_as),
            ),
        }
    }
}

/// The texts of a caller in one piece.
pub(super) fn texts(email: &str, first: &str, last: &str, known_as: &str) -> Box<str> {
    let mut all = String::with_capacity(email.len() + first.len() + last.len() + known_as.len() + 3);
    for (index, text) in [email, first, last, known_as].into_iter().enumerate() {
        if index > 0 {
            all.push(BETWEEN);
        }
        all.extend(text.chars().filter(|sign| *sign != BETWEEN));
    }
    all.into_boxed_str()
}
