//! What every page is given by the house.

use crate::knock::Knocker;
use axum::extract::FromRef;
use doorward_core::Core;

/// The state of the routes.
#[derive(Clone)]
pub(crate) struct Pages {
    pub(crate) core: Core,
    /// Whether pages are shown over plain HTTP to other machines. Never in production.
    pub(crate) allow_plain_http: bool,
    /// The way to the doors, for trying one.
    pub(crate) knocker: Knocker,
}

impl FromRef<Pages> for Core {
    fn from_ref(pages: &Pages) -> Self {
        pages.core.clone()
    }
}
