//! The reference page: the document for people, without a script and without a request to anybody else.

use crate::problem::Code;
use crate::{BASE, routes};
use doorward_web::reply::{self, Reply as _};
use doorward_web::{Response, StatusCode, page_headers};
use http::header;

const FILE: &str = include_str!("../reference.html");
const STYLE: &str = include_str!("../assets/reference.css");

pub(crate) async fn serve() -> Response {
    let mut response = reply::content(StatusCode::OK, "text/html; charset=utf-8", FILE);
    page_headers(response.headers_mut());
    response
}

pub(crate) async fn style() -> Response {
    reply::content(StatusCode::OK, "text/css; charset=utf-8", STYLE)
        .with_header(header::CACHE_CONTROL, crate::openapi::CACHED)
}

/// The page, made anew; a test keeps the file equal to it. Everything in it is ours: nothing needs escaping but what
/// [`escaped`] does, because a doc may say `<`.
pub fn page() -> String {
    let mut html = String::from(HEAD);
    for endpoint in routes::all() {
        html.push_str(&format!(
            "<section id=\"{0}\"><h2><code>{1} {BASE}{2}</code></h2><p>{3}.</p><p>Scope <code>{4}</code>.</p>\n",
            endpoint.name,
            endpoint.method,
            escaped(endpoint.path),
            escaped(endpoint.doc),
            endpoint.scope.as_str(),
        ));
        if !endpoint.parameters.is_empty() {
            html.push_str("<dl>");
            for it in endpoint.parameters {
                html.push_str(&format!(
                    "<dt><code>{}</code> ({})</dt><dd>{}</dd>",
                    it.name,
                    it.place,
                    escaped(it.doc)
                ));
            }
            html.push_str("</dl>\n");
        }
        html.push_str("</section>\n");
    }
    html.push_str("<h2>Refusals</h2>\n<dl>");
    for (_, word, status, title) in Code::ALL {
        html.push_str(&format!(
            "<dt id=\"{word}\"><code>{word}</code> ({})</dt><dd>{title}.</dd>",
            status.as_u16()
        ));
    }
    html.push_str("</dl>\n</main></body></html>\n");
    html
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

const HEAD: &str = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>Doorward management API</title>\
<link rel=\"stylesheet\" href=\"reference.css\"></head><body><main><h1>Doorward management API</h1>\
<p>The same as a document: <a href=\"openapi.json\">openapi.json</a>.</p>\n";
