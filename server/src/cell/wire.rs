//! What cells say to each other, as JSON. A field that a newer cell adds is passed over.

use doorward_core::access_keys::{LONGEST_WINDOW, MOST_CALLS};
use doorward_core::cells::{
    Account, Answer, Entry, Home, Name, Organisation, PUT_BACK, Page, Places, Question,
};
use doorward_model::{
    AccessKeyId, AccessKeyName, CompanyNumber, Dialect, PersonId, Profile, RateLimit, Role, Secret, Slug,
    TenantId,
};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A page of a cell's directory.
#[derive(Serialize, Deserialize)]
pub(super) struct PageRow {
    log: String,
    after: i64,
    until: i64,
    last: i64,
    complete: bool,
    entries: Vec<EntryRow>,
    hosts: Vec<(String, String)>,
    doors: Vec<(String, String)>,
}

#[derive(Serialize, Deserialize)]
struct EntryRow {
    number: i64,
    kind: String,
    name: String,
    held: bool,
}

impl PageRow {
    pub(super) fn of(page: &Page) -> Self {
        let entries = page.entries.iter().map(|entry| EntryRow {
            number: entry.number,
            kind: entry.name.kind().as_str().to_owned(),
            name: entry.name.text().to_owned(),
            held: entry.held,
        });
        let doors = page.places.doors.iter().map(|(dialect, url)| (dialect.as_str().to_owned(), url.clone()));
        Self {
            log: page.log.clone(),
            after: page.after,
            until: page.until,
            last: page.last,
            complete: page.complete,
            entries: entries.collect(),
            hosts: page.places.hosts.clone(),
            doors: doors.collect(),
        }
    }

    /// `None` if it is no page of a directory. Names of a kind that only a newer cell knows are passed over, and so are doors
    /// of another dialect.
    pub(super) fn page(self) -> Option<Page> {
        let mut number = self.after;
        let mut entries = Vec::new();
        for row in self.entries {
            if row.number <= number || row.number > self.until {
                return None;
            }
            number = row.number;
            let Some(name) = Name::parse(&row.kind, &row.name) else { continue };
            entries.push(Entry { number, name, held: row.held });
        }
        let known = |(dialect, url): (String, String)| Some((Dialect::parse(&dialect)?, url));
        let doors = self.doors.into_iter().filter_map(known).collect();
        let is_page = !self.log.is_empty() && !self.log.contains(PUT_BACK) && self.until <= self.last;
        // A directory that is shorter than it was known to be was begun anew, and has nothing to tell from there.
        let is_shorter = self.after > self.until;
        // A page that leads nowhere would be asked for without end.
        let is_page = is_page && (is_shorter || self.until == self.last || self.until > self.after);
        is_page.then_some(Page {
            log: self.log,
            after: self.after,
            entries,
            until: self.until,
            last: self.last,
            complete: self.complete && !is_shorter,
            places: Places { hosts: self.hosts, doors },
        })
    }
}

/// A key pair that is asked about.
#[derive(Serialize, Deserialize)]
pub(super) struct QuestionRow {
    access_key: String,
    secret_key: String,
}

impl QuestionRow {
    pub(super) fn of(question: &Question) -> Self {
        Self { access_key: question.key.as_str().to_owned(), secret_key: question.secret.expose().to_owned() }
    }

    pub(super) fn question(self) -> Option<Question> {
        let key = AccessKeyName::parse(&self.access_key)?;
        Some(Question { key, secret: Secret::new(self.secret_key) })
    }
}

/// What a home says of a pair.
#[derive(Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub(super) enum AnswerRow {
    Good { account: Box<AccountRow> },
    Wrong,
    RateLimited { rate: RateRow, retry_after_micros: u64 },
    Busy { retry_after_micros: u64 },
}

#[derive(Serialize, Deserialize)]
pub(super) struct RateRow {
    calls: u32,
    window_micros: u64,
}

#[derive(Serialize, Deserialize)]
pub(super) struct AccountRow {
    key: String,
    rate: RateRow,
    person: String,
    email: String,
    first_name: Option<String>,
    last_name: Option<String>,
    known_as: Option<String>,
    facts: Vec<(String, String)>,
    role: Option<String>,
    organisation: OrganisationRow,
    hosts: Vec<(String, String)>,
}

#[derive(Serialize, Deserialize)]
struct OrganisationRow {
    id: String,
    number: i64,
    slug: String,
    display_name: String,
    facts: Vec<(String, String)>,
}

