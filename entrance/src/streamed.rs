//! An answer that is made while it is written keeps its connection busy, piece by piece. One that nobody reads does not:
//! no piece is made then.

use crate::activity::Activity;
use axum::body::{Body, HttpBody};
use hyper::body::{Bytes, Frame, SizeHint};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

/// The body of such an answer, told to its connection's [`Activity`].
struct Streamed {
    body: Body,
    activity: Arc<Activity>,
}

/// The same body; one of a known length is written at once and needs no telling.
pub(crate) fn told(body: Body, activity: &Arc<Activity>) -> Body {
    if body.size_hint().exact().is_some() {
        return body;
    }
    Body::new(Streamed { body, activity: Arc::clone(activity) })
}

impl HttpBody for Streamed {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        if polled.is_ready() {
            self.activity.used();
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt as _;
    use std::time::Duration;
    use tokio::time::{Instant, Sleep, sleep};

    const SPAN: Duration = Duration::from_secs(20);
    const PAUSE: Duration = Duration::from_secs(15);

    /// A piece after each pause.
    struct Paced(usize, Pin<Box<Sleep>>);

    impl HttpBody for Paced {
        type Data = Bytes;
        type Error = axum::Error;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            context: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
            std::task::ready!(self.1.as_mut().poll(context));
            let Some(left) = self.0.checked_sub(1) else { return Poll::Ready(None) };
            *self = Self(left, Box::pin(sleep(PAUSE)));
            Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(b"piece")))))
        }
    }

    #[tokio::test(start_paused = true)]
    async fn each_piece_begins_the_idle_time_anew() {
        let activity = Arc::new(Activity::new());
        let begin = Instant::now();
        let body = told(Body::new(Paced(4, Box::pin(sleep(PAUSE)))), &activity);
        let reading = async { assert_eq!(body.collect().await.unwrap().to_bytes().len(), 20) };
        tokio::join!(activity.idle_for(SPAN), reading);
        // Four pieces and the end, fifteen seconds each.
        assert_eq!(begin.elapsed(), PAUSE * 5 + SPAN);
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_nobody_reads_is_idle() {
        let activity = Arc::new(Activity::new());
        let begin = Instant::now();
        let _unread = told(Body::new(Paced(4, Box::pin(sleep(PAUSE)))), &activity);
        activity.idle_for(SPAN).await;
        assert_eq!(begin.elapsed(), SPAN);
    }
}
