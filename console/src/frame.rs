//! What stands around every page in its reader's language.
//!
//! A page is a template that extends `page.html` (one thing in the middle) or `frame.html` (a bar above, ways at the
//! side, room), and has two fields they ask for: `frame`, from [`crate::asked::Asked::frame`], and `title`, shown in the
//! browser's tab and as the page's heading. `docs/operators/pages.md` says what an operator may change of it.

use crate::brand::Brand;
use crate::words::{Lang, Words};

/// What stands around a page.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub(crate) lang: Lang,
    /// Path and query of the page, to come back to from a choice of language.
    pub(crate) here: String,
    /// In whose name the page speaks; Doorward's own without.
    pub(crate) brand: Option<Brand>,
    pub(crate) request_id: String,
}

impl Frame {
    pub(crate) fn words(&self) -> &'static Words {
        self.lang.words()
    }

    pub(crate) fn name(&self) -> &str {
        self.brand.as_ref().map_or("Doorward", |brand| brand.name.as_str())
    }

    pub(crate) fn asset(&self, file: &str) -> &'static str {
        crate::assets::path(file)
    }

    pub(crate) fn languages(&self) -> [Lang; 3] {
        Lang::ALL
    }
}
