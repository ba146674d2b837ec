//! How long everything takes: bounded, so that a run ends within four minutes.

use std::time::Duration;

/// The size of a run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    /// How often each measurement is repeated, in turns with those it is compared with.
    pub(crate) rounds: usize,
    /// How long one measurement takes.
    pub(crate) span: Duration,
    /// How often the server is started on an existing database.
    pub(crate) starts: usize,
    /// How long a server idles after its last sign-in before its memory is read again.
    pub(crate) idle: Duration,
}

impl Plan {
    /// For figures to publish. About three minutes.
    pub(crate) const FULL: Self =
        Self { rounds: 5, span: Duration::from_secs(4), starts: 9, idle: Duration::from_secs(60) };

    /// To see that the bench works; its figures are worth little, and the memory is read before it is given back.
    pub(crate) const QUICK: Self =
        Self { rounds: 1, span: Duration::from_millis(300), starts: 1, idle: Duration::from_secs(1) };
}
