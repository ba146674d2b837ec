//! Tables as files: whole, whatever the pages are that they come in.

use doorward_core::Keyed;
use doorward_web::export::{Cells, Columns, Format, file};
use http_body_util::BodyExt as _;

const COLUMNS: Columns = &["name"];

/// What a client reads of a table in pages of so many rows.
async fn read(format: Format, pages: &'static [usize]) -> String {
    let page = move |at: Option<usize>| async move {
        let at = at.unwrap_or(0);
        let items: Vec<Cells> = (0..pages[at]).map(|row| vec![Some(format!("{at}.{row}"))]).collect();
        Ok(Keyed { items, next: Some(at + 1).filter(|next| *next < pages.len()) })
    };
    let response = file("table", format, COLUMNS, page).await.unwrap();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    String::from_utf8(body.to_vec()).unwrap()
}

#[tokio::test]
async fn a_page_may_be_empty_and_the_file_is_whole() {
    for pages in [&[0][..], &[0, 0], &[0, 2], &[0, 0, 1, 0, 1], &[2, 0], &[1, 1]] {
        let json = read(Format::Json, pages).await;
        let rows: Vec<serde_json::Value> = serde_json::from_str(&json).expect(&json);
        let expected: usize = pages.iter().sum();
        assert_eq!(rows.len(), expected, "{json}");
        assert_eq!(read(Format::JsonLines, pages).await.lines().count(), expected, "{pages:?}");
        assert_eq!(read(Format::Csv, pages).await.lines().count(), expected + 1, "{pages:?}");
    }
}
