//! What stands around every page of the console: whose it is, the ways to the others, and what was just done.

use crate::assets;
use crate::visit::Visit;
use doorward_core::Branch;
use doorward_core::browser::Visitor;
use uuid::Uuid;

/// The rooms of the console.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Room {
    Overview,
    Tenants,
    Doors,
    Operators,
    Works,
    Events,
}

/// The rooms of one tenant.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    About,
    People,
    Applications,
    Keys,
    Sessions,
    Usage,
    Terms,
    Policy,
    Look,
    Events,
    Works,
    Mails,
}

pub(crate) struct Frame {
    pub(crate) title: String,
    pub(crate) style: &'static str,
    pub(crate) icon: &'static str,
    /// Who is signed in.
    pub(crate) who: String,
    pub(crate) ways: Vec<Way>,
    pub(crate) tenant: Option<Head>,
    /// What was just done.
    pub(crate) said: Option<&'static str>,
    /// Names the page's forms, so that what they make is made once (`once.rs`).
    pub(crate) once: Uuid,
    /// Whether a dangerous step needs their password.
    pub(crate) must_prove: bool,
}

pub(crate) struct Way {
    pub(crate) href: String,
    pub(crate) label: &'static str,
    pub(crate) is_current: bool,
}

/// The tenant a page is about.
pub(crate) struct Head {
    pub(crate) name: String,
    /// What is above it, as far as the visitor may go there.
    pub(crate) above: Vec<(String, String)>,
    pub(crate) ways: Vec<Way>,
}

/// The rooms: address, name, and whether it is the operators' alone.
const ROOMS: [(Room, &str, &str, bool); 6] = [
    (Room::Overview, "/console", "Overview", false),
    (Room::Tenants, "/console/tenants", "Tenants", false),
    (Room::Doors, "/console/doors", "Doors", true),
    (Room::Operators, "/console/operators", "Operators", true),
    (Room::Works, "/console/works", "Imports and exports", true),
    (Room::Events, "/console/events", "Server events", true),
];

const PARTS: [(Part, &str, &str); 12] = [
    (Part::About, "", "About"),
    (Part::People, "/people", "People"),
    (Part::Applications, "/applications", "Applications"),
    (Part::Keys, "/keys", "Access keys"),
    (Part::Sessions, "/sessions", "Signed in now"),
    (Part::Usage, "/usage", "Who still uses what"),
    (Part::Terms, "/terms", "Terms and consent"),
    (Part::Policy, "/policy", "Policy"),
    (Part::Look, "/look", "Look"),
    (Part::Events, "/events", "Events"),
    (Part::Works, "/works", "Imports and exports"),
    (Part::Mails, "/mails", "Mails"),
];

impl Frame {
    /// Around a page of the installation, or of everything the visitor reaches.
    pub(crate) fn of(visit: &Visit, room: Room, title: impl Into<String>) -> Self {
        Self::around(visit, Some(room), title)
    }

    /// Around a page of one tenant.
    pub(crate) fn at(visit: &Visit, branch: &Branch, part: Part, title: impl Into<String>) -> Self {
        let tenant = Head {
            name: branch.tenant().display_name.clone(),
            above: above(visit, branch),
            ways: PARTS
                .iter()
                // A mail belongs to the whole tree.
                .filter(|(it, ..)| *it != Part::Mails || branch.parent().is_none())
                .map(|(it, path, label)| Way {
                    href: format!("/console/tenants/{}{path}", branch.tenant().id),
                    label,
                    is_current: *it == part,
                })
                .collect(),
        };
        Self { tenant: Some(tenant), ..Self::around(visit, None, title) }
    }

