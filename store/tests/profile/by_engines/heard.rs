//! What a server is sent is what was read in the sources: macros and constants mean here what they mean to the compiler.

use crate::{
    fresh::few,
    nouns::{POOL, id},
    profile::read,
};
use doorward_model::{Kind, PersonId, TenantId};
use doorward_store::{
    Db, Part,
    rosters::{self, Order, Sought},
    tenants, terms, tickets,
};
use doorward_testkit_postgres::{Own, is_skipped};
use std::collections::BTreeSet;

/// How the server's log tells of a statement.
const HEARD: &str = "execute <unnamed>: ";

/// The statements that are made of the most macros.
const ROSTERS: &str = "store/src/rosters.rs";

#[tokio::test]
async fn a_server_hears_the_texts_that_were_read() {
    if is_skipped() {
        return;
    }
    let server = Own::start("log_statement = 'all'");
    let db = Db::open_postgres(&few(&server.url("postgres"))).unwrap();
    ask(&db).await;
    db.close().await;
    let log = std::fs::read_to_string(server.socket().join("log")).unwrap();
    let heard: BTreeSet<&str> =
        log.lines().filter_map(|line| line.split_once(HEARD)).map(|(_, text)| text).collect();
    let texts = read::the_store().texts;
    let read: BTreeSet<&str> = texts.iter().map(|text| text.postgres.as_str()).collect();
    let unread: Vec<_> = heard.difference(&read).collect();
    assert!(unread.is_empty(), "the server heard what was not read: {unread:#?}");
    for text in texts.iter().filter(|text| text.file == ROSTERS) {
        assert!(
            heard.contains(text.postgres.as_str()),
            "the server did not hear {}: {}",
            text.name,
            text.postgres
        );
    }
}

async fn ask(db: &Db) {
    let answer = db.read(POOL, |tx| {
        let tenant = TenantId::new(id(7));
        let sought = Sought { tenant, kinds: &[Kind::Contact], text: "" };
        let part = Part { start: 0, rows: 1 };
        for order in [Order::Created, Order::Modified, Order::Name, Order::Email] {
            for descending in [false, true] {
                rosters::list(tx, sought, (order, descending), part)?;
            }
        }
        rosters::count(tx, sought)?;
        rosters::list_after(tx, tenant, PersonId::new(id(9)), 1)?;
        terms::list(tx, tenant)?;
        tenants::list_existing_children(tx, tenant, part)?;
        tickets::find_open(tx, doorward_model::TicketId::new(id(8)), crate::nouns::at(1), 0)?;
        Ok(())
    });
    answer.await.unwrap();
}
