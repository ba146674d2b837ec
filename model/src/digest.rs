//! Digests: when somebody's are due, and what they tell of.

use crate::{Event, EventKind, NotificationSettings, Timestamp};
use jiff::tz::TimeZone;

/// The local hour of a morning digest.
const MORNING: i8 = 7;
/// The local hour of an evening digest.
const EVENING: i8 = 19;

/// The digests around a moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DigestTimes {
    /// When the last one was due, at this very moment perhaps.
    pub last: Timestamp,
    /// When the next one is.
    pub next: Timestamp,
}

impl DigestTimes {
    /// Of somebody with these settings in this zone; `None` where they want none. Where clocks are put forward over an hour,
    /// its digest comes after the gap; where they are put back, at the first of the two.
    pub fn around(settings: NotificationSettings, zone: &TimeZone, now: Timestamp) -> Option<Self> {
        let hours = [(settings.morning, MORNING), (settings.evening, EVENING)];
        let hours: Vec<i8> = hours.into_iter().filter_map(|(wanted, hour)| wanted.then_some(hour)).collect();
        let today = now.civil().to_zoned(zone.clone()).date();
        // Two days either way: a zone may have left out a whole day.
        let days = (-2_i64..=2).filter_map(|days| today.checked_add(jiff::Span::new().days(days)).ok());
        let moments = days.flat_map(|day| hours.iter().map(move |hour| day.at(*hour, 0, 0, 0)));
        // Only at the ends of the calendar is there none.
        let moments = moments.filter_map(|civil| civil.to_zoned(zone.clone()).ok());
        let moments: Vec<Timestamp> =
            moments.map(|it| Timestamp::from_micros(it.timestamp().as_microsecond())).collect();
        let last = moments.iter().copied().filter(|moment| *moment <= now).max()?;
        let next = moments.iter().copied().filter(|moment| *moment > now).min()?;
        Some(Self { last, next })
    }
}

macro_rules! happenings {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)+) => {
        /// What a digest tells somebody of their account.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Happening {
            $($(#[$doc])* $name,)+
        }

        impl Happening {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The word under which a mail keeps it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)+ }
            }

            /// Reads that word.
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|it| it.as_str() == word)
            }
        }
    };
}

happenings! {
    /// A sign-in from a place or with a program that was not known.
    NewSignIn = "new_sign_in",
    /// Sessions were ended by somebody else.
    SignInsEnded = "sign_ins_ended",
    /// The password is another one.
    PasswordChanged = "password_changed",
    /// Another address was asked for.
    EmailChangeAsked = "email_change_asked",
    /// The address is another one.
    EmailChanged = "email_changed",
    /// The address was confirmed.
    EmailConfirmed = "email_confirmed",
    /// Terms were agreed to.
    TermsAgreed = "terms_agreed",
    /// A place was given, or the rights there are others.
    PlaceGiven = "place_given",
    /// A place was taken.
    PlaceTaken = "place_taken",
    /// An access key was made.
    KeyMade = "key_made",
    /// An access key has a new secret.
    KeyRenewed = "key_renewed",
    /// An access key was changed or may be used again.
    KeyChanged = "key_changed",
    /// An access key may be used no more.
    KeyEnded = "key_ended",
    /// The address of the calendar is a new one.
    CalendarRenewed = "calendar_renewed",
}