    fn around(visit: &Visit, room: Option<Room>, title: impl Into<String>) -> Self {
        let is_operator = visit.visitor.is_operator();
        let open = ROOMS.iter().filter(|(.., is_operators)| is_operator || !is_operators);
        let ways = open.map(|(it, href, label, _)| Way {
            href: (*href).to_owned(),
            label,
            is_current: Some(*it) == room,
        });
        Self {
            title: title.into(),
            style: assets::path("pages.css"),
            icon: assets::path("icon.svg"),
            who: visit.visitor.email().to_owned(),
            ways: ways.collect(),
            tenant: None,
            said: None,
            once: visit.forms,
            must_prove: !visit.visitor.is_fresh(visit.now),
        }
    }

    /// What a browser's tab says: which page, and whose. Where the page is called after its tenant, that says both.
    pub(crate) fn tab(&self) -> String {
        match &self.tenant {
            Some(tenant) if !names(&self.title, &tenant.name) => format!("{} · {}", self.title, tenant.name),
            Some(_) | None => self.title.clone(),
        }
    }

    /// Says what was just done, by the word that the page was led here with.
    #[must_use]
    pub(crate) fn saying(self, done: Option<&str>) -> Self {
        let said = SAID.iter().find(|(word, _)| Some(*word) == done).map(|(_, said)| *said);
        Self { said, ..self }
    }
}

/// Whether a title has a name in it, and not as a part of another word.
fn names(title: &str, name: &str) -> bool {
    let is_free = |beside: Option<char>| beside.is_none_or(|sign| !sign.is_alphanumeric());
    let beside = |at: usize| (title.get(..at), title.get(at + name.len()..));
    title.match_indices(name).any(|(at, _)| match beside(at) {
        (Some(before), Some(behind)) => is_free(before.chars().next_back()) && is_free(behind.chars().next()),
        (Some(_) | None, _) => false,
    })
}

/// What a page says after a redirect: fixed words, so that no link puts others into a page.
const SAID: &[(&str, &str)] = &[
    ("made", "Done: it is made."),
    ("saved", "Your changes are saved."),
    ("suspended", "Suspended. Nobody signs in there until you open it again."),
    ("resumed", "Open again. Its people sign in anew."),
    ("deleted", "Deleted. Its history stays in the events."),
    ("disabled", "Disabled. Nothing of theirs works until you enable them again."),
    ("enabled", "Enabled again. Earlier sessions and keys stay ended."),
    ("invited", "The invitation is on its way."),
    ("reset", "A link to choose a new password is on its way."),
    ("moved", "Moved, with everything below it."),
    ("given", "Done: they belong here, too, and are told by mail."),
    ("taken", "Taken away. The person stays, with what they have elsewhere."),
    ("retried", "It is tried again now."),
    ("published", "Published: it holds from now on."),
    ("revoked", "Revoked: refused from now on."),
    ("withdrawn", "No such link is open any more."),
    ("removed", "Taken away: signed out at once."),
    ("password", "Your new password is set. Every other browser of yours is signed out."),
    ("ended", "Ended: signed out there at once."),
    ("begun", "Begun. It goes on, whether you stay or leave."),
    ("canceled", "Canceled. What was done stays; nothing more is."),
    ("busy", "Another one is going on here, or many are kept: this one was not begun."),
];

fn above(visit: &Visit, branch: &Branch) -> Vec<(String, String)> {
    let reaches = |node: &&doorward_model::Tenant| match &visit.visitor {
        Visitor::Operator(_) => true,
        Visitor::Person(identity) => {
            let own = branch.nodes().position(|it| it.id == identity.tenant());
            let there = branch.nodes().position(|it| it.id == node.id);
            own <= there
        }
    };
    let shown = branch.nodes().filter(|node| node.id != branch.tenant().id).filter(reaches);
    shown.map(|node| (format!("/console/tenants/{}", node.id), node.display_name.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn a_title_names_a_tenant_by_whole_words() {
        assert!(
            names("Change the policy of Pier", "Pier")
                && names("Pier", "Pier")
                && names("Suspend Pier?", "Pier")
        );
        assert!(!names("Pierre Dupont", "Pier") && !names("Mails", "Mail") && !names("People", "Pier"));
    }
}
