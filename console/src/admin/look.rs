//! How a tenant's pages look: their name, colour and logo, each said here or by one above. What pages would leave out without a word
//! (`brand/`) is refused here with one.

use super::frame::{Frame, Part};
use super::meanwhile::{self, SAVE};
use super::policy::source;
use super::tenant::reached;
use super::trouble::{Page, mendable};
use crate::brand::{self, Brand};
use crate::frame::render;
use crate::hosted::sign_in_path;
use crate::visit::{Posted, Uploaded, Viewing, Visit, see_other};
use askama::Template;
use axum::extract::Path;
use doorward_core::tenants::{self, LOGO_BYTES, LOGO_FACT, LOGO_PIXELS, Origin, TenantChanges};
use doorward_core::{Branch, Error};
use doorward_model::{Tenant, TenantId};
use doorward_web::{Response, StatusCode};

/// One of the three, as it holds.
struct Held {
    label: &'static str,
    /// As words; a colour and a picture are shown besides.
    value: String,
    colour: Option<String>,
    picture: Option<String>,
    because: String,
    is_own: bool,
    /// What is said by hand or by a program, and cannot be shown.
    left_out: Option<String>,
}

#[derive(Template)]
#[template(path = "console/look.html")]
struct Look<'a> {
    frame: Frame,
    tenant: TenantId,
    version: i64,
    /// Where it is seen; none of a closed tenant, which has no pages.
    sign_in: Option<String>,
    rows: [Held; 3],
    /// What holds where nothing is typed.
    otherwise: [String; 3],
    name: &'a str,
    name_chars: usize,
    colour: &'a str,
    /// What stood in the fields when the page was opened.
    was: [&'a str; 2],
    has_logo: bool,
    logo_kibibytes: usize,
    logo_pixels: u32,
    /// What was wrong, and whether with the logo.
    problem: Option<String>,
    is_of_logo: bool,
}

/// What a tenant says of a fact, and who it is: itself, or one above.
type Said<'a> = Option<(&'a Tenant, &'a str)>;

fn held(
    branch: &Branch,
    label: &'static str,
    said: Said<'_>,
    usual: &str,
    is_shown: fn(&str) -> bool,
) -> Held {
    let origin = match said {
        None => Origin::Usual,
        Some((by, _)) if by.id == branch.tenant().id => Origin::Own,
        Some((by, _)) => Origin::Inherited(Box::new(by.clone())),
    };
    let text = said.map(|(_, text)| text);
    Held {
        label,
        value: brand::cut(text.filter(|text| is_shown(text)).unwrap_or(usual)),
        colour: None,
        picture: None,
        because: source(&origin),
        is_own: origin == Origin::Own,
        left_out: text.filter(|text| !is_shown(text)).map(brand::cut),
    }
}

fn name(branch: &Branch, said: Said<'_>) -> Held {
    held(branch, "Name", said, &branch.tenant().display_name, brand::is_line)
}

fn colour(branch: &Branch, said: Said<'_>) -> Held {
    let held = held(branch, "Colour", said, "Doorward’s own", brand::is_colour);
    let shown = Some(held.value.clone()).filter(|text| brand::is_colour(text));
    Held { colour: shown, ..held }
}

/// The fact of a logo is its tag, which says nothing to people.
fn logo(branch: &Branch, said: Said<'_>) -> Held {
    let held = held(branch, "Logo", said, "the name in words", |_| true);
    let picture = said.and_then(|_| Brand::of(branch).logo()).filter(|_| branch.is_open());
    let value = if said.is_some() { "a picture".to_owned() } else { held.value };
    Held { value, picture, ..held }
}

/// What was wrong: with name or colour, or with the logo.
#[derive(Default)]
struct Problems {
    of_facts: Option<String>,
    of_logo: Option<String>,
}

