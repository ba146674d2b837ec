//! `doorward membership …` carried out.

use super::people::{self, kind, role};
use super::reply::{Answer, sentence};
use super::shown;
use super::table::table;
use super::{Desk, tenants};
use crate::cli::Failure;
use crate::cli::membership::Action;
use doorward_core::memberships::{self, Changes, NewMembership};
use doorward_core::{Branch, Error, Part};
use doorward_model::{Kind, Membership, Person};
use serde_json::{Value, json};

pub(super) async fn execute(desk: &Desk<'_>, action: Action) -> Result<Answer, Failure> {
    let Desk { core, caller, actor } = desk;
    match action {
        Action::List { tenant, person: None } => list(desk, &tenant).await,
        Action::List { tenant, person: Some(email) } => list_of(desk, &tenant, &email).await,
        Action::Give { tenant, email, place, standing } => {
            let (kind, role) = (kind(&place.kind)?, role(&place.role)?);
            let at = find(desk, &tenant, &email, kind).await?;
            let new = NewMembership { person: at.person.id, kind, role, standing };
            match memberships::give(core, caller, actor, &at.branch, new).await {
                Ok(place) => Ok(at.told(&place, "is now")),
                Err(Error::Conflict { .. }) => Err(at.is_there_already()),
                Err(error) => Err(at.refused(error)),
            }
        }
        Action::Change { tenant, email, kind, role, standing } => {
            let kind = self::kind(&kind)?;
            let role = role.as_deref().map(self::role).transpose()?;
            let at = find(desk, &tenant, &email, kind).await?;
            let standing = standing.map(|word| Some(word).filter(|word| !word.is_empty()));
            let changes = Changes { role, standing, ..Changes::default() };
            let changed =
                memberships::change(core, caller, actor, &at.branch, (at.person.id, kind), changes).await;
            changed.map(|place| at.told(&place, "is now")).map_err(|error| at.refused(error))
        }
        Action::Take { tenant, email, kind } => {
            let kind = self::kind(&kind)?;
            let at = find(desk, &tenant, &email, kind).await?;
            let taken = memberships::take(core, caller, actor, &at.branch, at.person.id, kind).await;
            taken.map(|place| at.told(&place, "is no longer")).map_err(|error| at.refused(error))
        }
    }
}

/// Somebody and the tenant where a place of theirs is meant, whether or not they have it.
struct At {
    person: Person,
    branch: Branch,
    kind: Kind,
}

async fn find(desk: &Desk<'_>, tenant: &str, email: &str, kind: Kind) -> Result<At, Failure> {
    let person = people::find(desk, tenant, email).await?.person;
    Ok(At { person, branch: tenants::find(desk, tenant).await?, kind })
}

impl At {
    fn told(&self, place: &Membership, what: &str) -> Answer {
        let slug = self.branch.tenant().slug.as_str();
        let (kind, role) = (place.kind.as_str(), place.role.as_str());
        let text = format!("{} {what} {kind} {role} in {slug}.\n", self.person.email);
        Answer { text, data: shown::membership(place, &self.person, slug) }
    }

    fn refused(&self, error: Error) -> Failure {
        let (email, slug) = (&self.person.email, &self.branch.tenant().slug);
        sentence(error, &format!("place of {email} as {} in {slug}", self.kind.as_str()))
    }

    fn is_there_already(&self) -> Failure {
        let (email, slug) = (&self.person.email, &self.branch.tenant().slug);
        Failure::new(format!("{email} has a place as {} in {slug} already.", self.kind.as_str()))
            .hint("`doorward membership change` gives it another role.")
    }
}

/// Who belongs to a tenant itself.
async fn list(desk: &Desk<'_>, tenant: &str) -> Result<Answer, Failure> {
    let branch = tenants::find(desk, tenant).await?;
    let mut places = Vec::new();
    for kind in people::EVERY_KIND {
        let listed = memberships::list(desk.core, &desk.actor, &branch, *kind, Part::WHOLE).await;
        places.extend(listed.map_err(|error| sentence(error, &format!("tenant {tenant}")))?.items);
    }
    places.sort_by(|(_, one), (_, other)| one.email.canonical().cmp(other.email.canonical()));
    let slug = branch.tenant().slug.as_str();
    Ok(told(places.iter().map(|(place, person)| (place, person, slug)), "Nobody here."))
}

/// Where somebody belongs.
async fn list_of(desk: &Desk<'_>, tenant: &str, email: &str) -> Result<Answer, Failure> {
    let person = people::find(desk, tenant, email).await?.person;
    let places = memberships::of_person(desk.core, &desk.actor, &person).await;
    let places = places.map_err(|error| sentence(error, &format!("person {email}")))?;
    let placed = places.iter().map(|(place, branch)| (place, &person, branch.tenant().slug.as_str()));
    Ok(told(placed, "They belong nowhere."))
}

fn told<'a>(places: impl Iterator<Item = (&'a Membership, &'a Person, &'a str)>, none: &str) -> Answer {
    let (rows, data): (Vec<[String; 5]>, Vec<Value>) = places
        .map(|(place, person, slug)| (row(place, person, slug), shown::membership(place, person, slug)))
        .unzip();
    Answer { text: table(["tenant", "person", "kind", "role", "standing"], &rows, none), data: json!(data) }
}

fn row(place: &Membership, person: &Person, slug: &str) -> [String; 5] {
    [
        slug.to_owned(),
        person.email.as_written().to_owned(),
        place.kind.as_str().to_owned(),
        place.role.as_str().to_owned(),
        place.standing.clone().unwrap_or_default(),
    ]
}
