//! The endpoint table of `README.md` is made from the routes; this finds it stale.

use doorward_rubicrm::Rubicrm;
use std::fmt::Write as _;

const README: &str = include_str!("../README.md");

#[test]
fn the_endpoint_table_is_made_from_the_routes() {
    let mut table = String::from("\n| call | who may | what it does |\n| --- | --- | --- |\n");
    for route in doorward_web::route_list::<Rubicrm>() {
        writeln!(table, "| `{} {}` | {} | {} |", route.method, route.path, route.access, route.doc).unwrap();
    }
    let (_, rest) = README.split_once("<!-- endpoints -->").unwrap();
    let (written, _) = rest.split_once("<!-- /endpoints -->").unwrap();
    assert_eq!(written, table, "write this table into README.md");
}
