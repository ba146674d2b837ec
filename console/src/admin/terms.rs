//! A tenant's terms, and who consented to them: the evidence, on a page that prints well and as files to keep.

use super::danger::Danger;
use super::frame::{Frame, Part};
use super::prove::proven;
use super::tenant::reached;
use super::trouble::{Page, mendable, status};
use super::when::{When, when};
use crate::frame::render;
use crate::visit::{Posted, Viewing, Visit, see_other};
use askama::Template;
use axum::extract::Path;
use doorward_core::consent::{self, Evidence, NewTerms, Published};
use doorward_core::{Branch, Error, works};
use doorward_model::{ConsentId, TermsId};
use doorward_web::export::{self, Format};
use doorward_web::{Response, StatusCode};
use url::Url;

/// Rows of a page.
const ROWS: usize = 50;
/// Rows read at once for a file.
const ROWS_OF_FILE: usize = 500;

struct Version {
    href: String,
    name: String,
    url: Option<String>,
    effective: When,
    is_current: bool,
}

impl Version {
    fn of(branch: &Branch, it: &Published) -> Self {
        Self {
            href: format!("/console/tenants/{}/terms/{}", branch.tenant().id, it.terms.id),
            name: it.terms.version.clone(),
            url: it.terms.url.clone(),
            effective: when(it.terms.effective_at),
            is_current: it.is_current,
        }
    }
}

#[derive(Template)]
#[template(path = "console/terms.html")]
struct List<'a> {
    frame: Frame,
    here: String,
    versions: Vec<Version>,
    next: Option<TermsId>,
    version: &'a str,
    url: &'a str,
    problem: Option<String>,
}

pub(crate) async fn list(Path(id): Path<String>, viewing: Viewing) -> Page {
    let branch = reached(&viewing.visit, &id).await?;
    let before = viewing.text("before").and_then(TermsId::parse);
    shown(&viewing.visit, &branch, before, viewing.text("done"), ("", ""), None).await
}

async fn shown(
    visit: &Visit,
    branch: &Branch,
    before: Option<TermsId>,
    done: Option<&str>,
    (version, url): (&str, &str),
    problem: Option<String>,
) -> Page {
    let found = consent::list_published(&visit.core, &visit.actor(), branch, before, ROWS).await?;
    let list = List {
        frame: Frame::at(visit, branch, Part::Terms, "Terms and consent").saying(done),
        here: format!("/console/tenants/{}/terms", branch.tenant().id),
        versions: found.items.iter().map(|it| Version::of(branch, it)).collect(),
        next: found.next,
        version,
        url,
        problem,
    };
    Ok(render(status(&list.problem), &list))
}

fn question(
    visit: &Visit,
    branch: &Branch,
    (version, url): (&str, &str),
    problem: Option<String>,
) -> Response {
    let text = if url.is_empty() {
        "There is no address of the text: they are asked to agree to something that they cannot read there."
            .to_owned()
    } else {
        format!("They are led to {url} to read it.")
    };
    let danger = Danger {
        frame: Frame::at(visit, branch, Part::Terms, format!("Publish version {version}?")),
        what: vec![
            "From now on everybody here and below is asked to agree the next time they sign in where consent is asked for."
                .to_owned(),
            text,
            "A version cannot be taken back: another one takes its place.".to_owned(),
        ],
        button: "Publish",
        fields: vec![("version", version.to_owned()), ("url", url.to_owned()), ("sure", "yes".to_owned())],
        overlaps: Vec::new(),
        back: format!("/console/tenants/{}/terms", branch.tenant().id),
        problem,
    };
    danger.render()
}

