//! BookingBug's JSON, in the seed's own field order and types.

use crate::hal::Link;
use crate::links::Links;
use doorward_core::Branch;
use doorward_model::{Kind, Membership, Person, Role, Secret, Timestamp};
use serde::Serialize;

/// The answer to a login (seed: the sample after the Swift client).
#[derive(Debug, Serialize)]
pub(crate) struct Login {
    email: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_token: Option<String>,
    company_id: i64,
    path: String,
    _embedded: Embedded,
    _links: LoginLinks,
}

#[derive(Debug, Default, Serialize)]
struct Embedded {
    members: Vec<Record>,
    administrators: Vec<Record>,
}

#[derive(Debug, Serialize)]
struct LoginLinks {
    #[serde(rename = "self")]
    own: Link,
    #[serde(skip_serializing_if = "Option::is_none")]
    administrator: Option<Link>,
    #[serde(skip_serializing_if = "Option::is_none")]
    member: Option<Link>,
}

/// A person's place in a company: an administrator or a member.
#[derive(Debug, Serialize)]
pub(crate) struct Record {
    name: String,
    email: String,
    role: &'static str,
    company_id: i64,
    company_name: String,
    _links: RecordLinks,
}

#[derive(Debug, Serialize)]
struct RecordLinks {
    #[serde(rename = "self")]
    own: Link,
    edit: Link,
    company: Link,
    login: Link,
    base_login: Link,
}

/// A record as a resource of its own: with its id, names and times.
#[derive(Debug, Serialize)]
pub(crate) struct Resource {
    id: i64,
    #[serde(flatten)]
    record: Record,
    first_name: Option<String>,
    last_name: Option<String>,
    created_at: String,
    updated_at: String,
}

/// Several companies to choose from.
#[derive(Debug, Serialize)]
pub(crate) struct Choice {
    _embedded: ChoiceEmbedded,
    _links: ChoiceLinks,
}

#[derive(Debug, Serialize)]
struct ChoiceEmbedded {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    administrators: Vec<Record>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    members: Vec<Record>,
}

#[derive(Debug, Serialize)]
struct ChoiceLinks {
    #[serde(rename = "self")]
    own: Link,
}

/// A person as one of a kind at a company.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) person: &'a Person,
    pub(crate) branch: &'a Branch,
    pub(crate) kind: Kind,
    pub(crate) role: Role,
}

impl<'a> Place<'a> {
    pub(crate) fn new(person: &'a Person, branch: &'a Branch, membership: &Membership) -> Self {
        Self { person, branch, kind: membership.kind, role: membership.role }
    }
}

impl Login {
    /// With the token where the answer may show it.
    pub(crate) fn new(links: &Links, place: Place<'_>, token: Option<&Secret>) -> Self {
        let record = Record::new(links, place);
        let company = place.branch.tenant().number;
        let who = Link::marked(record._links.own.href.clone());
        let is_member = place.kind == Kind::Member;
        let (members, administrators) =
            if is_member { (vec![record], Vec::new()) } else { (Vec::new(), vec![record]) };
        Self {
            email: place.person.email.as_written().to_owned(),
            auth_token: token.map(|token| token.expose().to_owned()),
            company_id: company.get(),
            path: links.base().to_owned(),
            _embedded: Embedded { members, administrators },
            _links: LoginLinks {
                own: Link::to(links.login(company, Some(place.kind))),
                administrator: Some(who.clone()).filter(|_| !is_member),
                member: Some(who).filter(|_| is_member),
            },
        }
    }
}

impl Record {
    pub(crate) fn new(links: &Links, place: Place<'_>) -> Self {
        let Place { person, branch, kind, role } = place;
        let company = branch.tenant().number;
        let own = links.person(company, kind, person.number);
        Self {
            name: person.profile.full_name(),
            email: person.email.as_written().to_owned(),
            role: role.as_str(),
            company_id: company.get(),
            company_name: branch.tenant().display_name.clone(),
            _links: RecordLinks {
                edit: Link::to(format!("{own}/edit")),
                own: Link::to(own),
                company: Link::to(match kind {
                    Kind::Member => links.company(company),
                    Kind::Administrator | Kind::Contact | Kind::User => links.administered_company(company),
                }),
                login: Link::to(links.login(company, Some(kind))),
                base_login: Link::to(links.base_login(Some(kind))),
            },
        }
    }
}

impl Resource {
    pub(crate) fn new(links: &Links, place: Place<'_>) -> Self {
        let person = place.person;
        Self {
            id: person.number.get(),
            record: Record::new(links, place),
            first_name: person.profile.first_name.clone(),
            last_name: person.profile.last_name.clone(),
            created_at: time(person.created_at),
            updated_at: time(person.modified_at),
        }
    }
}

impl Choice {
    pub(crate) fn new(links: &Links, person: &Person, places: &[(Branch, Membership)]) -> Self {
        let of = |kind: Kind| {
            let fitting =
                places.iter().filter(|(_, place)| (place.kind == Kind::Member) == (kind == Kind::Member));
            // A place above reaches here too, and is what signing in here goes by.
            let role = |branch: &Branch, place: &Membership| {
                let reaching =
                    places.iter().filter(|(_, p)| p.kind == place.kind && branch.contains(p.tenant));
                reaching.map(|(_, p)| p.role).min().unwrap_or(place.role)
            };
            let at = |(branch, place): &(Branch, Membership)| {
                let role = role(branch, place);
                Record::new(links, Place { role, ..Place::new(person, branch, place) })
            };
            fitting.map(at).collect()
        };
        let kind = places.first().map(|(_, place)| place.kind);
        Self {
            _embedded: ChoiceEmbedded { administrators: of(Kind::Administrator), members: of(Kind::Member) },
            _links: ChoiceLinks { own: Link::to(links.base_login(kind)) },
        }
    }
}

/// `2016-05-16T09:14:57Z`.
pub(crate) fn time(at: Timestamp) -> String {
    at.civil().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
