//! Pages as a browser without JavaScript uses them.
#![expect(clippy::unwrap_used, reason = "what fails in a test's own preparations fails the test")]

mod account;
mod assets;
mod browser;
mod console;
mod dead_links;
mod hosted;
mod hostile;
mod languages;
mod links;
mod sign_in;
mod transport;

use doorward_core::{Branch, links::LinkForm, passwords::reset};
use doorward_model::{Kind, MailKind, Person, Role};
use doorward_testkit::{Answer, Client, House, Request};

const HOST: &str = "id.example";
const FORM: &str = "application/x-www-form-urlencoded";

fn browser(house: &House) -> Client {
    house.pages(HOST, doorward_console::router(house.core.clone(), doorward_console::Given::default()))
}

/// The path and query of the link in the newest mail of a kind.
async fn link(house: &House, kind: MailKind) -> String {
    let mails = house.mails().await;
    let mail = mails.iter().rev().find(|mail| mail.kind == kind).unwrap();
    mail.content.link.clone().unwrap().strip_prefix("https://id.example").unwrap().to_owned()
}

/// Submits the form of a page: its hidden fields are the link's parameters.
async fn submit(browser: &Client, link: &str, fields: &str) -> Answer {
    let (page, parameters) = link.split_once('?').unwrap();
    let body = format!("{parameters}&{fields}");
    browser.send(Request::post(HOST, page).body(FORM, body)).await
}

async fn someone(house: &House) -> (Branch, Person) {
    let branch = house.pool("northwind").await;
    let person = house.person(&branch, "ada@northwind.example", Kind::User, Role::User).await;
    (branch, person)
}

/// A link that resets the person's password.
async fn reset_link(house: &House, branch: &Branch, person: &Person) -> String {
    reset::request(&house.core, &house.caller, branch, person.email.as_written(), LinkForm::RESET)
        .await
        .unwrap();
    link(house, MailKind::Reset).await
}

/// Hashes that were computed: a thread counts one when its answer is already on its way, so this waits until none is at work.
async fn hashes(house: &House) -> u64 {
    loop {
        let stats = house.core.hashes().stats();
        if stats.running == 0 {
            return stats.finished;
        }
        tokio::task::yield_now().await;
    }
}
