//! Whether something can be retired, in one sentence.

use super::Count;
use doorward_model::{Day, Sort, Timestamp};

/// How far back "still" reaches.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Window {
    /// 7 days.
    Week,
    /// 30 days.
    #[default]
    Month,
    /// 90 days.
    Quarter,
    /// 365 days.
    Year,
}

impl Window {
    /// Every window, the shortest first.
    pub const ALL: [Self; 4] = [Self::Week, Self::Month, Self::Quarter, Self::Year];

    /// Its days.
    pub const fn days(self) -> i64 {
        match self {
            Self::Week => 7,
            Self::Month => 30,
            Self::Quarter => 90,
            Self::Year => 365,
        }
    }

    /// The days as a word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Week => "7",
            Self::Month => "30",
            Self::Quarter => "90",
            Self::Year => "365",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|window| window.as_str() == word)
    }

    /// Its first day; today is its last.
    pub(super) const fn first(self, now: Timestamp) -> Day {
        Day::of(now).before(self.days() - 1)
    }
}

/// Whether something can be retired.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// These people use it, or have a password of this kind.
    People(Count),
    /// Nobody is known to use it, but it was used so often within the window: by programs, or by people who are gone.
    Uses(i64),
    /// New passwords are made like this, whoever has one.
    Current(Count),
    /// Nobody used it for so many days, the window's at least.
    Unused {
        /// Whether it was ever used as far as it is known; otherwise the days are since counting began, or it was made.
        ever: bool,
        /// Whole days.
        days: i64,
    },
    /// It was not used, but is not watched for long enough.
    TooEarly {
        /// Whole days it was watched for.
        days: i64,
    },
    /// It was not used, but a tenant was moved here within the window, and what was used there before is not counted here.
    Moved {
        /// Whole days ago.
        days: i64,
    },
    /// Nobody has a password of this kind any more.
    Gone,
    /// The kinds of passwords are still being filled in after an upgrade.
    Filling,
}

impl Verdict {
    /// Of what was seen within a window: `watched` is since when it could have been, `moved` when a tenant came here last.
    pub(super) fn of(
        window: Window,
        (people, uses): (Count, i64),
        last: Option<Timestamp>,
        (watched, moved): (Timestamp, Option<Timestamp>),
        now: Timestamp,
    ) -> Self {
        if people.counted > 0 || people.is_more {
            return Self::People(people);
        }
        let days = calendar_days(last.unwrap_or(watched), now);
        if uses > 0 || last.is_some_and(|_| days < window.days()) {
            return Self::Uses(uses);
        }
        let moved = moved.map(|at| calendar_days(at, now)).filter(|days| *days < window.days());
        if let Some(days) = moved {
            Self::Moved { days }
        } else if days >= window.days() {
            Self::Unused { ever: last.is_some(), days }
        } else {
            Self::TooEarly { days }
        }
    }

    /// The printed word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::People(_) | Self::Uses(_) => "used",
            Self::Current(_) => "current",
            Self::Unused { .. } | Self::Gone => "unused",
            Self::TooEarly { .. } | Self::Moved { .. } => "too_early",
            Self::Filling => "unknown",
        }
    }

    /// The same for people.
    pub fn sentence(self, sort: Sort, window: Window) -> String {
        let window = window.days();
        match self {
            Self::People(count) if sort == Sort::Hashes => {
                format!("{} a password of this kind.", have(count))
            }
            Self::People(count) => format!("{} it.", still_use(count)),
            Self::Uses(0) => format!("It was used within the last {window} days."),
            Self::Uses(1) => format!("It was used once in the last {window} days."),
            Self::Uses(uses) => format!("It was used {} times in the last {window} days.", grouped(uses)),
            Self::Current(Count { counted: 0, .. }) => "New passwords are made like this.".to_owned(),
            Self::Current(count) => format!("New passwords are made like this; {} one.", have_within(count)),
            Self::Unused { ever: true, days } => {
                format!("Nobody used it for {}: it can be retired.", told_days(days))
            }
            Self::Unused { ever: false, days } => {
                format!("Nobody has used it in the {} it was watched: it can be retired.", told_days(days))
            }
            Self::TooEarly { days: 0 } => {
                "Not used yet, but it is watched since today only: too early to say.".to_owned()
            }
            Self::TooEarly { days } => {
                format!("Not used in the {} it was watched: too early to say.", told_days(days))
            }
            Self::Moved { days } => {
                let ago = if days == 0 { "today".to_owned() } else { format!("{} ago", told_days(days)) };
                format!(
                    "A tenant was moved here {ago}, and its uses before are not known here: too early to say."
                )
            }
            Self::Gone => "Nobody has a password of this kind any more: it can be retired.".to_owned(),
            Self::Filling => "Being counted after an upgrade; look again in some minutes.".to_owned(),
        }
    }
}

