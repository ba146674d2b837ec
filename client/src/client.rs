//! The client: asks Doorward who is calling.

use crate::builder::Builder;
use crate::clock::Clock;
use crate::denied::{Denied, Unanswered};
use crate::identity::Identity;
use crate::memory::{Digest, Memory};
use crate::question::Question;
use crate::told::{Known, Told, garbage, unreadable};
use crate::transport::Transport;
use serde::Serialize;
use std::fmt;
use std::sync::Arc;

/// Questions of one batch (verify.md).
const BATCH: usize = 100;
/// Bytes of one batch: Doorward reads 512 KiB, so one caller's long headers would cost all others their answer.
const BATCH_BYTES: usize = 500 * 1024;

/// Asks Doorward who is calling. Clones share connections and memory; make one and keep it. Used inside tokio.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) transport: Transport,
    pub(crate) audience: Option<String>,
    /// Without one each question is asked.
    pub(crate) memory: Option<Memory>,
    pub(crate) clock: Clock,
}

impl Client {
    /// A client of the Doorward at `https://id.example.com`, to be completed: how this service may ask, who it is.
    pub fn builder(base: impl Into<String>) -> Builder {
        Builder::new(base.into())
    }

    pub(crate) fn of(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }

    pub(crate) fn transport(&self) -> &Transport {
        &self.0.transport
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// Who is calling, with a request's head (`&http::request::Parts`) or with a [`crate::Credential`]. Of a whole request
    /// whose body is not `Sync`, make the [`Question`] first.
    ///
    /// # Errors
    /// [`Denied::Refused`] where Doorward knows that they may not pass, [`Denied::Unanswered`] where nobody knows.
    pub async fn verify(&self, question: impl Into<Question>) -> Result<Identity, Denied> {
        self.answer(question.into()).await
    }

    /// The same of many, answered in their order; asked in batches of a hundred, past the memory.
    pub async fn verify_all(
        &self,
        questions: impl IntoIterator<Item = Question>,
    ) -> Vec<Result<Identity, Denied>> {
        self.answer_all(questions.into_iter().collect()).await
    }

    async fn answer_all(&self, questions: Vec<Question>) -> Vec<Result<Identity, Denied>> {
        let audience = self.0.audience.as_deref();
        let written = |question: &Question| Ok(json(&question.entry(audience)?)?);
        let mut answers = Vec::with_capacity(questions.len());
        let mut batch = Batch::default();
        for question in questions.iter().map(written) {
            if question.as_ref().is_ok_and(|text| batch.is_full_for(text)) {
                answers.extend(self.0.answer_batch(std::mem::take(&mut batch)).await);
            }
            batch.push(question);
        }
        answers.extend(self.0.answer_batch(batch).await);
        answers
    }

    async fn answer(&self, question: Question) -> Result<Identity, Denied> {
        let inner = &self.0;
        let entry = question.entry(inner.audience.as_deref())?;
        let Some(memory) = inner.memory.as_ref().filter(|_| !question.is_counted()) else {
            return inner.ask(json(&entry)?).await.map(|(known, _)| known.identity);
        };
        let digest = memory.digest(&json(&entry.without_address())?).ok_or_else(|| broken_down("a hash"))?;
        if let Some(identity) = memory.get(&digest, inner.clock.now()) {
            return Ok(identity);
        }
        let body = json(&entry)?;
        let ask = || Arc::clone(inner).ask_and_keep(body, digest);
        memory.flights.join(digest, ask).await.unwrap_or_else(|| Err(broken_down("the question").into()))
    }
}

impl Inner {
    /// One answer and its length.
    async fn ask(&self, question: Vec<u8>) -> Result<(Known, usize), Denied> {
        let body = self.transport.ask(question).await?;
        let told: Told = serde_json::from_slice(&body).map_err(|error| unreadable(&error))?;
        Ok((told.read()?, body.len()))
    }

    async fn ask_and_keep(self: Arc<Self>, question: Vec<u8>, digest: Digest) -> Result<Identity, Denied> {
        let asked = self.clock.now();
        let (Known { identity, assertion }, bytes) = self.ask(question).await?;
        if let Some(memory) = &self.memory {
            memory.keep(digest, &identity, assertion.as_deref(), asked, bytes);
        }
        Ok(identity)
    }

    async fn answer_batch(&self, batch: Batch) -> Vec<Result<Identity, Denied>> {
        let mut told = self.ask_all(&batch).await.map(Vec::into_iter);
        let answers = batch.places.into_iter().map(|place| match (place, &mut told) {
            (Err(denied), _) => Err(denied),
            (Ok(()), Err(unanswered)) => Err(unanswered.clone().into()),
            (Ok(()), Ok(told)) => {
                let told = told.next().ok_or_else(|| garbage("a list that is too short"))?;
                told.read().map(|known| known.identity)
            }
        });
        answers.collect()
    }

    async fn ask_all(&self, batch: &Batch) -> Result<Vec<Told>, Unanswered> {
        if batch.asked == 0 {
            return Ok(Vec::new());
        }
        let body = self.transport.ask(batch.list()).await?;
        let told: Vec<Told> = serde_json::from_slice(&body).map_err(|error| unreadable(&error))?;
        if told.len() == batch.asked { Ok(told) } else { Err(garbage("a list of another length")) }
    }
}

/// Questions that are asked together, and those between them that need no asking.
#[derive(Default)]
struct Batch {
    places: Vec<Result<(), Denied>>,
    /// Written one after the other, a comma between.
    questions: Vec<u8>,
    asked: usize,
}

impl Batch {
    fn is_full_for(&self, question: &[u8]) -> bool {
        self.asked == BATCH || (self.asked > 0 && self.questions.len() + question.len() > BATCH_BYTES)
    }

    fn push(&mut self, question: Result<Vec<u8>, Denied>) {
        let place = question.map(|text| {
            if self.asked > 0 {
                self.questions.push(b',');
            }
            self.questions.extend(text);
            self.asked += 1;
        });
        self.places.push(place);
    }

    fn list(&self) -> Vec<u8> {
        [b"[", self.questions.as_slice(), b"]"].concat()
    }
}

fn json(question: &impl Serialize) -> Result<Vec<u8>, Unanswered> {
    serde_json::to_vec(question).map_err(|_| broken_down("the question"))
}

/// What cannot happen, and would let nobody in if it did.
fn broken_down(what: &str) -> Unanswered {
    Unanswered::Away(format!("{what} broke down here"))
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { transport, audience, .. } = &*self.0;
        f.debug_struct("Client")
            .field("base", &transport.base())
            .field("audience", audience)
            .finish_non_exhaustive()
    }
}
