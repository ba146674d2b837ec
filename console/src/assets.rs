//! The files that pages ask for, joined and packed when the program was built (`build.rs`), named by their content.

use axum::Router;
use axum::extract::Path;
use axum::routing::get;
use doorward_web::reply::{self, Reply as _};
use doorward_web::{HeaderMap, Response, StatusCode};
use http::header;

struct Asset {
    name: &'static str,
    extension: &'static str,
    media: &'static str,
    /// Of the content.
    tag: &'static str,
    path: &'static str,
    plain: &'static [u8],
    packed: &'static [u8],
}

static ASSETS: &[Asset] = &include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// Where a page finds an asset: `path("pages.css")`.
pub(crate) fn path(file: &str) -> &'static str {
    find(file).map_or("", |asset| asset.path)
}

/// The content never changes under its address.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

pub(crate) fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/assets/{file}", get(serve))
}

async fn serve(Path(file): Path<String>, headers: HeaderMap) -> Response {
    // name.tag.extension; a page of the version before asks for another tag, and gets today's, to be asked for again.
    let (name, tag, extension) = match file.split('.').collect::<Vec<_>>()[..] {
        [name, tag, extension] => (name, tag, extension),
        _ => return reply::empty(StatusCode::NOT_FOUND),
    };
    let Some(asset) = find(&format!("{name}.{extension}")) else {
        return reply::empty(StatusCode::NOT_FOUND);
    };
    let keep = if tag == asset.tag { FOR_EVER } else { "no-cache" };
    let response = if takes_gzip(&headers) {
        reply::content(StatusCode::OK, asset.media, asset.packed)
            .with_header(header::CONTENT_ENCODING, "gzip")
    } else {
        reply::content(StatusCode::OK, asset.media, asset.plain)
    };
    response.with_header(header::CACHE_CONTROL, keep).with_header(header::VARY, "accept-encoding")
}

fn find(file: &str) -> Option<&'static Asset> {
    let (name, extension) = file.split_once('.')?;
    ASSETS.iter().find(|asset| asset.name == name && asset.extension == extension)
}

fn takes_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT_ENCODING).iter();
    let accepted = accepted.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    let mut codings = accepted.map(|coding| coding.split_once(';').unwrap_or((coding, "")));
    codings.any(|(coding, weight)| {
        coding.trim().eq_ignore_ascii_case("gzip")
            && !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_pages_ask_for_is_there_and_small() {
        for file in ["pages.css", "once.js", "show.js", "icon.svg"] {
            assert!(path(file).starts_with("/assets/"), "{file}");
        }
        let packed: usize = ASSETS.iter().map(|asset| asset.packed.len()).sum();
        assert!(packed < 15_000, "a hosted page is 30 KB in all, its text included; assets have {packed}");
    }

    #[test]
    fn no_asset_asks_another_server_for_anything() {
        for asset in ASSETS {
            let text = String::from_utf8_lossy(asset.plain).replace("http://www.w3.org/2000/svg", "");
            assert!(
                !text.contains("://") && !text.contains("@import") && !text.contains("url("),
                "{}",
                asset.name
            );
        }
    }
}
