//! Waiting for the server's answer: no longer than agreed, and not for a server that has fallen silent.

use super::{Link, WAY};
use crate::engine::postgres::{
    PostgresSettings,
    errors::{Failure, translate},
    trust::Trust,
};
use std::{
    future::{Future, poll_fn},
    pin::pin,
    sync::Arc,
    task::Poll,
    time::{Duration, Instant},
};
use tokio::time::timeout;

#[derive(Clone, Copy)]
pub(super) struct Limits {
    /// Of one statement, on the server.
    pub(super) statement: Duration,
    /// Of one answer, here.
    answer: Duration,
}

impl Limits {
    pub(super) fn of(settings: &PostgresSettings) -> Self {
        let statement = settings.statement_timeout;
        Self { statement, answer: statement.saturating_add(WAY) }
    }
}

/// Which of the hosts a connection leads to, and since when.
pub(in crate::engine::postgres) struct Way {
    host: usize,
    trust: Arc<Trust>,
    opened: Instant,
}

impl Way {
    /// Of a connection that is opened now.
    pub(in crate::engine::postgres) fn new(host: usize, trust: &Arc<Trust>) -> Self {
        Self { host, trust: Arc::clone(trust), opened: Instant::now() }
    }

    /// Whether others have found that nothing is to be heard over it any more.
    pub(super) fn is_lost(&self) -> bool {
        self.trust.is_lost(self.host, self.opened)
    }
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unheard {
    /// Not within its time.
    Late,
    /// Somebody else waited in vain already.
    Silent,
}

impl Link {
    /// When it was opened.
    pub(in crate::engine::postgres) fn opened(&self) -> Instant {
        self.way.opened
    }

    /// Has the next host asked before this one, from the next connection on; whether there is one.
    pub(in crate::engine::postgres) fn leave(&self) -> bool {
        self.way.trust.leave(self.way.host)
    }

    /// Has its host asked first.
    pub(in crate::engine::postgres) fn settle(&self) {
        self.way.trust.settle(self.way.host);
    }

    /// Tells the other connections to its host that this one waited in vain; behind a pooler that may have been the turn of
    /// this one alone.
    pub(super) fn fell_silent(&self) {
        if self.has_moved() {
            return;
        }
        self.way.trust.fell_silent(self.way.host, self.way.opened);
    }

    /// Waits for one statement as long as it may take.
    pub(in crate::engine::postgres) fn answer<T>(
        &self,
        asked: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Result<T, Failure> {
        self.wait(self.limits.answer, asked)
    }

    pub(super) fn wait<T>(
        &self,
        limit: Duration,
        asked: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Result<T, Failure> {
        let answered = match self.runtime.block_on(self.within(limit, asked)) {
            Ok(answer) => answer.map_err(|error| translate(&error)),
            Err(Unheard::Late) => {
                // A server that is only slow would have ended the statement itself by now.
                self.fell_silent();
                Err(Failure::Lost(format!("no answer within {limit:?}")))
            }
            Err(Unheard::Silent) => Err(Failure::Lost("the server fell silent".to_owned())),
        };
        if let Err(Failure::Lost(_)) = answered {
            self.broken.set(true);
        }
        answered
    }

    /// What was asked, unless it takes longer or nobody answers others either.
    pub(super) async fn within<T>(
        &self,
        limit: Duration,
        asked: impl Future<Output = T>,
    ) -> Result<T, Unheard> {
        let (mut asked, mut lost) =
            (pin!(timeout(limit, asked)), pin!(self.way.trust.lost(self.way.host, self.way.opened)));
        poll_fn(|cx| {
            if let Poll::Ready(answer) = asked.as_mut().poll(cx) {
                return Poll::Ready(answer.map_err(|_| Unheard::Late));
            }
            lost.as_mut().poll(cx).map(|()| Err(Unheard::Silent))
        })
        .await
    }
}
