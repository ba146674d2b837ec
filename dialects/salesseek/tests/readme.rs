//! The README's table of endpoints is the list of routes.

use doorward_salesseek::Salesseek;
use doorward_web::route_list;

const README: &str = include_str!("../README.md");
const BEGIN: &str = "<!-- endpoints: begin -->\n";
const END: &str = "<!-- endpoints: end -->";

#[test]
fn the_table_of_endpoints_is_complete() {
    let mut table =
        String::from("| method | path | who may call | what it does |\n| --- | --- | --- | --- |\n");
    for route in route_list::<Salesseek>() {
        table += &format!("| {} | `{}` | {} | {} |\n", route.method, route.path, route.access, route.doc);
    }
    let (_, rest) = README.split_once(BEGIN).unwrap();
    let (written, _) = rest.split_once(END).unwrap();
    assert_eq!(written, table, "put this table between the markers:\n{table}");
}
