//! Mails: how far they got, and another try.

use crate::desk::{Desk, refusal};
use doorward_core::outbox::{self, Delivery};
use doorward_core::people::{NewPassword, NewPerson};
use doorward_core::{invite, links::LinkForm};
use doorward_model::{Kind, Role};
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn a_waiting_mail_is_tried_again_and_one_that_is_over_cannot_be() {
    let desk = Desk::open().await;
    let (core, caller, operator) = (&desk.house.core, &desk.house.caller, &desk.house.operator);
    let top = desk.house.pool("northwind").await;
    let below = desk.house.child("below", &top).await;
    for email in ["ada@northwind.example", "eve@northwind.example"] {
        let without = |new: &mut NewPerson| new.password = NewPassword::None;
        let person = desk.house.person_with(&top, email, Kind::User, Role::User, without).await;
        desk.house.clock.advance(Duration::from_secs(1));
        invite::again(core, caller, operator, &top, person.id, LinkForm::INVITATION).await.unwrap();
    }
    let token = desk.token(&top, &["manage:mails:write"]).await;
    let path = format!("/tenants/{}/mails", top.tenant().id);
    let page = desk.get(&token, &format!("{path}?limit=1")).await.json();
    assert_eq!(
        (&page["items"][0]["kind"], &page["items"][0]["state"]),
        (&json!("invitation"), &json!("queued"))
    );
    let rest =
        desk.get(&token, &format!("{path}?limit=1&cursor={}", page["next"].as_str().unwrap())).await.json();
    assert_eq!((rest["items"].as_array().unwrap().len(), &rest["next"]), (1, &json!(null)));
    assert!(!page.to_string().contains("eve@"), "to whom stays sealed");

    let (lease, letters) = outbox::claim(core).await.unwrap();
    let retry =
        async |n: usize| desk.post(&token, &format!("{path}/{}/retry", letters[n].id), &[], &json!({})).await;
    let busy = retry(0).await;
    assert_eq!(
        (refusal(&busy).0, busy.json()["detail"].clone()),
        (409, json!("it is being delivered at this moment"))
    );
    let later =
        Delivery::Later { at: core.now().plus(Duration::from_secs(3600)), reason: "greylisted".to_owned() };
    outbox::settle(core, lease, &letters[0], later).await.unwrap();
    outbox::settle(core, lease, &letters[1], Delivery::GivenUp { reason: "no such mailbox".to_owned() })
        .await
        .unwrap();
    let waiting = desk.get(&token, &format!("{path}?state=queued")).await.json();
    assert_eq!(
        (waiting["items"].as_array().unwrap().len(), &waiting["items"][0]["last_error"]),
        (1, &json!("greylisted"))
    );
    assert!(outbox::claim(core).await.unwrap().1.is_empty(), "it pauses");
    assert_eq!(retry(0).await.status, 200);
    assert_eq!(outbox::claim(core).await.unwrap().1.len(), 1);

    let over = retry(1).await;
    assert_eq!(refusal(&over).0, 409);
    assert!(over.json()["detail"].as_str().unwrap().contains("erased"), "{}", over.text());
    let one = desk.get(&token, &format!("{path}/{}", letters[1].id)).await.json();
    assert_eq!(
        (&one["state"], &one["last_error"], &one["due_at"]),
        (&json!("failed"), &json!("no such mailbox"), &json!(null))
    );

    let events = desk
        .get(
            &desk.token(&top, &["manage"]).await,
            &format!("/tenants/{}/events?kind=mail_retried", top.tenant().id),
        )
        .await;
    assert_eq!(events.json()["items"].as_array().unwrap().len(), 1);
    let lower = desk.get(&token, &format!("/tenants/{}/mails", below.tenant().id)).await;
    assert_eq!((refusal(&lower).0, lower.json()["field"].clone()), (422, json!("tenant")));
}
