//! The outbox: what is claimed, and what can never go out.

use doorward_core::outbox;
use doorward_model::{Mail, MailId, MailKind, Role};
use doorward_store::mails;
use doorward_testkit::House;
use uuid::Uuid;

#[tokio::test]
async fn a_mail_that_does_not_open_is_given_up_and_its_neighbours_go_out() {
    let house = House::start().await;
    let spa = house.pool("spa").await;
    house.mails().await;
    let kind = doorward_model::Kind::User;
    let change = |new: &mut doorward_core::people::NewPerson| new.verified = doorward_model::Verified::No;
    house.person_with(&spa, "ada@spa.example", kind, Role::User, change).await;
    let broken = Mail {
        id: MailId::new(Uuid::nil()),
        pool: Some(spa.pool()),
        kind: MailKind::Reset,
        sealed: b"sealed elsewhere".to_vec(),
        attempts: 0,
        created_at: house.core.now(),
    };
    house.core.db().write(spa.pool(), move |tx| mails::insert(tx, &broken)).await.unwrap();
    let (lease, letters) = outbox::claim(&house.core).await.unwrap();
    assert_eq!(letters.iter().map(|letter| letter.kind).collect::<Vec<_>>(), [MailKind::Validation]);
    outbox::settle(&house.core, lease, &letters[0], outbox::Delivery::Sent).await.unwrap();
    assert_eq!(outbox::oldest_waiting(&house.core).await.unwrap(), None, "nothing is left to claim again");
}
