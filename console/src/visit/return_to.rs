//! From a page that somebody may not see as a stranger to the sign-in, and back.

use super::{see_other, way_back};
use doorward_web::Response;
use http::Method;
use http::request::Parts;

/// In the address of a sign-in: a form was sent by somebody who was signed out meanwhile, and nothing came of it.
pub(crate) const LOST: &str = "lost";

/// The ends of addresses that take forms and are no pages, with the segments by which the page of the form is shorter.
const FORMS_ALONE: [(&str, usize); 12] = [
    ("/act", 1),
    ("/close", 1),
    ("/tokens", 1),
    ("/works/export", 1),
    ("/start", 1),
    ("/cancel", 1),
    ("/look/logo", 1),
    ("/withdraw", 3),
    ("/operators/password", 1),
    ("/sign-ins/end", 2),
    ("/sign-ins/end-others", 2),
    ("/keys/calendar", 1),
];

/// Leads to `sign_in`, and from there back to the page that was asked for. What a form said is not kept: it may hold a password, and
/// who signs in next may be somebody else; but they are told.
pub(crate) fn to_sign_in(sign_in: &str, parts: &Parts) -> Response {
    // Whoever wants to be signed out is.
    if parts.uri.path().ends_with("/sign-out") {
        return see_other(sign_in);
    }
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    // Their first pages are where they lead anyway.
    let wanted = wanted_page(parts);
    if let Some(to) = way_back(&wanted).filter(|to| !matches!(*to, "/account" | "/console")) {
        query.append_pair("to", to);
    }
    if !is_page(parts) {
        query.append_pair(LOST, "yes");
    }
    let query = query.finish();
    see_other(&if query.is_empty() { sign_in.to_owned() } else { format!("{sign_in}?{query}") })
}

fn is_page(parts: &Parts) -> bool {
    matches!(parts.method, Method::GET | Method::HEAD)
}

/// The page that was asked for, or on which the form stands that was sent. Of its query what was just done is left out: it was not the
/// form's doing.
pub(crate) fn wanted_page(parts: &Parts) -> String {
    let (path, query) = (parts.uri.path(), parts.uri.query());
    if is_page(parts) {
        return parts.uri.path_and_query().map_or_else(String::new, |it| it.as_str().to_owned());
    }
    let page = page_of(path);
    let kept = url::form_urlencoded::parse(query.filter(|_| page == path).unwrap_or_default().as_bytes());
    let mut left = url::form_urlencoded::Serializer::new(String::new());
    left.extend_pairs(kept.filter(|(name, _)| name != "done"));
    let left = left.finish();
    if left.is_empty() { page.to_owned() } else { format!("{page}?{left}") }
}

/// The page on which a form stands that is sent to an address.
fn page_of(path: &str) -> &str {
    // A key has no page of its own but the list.
    let shorter = if path.ends_with("/act") && path.contains("/keys/") {
        2
    } else {
        FORMS_ALONE.iter().find(|(end, _)| path.ends_with(end)).map_or(0, |(_, shorter)| *shorter)
    };
    (0..shorter).fold(path, |path, _| path.rsplit_once('/').map_or("", |(above, _)| above))
}

#[cfg(test)]
mod tests {
    use super::page_of;

    #[test]
    fn a_form_leads_back_to_the_page_that_it_stands_on() {
        for (sent_to, page) in [
            ("/console/tenants/1/people/new", "/console/tenants/1/people/new"),
            ("/console/tenants/1/keys", "/console/tenants/1/keys"),
            ("/console/tenants/1/keys/2/act", "/console/tenants/1/keys"),
            ("/console/tenants/1/people/2/act", "/console/tenants/1/people/2"),
            ("/console/tenants/1/applications/2/tokens", "/console/tenants/1/applications/2"),
            ("/console/tenants/1/works/export", "/console/tenants/1/works"),
            ("/console/tenants/1/look/logo", "/console/tenants/1/look"),
            ("/console/operators/links/2/withdraw", "/console/operators"),
            ("/account/sign-ins/end-others", "/account"),
            ("/account/keys/calendar", "/account/keys"),
        ] {
            assert_eq!(page_of(sent_to), page, "{sent_to}");
        }
    }
}
