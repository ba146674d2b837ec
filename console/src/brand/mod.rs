//! In whose name a page speaks: the tenant's name and colour. Both are facts of its profile, inherited down the tree:
//! `brand_name` (else the display name) and `brand_colour` (`#rrggbb`).
//!
//! A colour reaches a page through a stylesheet of its own (`GET /t/{slug}/brand.css`), never as an inline style.

mod colour;

use crate::pages::Pages;
use axum::extract::{Path, State};
use colour::Colour;
use doorward_core::{Branch, tenants};
use doorward_model::Slug;
use doorward_web::reply::{self, Reply as _};
use doorward_web::{Response, StatusCode};
use http::header;

/// The profile's facts.
const NAME: &str = "brand_name";
const COLOUR: &str = "brand_colour";
/// A name is shown in one line of a small page; the rest of a longer one is cut.
const NAME_CHARS: usize = 60;

/// A tenant as its pages show it.
#[derive(Clone, Debug)]
pub(crate) struct Brand {
    pub(crate) slug: String,
    pub(crate) name: String,
    colour: Option<Colour>,
}

impl Brand {
    pub(crate) fn of(branch: &Branch) -> Self {
        let tenant = branch.tenant();
        let name = branch.profile(NAME).filter(|name| is_line(name)).unwrap_or(&tenant.display_name);
        Self {
            slug: tenant.slug.to_string(),
            name: name.trim().chars().take(NAME_CHARS).collect(),
            // A colour that is none is no reason to show no page.
            colour: branch.profile(COLOUR).and_then(Colour::parse),
        }
    }

    /// Where the stylesheet is, if there is anything in it. A new colour has a new address.
    pub(crate) fn stylesheet(&self) -> Option<String> {
        let colour = self.colour.as_ref()?;
        Some(format!("/t/{}/brand.css?{}", self.slug, colour.digits()))
    }
}

fn is_line(text: &str) -> bool {
    !text.trim().is_empty() && !text.chars().any(char::is_control)
}

/// Its address names its colour, and an operator who changes it is not in a hurry.
const KEPT: &str = "public, max-age=86400";

pub(crate) async fn stylesheet(State(pages): State<Pages>, Path(slug): Path<String>) -> Response {
    let Ok(slug) = Slug::parse(&slug) else { return reply::empty(StatusCode::NOT_FOUND) };
    let branch = match tenants::by_slug(&pages.core, &slug).await {
        Ok(branch) => branch,
        Err(doorward_core::Error::NotFound) => return reply::empty(StatusCode::NOT_FOUND),
        // Without it pages are shown in Doorward's own colours.
        Err(_) => return reply::empty(StatusCode::SERVICE_UNAVAILABLE),
    };
    let text = Brand::of(&branch).colour.map(|colour| colour.stylesheet()).unwrap_or_default();
    reply::content(StatusCode::OK, "text/css; charset=utf-8", text).with_header(header::CACHE_CONTROL, KEPT)
}

#[cfg(test)]
mod tokens;
