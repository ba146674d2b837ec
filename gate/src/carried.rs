//! The headers a gate reads, sorted out in one walk over a request's: asking the map for each of them by name would cost
//! more than all else about a question.

use crate::refusal::Refusal;
use doorward_core::verify::Reason;
use http::{HeaderMap, HeaderValue};

/// A header that matters here. Cookies are not among them: they have a grammar of their own (`credentials/cookies.rs`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Header {
    ForwardedMethod,
    ForwardedProto,
    ForwardedHost,
    ForwardedUri,
    OriginalMethod,
    OriginalUrl,
    Host,
    ClientId,
    AuthToken,
    AppId,
    AppKey,
    DoorwardSession,
    AccessKey,
    SecretKey,
    Authorization,
}

const HEADERS: usize = Header::Authorization as usize + 1;

impl Header {
    /// By its name in lower case, which is how the map holds it.
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "x-forwarded-method" => Self::ForwardedMethod,
            "x-forwarded-proto" => Self::ForwardedProto,
            "x-forwarded-host" => Self::ForwardedHost,
            "x-forwarded-uri" => Self::ForwardedUri,
            "x-original-method" => Self::OriginalMethod,
            "x-original-url" => Self::OriginalUrl,
            "host" => Self::Host,
            "clientid" => Self::ClientId,
            "auth-token" => Self::AuthToken,
            "app-id" => Self::AppId,
            "app-key" => Self::AppKey,
            "doorward-session" => Self::DoorwardSession,
            "x-lsq-accesskey" => Self::AccessKey,
            "x-lsq-secretkey" => Self::SecretKey,
            "authorization" => Self::Authorization,
            _ => return None,
        })
    }
}

/// What a request carries of them.
pub(crate) struct Carried<'a>([Times<'a>; HEADERS]);

#[derive(Clone, Copy)]
enum Times<'a> {
    Never,
    Once(&'a HeaderValue),
    More,
}

impl<'a> Carried<'a> {
    pub(crate) fn of(headers: &'a HeaderMap) -> Self {
        let mut all = [Times::Never; HEADERS];
        for (name, value) in headers {
            let place = Header::named(name.as_str()).and_then(|header| all.get_mut(header as usize));
            if let Some(place) = place {
                *place = if let Times::Never = place { Times::Once(value) } else { Times::More };
            }
        }
        Self(all)
    }

    /// A part of the question: it must stand once, or not at all.
    pub(crate) fn metadata(&self, header: Header) -> Result<Option<&'a str>, Refusal> {
        match self.times(header) {
            Times::Never => Ok(None),
            Times::Once(value) => value.to_str().map(Some).map_err(|_| Refusal::Metadata),
            Times::More => Err(Refusal::Metadata),
        }
    }

    /// A credential, or a part of one: given twice it is nobody's.
    pub(crate) fn credential(&self, header: Header) -> Option<Result<&'a str, Refusal>> {
        match self.times(header) {
            Times::Never => None,
            Times::Once(value) => Some(value.to_str().map_err(|_| Refusal::Credential(Reason::Invalid))),
            Times::More => Some(Err(Refusal::Ambiguous)),
        }
    }

    fn times(&self, header: Header) -> Times<'a> {
        self.0.get(header as usize).copied().unwrap_or(Times::Never)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderName;

    fn headers(all: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in all {
            headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn each_header_is_found_under_its_own_name_in_any_case() {
        let sent =
            headers(&[("auth-token", "t"), ("app-id", "a"), ("x-forwarded-uri", "/x"), ("app-ids", "b")]);
        let carried = Carried::of(&sent);
        assert_eq!(carried.credential(Header::AuthToken), Some(Ok("t")));
        assert_eq!(carried.credential(Header::AppId), Some(Ok("a")));
        assert_eq!(carried.metadata(Header::ForwardedUri), Ok(Some("/x")));
        assert_eq!(carried.credential(Header::Authorization), None);
        let mut shouted = HeaderMap::new();
        shouted.insert(HeaderName::from_bytes(b"X-LSQ-AccessKey").unwrap(), HeaderValue::from_static("k"));
        assert_eq!(Carried::of(&shouted).credential(Header::AccessKey), Some(Ok("k")));
    }

    #[test]
    fn what_stands_twice_is_nobodys_even_with_one_value() {
        let sent = headers(&[
            ("auth-token", "t"),
            ("auth-token", "t"),
            ("x-forwarded-uri", "/"),
            ("x-forwarded-uri", "/"),
        ]);
        let carried = Carried::of(&sent);
        assert_eq!(carried.credential(Header::AuthToken), Some(Err(Refusal::Ambiguous)));
        assert_eq!(carried.metadata(Header::ForwardedUri), Err(Refusal::Metadata));
    }

    #[test]
    fn what_is_no_text_is_refused() {
        let mut sent = HeaderMap::new();
        sent.insert("app-key", HeaderValue::from_bytes(b"\xff").unwrap());
        let carried = Carried::of(&sent);
        assert_eq!(carried.credential(Header::AppKey), Some(Err(Refusal::Credential(Reason::Invalid))));
        assert_eq!(carried.metadata(Header::AppKey), Err(Refusal::Metadata));
    }
}