impl AnswerRow {
    pub(super) fn of(answer: &Answer) -> Self {
        match answer {
            Answer::Good(account) => Self::Good { account: Box::new(AccountRow::of(account)) },
            Answer::Wrong => Self::Wrong,
            Answer::RateLimited { limit, retry_after } => {
                Self::RateLimited { rate: RateRow::of(*limit), retry_after_micros: micros(*retry_after) }
            }
            Answer::Busy { retry_after } => Self::Busy { retry_after_micros: micros(*retry_after) },
        }
    }

    pub(super) fn answer(self) -> Option<Answer> {
        Some(match self {
            Self::Good { account } => Answer::Good(Box::new(account.account()?)),
            Self::Wrong => Answer::Wrong,
            Self::RateLimited { rate, retry_after_micros } => {
                let retry_after = Duration::from_micros(retry_after_micros);
                Answer::RateLimited { limit: rate.limit()?, retry_after }
            }
            Self::Busy { retry_after_micros } => {
                Answer::Busy { retry_after: Duration::from_micros(retry_after_micros) }
            }
        })
    }
}

impl RateRow {
    fn of(limit: RateLimit) -> Self {
        Self { calls: limit.calls, window_micros: micros(limit.window) }
    }

    /// `None` for more than any key may be given (core: access keys).
    fn limit(&self) -> Option<RateLimit> {
        let limit = RateLimit { calls: self.calls, window: Duration::from_micros(self.window_micros) };
        (limit.calls <= MOST_CALLS && limit.window <= LONGEST_WINDOW).then_some(limit)
    }
}

impl AccountRow {
    fn of(account: &Account) -> Self {
        let Account { key, rate, person, email, profile, role, organisation, home } = account;
        let hosts = match home {
            Home::Elsewhere(hosts) => hosts.clone(),
            Home::Here(_) => Vec::new(),
        };
        Self {
            key: key.to_string(),
            rate: RateRow::of(*rate),
            person: person.to_string(),
            email: email.clone(),
            first_name: profile.first_name.clone(),
            last_name: profile.last_name.clone(),
            known_as: profile.known_as.clone(),
            facts: profile.extra.clone(),
            role: role.map(|role| role.as_str().to_owned()),
            organisation: OrganisationRow {
                id: organisation.id.to_string(),
                number: organisation.number.get(),
                slug: organisation.slug.as_str().to_owned(),
                display_name: organisation.display_name.clone(),
                facts: organisation.profile.clone(),
            },
            hosts,
        }
    }

    fn account(self) -> Option<Account> {
        Some(Account {
            key: AccessKeyId::new(self.key.parse().ok()?),
            rate: self.rate.limit()?,
            person: PersonId::new(self.person.parse().ok()?),
            email: self.email,
            profile: Profile {
                first_name: self.first_name,
                last_name: self.last_name,
                known_as: self.known_as,
                extra: self.facts,
            },
            role: self.role.as_deref().and_then(Role::parse),
            organisation: Organisation {
                id: TenantId::new(self.organisation.id.parse().ok()?),
                number: CompanyNumber::new(self.organisation.number).ok()?,
                slug: Slug::parse(&self.organisation.slug).ok()?,
                display_name: self.organisation.display_name,
                profile: self.organisation.facts,
            },
            home: Home::Elsewhere(self.hosts),
        })
    }
}

fn micros(span: Duration) -> u64 {
    u64::try_from(span.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn page(change: impl FnOnce(&mut Value)) -> Option<Page> {
        let entry = json!({ "number": 12, "kind": "slug", "name": "harbour", "held": true });
        let mut page = json!({
            "log": "a-1", "after": 10, "until": 14, "last": 14, "complete": true, "entries": [entry],
            "hosts": [], "doors": [],
        });
        change(&mut page);
        serde_json::from_value::<PageRow>(page).unwrap().page()
    }

    #[test]
    fn a_page_tells_names_in_order_between_its_ends() {
        assert_eq!(page(|_| ()).unwrap().entries.len(), 1);
        for number in [9, 10, 15] {
            assert!(page(|page| page["entries"][0]["number"] = number.into()).is_none(), "{number}");
        }
        assert!(page(|page| page["last"] = 13.into()).is_none());
        assert!(page(|page| page["log"] = "".into()).is_none());
    }

    #[test]
    fn a_directory_that_is_shorter_now_is_read_and_called_incomplete() {
        let shorter = page(|page| {
            page["after"] = 150.into();
            page["entries"] = json!([]);
        });
        let shorter = shorter.unwrap();
        assert_eq!((shorter.until, shorter.complete), (14, false));
        assert!(page(|page| page["after"] = 150.into()).is_none(), "with names it is no page");
    }
}
