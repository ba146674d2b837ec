//! `[[terms]]`: a version of a tenant's terms.

use super::entry::Entry;
use super::field::{Text, WebAddress};
use doorward_core::provision::TermsPlan;

pub(super) fn read(entry: &mut Entry<'_>) -> Option<TermsPlan> {
    let tenant = entry.required("tenant");
    let version = entry.required("version").map(|Text(version)| version);
    let url = entry.optional("url").map(|WebAddress(url)| url);
    let effective_at = entry.optional("effective");
    Some(TermsPlan { tenant: tenant?, version: version?, url, effective_at })
}
