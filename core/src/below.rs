//! Rows of a tenant and of everything below it, newest first, a page at a time.
//!
//! A pool's top reads the pool in the order of its keys. A tenant with few others below it reads each of them and merges. One
//! with many reads the pool and leaves out what is elsewhere. Whatever is asked for, a page looks at a bounded number of
//! rows: it may be short, or empty, and still say where to go on.

use crate::Branch;
use doorward_model::TenantId;
use doorward_store::{Error as StoreError, Tx, tenants};
use std::collections::{HashMap, VecDeque};

/// A page of a list that is read by key.
#[derive(Clone, Debug)]
pub struct Keyed<T, K> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the list goes on; `None` at its end. It may go on though this page is short, or empty.
    pub next: Option<K>,
}

impl<T, K> Keyed<T, K> {
    /// A page of `rows`, made of that many rows and one more, if there is one more.
    pub(crate) fn of(mut found: Vec<T>, rows: usize, key: impl FnOnce(&T) -> K) -> Self {
        let goes_on = found.len() > rows;
        found.truncate(rows);
        let next = found.last().filter(|_| goes_on).map(key);
        Self { items: found, next }
    }

    /// The same page of what is made of each row.
    pub fn map<U>(self, make: impl FnMut(T) -> U) -> Keyed<U, K> {
        Keyed { items: self.items.into_iter().map(make).collect(), next: self.next }
    }
}

/// Rows of a page, and one to know whether there is more, as the store counts.
pub(crate) fn and_one(rows: usize) -> i64 {
    i64::try_from(rows.saturating_add(1)).unwrap_or(i64::MAX)
}

/// So many tenants are read side by side at most: each costs a reading of its own.
const SIDE_BY_SIDE: usize = 32;
/// Rows that one page looks at, at most: some ten milliseconds of reading.
const LOOKS: usize = 4_000;
/// Rows read at once where most may be left out.
const STRIDE: usize = 500;
/// Rows read at once from each of several tenants.
const SHORT_STRIDE: usize = 32;

/// Where rows are read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Source {
    /// In the whole pool.
    Pool,
    /// At one tenant itself.
    At(TenantId),
}

/// What is at and below a tenant.
#[derive(Clone)]
pub(crate) struct Below {
    top: TenantId,
    /// Whether everything of the pool is.
    is_whole: bool,
    known: HashMap<TenantId, bool>,
}

impl Below {
    pub(crate) fn new(branch: &Branch) -> Self {
        Self { top: branch.tenant().id, is_whole: branch.parent().is_none(), known: HashMap::new() }
    }

    /// Where everything is to be read.
    pub(crate) fn sources(&self, tx: &mut Tx<'_>) -> Result<Vec<Source>, StoreError> {
        if self.is_whole {
            return Ok(vec![Source::Pool]);
        }
        let mut found = vec![self.top];
        let mut visited = 0;
        while let Some(parent) = found.get(visited).copied() {
            found.extend(tenants::list_child_ids(tx, parent, and_one(SIDE_BY_SIDE))?);
            if found.len() > SIDE_BY_SIDE {
                return Ok(vec![Source::Pool]);
            }
            visited += 1;
        }
        Ok(found.into_iter().map(Source::At).collect())
    }

    /// Whether these sources have much that is elsewhere.
    pub(crate) fn leaves_out(&self, sources: &[Source]) -> bool {
        !self.is_whole && sources.contains(&Source::Pool)
    }

    /// Whether a tenant is at or below the top, deleted ones included. What is at none is the whole pool's.
    pub(crate) fn contains(&mut self, tx: &mut Tx<'_>, tenant: Option<TenantId>) -> Result<bool, StoreError> {
        let Some(tenant) = tenant.filter(|_| !self.is_whole) else { return Ok(self.is_whole) };
        if let Some(known) = self.known.get(&tenant) {
            return Ok(*known);
        }
        let is_below = tenants::branch(tx, tenant)?.iter().any(|node| node.id == self.top);
        self.known.insert(tenant, is_below);
        Ok(is_below)
    }
}

/// Reads a list that is ordered by a key, the greatest first.
pub(crate) struct Reading<T, K> {
    /// How many at once.
    pub(crate) stride: usize,
    /// The key of a row.
    pub(crate) key: fn(&T) -> K,
}

struct Stream<T, K> {
    source: Source,
    waiting: VecDeque<T>,
    before: K,
    is_over: bool,
}

impl<T, K: Copy + Ord> Reading<T, K> {
    /// As many at once as `rows` of a page want, from so many sources; `is_picky` if most may be left out.
    pub(crate) fn new(sources: &[Source], rows: usize, is_picky: bool, key: fn(&T) -> K) -> Self {
        let stride = match (sources.len(), is_picky) {
            (1, true) => STRIDE,
            (1, false) => rows.saturating_add(1),
            _ => SHORT_STRIDE,
        };
        Self { stride, key }
    }

    /// The next `rows` before a key of those that `picks` makes something of.
    pub(crate) fn page<U>(
        &self,
        tx: &mut Tx<'_>,
        (sources, before, rows): (&[Source], K, usize),
        read: impl Fn(&mut Tx<'_>, Source, K, i64) -> Result<Vec<T>, StoreError>,
        mut picks: impl FnMut(&mut Tx<'_>, T) -> Result<Option<U>, StoreError>,
    ) -> Result<Keyed<U, K>, StoreError> {
        let stream = |source| Stream { source, waiting: VecDeque::new(), before, is_over: false };
        let mut streams: Vec<Stream<T, K>> = sources.iter().copied().map(stream).collect();
        let (mut items, mut last) = (Vec::new(), before);
        for _ in 0..LOOKS {
            for stream in &mut streams {
                self.fill(tx, stream, &read)?;
            }
            let key = |stream: &Stream<T, K>| stream.waiting.front().map(self.key);
            let newest = streams.iter_mut().max_by_key(|stream| key(stream));
            let Some(row) = newest.and_then(|stream| stream.waiting.pop_front()) else {
                return Ok(Keyed { items, next: None });
            };
            let at = (self.key)(&row);
            if let Some(picked) = picks(tx, row)? {
                if items.len() == rows {
                    return Ok(Keyed { items, next: Some(last) });
                }
                items.push(picked);
            }
            last = at;
        }
        Ok(Keyed { items, next: Some(last) })
    }

    fn fill(
        &self,
        tx: &mut Tx<'_>,
        stream: &mut Stream<T, K>,
        read: impl Fn(&mut Tx<'_>, Source, K, i64) -> Result<Vec<T>, StoreError>,
    ) -> Result<(), StoreError> {
        if !stream.waiting.is_empty() || stream.is_over {
            return Ok(());
        }
        let limit = i64::try_from(self.stride).unwrap_or(i64::MAX);
        let rows = read(tx, stream.source, stream.before, limit)?;
        stream.is_over = rows.len() < self.stride;
        stream.before = rows.last().map_or(stream.before, self.key);
        stream.waiting.extend(rows);
        Ok(())
    }
}
