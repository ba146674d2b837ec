//! P4: a one-time code is claimed by the write itself. Fifty clients redeem one code at the same moment, over sockets.

use crate::process::{Answer, Ask, Demo};
use serde_json::json;
use std::sync::Barrier;
use std::thread;

/// As many as the promise says.
const CLIENTS: usize = 50;

#[test]
fn a_reset_code_sets_one_password() {
    let demo = Demo::start();
    let (host, email) = (demo.text("/salesseek/host"), demo.text("/salesseek/user/email_address"));
    let asked = json!({ "email_address": email, "callback_url": demo.text("/salesseek/callback_url") });
    assert_eq!(demo.send(&Ask::post(host, "/api/forgotten").json(&asked)).status, 200);
    let (user_id, token) = mailed_code(&demo, email);
    let answers = at_once(&demo, |number| {
        let body = json!({ "user_id": user_id, "token": token, "password": new_password(number) });
        Ask::post(host, "/api/reset").json(&body)
    });
    let winner = the_one(&answers, |answer| answer.status == 200);
    // With little memory for hashes, some are told to come back; nobody is told anything else.
    assert!(
        answers.iter().all(|answer| matches!(answer.status, 200 | 400 | 503)),
        "{:?}",
        statuses(&answers)
    );
    let new = json!({ "email_address": email, "password": new_password(winner) });
    assert_eq!(demo.send(&Ask::post(host, "/api/login").json(&new)).status, 200);
    let old = json!({ "email_address": email, "password": demo.text("/salesseek/user/password") });
    assert_eq!(demo.send(&Ask::post(host, "/api/login").json(&old)).status, 401);
}

#[test]
fn a_validation_code_is_good_once() {
    let demo = Demo::start();
    let host = demo.text("/rubicrm/host");
    let api_key = demo.text("/rubicrm/api_key");
    let password = super::doors::base64(demo.text("/rubicrm/unverified/password"));
    let login = json!({
        "emailaddress": demo.text("/rubicrm/unverified/emailaddress"), "password": password, "apikey": api_key,
    });
    let row = demo.send(&Ask::post(host, "/api/Login").json(&login)).json()["ResponseMessage"][0].clone();
    let codes = json!({ "val": row["ValidationVal"], "id": row["ValidationID"], "apikey": api_key });
    let answers = at_once(&demo, |_| Ask::post(host, "/api/Validation").json(&codes));
    the_one(&answers, is_true);
    assert!(answers.iter().all(|answer| answer.status == 200), "{:?}", statuses(&answers));
}

#[test]
fn an_invitation_is_accepted_once() {
    let demo = Demo::start();
    let doors = super::doors::all(&demo);
    let email = "new@northwind.example";
    let new = json!({ "email_address": email, "name": "Nele Neu" });
    let made = demo.send(&doors[0].ask_signed_in("POST", "/api/users/").json(&new));
    assert_eq!(made.status, 201, "{}", made.text());
    let (user_id, token) = mailed_code(&demo, email);
    let answers = at_once(&demo, |number| {
        let password = new_password(number);
        let form = [
            ("user_id", &*user_id),
            ("token", &token),
            ("password", &password),
            ("password_again", &password),
        ];
        Ask::post("127.0.0.1", "/invitation").form(&form)
    });
    let winner = the_one(&answers, |answer| answer.status == 200);
    let login = json!({ "email_address": email, "password": new_password(winner) });
    assert_eq!(demo.send(&Ask::post(&doors[0].host, "/api/login").json(&login)).status, 200);
}

/// Sends fifty requests at the same moment.
fn at_once(demo: &Demo, ask: impl Fn(usize) -> Ask) -> Vec<Answer> {
    let start = Barrier::new(CLIENTS);
    thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|number| {
                let (request, start) = (ask(number), &start);
                scope.spawn(move || {
                    start.wait();
                    demo.send(&request)
                })
            })
            .collect();
        clients.into_iter().map(|client| client.join().unwrap()).collect()
    })
}

/// Which of them succeeded; exactly one did.
fn the_one(answers: &[Answer], succeeded: impl Fn(&Answer) -> bool) -> usize {
    let winners: Vec<usize> = (0..answers.len()).filter(|number| succeeded(&answers[*number])).collect();
    assert_eq!(winners.len(), 1, "{:?}", statuses(answers));
    winners[0]
}

fn statuses(answers: &[Answer]) -> Vec<u16> {
    answers.iter().map(|answer| answer.status).collect()
}

fn is_true(answer: &Answer) -> bool {
    let message = &answer.json()["ResponseMessage"];
    *message == true || message[0] == true || message == "true"
}

fn new_password(number: usize) -> String {
    format!("quiet-heron-reads-{number}-letters")
}

/// `user_id` and `token` of the newest mail to somebody.
pub(super) fn mailed_code(demo: &Demo, email: &str) -> (String, String) {
    let mail = demo.wait_for_mail(email, 1);
    let text = mail["text"].as_str().unwrap();
    let parameter = |name: &str| {
        let (_, rest) = text.split_once(&format!("{name}=")).unwrap_or_else(|| panic!("no {name} in {text}"));
        rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect::<String>()
    };
    (parameter("user_id"), parameter("token"))
}