/// Publishes a version, from now on. Asked once more: it stands in front of everybody's next sign-in.
pub(crate) async fn publish(Path(id): Path<String>, posted: Posted) -> Page {
    let branch = reached(&posted.visit, &id).await?;
    let (version, url) = (posted.text("version"), posted.text("url"));
    let text = match consent::version(version).and_then(|_| address(url)) {
        Ok(text) => text,
        Err(error) => {
            let problem = Some(mendable(error)?);
            return shown(&posted.visit, &branch, None, None, (version, url), problem).await;
        }
    };
    if !posted.is_ticked("sure") {
        return Ok(question(&posted.visit, &branch, (version, url), None));
    }
    proven!(&posted, |visit, problem| Ok(question(visit, &branch, (version, url), problem)), |visit| {
        let new = NewTerms { version: version.to_owned(), url: text, effective_at: visit.now };
        consent::publish(&visit.core, &visit.caller, &visit.actor(), &branch, new).await?;
        Ok(see_other(&format!("/console/tenants/{}/terms?done=published", branch.tenant().id)))
    })
}

/// Where the text is, as somebody wrote it.
fn address(text: &str) -> Result<Option<Url>, Error> {
    if text.is_empty() {
        return Ok(None);
    }
    let parsed = Url::parse(text).ok().map(consent::web_page).transpose()?;
    parsed.map(Some).ok_or_else(|| Error::invalid("url", "expected an address that begins with https://"))
}

struct Given {
    at: When,
    who: String,
    email: String,
    door: String,
    address: String,
}

impl Given {
    fn of(it: &Evidence) -> Self {
        Self {
            at: when(it.consent.at),
            who: it.person_name.clone().unwrap_or_else(|| it.consent.person.to_string()),
            email: it.email.clone().unwrap_or_default(),
            door: it.door.clone().unwrap_or_default(),
            address: it.address.map(|address| address.to_string()).unwrap_or_default(),
        }
    }
}

#[derive(Template)]
#[template(path = "console/consents.html")]
struct Consents {
    frame: Frame,
    here: String,
    /// Where a file is asked for, and of which version.
    works: String,
    id: TermsId,
    version: Version,
    tenant: String,
    given: Vec<Given>,
    next: Option<ConsentId>,
    printed: When,
}

pub(crate) async fn consents(Path((id, terms)): Path<(String, String)>, viewing: Viewing) -> Page {
    let visit = &viewing.visit;
    let branch = reached(visit, &id).await?;
    let terms = TermsId::parse(&terms).ok_or(Error::NotFound)?;
    let (core, actor) = (&visit.core, visit.actor());
    let published = consent::published(core, &actor, &branch, terms).await?;
    let after = viewing.text("after").and_then(ConsentId::parse);
    let found = consent::list_consents_to(core, &actor, &branch, terms, after, ROWS).await?;
    let version = Version::of(&branch, &published);
    let consents = Consents {
        frame: Frame::at(visit, &branch, Part::Terms, format!("Consents to {}", version.name)),
        here: version.href.clone(),
        works: format!("/console/tenants/{}/works/export", branch.tenant().id),
        id: terms,
        version,
        tenant: branch.tenant().display_name.clone(),
        given: found.items.iter().map(Given::of).collect(),
        next: found.next,
        printed: when(visit.now),
    };
    Ok(render(StatusCode::OK, &consents))
}

pub(crate) async fn file(
    Path((id, terms, format)): Path<(String, String, String)>,
    viewing: Viewing,
) -> Result<Response, super::Trouble> {
    let visit = &viewing.visit;
    let branch = reached(visit, &id).await?;
    let terms = TermsId::parse(&terms).ok_or(Error::NotFound)?;
    let format = Format::parse(&format).map(Format::for_people).ok_or(Error::NotFound)?;
    let (core, actor) = (visit.core.clone(), visit.actor());
    let at = branch.clone();
    let read = move |after: Option<ConsentId>| {
        let (core, actor, branch) = (core.clone(), actor.clone(), at.clone());
        async move {
            let found = consent::list_consents_to(&core, &actor, &branch, terms, after, ROWS_OF_FILE).await?;
            Ok(found.map(|told| consent::cells(&told)))
        }
    };
    let file = export::file("consents", format, consent::COLUMNS, read).await?;
    let what = "consents, directly";
    works::tell_taken(&visit.core, &visit.caller, &visit.actor(), Some(&branch), what).await?;
    Ok(file)
}
