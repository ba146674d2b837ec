//! From a host to a door, the house, or nobody.

use crate::toy::{ask, front};
use doorward_web::HostRouter;
use http::Request;
use serde_json::json;
use tower::Service;

#[tokio::test]
async fn a_host_leads_to_its_door_in_every_spelling() {
    for host in ["toy.example", "TOY.example", "toy.example.", "toy.example:8080", "Toy.Example.:443"] {
        assert_eq!(ask("GET /slug").host(host).send().await.status, 200, "{host}");
    }
    let seen = ask("GET /slug").host("NorthWind.toys.example:8443").send().await;
    assert_eq!(seen.json(), json!({ "slug": "northwind", "base": "https://northwind.toys.example" }));
}

#[tokio::test]
async fn an_absolute_address_names_the_host_too() {
    let absolute = || ask("GET https://northwind.toys.example/slug").without_header("host");
    assert_eq!(absolute().send().await.json()["slug"], "northwind");
    assert_eq!(absolute().host("northwind.toys.example:443").send().await.json()["slug"], "northwind");
    assert_eq!(absolute().host("southwind.toys.example").send().await.status, 400);
}

#[tokio::test]
async fn an_ambiguous_host_is_refused() {
    assert_eq!(ask("GET /slug").without_header("host").send().await.status, 400);
    assert_eq!(ask("GET /slug").header("host", "toy.example").send().await.status, 400);
    for host in [
        "",
        "user@toy.example",
        "toy.example:x",
        "toy.example:99999",
        "toy.example/",
        "toy,example",
        "toy example",
        "tö.example",
    ] {
        let seen = ask("GET /slug").host(host).send().await;
        assert_eq!(
            (seen.status.as_u16(), seen.json()),
            (400, json!({ "error": "the request names no single host" })),
            "{host}"
        );
    }
}

#[tokio::test]
async fn an_unknown_host_reaches_nothing() {
    for host in ["evil.example", "a.b.toys.example", "toy.example.evil", "127.0.0.1", "[::1]:8080"] {
        for path in ["/slug", "/healthz"] {
            let seen = ask(&format!("GET {path}")).host(host).send().await;
            assert_eq!(seen.status, 404);
            assert_eq!(seen.json(), json!({ "error": "no door at this host" }), "{host}");
        }
    }
}

#[tokio::test]
async fn the_house_answers_on_its_own_hosts_only() {
    assert_eq!(ask("GET /healthz").host("house.example").send().await.text, "fine");
    assert_eq!(ask("GET /healthz").send().await.status, 404);
    assert_eq!(ask("GET /slug").host("house.example").send().await.status, 404);
    assert_eq!(ask("GET /who").host("house.example:80").send().await.text, "203.0.113.9");
}

#[tokio::test]
async fn a_front_can_be_shared() {
    let front = front();
    for _ in 0..2 {
        assert_eq!(ask("GET /slug").send_to(front.clone()).await.status, 200);
    }
}

#[test]
fn a_front_serves_what_hyper_receives() {
    fn serves<S: Service<Request<hyper::body::Incoming>> + Clone + Send + 'static>() {}
    serves::<HostRouter>();
}
