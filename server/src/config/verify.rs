//! `[verify]`: who may ask who is calling, about what, and in which headers the answer comes.

use super::reader::Reader;
use super::units::ByteSize;
use super::value::Words;
use doorward_gate::{IdentityHeaders, Preset, Route, nameable};
use http::HeaderName;
use ipnet::IpNet;

/// Who may ask who is calling, and what is protected.
#[derive(Clone, Debug)]
pub struct Verify {
    /// Peers that may ask.
    pub askers: Vec<IpNet>,
    /// What is protected; the first match decides.
    pub routes: Vec<Route>,
    /// Which headers tell the upstream, under which names.
    pub names: IdentityHeaders,
    /// Whether name and password may come with the request.
    pub basic: bool,
    /// Whether the upstream also gets a signed assertion.
    pub assertions: bool,
    /// For remembering who is calling.
    pub memory: ByteSize,
}

impl Words for Preset {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("remote", Self::Remote),
        ("x-auth-request", Self::XAuthRequest),
        ("x-forwarded", Self::XForwarded),
    ];
}

impl Verify {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let mut section = reader.section(
            "verify",
            "Who is calling? Proxies and services ask at /verify…; docs/operators/verify.md shows how.",
        );
        let askers = section.value(
            "askers",
            Vec::new(),
            "Networks of the proxies and services that may ask. Nobody unless set.",
        );
        let routes = section.checked(
            "routes",
            Vec::new(),
            |lines: &Vec<String>| parsed(lines).map(|_routes| ()),
            "What is protected, in order, like \"crm.example.com/admin/ role=admin\"; the first match decides and \
             no match is refused. \"doors\" stands for every path of a door's host that the door does not answer.",
        );
        let presets = section.value(
            "presets",
            vec![Preset::Remote],
            "Headers that tell the upstream who is calling, beside X-Doorward-….",
        );
        let basic = section.value(
            "basic",
            false,
            "Whether `Authorization: Basic` is taken at a tenant's host. Each request then costs a password hash \
             and counts as a sign-in.",
        );
        let assertions = section.value(
            "assertions",
            true,
            "Whether X-Doorward-Assertion says the same in a signed form that a service can check by itself; \
             the keys are at /.well-known/jwks.json.",
        );
        let memory = section.value(
            "memory",
            ByteSize::mib(64),
            "For remembering who is calling. What is forgotten is read again.",
        );
        let names = names(reader, &presets);
        Self { askers, routes: parsed(&routes).unwrap_or_default(), names, basic, assertions, memory }
    }
}

/// `[verify.names]`: every header that tells the upstream is a key there.
fn names(reader: &mut Reader<'_>, presets: &[Preset]) -> IdentityHeaders {
    let mut section = reader.section(
        "verify.names",
        "Other names for the headers that tell the upstream. What is named here is sent, its preset chosen or not; \
         the proxy must strip and copy the new name.",
    );
    let mut names = Vec::new();
    for (name, says) in nameable() {
        let example = format!("\"my-{}\"", name.trim_start_matches("x-"));
        if let Some(other) = section.optional::<HeaderName>(name, &example, &format!("It says {says}.")) {
            names.push((HeaderName::from_static(name), other));
        }
    }
    IdentityHeaders::named(presets, &names).unwrap_or_else(|problems| {
        for problem in problems {
            section.refuse(problem.of.as_str(), problem.problem);
        }
        IdentityHeaders::new(presets)
    })
}

fn parsed(lines: &[String]) -> Result<Vec<Route>, String> {
    lines.iter().map(|line| line.parse::<Route>().map_err(|error| error.to_string())).collect()
}
