//! What is answered about uses.

use crate::schema::{list as array, moment, of, or_null, shape, text, truth, uuid, word};
use doorward_core::usage::{self, Blocker, Seen, Window};
use doorward_model::{Day, PersonStatus, Sort};
use serde_json::{Value, json};

shape! {
    /// A thing, and how it was used.
    Shown {
        #[doc = "Which sort of things"]
        sort: &'static str = sorts(),
        #[doc = "Its id; of a kind of password its text"]
        id: String = text(),
        #[doc = "What people call it"]
        name: String = text(),
        #[doc = "What else tells it apart: a door's host, an application's App-Id, a key's public half"]
        about: String = text(),
        #[doc = "Whom a key stands for"]
        owner: Option<String> = or_null(uuid()),
        #[doc = "What they are called"]
        owner_name: Option<String> = or_null(text()),
        #[doc = "Whether it is disabled already"]
        disabled: bool = truth(),
        #[doc = "When it was used last, as far as it is known"]
        last_used: Option<String> = or_null(moment()),
        #[doc = "How often within the days that were asked for"]
        uses: i64 = count(),
        #[doc = "How often in the last 30 days"]
        uses_last_30_days: i64 = count(),
        #[doc = "How often in the 30 days before"]
        uses_30_days_before: i64 = count(),
        #[doc = "How many people block its retirement, counted up to 1,000"]
        people: i64 = count(),
        #[doc = "Whether there are more of them"]
        more_people: bool = truth(),
        #[doc = "`unused` can be retired; `current` is how new passwords are made; of what is `too_early` it is not known for long enough, of `unknown` not yet"]
        verdict: &'static str = word(&["used", "current", "unused", "too_early", "unknown"]),
        #[doc = "The same in words, for people"]
        sentence: String = text(),
    }
}

shape! {
    /// A day.
    OnDay {
        #[doc = "The day, in UTC"]
        day: String = json!({ "type": "string", "format": "date" }),
        #[doc = "How often it was used then"]
        uses: i64 = count(),
    }
}

shape! {
    /// A thing with its days.
    Detail {
        #[doc = "The thing"]
        usage: Shown = of("Usage"),
        #[doc = "Every day that was asked for, the earliest first"]
        days: Vec<OnDay> = array(of("UsageDay")),
        #[doc = "Since when anything is counted"]
        counted_since: String = json!({ "type": "string", "format": "date" }),
    }
}

shape! {
    /// Somebody who blocks a thing's retirement.
    User {
        #[doc = "Who"]
        person: String = uuid(),
        #[doc = "What they are called"]
        name: String = text(),
        #[doc = "Where they are written to"]
        email: String = text(),
        #[doc = "Whether they may sign in"]
        status: &'static str = word(&[PersonStatus::Active.as_str(), PersonStatus::Inactive.as_str()]),
        #[doc = "On how many days they used it; null where that is not counted"]
        days: Option<i64> = or_null(count()),
        #[doc = "When first"]
        first_used: Option<String> = or_null(moment()),
        #[doc = "When last; of a kind of password when they signed in last"]
        last_used: Option<String> = or_null(moment()),
    }
}

pub(super) fn sorts() -> Value {
    word(&Sort::ALL.map(Sort::as_str))
}

pub(super) fn windows() -> Value {
    word(&Window::ALL.map(Window::as_str))
}

pub(super) fn count() -> Value {
    json!({ "type": "integer", "minimum": 0 })
}

impl From<&(Day, i64)> for OnDay {
    fn from((day, uses): &(Day, i64)) -> Self {
        Self { day: day.date(), uses: *uses }
    }
}

impl Shown {
    pub(super) fn of(seen: &Seen, window: Window) -> Self {
        let Seen { head, last_at, uses, trend: (this, before), people, verdict } = seen;
        let sort = head.thing.sort();
        Self {
            sort: sort.as_str(),
            id: head.thing.name(),
            name: head.name.clone(),
            about: head.about.clone(),
            owner: head.owner.as_ref().map(|(id, _)| id.to_string()),
            owner_name: head.owner.as_ref().map(|(_, name)| name.clone()),
            disabled: head.is_off,
            last_used: last_at.map(|at| at.civil().to_string()),
            uses: *uses,
            uses_last_30_days: *this,
            uses_30_days_before: *before,
            people: people.counted,
            more_people: people.is_more,
            verdict: verdict.as_str(),
            sentence: verdict.sentence(sort, window),
        }
    }
}

impl Detail {
    pub(super) fn of(found: &usage::Detail, window: Window) -> Self {
        Self {
            usage: Shown::of(&found.seen, window),
            days: found.days.iter().map(OnDay::from).collect(),
            counted_since: found.counted_since.date(),
        }
    }
}

impl From<&Blocker> for User {
    fn from(blocker: &Blocker) -> Self {
        let Blocker { person, days, first_at, last_at } = blocker;
        Self {
            person: person.id.to_string(),
            name: blocker.called(),
            email: person.email.as_written().to_owned(),
            status: person.status.as_str(),
            days: *days,
            first_used: first_at.map(|at| at.civil().to_string()),
            last_used: last_at.map(|at| at.civil().to_string()),
        }
    }
}
