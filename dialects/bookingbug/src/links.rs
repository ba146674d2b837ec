//! Every address this dialect prints, absolute and from the door's configured base URL. Each of them answers.

use doorward_model::{CompanyNumber, Kind, PersonNumber};
use doorward_web::CallContext;
use std::borrow::Cow;

/// The versions that are the same surface (dialects: "`v3`, `v4`, `v5` are the same surface").
const VERSIONS: [&str; 4] = ["v1", "v3", "v4", "v5"];
/// How the routes write it.
const CANONICAL: &str = "v1";

/// Addresses in the version of the API that the client speaks.
#[derive(Debug)]
pub(crate) struct Links {
    base: String,
}

impl Links {
    pub(crate) fn of(call: &CallContext) -> Self {
        let version = split(call.uri.path()).map_or(CANONICAL, |(version, _)| version);
        Self { base: format!("{}/api/{version}", call.base_url()) }
    }

    /// The API's base URL: `path` in a login's body.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// Where people of a kind sign in, whatever their company.
    pub(crate) fn base_login(&self, kind: Option<Kind>) -> String {
        match kind.and_then(login_word) {
            Some(word) => format!("{}/login/{word}", self.base),
            None => format!("{}/login", self.base),
        }
    }

    /// Where people of a kind sign in to one company.
    pub(crate) fn login(&self, company: CompanyNumber, kind: Option<Kind>) -> String {
        format!("{}/{company}", self.base_login(kind))
    }

    /// A company as anybody with an application sees it.
    pub(crate) fn company(&self, company: CompanyNumber) -> String {
        format!("{}/company/{company}", self.base)
    }

    pub(crate) fn children(&self, company: CompanyNumber) -> String {
        format!("{}/company/{company}/children", self.base)
    }

    /// A company as its administrators see it.
    pub(crate) fn administered_company(&self, company: CompanyNumber) -> String {
        format!("{}/admin/{company}/company", self.base)
    }

    pub(crate) fn administrators(&self, company: CompanyNumber) -> String {
        format!("{}/admin/{company}/administrators", self.base)
    }

    /// One administrator or member.
    pub(crate) fn person(&self, company: CompanyNumber, kind: Kind, person: PersonNumber) -> String {
        match kind {
            Kind::Member => format!("{}/{company}/members/{person}", self.base),
            Kind::Administrator | Kind::Contact | Kind::User => {
                format!("{}/{person}", self.administrators(company))
            }
        }
    }

    pub(crate) fn reset_schema(&self) -> String {
        format!("{}/login/admin/reset_password_schema", self.base)
    }
}

/// Every version and a trailing slash as the routes write them.
pub(crate) fn normalise(path: &str) -> Cow<'_, str> {
    let trimmed = path.strip_suffix('/').unwrap_or(path);
    match split(trimmed) {
        Some((version, rest)) if version != CANONICAL => format!("/api/{CANONICAL}{rest}").into(),
        Some(_) | None => trimmed.into(),
    }
}

/// The version a path names, and what follows it.
fn split(path: &str) -> Option<(&'static str, &str)> {
    let rest = path.strip_prefix("/api/")?;
    VERSIONS.into_iter().find_map(|version| {
        let after = rest.strip_prefix(version)?;
        (after.is_empty() || after.starts_with('/')).then_some((version, after))
    })
}

fn login_word(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Administrator => Some("admin"),
        Kind::Member => Some("member"),
        Kind::Contact | Kind::User => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_versions_are_one_surface() {
        for version in VERSIONS {
            assert_eq!(normalise(&format!("/api/{version}/login/")), "/api/v1/login");
        }
        for other in ["/api/v2/login", "/api/v11/login", "/api/login", "/login"] {
            assert_eq!(normalise(other), other);
        }
    }
}
