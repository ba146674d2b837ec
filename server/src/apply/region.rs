//! `[[region]]`: a home for pools and its service hosts.

use super::entry::Entry;
use super::field::{Facts, Text};
use doorward_core::provision::RegionPlan;

pub(super) fn read(entry: &mut Entry<'_>) -> Option<RegionPlan> {
    let code = entry.required("code");
    let name = entry.optional("name").map(|Text(name)| name);
    let hosts = entry.optional("hosts").map(|Facts(hosts)| hosts);
    Some(RegionPlan { code: code?, name, hosts })
}
