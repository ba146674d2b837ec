//! The Postman collection is the list of routes, as docs/clients/leadsquared.md calls them.

use doorward_leadsquared::Leadsquared;
use doorward_testkit::postman::{Call, Collection, Field};
use doorward_web::{RouteInfo, route_list};

const ABOUT: &str = "LeadSquared's calls at a Doorward door. Set base_url to the host of your region, and the key pair to yours; after \
                     `doorward demo --data demo` they stand in demo/demo.json under `leadsquared`. The pair in headers keeps the \
                     secret out of proxies' logs; in the query it is as good.";

const VARIABLES: &[(&str, &str, &str)] = &[
    ("base_url", "http://api-in21.leadsquared.localhost:8080", "The host of your region"),
    ("access_key", "", "The public half of the pair: u$r…"),
    ("secret_key", "", "The secret half"),
];

fn call(route: RouteInfo, is_in_query: bool) -> Call {
    let (name, more) = if is_in_query { ("accessKey", ", in the query") } else { ("x-LSQ-AccessKey", "") };
    let secret = if is_in_query { "secretKey" } else { "x-LSQ-SecretKey" };
    let pair = vec![Field::on(name, "{{access_key}}"), Field::on(secret, "{{secret_key}}")];
    let (headers, query) = if is_in_query { (Vec::new(), pair) } else { (pair, Vec::new()) };
    Call {
        method: route.method.to_string(),
        path: route.path.to_owned(),
        name: format!("{}{more}", route.doc),
        about: format!("Who may call: {}.", route.access),
        headers,
        query,
        answers: 200,
        ..Call::default()
    }
}

#[test]
fn the_collection_is_fresh() {
    // What only stands in for services behind Doorward is no call of ours.
    let own = route_list::<Leadsquared>().into_iter().filter(|route| !route.stands_in);
    let calls = own.flat_map(|route| [call(route.clone(), false), call(route, true)]).collect();
    let collection = Collection {
        name: "Doorward: LeadSquared",
        about: ABOUT,
        variables: VARIABLES,
        bearer: false,
        folders: vec![("LeadSquared".to_owned(), calls)],
    };
    collection.is_fresh("leadsquared.json");
}
