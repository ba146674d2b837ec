//! Faults of ours: the door's own words, and no detail.

use crate::toy::{ask, front};
use serde_json::json;

#[tokio::test]
async fn a_panic_and_a_fault_are_the_same_500_in_the_doors_own_words() {
    for path in ["/panic", "/fault"] {
        let seen = ask(&format!("GET {path}")).send().await;
        assert_eq!(seen.status, 500);
        assert_eq!(seen.json(), json!({ "toy": "internal error", "door": "one" }));
        assert_eq!(seen.header("x-request-id").unwrap().len(), 16);
    }
}

#[tokio::test]
async fn a_panic_of_the_house_stays_there() {
    let front = front();
    let seen = ask("GET /boom").host("house.example").send_to(front.clone()).await;
    assert_eq!((seen.status.as_u16(), seen.json()), (500, json!({ "error": "internal error" })));
    assert_eq!(ask("GET /healthz").host("house.example").send_to(front).await.text, "fine");
}
