//! Stylesheets.

pub(crate) fn path(_file: &str) -> &'static str {
    "/assets/pages.css"
}
