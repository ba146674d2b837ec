//! Knocking at one's own doors: a request through everything a client's would go through, from inside.

use doorward_web::{Connection, HostRouter, Response};
use http::Request;
use std::sync::{Arc, OnceLock};

/// The way to the doors. Made before they are, since the console is served beside them; [`Knocker::lead_to`] opens it.
#[derive(Clone, Debug, Default)]
pub struct Knocker(Arc<OnceLock<HostRouter>>);

impl Knocker {
    /// Leads to these doors; the first time counts.
    pub fn lead_to(&self, doors: HostRouter) {
        // Once led somewhere it stays: there is one front of a process.
        let _stays = self.0.set(doors);
    }

    /// Sends a request to whichever door its host leads to; `None` before there are any.
    pub(crate) async fn knock(
        &self,
        mut request: Request<axum::body::Body>,
        from: Connection,
    ) -> Option<Response> {
        let doors = self.0.get()?;
        request.extensions_mut().insert(from);
        Some(doors.answer(request).await)
    }
}
