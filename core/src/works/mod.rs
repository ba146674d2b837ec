//! Long work: what takes longer than anybody waits for a page. It is begun, goes on in the background on whichever node, is
//! left and found again, and can be ended.
//!
//! A batch of rows and how far the work has come are written in one transaction (`run.rs`), so that a crash, or another node
//! that takes over, goes on exactly where it stopped. Whoever began a work is asked for their rights again with each batch
//! (`maker.rs`). `import/` makes people of a file's lines, `export.rs` a file of what is kept; `see.rs` is what administrators
//! look at. Rows are sealed (`sealed.rs`) and kept for a short while after the end (`sweep.rs`).

mod begin;
mod export;
mod id;
mod import;
mod maker;
mod run;
mod sealed;
mod see;
mod sweep;

pub use export::{Export, PEOPLE_COLUMNS, begin as export, columns, rows, tell_taken};
pub use import::{
    COLUMNS, IMPORT_LINES, Import, Line, Refused, Row, Sheet, import, invites, lines_of, start,
};
pub use maker::ActingMaker;
pub(crate) use run::stop_of_operator;
pub use run::{go_on, is_any_due};
pub use see::{cancel, find, list, list_all, refused};
pub(crate) use sweep::sweep;

use std::time::Duration;

/// How long a work's rows are kept after its end: long enough to mend refused lines and to fetch a file the next morning,
/// short enough that nobody's data lies about.
pub const KEPT: Duration = Duration::from_secs(24 * 60 * 60);
/// How long lines that were looked through wait for somebody to start: long enough to read what is wrong with them.
pub const CHECKED_KEPT: Duration = Duration::from_secs(60 * 60);
/// How long a work may go on. Only one that waits for mails that the tree may not cause yet takes longer than minutes, and
/// what its file says of people must have an end.
pub const LASTS: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// How long a work's figures are found after its rows are gone. They tell of nobody.
pub const REMEMBERED: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// Works of one pool whose rows are kept at the same time: each may hold some hundred MiB.
pub const KEPT_IN_POOL: i64 = 20;
/// The same where the tenant that asks keeps none yet: what a few others keep is not in its way.
pub const KEPT_IN_POOL_FIRST: i64 = 2 * KEPT_IN_POOL;
/// The same of one tenant: enough for a day, and no tenant of a tree takes the room of all others.
pub const KEPT_AT_TENANT: i64 = 5;
/// Files that are looked through for one tenant within an hour: whoever mends one needs a few, and whoever asks which
/// addresses are known already is slowed down.
pub const CHECKS_PER_HOUR: i64 = 20;
