//! Routes: what is protected, and what it needs. One line each, so that a list of them reads like a table:
//!
//! ```text
//! crm.example.com/health public
//! crm.example.com/admin/ role=admin tenant=northwind
//! crm.example.com/api/ role=user scope=people:read
//! *.example.com/ kind=administrator|user name=crm sign_in=https://id.example.com/sign-in
//! doors
//! ```
//! First the host (exact, `*.` and a base, or `doors` for every host of a door) with a path prefix, then the needs: no
//! word means any identity. The first route that fits decides.

use crate::headers::escaped;
use doorward_core::verify::Who;
use doorward_model::{Kind, Role, Slug, is_scope};
use http::HeaderValue;
use std::str::FromStr;
use thiserror::Error;
use url::Url;

/// One protected part of the original hosts.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    /// What people and assertions (`aud`) call it.
    pub name: String,
    /// The same as a header says it; never empty.
    pub(crate) told: HeaderValue,
    hosts: Hosts,
    prefix: String,
    needs: Needs,
    /// Where a browser without a credential is sent.
    pub(crate) sign_in: Option<Url>,
}

#[derive(Clone, Debug, PartialEq)]
enum Hosts {
    Exact(String),
    /// Hosts one label below a base.
    Below(String),
    /// Every host of a door, as far as the door does not answer the path itself.
    Doors,
}

#[derive(Clone, Debug, PartialEq)]
enum Needs {
    Public,
    Identity(Box<Identity>),
}

/// What a caller must be. Places are people's and scopes are programs': where either is asked for, the others stay outside.
#[derive(Clone, Debug, Default, PartialEq)]
struct Identity {
    kinds: Vec<Kind>,
    role: Option<Role>,
    /// One of these.
    scopes: Vec<String>,
    tenant: Option<Slug>,
    door: Option<String>,
}

/// A line that is no route.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{line}`: {problem}")]
pub struct InvalidRoute {
    line: String,
    problem: String,
}

/// Where a request would go, for matching.
pub(crate) struct Target<'a> {
    pub(crate) host: &'a str,
    /// Normalised.
    pub(crate) path: &'a str,
    pub(crate) is_door: bool,
    /// Whether the door answers the path itself.
    pub(crate) is_owned: bool,
}

impl Route {
    pub(crate) fn fits(&self, target: &Target<'_>) -> bool {
        let fits_host = match &self.hosts {
            Hosts::Exact(host) => host == target.host,
            Hosts::Below(base) => target.host.split_once('.').is_some_and(|(_, rest)| rest == base),
            Hosts::Doors => target.is_door && !target.is_owned,
        };
        fits_host && has_prefix(target.path, &self.prefix)
    }

    pub(crate) fn is_public(&self) -> bool {
        self.needs == Needs::Public
    }

    /// Whether an identity is what the route needs.
    pub(crate) fn lets_in(&self, who: &Who) -> bool {
        match &self.needs {
            Needs::Public => true,
            Needs::Identity(needs) => needs.are_met_by(who),
        }
    }
}

impl Identity {
    fn are_met_by(&self, who: &Who) -> bool {
        let asks_for_a_place = !self.kinds.is_empty() || self.role.is_some();
        let asks_for_a_scope = !self.scopes.is_empty();
        let is_enough = match who.person() {
            Some(_) if asks_for_a_place => self.has_place(who),
            Some(_) => !asks_for_a_scope,
            None if asks_for_a_scope => self.has_scope(who),
            None => !asks_for_a_place,
        };
        is_enough
            && self.tenant.as_ref().is_none_or(|slug| who.branch().has_slug(slug))
            && self.door.as_ref().is_none_or(|door| who.door().is_some_and(|known| known.name == *door))
    }

    fn has_place(&self, who: &Who) -> bool {
        who.places_here().any(|place| {
            (self.kinds.is_empty() || self.kinds.contains(&place.kind))
                && self.role.is_none_or(|least| place.role <= least)
        })
    }

    fn has_scope(&self, who: &Who) -> bool {
        who.scopes().iter().any(|scope| self.scopes.iter().any(|wanted| **wanted == **scope))
    }
}

