//! Consent to a tenant's terms: asked for after a sign-in, for as long as the current version has none.

use super::own::{Own, Sent};
use super::rooms::Room;
use super::with_way_back;
use crate::brand::Brand;
use crate::frame::{Frame, render};
use crate::trouble::refused;
use crate::visit::{see_other, way_back};
use crate::words::{day, fill};
use askama::Template;
use doorward_core::{Core, Error, Identity, Speaker, consent};
use doorward_model::{Terms, TermsId};
use doorward_web::{Response, StatusCode};

const PATH: &str = "/account/terms";

#[derive(Template)]
#[template(path = "account/terms.html")]
struct TermsForm {
    frame: Frame,
    title: String,
    lead: String,
    /// Which version is shown: no other is agreed to.
    shown: String,
    version: String,
    url: Option<String>,
    /// Where to go on.
    to: String,
    problem: Option<&'static str>,
}

/// Where somebody agrees who has terms to agree to, and goes on to `to` from there; `None` for whoever has none.
pub(super) async fn asked_for(core: &Core, identity: &Identity, to: &str) -> Result<Option<String>, Error> {
    Ok(due(core, identity).await?.map(|_| with_way_back(PATH, to)))
}

/// Whether a page may be seen by somebody who has not agreed: the terms themselves.
pub(super) fn is_before(path: &str) -> bool {
    path == PATH
}

async fn due(core: &Core, identity: &Identity) -> Result<Option<Terms>, Error> {
    let Some(current) = consent::current(core, &identity.branch).await? else { return Ok(None) };
    let is_given = consent::is_given(core, &identity.branch, identity.person.id).await?;
    Ok((!is_given).then_some(current))
}

/// Whether a browser may be led to this address: a database may hold terms from before the core refused others.
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
    let date = day(own.asked.lang, terms.effective_at);
    let form = TermsForm {
        title: fill(words.terms_title, &[("name", &brand.name)]),
        lead: fill(words.terms_lead, &[("name", &brand.name)]),
        version: fill(words.terms_version, &[("version", &terms.version), ("date", &date)]),
        shown: terms.id.to_string(),
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
    let changed = Some(own.asked.words().entry.terms_changed);
    let Some(shown) = sent.typed("terms").and_then(TermsId::parse) else {
        return form(&own, StatusCode::UNPROCESSABLE_ENTITY, to, changed).await;
    };
    match consent::give_to(&own.core, own.caller(), &speaker, branch, person, shown).await {
        Ok(_) => see_other(to.and_then(way_back).unwrap_or(Room::SignIns.path())),
        // Others hold since the page was made: these are shown, and agreed to or not.
        Err(Error::Conflict { .. }) => form(&own, StatusCode::CONFLICT, to, changed).await,
        Err(fault) => refused(&own.asked, &fault),
    }
}

#[cfg(test)]
mod tests {
    use super::is_web;

    #[test]
    fn terms_lead_no_browser_into_a_script() {
        assert!(is_web("https://northwind.example/terms") && is_web("http://northwind.example/terms"));
        for other in ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "/terms", ""] {
            assert!(!is_web(other), "{other}");
        }
    }
}
