//! Consent to a tenant's terms: asked for after a sign-in, for as long as the current version has none.

use super::own::{Own, Sent};
use super::rooms::Room;
use crate::brand::Brand;
use crate::frame::{Frame, render};
use crate::trouble::refused;
use crate::visit::{see_other, way_back};
use crate::words::{fill, moment};
use askama::Template;
use doorward_core::{Core, Error, Identity, Speaker, consent};
use doorward_model::Terms;
use doorward_web::{Response, StatusCode};

pub(super) const PATH: &str = "/account/terms";

#[derive(Template)]
#[template(path = "account/terms.html")]
struct TermsForm {
    frame: Frame,
    title: String,
    lead: String,
    version: String,
    url: Option<String>,
    /// Where to go on.
    to: String,
    problem: Option<&'static str>,
}

/// Whether somebody has terms to agree to that they have not agreed to.
pub(super) async fn is_due(core: &Core, identity: &Identity) -> Result<bool, Error> {
    Ok(due(core, identity).await?.is_some())
}

async fn due(core: &Core, identity: &Identity) -> Result<Option<Terms>, Error> {
    let Some(current) = consent::current(core, &identity.branch).await? else { return Ok(None) };
    let is_given = consent::is_given(core, &identity.branch, identity.person.id).await?;
    Ok((!is_given).then_some(current))
}

/// Whether a browser may be led to this address: terms may name any.
pub(super) fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

pub(super) async fn show(own: Own) -> Response {
    let to = own.asked.query("to");
    form(&own, StatusCode::OK, to.as_deref(), None).await
}

async fn form(own: &Own, status: StatusCode, to: Option<&str>, problem: Option<&'static str>) -> Response {
    let to = to.and_then(way_back).unwrap_or(Room::SignIns.path()).to_owned();
    let terms = match due(&own.core, &own.identity).await {
        Ok(Some(terms)) => terms,
        Ok(None) => return see_other(&to),
        Err(fault) => return refused(&own.asked, &fault),
    };
    let (words, brand) = (&own.asked.words().entry, Brand::of(&own.identity.branch));
    let date = moment(own.asked.lang, terms.effective_at);
    let form = TermsForm {
        title: fill(words.terms_title, &[("name", &brand.name)]),
        lead: fill(words.terms_lead, &[("name", &brand.name)]),
        version: fill(words.terms_version, &[("version", &terms.version), ("date", &date)]),
        url: terms.url.filter(|url| is_web(url)),
        frame: own.asked.frame(Some(brand)),
        to,
        problem,
    };
    render(status, &form)
}

pub(super) async fn agree(Sent { own, form: sent }: Sent) -> Response {
    let to = sent.typed("to");
    if !sent.is_ticked("agreed") {
        let problem = own.asked.words().entry.terms_missing;
        return form(&own, StatusCode::UNPROCESSABLE_ENTITY, to, Some(problem)).await;
    }
    let speaker = Speaker::Themselves(own.identity.clone());
    let (branch, person) = (&own.identity.branch, own.identity.person.id);
    match consent::give(&own.core, own.caller(), &speaker, branch, person).await {
        Ok(_) => see_other(to.and_then(way_back).unwrap_or(Room::SignIns.path())),
        Err(fault) => refused(&own.asked, &fault),
    }
}
