//! Who still uses what: whether an old door, application, kind of password or key can be retired, and who is in the way.
//!
//! `thing.rs` is the page of one of them, with its days and its people, `everywhere.rs` a door in the whole installation.

mod everywhere;
mod thing;

pub(crate) use everywhere::{show_door, trees_file};
pub(crate) use thing::{people_file, show};

use super::frame::{Frame, Part};
use super::tenant::reached;
use super::trouble::{Page, Trouble};
use super::when::{When, when};
use crate::frame::render;
use crate::visit::Viewing;
use askama::Template;
use axum::extract::Path;
use doorward_core::usage::{self, Count, Seen, Verdict, Window};
use doorward_core::{Branch, Error, cursor, works};
use doorward_model::Sort;
use doorward_web::export::{self, Format};
use doorward_web::{Response, StatusCode};
use url::form_urlencoded;
use uuid::Uuid;

/// Rows of each sort where all are shown, and of a page of one.
const SOME: usize = 25;
const ROWS: usize = 50;
/// Rows read at once for a file.
const ROWS_OF_FILE: usize = 200;

/// A window to choose.
pub(super) struct Choice {
    href: String,
    label: String,
    is_chosen: bool,
}

/// Things of one sort.
struct Section {
    id: &'static str,
    title: &'static str,
    about: &'static str,
    rows: Vec<Row>,
    more: Option<String>,
    are_keys: bool,
}

struct Row {
    href: String,
    name: String,
    about: String,
    owner: Option<(String, String)>,
    last: Option<When>,
    trend: String,
    tag: &'static str,
    word: &'static str,
    sentence: String,
}

#[derive(Template)]
#[template(path = "console/usage.html")]
struct List {
    frame: Frame,
    days: &'static str,
    choices: Vec<Choice>,
    sections: Vec<Section>,
    /// Whether this is a page of one sort.
    back: Option<String>,
    file: String,
}

/// The colour of a verdict: what can be retired is good news, what is used is plain.
pub(super) const fn tag(verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Unused { .. } | Verdict::Gone => ("good", "can be retired"),
        Verdict::People(_) | Verdict::Uses(_) => ("", "in use"),
        Verdict::Current(_) => ("", "current"),
        Verdict::TooEarly { .. } | Verdict::Moved { .. } => ("", "too early"),
        Verdict::Filling => ("", "being counted"),
    }
}

/// The last 30 days beside the 30 before.
pub(super) fn trend((this, before): (i64, i64)) -> String {
    match (this, before) {
        (0, 0) => "none".to_owned(),
        (this, 0) => format!("{this}, up from none"),
        (this, before) if this > before => format!("{this}, up from {before}"),
        (this, before) if this < before => format!("{this}, down from {before}"),
        (this, _) => format!("{this}, as before"),
    }
}

pub(super) fn counted(people: Count) -> String {
    if people.is_more { format!("more than {}", people.counted) } else { people.counted.to_string() }
}

const fn told(sort: Sort) -> (&'static str, &'static str) {
    match sort {
        Sort::Doors => ("Doors", "Sign-ins, and calls with what was opened there."),
        Sort::Applications => {
            ("Applications", "Calls in which a program named itself, and people who signed in with it.")
        }
        Sort::Hashes => (
            "Kinds of passwords",
            "Whoever still has one is in the way, whether they sign in or not: it is renewed when they do.",
        ),
        Sort::Keys => ("Access keys", "Calls with the key; its owner is in the way."),
    }
}

pub(super) fn window(viewing: &Viewing) -> Result<Window, Error> {
    let unknown = || Error::invalid("days", "expected 7, 30, 90 or 365");
    viewing.text("days").map_or(Ok(Window::default()), |word| Window::parse(word).ok_or_else(unknown))
}

pub(super) fn choices(here: &str, chosen: Window) -> Vec<Choice> {
    let choice = |window: Window| Choice {
        href: format!("{here}?days={}", window.as_str()),
        label: format!("{} days", window.as_str()),
        is_chosen: window == chosen,
    };
    Window::ALL.into_iter().map(choice).collect()
}

pub(super) fn root(branch: &Branch) -> String {
    format!("/console/tenants/{}/usage", branch.tenant().id)
}

/// A thing's page. A kind of password has signs in its name that an address must not.
pub(super) fn page_of(branch: &Branch, seen: &Seen) -> String {
    let (thing, root) = (&seen.head.thing, root(branch));
    let name: String = form_urlencoded::byte_serialize(thing.name().as_bytes()).collect();
    format!("{root}/{}/{}", thing.sort().as_str(), name.replace('+', "%20"))
}

