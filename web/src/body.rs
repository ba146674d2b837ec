//! Reading a body: at most once, only when a handler asks, under a size and a time limit.

use crate::encoding::{self, MediaType};
use crate::{Fields, Refusal, limits};
use axum::body::Body;
use bytes::Bytes;
use http::{HeaderMap, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use thiserror::Error;
use tokio::sync::{Mutex, OnceCell};

/// A body that nobody has asked for yet, or its fields.
#[derive(Debug)]
pub(crate) struct LazyBody {
    unread: Mutex<Option<Body>>,
    limit: usize,
    fields: OnceCell<Fields>,
    /// Set once a body that arrived whole could not be decoded: whether it is written as a list of values.
    is_broken_list: OnceCell<bool>,
}

impl LazyBody {
    pub(crate) fn new(body: Body, limit: usize) -> Self {
        Self {
            unread: Mutex::new(Some(body)),
            limit,
            fields: OnceCell::new(),
            is_broken_list: OnceCell::new(),
        }
    }

    pub(crate) async fn fields(&self, headers: &HeaderMap) -> Result<&Fields, Refusal> {
        self.fields.get_or_try_init(|| self.read(headers)).await
    }

    async fn read(&self, headers: &HeaderMap) -> Result<Fields, Refusal> {
        let unread = self.unread.lock().await.take();
        let body = unread.ok_or_else(|| Refusal::malformed("the body could not be read"))?;
        let bytes = read_bytes(headers, body, self.limit).await?;
        let media = MediaType::of(headers);
        let decoded = encoding::decode(media.clone(), bytes.clone()).await;
        if decoded.is_err() {
            // Nobody else reads the body, so nobody has set it before.
            let _first = self.is_broken_list.set(encoding::is_positional(&media, &bytes));
        }
        decoded
    }

    /// Whether the body arrived, could not be decoded, and is a list of values nevertheless.
    pub(crate) fn is_broken_list(&self) -> bool {
        self.is_broken_list.get().copied().unwrap_or(false)
    }
}

/// Reads a whole body of at most `limit` bytes into fields. Handlers of doors call [`crate::Call::body`] instead.
pub async fn read_fields(headers: &HeaderMap, body: Body, limit: usize) -> Result<Fields, Refusal> {
    let bytes = read_bytes(headers, body, limit).await?;
    encoding::decode(MediaType::of(headers), bytes).await
}

/// Why a body could not be read whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Unread {
    /// It has more bytes than it may.
    #[error("the body has more than {limit} bytes")]
    TooLarge {
        /// In bytes.
        limit: usize,
    },
    /// It did not arrive in time.
    #[error("the body took too long to arrive")]
    TooSlow,
    /// Its client went away.
    #[error("the body ended early")]
    BrokenOff,
}

impl From<Unread> for Refusal {
    fn from(unread: Unread) -> Self {
        match unread {
            Unread::TooLarge { limit } => Self::BodyTooLarge { limit },
            Unread::TooSlow => Self::TooSlow,
            Unread::BrokenOff => Self::malformed(unread.to_string()),
        }
    }
}

/// Reads a whole body of at most `limit` bytes, within [`limits::BODY_READ_TIME`].
pub async fn read_bytes(headers: &HeaderMap, body: Body, limit: usize) -> Result<Bytes, Unread> {
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length: usize| length > limit) {
        return Err(Unread::TooLarge { limit });
    }
    let reading = tokio::time::timeout(limits::BODY_READ_TIME, Limited::new(body, limit).collect());
    match reading.await {
        Ok(Ok(whole)) => Ok(whole.to_bytes()),
        Ok(Err(fault)) if fault.is::<LengthLimitError>() => Err(Unread::TooLarge { limit }),
        Ok(Err(_)) => Err(Unread::BrokenOff),
        Err(_) => Err(Unread::TooSlow),
    }
}