/// Whole segments only: `/admin` covers `/admin` and `/admin/x`, and not `/administrators`.
fn has_prefix(path: &str, prefix: &str) -> bool {
    let whole = prefix.strip_suffix('/').unwrap_or(prefix);
    path.strip_prefix(whole).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl FromStr for Route {
    type Err = InvalidRoute;

    fn from_str(line: &str) -> Result<Self, InvalidRoute> {
        let wrong = |problem: &str| InvalidRoute { line: line.to_owned(), problem: problem.to_owned() };
        let mut words = line.split_whitespace();
        let place = words.next().ok_or_else(|| wrong("expected a host, or `doors`, first"))?;
        let (host, prefix) = place.find('/').map_or((place, "/"), |slash| place.split_at(slash));
        let mut route = Self {
            name: place.trim_end_matches('/').to_owned(),
            told: HeaderValue::from_static(""),
            hosts: Hosts::parse(host)
                .ok_or_else(|| wrong("expected a host without port, `*.` and a host, or `doors`"))?,
            prefix: prefix.to_owned(),
            needs: Needs::Identity(Box::default()),
            sign_in: None,
        };
        if crate::path::normalised(prefix).as_deref() != Ok(prefix) {
            return Err(wrong("expected a path as it reads once decoded, without `..`"));
        }
        let mut given = Vec::new();
        for word in words {
            let key = word.split('=').next().unwrap_or_default();
            if given.contains(&key) {
                return Err(wrong(&format!("`{key}` is given twice; several values stand as one|other")));
            }
            given.push(key);
            route.apply(word).map_err(|problem| wrong(&problem))?;
        }
        route.told = escaped(&route.name);
        Ok(route)
    }
}

impl Hosts {
    fn parse(text: &str) -> Option<Self> {
        let is_host = |text: &str| {
            !text.is_empty()
                && text
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.' | b'_'))
        };
        match text.strip_prefix("*.") {
            Some(base) if is_host(base) => Some(Self::Below(base.to_owned())),
            Some(_) => None,
            None if text == "doors" => Some(Self::Doors),
            None if is_host(text) => Some(Self::Exact(text.to_owned())),
            None => None,
        }
    }
}

const KNOWN: &str =
    "expected `public`, `name=`, `kind=`, `role=`, `scope=`, `tenant=`, `door=` or `sign_in=`";

impl Route {
    fn apply(&mut self, word: &str) -> Result<(), String> {
        let Some((key, value)) = word.split_once('=') else {
            if word != "public" {
                return Err(format!("{KNOWN}, found `{word}`"));
            }
            if self.needs != (Needs::Identity(Box::default())) {
                return Err("`public` needs nothing, and stands alone".to_owned());
            }
            self.needs = Needs::Public;
            return Ok(());
        };
        match key {
            "name" if value.is_empty() => {
                return Err("name= is empty; a route is told by its name".to_owned());
            }
            "name" => value.clone_into(&mut self.name),
            "sign_in" => self.sign_in = Some(Url::parse(value).map_err(|error| format!("sign_in: {error}"))?),
            "kind" | "role" | "scope" | "tenant" | "door" => return self.need(key, value),
            _ => return Err(format!("{KNOWN}, found `{word}`")),
        }
        Ok(())
    }

    fn need(&mut self, key: &str, value: &str) -> Result<(), String> {
        let Needs::Identity(needs) = &mut self.needs else {
            return Err(format!("`public` needs nothing, so `{key}=` says nothing"));
        };
        match key {
            "kind" => {
                let parse = |word| {
                    Kind::parse(word)
                        .ok_or_else(|| format!("`{word}` is no kind: administrator, member, contact, user"))
                };
                needs.kinds = value.split('|').map(parse).collect::<Result<_, _>>()?;
            }
            "role" => {
                let parsed = Role::parse(value);
                needs.role = Some(
                    parsed.ok_or_else(|| format!("`{value}` is no role: owner, admin, user, callcentre"))?,
                );
            }
            "scope" => {
                let parse = |word: &str| {
                    Some(word.to_owned())
                        .filter(|word| is_scope(word))
                        .ok_or_else(|| format!("`{word}` is no scope: at most 64 visible ASCII characters"))
                };
                needs.scopes = value.split('|').map(parse).collect::<Result<_, _>>()?;
            }
            "tenant" => needs.tenant = Some(Slug::parse(value).map_err(|error| format!("tenant: {error}"))?),
            _ => needs.door = Some(value.to_owned()),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(line: &str, host: &str, path: &str) -> bool {
        let target = Target { host, path, is_door: false, is_owned: false };
        line.parse::<Route>().unwrap().fits(&target)
    }

    #[test]
    fn prefixes_are_whole_segments_and_hosts_are_whole_hosts() {
        assert!(fits("crm.example.com/admin", "crm.example.com", "/admin"));
        assert!(fits("crm.example.com/admin/", "crm.example.com", "/admin/people"));
        assert!(!fits("crm.example.com/admin", "crm.example.com", "/administrators"));
        assert!(!fits("crm.example.com", "crm.example.com.evil.example", "/"));
        assert!(fits("*.example.com/", "crm.example.com", "/"));
        assert!(!fits("*.example.com/", "a.crm.example.com", "/"));
        assert!(!fits("*.example.com/", "example.com", "/"));
    }

    #[test]
    fn a_door_keeps_its_own_paths() {
        let doors: Route = "doors".parse().unwrap();
        let target = |is_owned| Target { host: "a.example", path: "/api/login", is_door: true, is_owned };
        assert!(doors.fits(&target(false)) && !doors.fits(&target(true)));
    }

    #[test]
    fn a_line_that_cannot_be_meant_says_what_was_expected() {
        for (line, words) in [
            ("", "expected a host"),
            ("crm.example.com:80/", "without port"),
            ("crm.example.com/../x", "without `..`"),
            ("crm.example.com/ roles=admin", "`role=`"),
            ("crm.example.com/ role=boss", "owner, admin"),
            ("crm.example.com/ kind=user|boss", "administrator, member"),
            ("crm.example.com/ name=", "name= is empty"),
            ("crm.example.com/ scope=", "is no scope"),
            ("crm.example.com/ scope=a|é", "is no scope"),
            ("crm.example.com/ public role=admin", "needs nothing"),
            ("crm.example.com/ role=admin public", "needs nothing"),
            ("crm.example.com/ role=owner role=user", "twice"),
        ] {
            let error = line.parse::<Route>().unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
    }
}