impl Happening {
    /// What an event is to the person it happened to; `None` for what they need not hear of.
    pub fn of(event: &Event) -> Option<Self> {
        match event.kind {
            EventKind::SignedIn => event.is_from_new_place().then_some(Self::NewSignIn),
            EventKind::SessionEnded => event.actor.is_some().then_some(Self::SignInsEnded),
            EventKind::PasswordReset | EventKind::PasswordChanged | EventKind::PasswordSet => {
                Some(Self::PasswordChanged)
            }
            EventKind::EmailChangeRequested => Some(Self::EmailChangeAsked),
            EventKind::PersonChanged => event.changes("email").then_some(Self::EmailChanged),
            EventKind::EmailValidated => Some(Self::EmailConfirmed),
            EventKind::ConsentGiven => Some(Self::TermsAgreed),
            EventKind::MembershipSet => Some(Self::PlaceGiven),
            EventKind::MembershipRemoved => Some(Self::PlaceTaken),
            EventKind::KeyCreated => Some(Self::KeyMade),
            EventKind::KeyRotated => Some(Self::KeyRenewed),
            EventKind::KeyEnabled | EventKind::KeyChanged => Some(Self::KeyChanged),
            EventKind::KeyDisabled => Some(Self::KeyEnded),
            EventKind::FeedRotated => Some(Self::CalendarRenewed),
            EventKind::SignInRefused
            | EventKind::SignedOut
            | EventKind::TenantSwitched
            | EventKind::ResetRequested
            | EventKind::SignInCodeIssued
            | EventKind::ValidationRequested
            | EventKind::PersonCreated
            | EventKind::PersonDisabled
            | EventKind::PersonEnabled
            | EventKind::PersonDeleted
            | EventKind::PersonInvited
            | EventKind::ApplicationCreated
            | EventKind::ApplicationChanged
            | EventKind::ApplicationKeyRotated
            | EventKind::ApplicationDisabled
            | EventKind::ApplicationEnabled
            | EventKind::TokenCreated
            | EventKind::TokenRevoked
            | EventKind::TenantCreated
            | EventKind::TenantChanged
            | EventKind::TenantMoved
            | EventKind::TenantSuspended
            | EventKind::TenantResumed
            | EventKind::TenantDeleted
            | EventKind::TermsPublished
            | EventKind::ImportChecked
            | EventKind::ImportBegun
            | EventKind::ImportEnded
            | EventKind::ExportBegun
            | EventKind::ExportTaken
            | EventKind::MailRetried
            | EventKind::DoorSet
            | EventKind::DoorRemoved
            | EventKind::RegionSet
            | EventKind::OperatorCreated
            | EventKind::OperatorInvited
            | EventKind::OperatorPasswordChanged
            | EventKind::OperatorRemoved
            | EventKind::OperatorLinkWithdrawn
            | EventKind::OperatorTokenCreated
            | EventKind::OperatorTokenRevoked
            | EventKind::Restored
            | EventKind::InstallationMoved => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MORNINGS: NotificationSettings =
        NotificationSettings { instant: false, evening: false, morning: true, new_lead: false };

    fn around(settings: NotificationSettings, zone: &TimeZone, now: &str) -> Option<[String; 2]> {
        let now = Timestamp::of_civil(now).expect("a moment");
        DigestTimes::around(settings, zone, now).map(|it| [it.last, it.next].map(|it| it.civil().to_string()))
    }

    #[test]
    fn digests_are_due_at_local_hours() {
        let both = NotificationSettings { evening: true, ..MORNINGS };
        let said = |last: &str, next: &str| Some([last.to_owned(), next.to_owned()]);
        let noon = "2026-11-22T12:00:00Z";
        assert_eq!(around(both, &TimeZone::UTC, noon), said("2026-11-22T07:00:00Z", "2026-11-22T19:00:00Z"));
        assert_eq!(
            around(MORNINGS, &TimeZone::UTC, "2026-11-22T07:00:00Z"),
            said("2026-11-22T07:00:00Z", "2026-11-23T07:00:00Z"),
            "at the very moment"
        );
        let kolkata = TimeZone::fixed(jiff::tz::offset(5).saturating_add(jiff::Span::new().minutes(30)));
        assert_eq!(around(MORNINGS, &kolkata, noon), said("2026-11-22T01:30:00Z", "2026-11-23T01:30:00Z"));
        assert_eq!(around(NotificationSettings::default(), &TimeZone::UTC, noon), None);
    }

    #[test]
    fn a_day_of_summer_time_has_one_digest() {
        let berlin = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").expect("a zone");
        let next = around(MORNINGS, &berlin, "2026-03-28T06:00:00Z").expect("digests");
        assert_eq!(next, ["2026-03-28T06:00:00Z", "2026-03-29T05:00:00Z"].map(str::to_owned));
    }

    #[test]
    fn every_word_is_read_back() {
        for it in Happening::ALL {
            assert_eq!(Happening::parse(it.as_str()), Some(*it));
        }
    }
}
