//! Every endpoint, in the order of the reference page. Each noun's file lists its own.

use crate::endpoint::{Endpoint, EndpointInfo};
use crate::{BASE, events, memberships, people, tenants, terms};

/// The list.
pub(crate) fn all() -> Vec<Endpoint> {
    [
        tenants::endpoints(),
        people::endpoints(),
        memberships::endpoints(),
        terms::endpoints(),
        events::endpoints(),
    ]
    .into_iter()
    .flatten()
    .collect()
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