impl Row {
    fn of(branch: &Branch, seen: &Seen, window: Window) -> Self {
        let sort = seen.head.thing.sort();
        let (tag, word) = tag(seen.verdict);
        let person = |id| format!("/console/tenants/{}/people/{id}", branch.tenant().id);
        Self {
            href: format!("{}?days={}", page_of(branch, seen), window.as_str()),
            name: seen.head.name.clone(),
            about: match sort {
                Sort::Doors | Sort::Applications | Sort::Keys => seen.head.about.clone(),
                Sort::Hashes => String::new(),
            },
            owner: seen.head.owner.as_ref().map(|(id, name)| (person(id), name.clone())),
            last: seen.last_at.map(when),
            trend: trend(seen.trend),
            tag,
            word: if seen.head.is_off { "disabled" } else { word },
            sentence: seen.verdict.sentence(sort, window),
        }
    }
}

async fn section(
    viewing: &Viewing,
    branch: &Branch,
    (sort, window): (Sort, Window),
    after: Option<Uuid>,
    rows: usize,
) -> Result<Section, Trouble> {
    let (core, actor) = (&viewing.visit.core, viewing.visit.actor());
    let found = usage::list(core, &actor, branch, (sort, window), after, rows).await?;
    let (title, about) = told(sort);
    let here = format!("{}/{}", root(branch), sort.as_str());
    let more = found.next.map(|next| {
        let cursor = cursor::write(core, &here, next.as_bytes());
        format!("{here}?days={}&cursor={cursor}", window.as_str())
    });
    Ok(Section {
        id: sort.as_str(),
        title,
        about,
        rows: found.items.iter().map(|seen| Row::of(branch, seen, window)).collect(),
        more,
        are_keys: sort == Sort::Keys,
    })
}

pub(crate) async fn list(Path(id): Path<String>, viewing: Viewing) -> Page {
    let branch = reached(&viewing.visit, &id).await?;
    let window = window(&viewing)?;
    let mut sections = Vec::new();
    for sort in Sort::ALL {
        sections.push(section(&viewing, &branch, (sort, window), None, SOME).await?);
    }
    let here = root(&branch);
    Ok(render_list(&viewing, &branch, window, sections, (here, None)))
}

pub(crate) async fn list_sort(Path((id, sort)): Path<(String, String)>, viewing: Viewing) -> Page {
    let branch = reached(&viewing.visit, &id).await?;
    let sort = Sort::parse(&sort).ok_or(Error::NotFound)?;
    let window = window(&viewing)?;
    let here = format!("{}/{}", root(&branch), sort.as_str());
    let after = match viewing.text("cursor") {
        None => None,
        Some(cursor) => Uuid::from_slice(&cursor::read(&viewing.visit.core, &here, cursor)?).ok(),
    };
    let sections = vec![section(&viewing, &branch, (sort, window), after, ROWS).await?];
    let back = format!("{}?days={}", root(&branch), window.as_str());
    Ok(render_list(&viewing, &branch, window, sections, (here, Some(back))))
}

fn render_list(
    viewing: &Viewing,
    branch: &Branch,
    window: Window,
    sections: Vec<Section>,
    (here, back): (String, Option<String>),
) -> Response {
    let list = List {
        frame: Frame::at(&viewing.visit, branch, Part::Usage, "Who still uses what"),
        choices: choices(&here, window),
        file: format!("{}/export/csv?days={}", root(branch), window.as_str()),
        days: window.as_str(),
        sections,
        back,
    };
    render(StatusCode::OK, &list)
}

/// All things of a tenant and of those below it as a file.
pub(crate) async fn file(Path((id, format)): Path<(String, String)>, viewing: Viewing) -> Page {
    let branch = reached(&viewing.visit, &id).await?;
    let (format, window) =
        (Format::parse(&format).map(Format::for_people).ok_or(Error::NotFound)?, window(&viewing)?);
    let visit = &viewing.visit;
    let (core, actor, at) = (visit.core.clone(), visit.actor(), branch.clone());
    let read = move |place: Option<usage::Row>| {
        let (core, actor, branch) = (core.clone(), actor.clone(), at.clone());
        async move { usage::table(&core, &actor, &branch, (None, window), place, ROWS_OF_FILE).await }
    };
    let file = export::file("usage", format, usage::COLUMNS, read).await?;
    works::tell_taken(&visit.core, &visit.caller, &visit.actor(), Some(&branch), "usage, directly").await?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trend_is_said_in_words() {
        for (counts, said) in [
            ((0, 0), "none"),
            ((3, 0), "3, up from none"),
            ((3, 1), "3, up from 1"),
            ((0, 4), "0, down from 4"),
            ((4, 4), "4, as before"),
        ] {
            assert_eq!(trend(counts), said);
        }
    }
}
