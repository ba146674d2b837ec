//! Versions of terms, by tenant and version. A published version never changes: consents were given to it.

use super::Output;
use crate::provision::outcome::Noun;
use crate::provision::plan::{Plan, TermsPlan};
use crate::provision::prepared::Prepared;
use crate::provision::step::{Step, Words};
use crate::provision::world::World;
use doorward_model::Terms;
use doorward_store::{Error, terms};

pub(super) fn compare(
    world: &mut World<'_, '_>,
    plan: &Plan,
    prepared: &Prepared,
    out: &mut Output,
) -> Result<(), Error> {
    for (index, (entry, id)) in plan.terms.iter().zip(&prepared.terms).enumerate() {
        let Some(tenant) = world.referred_tenant(&entry.tenant, (Noun::Terms, index, "tenant"))? else {
            continue;
        };
        let published = world.tx.in_pool(tenant.pool, |tx| terms::list(tx, tenant.id))?;
        if let Some(stored) = published.iter().find(|terms| terms.version == entry.version) {
            check_unchanged(world, index, entry, stored);
            continue;
        }
        let effective_at = entry.effective_at.unwrap_or(prepared.now);
        let terms = Terms {
            id: *id,
            tenant: tenant.id,
            version: entry.version.clone(),
            url: entry.url.clone(),
            effective_at,
        };
        let mut words = Words::of(Noun::Terms, format!("{} of {}", entry.version, entry.tenant));
        if entry.effective_at.is_some() {
            words.say(format!("from {}", effective_at.civil()));
        }
        out.step(Step::Terms { pool: tenant.pool, terms }, words.added());
    }
    Ok(())
}

fn check_unchanged(world: &mut World<'_, '_>, index: usize, entry: &TermsPlan, stored: &Terms) {
    const PUBLISHED: &str = "this version is published and never changes; publish another version";
    if entry.url.is_some() && entry.url != stored.url {
        world.refuse(Noun::Terms, index, "url", PUBLISHED);
    }
    if entry.effective_at.is_some_and(|at| at != stored.effective_at) {
        world.refuse(Noun::Terms, index, "effective", PUBLISHED);
    }
}
