//! Every endpoint, in the order of the reference page. Each noun's file lists its own.

use crate::endpoint::{Endpoint, EndpointInfo};
use crate::{
    BASE, applications, doors, events, exports, imports, keys, mails, memberships, people, policy, regions,
    sessions, tenants, terms, usage,
};

/// The list.
pub(crate) fn all() -> Vec<Endpoint> {
    let nouns = [
        tenants::endpoints(),
        people::endpoints(),
        imports::endpoints(),
        memberships::endpoints(),
        applications::endpoints(),
        keys::endpoints(),
        sessions::endpoints(),
        terms::endpoints(),
        events::endpoints(),
        exports::endpoints(),
        mails::endpoints(),
        doors::endpoints(),
        regions::endpoints(),
        usage::endpoints(),
        policy::endpoints(),
    ];
    nouns.into_iter().flatten().collect()
}

/// Every endpoint, for whoever sweeps them.
pub fn endpoints() -> Vec<EndpointInfo> {
    let info = |it: Endpoint| EndpointInfo {
        path: format!("{BASE}{}", it.path),
        method: it.method,
        scope: it.scope,
    };
    all().into_iter().map(info).collect()
}
