//! Which door a host leads to. The table is small, read on every request and replaced whole when doors change.

use doorward_model::{Door, DoorId, HostPattern, Slug};
use std::collections::HashMap;
use std::sync::Arc;

/// All doors of this installation, ready for look-up by host.
#[derive(Debug, Default)]
pub struct DoorTable {
    exact: HashMap<String, Arc<Door>>,
    /// By base: `{slug}.<base>` and the bare base.
    by_base: HashMap<String, Arc<Door>>,
}

/// A door, and the slug its host named.
#[derive(Clone, Debug)]
pub struct ResolvedDoor {
    /// The door.
    pub door: Arc<Door>,
    /// The tenant's slug, where the host carries one.
    pub slug: Option<Slug>,
}

impl DoorTable {
    /// Builds the table. Two doors of one host cannot be stored, so the order does not matter.
    pub fn new(doors: impl IntoIterator<Item = Door>) -> Self {
        let mut table = Self::default();
        for door in doors {
            let door = Arc::new(door);
            match &door.host {
                HostPattern::Exact(host) => table.exact.insert(host.clone(), Arc::clone(&door)),
                HostPattern::Slug { base } => table.by_base.insert(base.clone(), Arc::clone(&door)),
            };
        }
        table
    }

    /// Finds the door of a host: lower case, without port or trailing dot. An exact host wins over a pattern.
    pub fn resolve(&self, host: &str) -> Option<ResolvedDoor> {
        let candidates = [
            self.exact.get(host),
            self.by_base.get(host),
            host.split_once('.').and_then(|(_, base)| self.by_base.get(base)),
        ];
        candidates.into_iter().flatten().find_map(|door| {
            let slug = door.host.matches(host)?;
            Some(ResolvedDoor { door: Arc::clone(door), slug })
        })
    }

    /// The door of this id.
    pub fn by_id(&self, id: DoorId) -> Option<Arc<Door>> {
        self.iter().find(|door| door.id == id).cloned()
    }

    /// Every door, in no order.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Door>> {
        self.exact.values().chain(self.by_base.values())
    }
}
