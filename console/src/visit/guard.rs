//! What stands before every page of a visitor's: the transport, and forms that other sites send. What a handler could not do
//! is told here, too, where the request's language and number are known.

use super::cookie;
use crate::asked::Asked;
use crate::form::is_foreign;
use crate::pages::Pages;
use crate::trouble::{Trouble, page, problem};
use axum::extract::{FromRequestParts as _, Request, State};
use axum::middleware::Next;
use doorward_model::Language;
use doorward_web::{HeaderMap, Response};
use http::{Method, header};

/// Refuses what must not reach a page; everything else is answered by it.
pub(crate) async fn guard(State(pages): State<Pages>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let asked = match Asked::from_request_parts(&mut parts, &pages).await {
        Ok(asked) => asked,
        Err(refused) => return refused,
    };
    let (method, headers) = (&parts.method, &parts.headers);
    let is_cookie_sent = cookie::sent(headers, asked.secure).is_some();
    if is_foreign(method, headers, asked.host.as_deref()) || (is_cookie_sent && is_unsaid(method, headers)) {
        return problem(&asked, Trouble::CrossSite);
    }
    let mut answer = next.run(Request::from_parts(parts, body)).await;
    match answer.extensions_mut().remove::<Trouble>() {
        Some(trouble) => {
            // The console is in English, its troubles with it.
            let asked = Asked { lang: Language::En, ..asked };
            let mut told = page(&asked, None, trouble, is_cookie_sent.then(|| "/console".to_owned()));
            // Of a visitor who had just proved themselves: their session is another one now.
            told.headers_mut()
                .extend(answer.headers_mut().remove(header::SET_COOKIE).map(|it| (header::SET_COOKIE, it)));
            told
        }
        None => answer,
    }
}

/// Every browser says where a form comes from that it sends with a cookie; what does not say so is not believed.
fn is_unsaid(method: &Method, headers: &HeaderMap) -> bool {
    !matches!(*method, Method::GET | Method::HEAD)
        && !headers.contains_key("sec-fetch-site")
        && !headers.contains_key(header::ORIGIN)
}
