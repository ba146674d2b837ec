//! The table of endpoints in `README.md` is the route list.

use doorward_bookingbug::Bookingbug;
use doorward_web::route_list;

const README: &str = include_str!("../README.md");

#[test]
fn the_readme_lists_every_endpoint() {
    let rows = route_list::<Bookingbug>()
        .into_iter()
        .map(|route| format!("| `{} {}` | {} | {} |\n", route.method, route.path, route.access, route.doc));
    let table = format!("| call | who | what |\n| --- | --- | --- |\n{}", rows.collect::<String>());
    let (_, rest) = README.split_once("<!-- endpoints -->\n").unwrap();
    let (said, _) = rest.split_once("<!-- end of endpoints -->").unwrap();
    assert_eq!(said, table, "the table in dialects/bookingbug/README.md is stale");
}
