//! What every page knows of the request it answers: who asks, in which language, over which transport.

use crate::brand::Brand;
use crate::frame::Frame;
use crate::pages::Pages;
use crate::trouble::{Trouble, problem};
use crate::words::{self, Words};
use axum::extract::FromRequestParts;
use doorward_core::Caller;
use doorward_model::Language;
use doorward_web::{Arrival, Fields, HeaderMap, Response, asked_language};
use http::request::Parts;

/// A request for a page.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// For throttling and for the audit trail.
    pub(crate) caller: Caller,
    pub(crate) lang: Language,
    /// Path and query, to come back to.
    pub(crate) here: String,
    /// The host that was asked; forms are sent from it only.
    pub(crate) host: Option<String>,
    /// Whether the browser came over TLS.
    pub(crate) secure: bool,
}

impl Asked {
    pub(crate) fn words(&self) -> &'static Words {
        Words::of(self.lang)
    }

    /// A parameter of the page's address; `None` for one that is missing, given twice or no text.
    pub(crate) fn query(&self, name: &str) -> Option<String> {
        let (_, query) = self.here.split_once('?')?;
        Fields::of_query(query).ok()?.text(name).ok().flatten().map(str::to_owned)
    }

    /// What stands around the page, in the name of `brand`.
    pub(crate) fn frame(&self, brand: Option<Brand>) -> Frame {
        Frame { lang: self.lang, here: self.here.clone(), brand, request_id: self.caller.request_id.clone() }
    }

    /// Reads what the plumbing knows, whatever the transport: for pages that say why they refuse.
    pub(crate) fn read(parts: &Parts) -> Self {
        let arrival = parts.extensions.get::<Arrival>();
        Self::of(arrival, &parts.headers, parts.uri.path_and_query().map_or("/", |here| here.as_str()))
    }

    fn of(arrival: Option<&Arrival>, headers: &HeaderMap, here: &str) -> Self {
        // Without what the plumbing knows nobody is let past [`FromRequestParts`]; refusals still want a language.
        let caller = arrival.map_or_else(|| Caller::local("unknown"), |arrival| arrival.caller.clone());
        let language = words::chosen(headers).or_else(|| asked_language(headers));
        Self {
            caller: Caller { language, ..caller },
            lang: language.unwrap_or_default(),
            here: here.to_owned(),
            host: arrival.and_then(|arrival| arrival.host.clone()),
            secure: arrival.is_some_and(|arrival| arrival.secure),
        }
    }
}

impl FromRequestParts<Pages> for Asked {
    type Rejection = Response;

    /// Every page may carry a password, a code or a session, so all are refused over plain HTTP from another machine.
    async fn from_request_parts(parts: &mut Parts, pages: &Pages) -> Result<Self, Response> {
        let asked = Self::read(parts);
        // Without what the plumbing knows of a request there is nobody to count attempts for.
        if parts.extensions.get::<Arrival>().is_none() {
            return Err(problem(&asked, Trouble::Ours));
        }
        if asked.secure || pages.allow_plain_http || asked.caller.address.is_loopback() {
            Ok(asked)
        } else {
            Err(problem(&asked, Trouble::Insecure))
        }
    }
}