/// As uses are counted, and as a window begins: what was used before its first day was not used within it.
fn calendar_days(from: Timestamp, to: Timestamp) -> i64 {
    Day::of(to).number() - Day::of(from).number()
}

fn told_days(days: i64) -> String {
    if days == 1 { "1 day".to_owned() } else { format!("{} days", grouped(days)) }
}

fn people(count: Count) -> String {
    match count {
        Count { counted: 0, is_more: true } => "Perhaps some people".to_owned(),
        Count { counted, is_more: true } => format!("More than {} people", grouped(counted)),
        Count { counted: 1, is_more: false } => "1 person".to_owned(),
        Count { counted, is_more: false } => format!("{} people", grouped(counted)),
    }
}

fn is_one(count: Count) -> bool {
    count == Count { counted: 1, is_more: false }
}

fn have(count: Count) -> String {
    format!("{} {}", people(count), if is_one(count) { "has" } else { "have" })
}

fn have_within(count: Count) -> String {
    have(count).replace("More", "more")
}

fn still_use(count: Count) -> String {
    format!("{} still {}", people(count), if is_one(count) { "uses" } else { "use" })
}

/// A number with its thousands apart.
fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut told = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            told.push(',');
        }
        told.push(digit);
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const DAY: Duration = Duration::from_secs(24 * 60 * 60);

    fn said(people: i64, uses: i64, last: Option<u32>, watched: u32, window: Window) -> String {
        let now = Timestamp::from_micros(1_795_341_600_123_456);
        let ago = |days: u32| now.minus(DAY * days);
        let found = (Count { counted: people, is_more: people == 1_000 }, uses);
        let verdict = Verdict::of(window, found, last.map(ago), (ago(watched), None), now);
        verdict.sentence(Sort::Doors, window)
    }

    #[test]
    fn one_sentence_says_whether_it_can_be_retired() {
        let month = Window::Month;
        assert_eq!(said(12, 340, Some(0), 300, month), "12 people still use it.");
        assert_eq!(said(1, 1, Some(3), 300, month), "1 person still uses it.");
        assert_eq!(said(1_000, 1, Some(3), 300, month), "More than 1,000 people still use it.");
        assert_eq!(said(0, 12_340, Some(3), 300, month), "It was used 12,340 times in the last 30 days.");
        assert_eq!(said(0, 0, Some(43), 300, month), "Nobody used it for 43 days: it can be retired.");
        assert_eq!(
            said(0, 0, None, 90, month),
            "Nobody has used it in the 90 days it was watched: it can be retired."
        );
        assert_eq!(said(0, 0, None, 3, month), "Not used in the 3 days it was watched: too early to say.");
        // 29 days and some hours ago, and before the first of 30 calendar days.
        let (now, last) =
            (1_795_341_600_123_456 + 13 * 3_600_000_000, 1_795_341_600_123_456 - 716 * 3_600_000_000);
        let (now, last) = (Timestamp::from_micros(now), Timestamp::from_micros(last));
        assert!(Day::of(last) < month.first(now) && now.since(last) < DAY * 31);
        let verdict = Verdict::of(month, (Count::default(), 0), Some(last), (last, None), now);
        assert_eq!(verdict.as_str(), "unused");
        assert_eq!(said(0, 0, Some(43), 300, Window::Quarter), "It was used within the last 90 days.");
    }

    #[test]
    fn what_was_moved_here_may_have_been_used_before() {
        let now = Timestamp::from_micros(1_795_341_600_123_456);
        let ago = |days: u32| now.minus(DAY * days);
        let said = |uses, last: Option<u32>, moved: u32| {
            let (found, watched) = ((Count::default(), uses), (ago(300), Some(ago(moved))));
            Verdict::of(Window::Month, found, last.map(ago), watched, now)
                .sentence(Sort::Doors, Window::Month)
        };
        let told =
            "A tenant was moved here 3 days ago, and its uses before are not known here: too early to say.";
        assert_eq!((said(0, None, 3), said(0, Some(43), 3)), (told.to_owned(), told.to_owned()));
        assert_eq!(said(7, Some(1), 3), "It was used 7 times in the last 30 days.");
        assert_eq!(said(0, Some(43), 30), "Nobody used it for 43 days: it can be retired.");
    }

    #[test]
    fn whoever_has_an_old_password_blocks_it_whether_they_come_or_not() {
        let of = |verdict: Verdict| verdict.sentence(Sort::Hashes, Window::Month);
        let (one, many) = (Count { counted: 1, is_more: false }, Count { counted: 1_000, is_more: true });
        assert_eq!(of(Verdict::People(one)), "1 person has a password of this kind.");
        assert_eq!(of(Verdict::People(many)), "More than 1,000 people have a password of this kind.");
        assert_eq!(
            of(Verdict::Current(many)),
            "New passwords are made like this; more than 1,000 people have one."
        );
        assert_eq!(of(Verdict::Gone), "Nobody has a password of this kind any more: it can be retired.");
    }
}
