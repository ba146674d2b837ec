//! A body that is made while it is read.

use axum::body::Body;
use bytes::Bytes;
use doorward_core::{Error, Result};
use hyper::body::{Body as HttpBody, Frame};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// A piece, with what makes the one behind it.
type Piece = (Bytes, Option<Making>);

/// The next piece in the making.
pub(super) struct Making(pub(super) Pin<Box<dyn Future<Output = Result<Piece>> + Send>>);

/// A first piece and the rest.
pub(super) struct Streamed {
    ready: Option<Bytes>,
    making: Option<Making>,
}

impl Streamed {
    pub(super) fn body(first: Bytes, rest: Option<Making>) -> Body {
        match rest {
            // Of a known length.
            None => Body::from(first),
            Some(rest) => Body::new(Self { ready: Some(first), making: Some(rest) }),
        }
    }
}

impl HttpBody for Streamed {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>>>> {
        if let Some(piece) = self.ready.take() {
            return Poll::Ready(Some(Ok(Frame::data(piece))));
        }
        let Some(making) = &mut self.making else { return Poll::Ready(None) };
        let made = ready!(making.0.as_mut().poll(cx));
        self.making = None;
        let (piece, rest) = match made {
            Ok(made) => made,
            Err(fault) => return Poll::Ready(Some(Err(fault))),
        };
        self.making = rest;
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }
}
