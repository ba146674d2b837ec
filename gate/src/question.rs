//! The question: who made this original request, and may they?

use crate::carried::Carried;
use doorward_core::ResolvedDoor;
use http::{HeaderMap, Method};
use std::borrow::Cow;
use std::net::IpAddr;

/// The original request, as the asker describes it.
pub(crate) struct Question<'a> {
    pub(crate) method: Method,
    /// Lower case, without port.
    pub(crate) host: Cow<'a, str>,
    /// As sent, without the query.
    pub(crate) path: &'a str,
    pub(crate) query: Option<&'a str>,
    /// The original's headers, credentials among them.
    pub(crate) headers: &'a HeaderMap,
    /// Those of them that matter here.
    pub(crate) carried: Carried<'a>,
    /// Where the original came from; `None` where the asker does not say.
    pub(crate) client: Option<IpAddr>,
    /// Who asks: the proxy or service itself.
    pub(crate) asker: IpAddr,
    /// The door of the host, if it is one's.
    pub(crate) door: Option<ResolvedDoor>,
}

impl Question<'_> {
    /// Who answers for what is counted by address and never goes uncounted: the client, else whoever asks for them.
    pub(crate) fn address(&self) -> IpAddr {
        self.client.unwrap_or(self.asker)
    }

    /// Whether a person looks at the answer: a page was asked for by a browser.
    pub(crate) fn is_from_a_browser(&self) -> bool {
        let accepts = self.headers.get(http::header::ACCEPT).and_then(|value| value.to_str().ok());
        self.method == Method::GET && accepts.is_some_and(|accepts| accepts.contains("text/html"))
    }
}
