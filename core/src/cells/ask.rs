//! Asking the home of a key pair: by the cell that was called, and answered by the home.

use super::{Account, Cells, Home, home};
use crate::verify::{self, Pair};
use crate::{Caller, Core, Error, Result};
use doorward_crypto::HashPurpose;
use doorward_model::{AccessKeyName, RateLimit, RegionCode, Secret, Timestamp};
use quick_cache::sync::Cache;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

/// How long a good answer of a home is good for the same pair: as long as a client's calls come in bursts. A key that was revoked
/// there may be answered here for so long.
pub const ANSWER_KEPT: Duration = Duration::from_secs(5);
/// Answers that are kept: about 8 MB, more than a cell's clients ask for in that time.
const ANSWERS: usize = 4_096;
/// When to try again while the home does not answer: it has stopped, or the way to it is cut, for more than a moment.
const AWAY_RETRY: Duration = Duration::from_secs(5);
/// When to try again while all places for asking the home are taken: they are given back within the time a home has to answer,
/// two seconds by default.
const BUSY_RETRY: Duration = Duration::from_secs(2);

/// A key pair that another cell is asked about.
#[derive(Clone, Debug)]
pub struct Question {
    /// The public half.
    pub key: AccessKeyName,
    /// The other.
    pub secret: Secret,
}

/// What a home says of a key pair of its own.
#[derive(Clone, PartialEq, Debug)]
pub enum Answer {
    /// Whose it is.
    Good(Box<Account>),
    /// Nobody's: unknown, wrong, disabled, expired, ended; one answer.
    Wrong,
    /// The key's window is full there.
    RateLimited {
        /// The limit in force.
        limit: RateLimit,
        /// When the next call passes.
        retry_after: Duration,
    },
    /// The home answers, but its database does not.
    Busy {
        /// When to try again.
        retry_after: Duration,
    },
}

/// Why a home did not answer, for the log.
pub type Away = String;

/// An answer to come.
pub type Asked = Pin<Box<dyn Future<Output = Result<Answer, Away>> + Send>>;

/// How another cell is asked.
pub type AskHome = Arc<dyn Fn(RegionCode, Question) -> Asked + Send + Sync>;

/// Answers of a moment ago.
pub(super) struct Answers(Cache<PairHash, Arc<Kept>>);

/// A key and the keyed hash of the secret that came with it.
type PairHash = (AccessKeyName, [u8; 32]);

struct Kept {
    what: Remembered,
    until: Timestamp,
}

enum Remembered {
    Good(Box<Account>),
    /// The key's window is full at home, and until this moment it can only fill further: the home need not be asked.
    Full(RateLimit, Timestamp),
}

impl Answers {
    pub(super) fn new() -> Self {
        Self(Cache::new(ANSWERS))
    }

    fn find(&self, pair: &PairHash, now: Timestamp) -> Option<Arc<Kept>> {
        self.0.get(pair).filter(|kept| now < kept.until)
    }

    fn keep(&self, pair: PairHash, what: Remembered, until: Timestamp) {
        self.0.insert(pair, Arc::new(Kept { what, until }));
    }
}

/// Whose a key pair of another cell is. The home counts the call in the key's window; here wrong pairs, and those not yet
/// answered, count against the caller's address, and good ones in a window of this node, which is all that holds the calls
/// between two questions.
///
/// Errors: [`Error::WrongCredentials`], [`Error::RateLimited`], [`Error::HomeAway`] when the home does not answer, and
/// [`Error::Unavailable`] while it is asked about too many others.
pub(crate) async fn ask(
    core: &Core,
    cells: &Cells,
    caller: &Caller,
    home: RegionCode,
    question: Question,
) -> Result<Account> {
    let secret = core.keys().hash(HashPurpose::CellAnswer, question.secret.expose().as_bytes());
    let pair = (question.key.clone(), *secret.bytes());
    let peer = cells.peer(&home).ok_or(Error::HomeAway { retry_after: AWAY_RETRY })?;
    // From before the question: what is revoked while it is answered is not kept for longer than that.
    let now = core.now();
    if let Some(kept) = cells.answers.find(&pair, now) {
        peer.was_kept();
        return match &kept.what {
            Remembered::Good(account) => {
                core.windows().abroad.admit(pair.0.clone(), account.rate)?;
                Ok((**account).clone())
            }
            Remembered::Full(limit, until) => {
                Err(Error::RateLimited { limit: *limit, retry_after: until.since(now) })
            }
        };
    }
    verify::room_for_strangers(core, caller)?;
    let Some(_place) = peer.place().await else {
        if peer.was_busy(core.now()) {
            tracing::warn!(
                cell = home.as_str(),
                "every place for asking the home of a key is taken; this is said once a minute"
            );
        }
        return Err(Error::Unavailable { retry_after: BUSY_RETRY });
    };
    let guess = verify::guess(core, caller)?;
    match (cells.ask)(home.clone(), question).await {
        Ok(Answer::Good(account)) => {
            guess.forget();
            let key = pair.0.clone();
            cells.answers.keep(pair, Remembered::Good(account.clone()), now.plus(ANSWER_KEPT));
            core.windows().abroad.admit(key, account.rate)?;
            Ok(*account)
        }
        // It stays counted.
        Ok(Answer::Wrong) => Err(Error::WrongCredentials),
        Ok(Answer::RateLimited { limit, retry_after }) => {
            guess.forget();
            let (until, kept) = (now.plus(retry_after), now.plus(retry_after.min(ANSWER_KEPT)));
            cells.answers.keep(pair, Remembered::Full(limit, until), kept);
            Err(Error::RateLimited { limit, retry_after })
        }
        Ok(Answer::Busy { retry_after }) => {
            guess.forget();
            peer.was_away();
            Err(Error::HomeAway { retry_after })
        }
        Err(reason) => {
            guess.forget();
            peer.was_away();
            tracing::warn!(cell = home.as_str(), reason, "the home of a key does not answer");
            Err(Error::HomeAway { retry_after: AWAY_RETRY })
        }
    }
}

/// What this cell says of a key pair of its own when another cell asks. The call counts in the key's window; a wrong pair counts
/// where its caller is known.
///
/// Errors: [`Error::NotFound`] where this is no cell, and what keeps this one from answering.
pub async fn answer(core: &Core, question: &Question) -> Result<Answer> {
    let cells = core.cells().ok_or(Error::NotFound)?;
    let asker = Caller::local("cell");
    let answered = match verify::pair(core, &asker, question.key.as_str(), &question.secret).await {
        Ok(Pair::Good(account)) => {
            let is_ours = match &account.home {
                Home::Here(region) => region.as_ref().is_none_or(|region| region == cells.name()),
                Home::Elsewhere(_) => false,
            };
            if is_ours {
                let home = Home::Elsewhere(home::places(core).await?.hosts);
                Answer::Good(Box::new(Account { home, ..*account }))
            } else {
                Answer::Wrong
            }
        }
        Ok(Pair::Wrong) => Answer::Wrong,
        Err(Error::RateLimited { limit, retry_after }) => Answer::RateLimited { limit, retry_after },
        Err(Error::Unavailable { retry_after }) => Answer::Busy { retry_after },
        Err(other) => return Err(other),
    };
    Ok(answered)
}
