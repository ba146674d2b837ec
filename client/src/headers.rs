//! Headers that say who is calling. Behind the layer nobody reads them, and whoever sends them is not believed, so they
//! are taken out, in every spelling that some program reads as the same.

use http::{HeaderMap, HeaderName};

/// Every header of Doorward's own begins so.
const OWN: &str = "x-doorward-";
/// Those of the presets (verify.md: Answer).
const PRESETS: [&str; 12] = [
    "remote-user",
    "remote-groups",
    "remote-name",
    "remote-email",
    "x-auth-request-user",
    "x-auth-request-email",
    "x-auth-request-groups",
    "x-auth-request-preferred-username",
    "x-forwarded-user",
    "x-forwarded-email",
    "x-forwarded-groups",
    "x-forwarded-preferred-username",
];

/// Takes out what says who is calling; `others` are names of the service's own, as `plain` gives them.
pub(crate) fn strip(headers: &mut HeaderMap, others: &[String]) {
    let claims: Vec<HeaderName> = headers.keys().filter(|name| is_claim(name, others)).cloned().collect();
    for name in claims {
        headers.remove(name);
    }
}

fn is_claim(name: &HeaderName, others: &[String]) -> bool {
    let plain = plain(name.as_str());
    plain.starts_with(OWN) || PRESETS.contains(&plain.as_str()) || others.contains(&plain)
}

/// A name as CGI and its heirs see it: `_` and `.` are `-`, and there is one case.
pub(crate) fn plain(name: &str) -> String {
    name.to_ascii_lowercase().replace(['_', '.'], "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_who_is_calling_goes_and_the_rest_stays() {
        let mut headers = HeaderMap::new();
        for name in [
            "X-Doorward-Person",
            "x_doorward_roles",
            "x.doorward_Assertion",
            "X-Doorward-Of-Next-Year",
            "Remote_User",
            "x-auth.request-email",
            "X-Forwarded_User",
            "X_User",
        ] {
            headers.append(HeaderName::from_bytes(name.as_bytes()).unwrap(), "root".parse().unwrap());
            headers.append(HeaderName::from_bytes(name.as_bytes()).unwrap(), "again".parse().unwrap());
        }
        let harmless = ["x-forwarded-for", "x-forwarded-proto", "cookie", "remote-usher", "x-doorwardperson"];
        for name in harmless {
            headers.append(HeaderName::from_static(name), "x".parse().unwrap());
        }
        strip(&mut headers, &[plain("x-user")]);
        let left: Vec<&str> = headers.keys().map(HeaderName::as_str).collect();
        assert_eq!(left.len(), harmless.len(), "{left:?}");
        assert!(harmless.iter().all(|name| left.contains(name)));
    }
}