fn page(
    visit: &Visit,
    branch: &Branch,
    typed: [&str; 2],
    done: Option<&str>,
    problems: Problems,
) -> Response {
    let tenant = branch.tenant();
    let is_refused = problems.of_facts.is_some() || problems.of_logo.is_some();
    let status = if is_refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let said = |fact| branch.said(fact);
    let above = |fact| branch.said_above(fact);
    let otherwise = [
        name(branch, above(brand::NAME)),
        colour(branch, above(brand::COLOUR)),
        logo(branch, above(LOGO_FACT)),
    ];
    let rows =
        [name(branch, said(brand::NAME)), colour(branch, said(brand::COLOUR)), logo(branch, said(LOGO_FACT))];
    let [typed_name, typed_colour] = typed;
    let title = format!("How pages of {} look", tenant.display_name);
    let look = Look {
        frame: Frame::at(visit, branch, Part::Look, title).saying(done),
        tenant: tenant.id,
        version: tenant.version,
        sign_in: branch.is_open().then(|| sign_in_path(branch)),
        has_logo: own(branch, LOGO_FACT).is_some(),
        rows,
        otherwise: otherwise.map(|held| format!("{}, {}", held.value, held.because)),
        name: typed_name,
        name_chars: brand::NAME_CHARS,
        colour: typed_colour,
        was: as_it_is(branch),
        logo_kibibytes: LOGO_BYTES / 1024,
        logo_pixels: LOGO_PIXELS,
        is_of_logo: problems.of_logo.is_some(),
        problem: problems.of_facts.or(problems.of_logo),
    };
    render(status, &look)
}

/// What the tenant says itself.
fn own<'a>(branch: &'a Branch, fact: &str) -> Option<&'a str> {
    branch.said(fact).filter(|(by, _)| by.id == branch.tenant().id).map(|(_, text)| text)
}

/// What stands in the fields before anybody types.
fn as_it_is(branch: &Branch) -> [&str; 2] {
    [brand::NAME, brand::COLOUR].map(|fact| own(branch, fact).unwrap_or_default())
}

pub(crate) async fn show(Path(id): Path<String>, viewing: Viewing) -> Page {
    let branch = reached(&viewing.visit, &id).await?;
    let done = viewing.text("done");
    Ok(page(&viewing.visit, &branch, as_it_is(&branch), done, Problems::default()))
}

fn saved(branch: &Branch) -> Response {
    see_other(&format!("/console/tenants/{}/look?done=saved", branch.tenant().id))
}

/// Name and colour. What is left empty is left to what is above.
pub(crate) async fn save(Path(id): Path<String>, posted: Posted) -> Page {
    let visit = &posted.visit;
    let branch = reached(visit, &id).await?;
    let typed = [posted.text("name"), posted.text("colour")];
    let edited = async {
        meanwhile::check(&posted, branch.tenant().version, SAVE)?;
        // What a program set and this form would refuse is no hindrance where it was left alone.
        let profile = tenants::brand::facts(posted.touched("name"), posted.touched("colour"))?;
        let expected = Some(branch.tenant().version);
        let changes = TenantChanges { profile, expected, ..TenantChanges::default() };
        let edited = tenants::edit(&visit.core, &visit.caller, &visit.actor(), &branch, changes).await;
        edited.map_err(|error| meanwhile::told(error, SAVE))
    };
    match edited.await {
        Ok(_) => Ok(saved(&branch)),
        Err(error) => {
            let problems = Problems { of_facts: Some(mendable(error)?), ..Problems::default() };
            Ok(page(visit, &branch, typed, None, problems))
        }
    }
}

/// The logo: another one, or none any more.
pub(crate) async fn save_logo(Path(id): Path<String>, uploaded: Uploaded) -> Page {
    let visit = &uploaded.visit;
    let branch = reached(visit, &id).await?;
    let sent = |field| uploaded.upload.fields.text(field).ok().flatten().unwrap_or_default().trim();
    let version = branch.tenant().version;
    let set = async {
        meanwhile::check_version(sent("version"), version, SAVE)?;
        let png = if !sent("take_away").is_empty() {
            None
        } else if uploaded.upload.file.is_empty() {
            return Err(Error::invalid("logo", "please choose a file first"));
        } else {
            Some(uploaded.upload.file.to_vec())
        };
        let (core, actor) = (&visit.core, visit.actor());
        let set = tenants::set_logo(core, &visit.caller, &actor, &branch, png, Some(version)).await;
        set.map_err(|error| meanwhile::told(error, SAVE))
    };
    match set.await {
        Ok(()) => Ok(saved(&branch)),
        Err(error) => {
            let problems = Problems { of_logo: Some(mendable(error)?), ..Problems::default() };
            Ok(page(visit, &branch, as_it_is(&branch), None, problems))
        }
    }
}
