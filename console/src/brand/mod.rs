//! In whose name a page speaks: the tenant's name and colour. Both are facts of its profile, inherited down the tree:
//! `brand_name` (else the display name) and `brand_colour` (`#rrggbb`); a picture is kept apart, and named by a third.
//!
//! A colour reaches a page through a stylesheet of its own (`GET /t/{slug}/brand.css`), never as an inline style.

mod colour;

use crate::pages::Pages;
use axum::extract::{Path, State};
use colour::Colour;
pub(crate) use doorward_core::tenants::brand::{COLOUR, NAME, NAME_CHARS, is_colour, is_line};
use doorward_core::{Branch, Error, tenants};
use doorward_model::Slug;
use doorward_web::reply::{self, Reply as _};
use doorward_web::{Response, StatusCode};
use http::header;

/// A tenant as its pages show it.
#[derive(Clone, Debug)]
pub(crate) struct Brand {
    pub(crate) slug: String,
    pub(crate) name: String,
    colour: Option<Colour>,
    /// The tag of the picture, where there is one.
    logo: Option<String>,
}

impl Brand {
    pub(crate) fn of(branch: &Branch) -> Self {
        let tenant = branch.tenant();
        let name = branch.profile(NAME).filter(|name| is_line(name)).unwrap_or(&tenant.display_name);
        Self {
            slug: tenant.slug.to_string(),
            name: cut(name),
            // A colour that is none is no reason to show no page.
            colour: branch.profile(COLOUR).and_then(Colour::parse),
            logo: branch.profile(tenants::LOGO_FACT).filter(|tag| is_tag(tag)).map(str::to_owned),
        }
    }

    /// Where the stylesheet is, if there is anything in it. A new colour has a new address.
    pub(crate) fn stylesheet(&self) -> Option<String> {
        let colour = self.colour.as_ref()?;
        Some(format!("/t/{}/brand.css?{}", self.slug, colour.digits()))
    }
}

impl Brand {
    /// Where the picture is, if there is one. A new one has a new address.
    pub(crate) fn logo(&self) -> Option<String> {
        let tag = self.logo.as_ref()?;
        Some(format!("/t/{}/logo.png?{tag}", self.slug))
    }
}

/// Facts can be set by hand, and this one goes into an address.
fn is_tag(text: &str) -> bool {
    text.len() <= 16 && !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// As much of a name as pages show.
pub(crate) fn cut(name: &str) -> String {
    name.trim().chars().take(NAME_CHARS).collect()
}

/// Its address names its colour, and an operator who changes it is not in a hurry.
const KEPT: &str = "public, max-age=86400";

pub(crate) async fn stylesheet(State(pages): State<Pages>, Path(slug): Path<String>) -> Response {
    let branch = match find(&pages, &slug).await {
        Ok(branch) => branch,
        Err(status) => return reply::empty(status),
    };
    let text = Brand::of(&branch).colour.map(|colour| colour.stylesheet()).unwrap_or_default();
    reply::content(StatusCode::OK, "text/css; charset=utf-8", text).with_header(header::CACHE_CONTROL, KEPT)
}

/// The picture, which is a PNG whatever its bytes are: `nosniff` keeps browsers from finding anything else in it.
pub(crate) async fn logo(State(pages): State<Pages>, Path(slug): Path<String>) -> Response {
    let branch = match find(&pages, &slug).await {
        Ok(branch) => branch,
        Err(status) => return reply::empty(status),
    };
    match tenants::logo(&pages.core, &branch).await {
        Ok(Some(png)) => {
            reply::content(StatusCode::OK, "image/png", png).with_header(header::CACHE_CONTROL, KEPT)
        }
        Ok(None) => reply::empty(StatusCode::NOT_FOUND),
        Err(_) => reply::empty(StatusCode::SERVICE_UNAVAILABLE),
    }
}

/// Without these files pages are shown in Doorward's own colours, so no page tells what is wrong.
async fn find(pages: &Pages, slug: &str) -> Result<Branch, StatusCode> {
    let slug = Slug::parse(slug).map_err(|_| StatusCode::NOT_FOUND)?;
    match tenants::by_slug(&pages.core, &slug).await {
        Ok(branch) if branch.is_open() => Ok(branch),
        // A closed one is as unknown here as on every other page.
        Ok(_) | Err(Error::NotFound) => Err(StatusCode::NOT_FOUND),
        Err(_) => Err(StatusCode::SERVICE_UNAVAILABLE),
    }
}

#[cfg(test)]
mod tokens;
