//! Traffic whose every acknowledgement is written down, and the check that nothing written down was lost (P1) and
//! nothing that was ended lives again (P2).
//!
//! Each worker owns one person of one door, so what may be true after a crash is simple: everything acknowledged,
//! and perhaps the one request that was not.

use super::doors::{self, Door};
use crate::process::{Answer, Ask, Demo};
use serde_json::json;
use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, ScopedJoinHandle};
use std::time::Duration;

/// How often the count is looked at; the processor is for the workers.
const LOOK: Duration = Duration::from_millis(5);

/// Everything acknowledged so far.
pub(crate) struct Ledger {
    people: Vec<Held>,
    consents: Consents,
    count: AtomicUsize,
}

/// Contacts who have not been asked, and how many consents were acknowledged.
struct Consents {
    waiting: Mutex<Vec<String>>,
    given: AtomicUsize,
}

/// What one person holds.
#[derive(Clone, Debug)]
struct Held {
    door: Spoken,
    email: String,
    /// Passwords that may be theirs: the acknowledged one, then one whose change was not acknowledged.
    passwords: Vec<String>,
    live: Vec<String>,
    dead: Vec<String>,
    changes: usize,
}

/// Which door somebody signs in at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spoken {
    Salesseek,
    Bookingbug,
}

/// Why a request was not acknowledged.
#[derive(Debug)]
enum Unacknowledged {
    /// The connection broke, or the server said that it cannot.
    Away,
    /// The server would not, which no request of this traffic deserves.
    Refused(String),
}

impl Ledger {
    /// Nothing has happened yet. `people` are e-mail addresses with their password at each door; `contacts` are uids.
    pub(crate) fn new(
        salesseek: &[String],
        bookingbug: &[String],
        password: &str,
        contacts: Vec<String>,
    ) -> Self {
        let held = |door| {
            move |email: &String| Held {
                door,
                email: email.clone(),
                passwords: vec![password.to_owned()],
                live: Vec::new(),
                dead: Vec::new(),
                changes: 0,
            }
        };
        let people = salesseek
            .iter()
            .map(held(Spoken::Salesseek))
            .chain(bookingbug.iter().map(held(Spoken::Bookingbug)));
        Self {
            people: people.collect(),
            consents: Consents { waiting: Mutex::new(contacts), given: AtomicUsize::new(0) },
            count: AtomicUsize::new(0),
        }
    }

    /// How many requests were acknowledged.
    pub(crate) fn acknowledged(&self) -> usize {
        self.count.load(Ordering::Relaxed)
    }

    /// Runs all workers at once until `enough` more requests were acknowledged, then calls `cut` while they go on; each
    /// ends with its first request that is not acknowledged.
    pub(crate) fn run(&mut self, demo: &mut Demo, enough: usize, cut: impl FnOnce(&mut Demo)) {
        let target = self.acknowledged() + enough;
        let doors = Doors::of(demo);
        let Self { people, consents, count } = self;
        let (count, consents, doors) = (&*count, &*consents, &doors);
        thread::scope(|scope| {
            let workers: Vec<ScopedJoinHandle<'_, ()>> = people
                .iter_mut()
                .map(|held| scope.spawn(move || while going_on(held.round(doors, consents, count)) {}))
                .collect();
            while count.load(Ordering::Relaxed) < target && !workers.iter().any(ScopedJoinHandle::is_finished)
            {
                assert!(demo.doorward.is_alive(), "it ended by itself");
                thread::sleep(LOOK);
            }
            cut(demo);
        });
    }

    /// Asks a server on the same data about everything that was acknowledged.
    pub(crate) fn check(&mut self, demo: &Demo) {
        let doors = Doors::of(demo);
        for held in &mut self.people {
            for token in &held.live {
                assert!(doors.is_live(held.door, token), "lost: a session of {}", held.email);
            }
            for token in &held.dead {
                assert!(!doors.is_live(held.door, token), "revived: a session of {}", held.email);
            }
            held.settle_password(&doors);
        }
        let stored = super::database::count(demo.data(), "SELECT count(*) FROM consents");
        let given = self.consents.given.load(Ordering::Relaxed);
        assert!(stored >= i64::try_from(given).unwrap(), "lost: {given} consents, {stored} stored");
    }
}

/// Whether a worker goes on. A refusal is a fault of the server or of this test.
fn going_on(done: Result<(), Unacknowledged>) -> bool {
    match done {
        Ok(()) => true,
        Err(Unacknowledged::Away) => false,
        Err(Unacknowledged::Refused(why)) => panic!("refused: {why}"),
    }
}

impl Consents {
    /// Consents for the next contact, if there is one.
    fn give(&self, doors: &Doors) -> Result<bool, Unacknowledged> {
        let next = self.waiting.lock().unwrap().pop();
        let Some(uid) = next else { return Ok(false) };
        doors.consent(&uid)?;
        self.given.fetch_add(1, Ordering::Relaxed);
        Ok(true)
    }
}

impl Held {
    /// Signs in twice, out once, consents for a contact, and now and then changes the password, which ends all sessions but its own.
    fn round(
        &mut self,
        doors: &Doors,
        consents: &Consents,
        count: &AtomicUsize,
    ) -> Result<(), Unacknowledged> {
        let acknowledged = || count.fetch_add(1, Ordering::Relaxed);
        let kept = doors.sign_in(self.door, &self.email, &self.passwords[0])?;
        self.live.push(kept.clone());
        acknowledged();
        let ended = doors.sign_in(self.door, &self.email, &self.passwords[0])?;
        acknowledged();
        doors.sign_out(self.door, &ended)?;
        self.dead.push(ended);
        acknowledged();
        if consents.give(doors)? {
            acknowledged();
        }
        self.changes += 1;
        if self.changes.is_multiple_of(3) {
            let new = format!("{}-{}", super::crowd::PASSWORD, self.changes);
            self.passwords.push(new.clone());
            // Until it is acknowledged, the others may live or not.
            let others: Vec<String> = self.live.drain(..).filter(|token| *token != kept).collect();
            self.live.push(kept.clone());
            doors.change_password(self.door, &kept, &self.passwords[0], &new)?;
            self.passwords = vec![new];
            self.dead.extend(others);
            acknowledged();
        }
        Ok(())
    }

    /// Finds which password holds: the acknowledged one, or the one that was on its way.
    fn settle_password(&mut self, doors: &Doors) {
        let works: Vec<String> = self
            .passwords
            .iter()
            .filter(|password| match doors.sign_in(self.door, &self.email, password) {
                Ok(token) => {
                    self.live.push(token);
                    true
                }
                Err(Unacknowledged::Refused(_)) => false,
                Err(Unacknowledged::Away) => panic!("it is away"),
            })
            .cloned()
            .collect();
        assert_eq!(
            works.len(),
            1,
            "{}: {} of {} passwords work",
            self.email,
            works.len(),
            self.passwords.len()
        );
        self.passwords = works;
    }
}

/// How each request is spoken.
struct Doors {
    address: SocketAddr,
    salesseek: String,
    bookingbug: Door,
    rubicrm: String,
    trusted_key: String,
}

impl Doors {
    fn of(demo: &Demo) -> Self {
        Self {
            address: demo.doorward.address,
            salesseek: demo.text("/salesseek/host").to_owned(),
            bookingbug: doors::bookingbug_unsigned(demo),
            rubicrm: demo.text("/rubicrm/host").to_owned(),
            trusted_key: demo.text("/rubicrm/trusted_api_key").to_owned(),
        }
    }

    fn sign_in(&self, door: Spoken, email: &str, password: &str) -> Result<String, Unacknowledged> {
        match door {
            Spoken::Salesseek => {
                let body = json!({ "email_address": email, "password": password });
                let answer = self.send(&Ask::post(&self.salesseek, "/api/login").json(&body), 200)?;
                let cookie = answer.header("set-cookie").unwrap().split(';').next().unwrap();
                Ok(format!("{cookie} {}", answer.json()["id"].as_str().unwrap()))
            }
            Spoken::Bookingbug => {
                let body = json!({ "email": email, "password": password });
                let answer = self.send(&self.bookingbug.ask("POST", "/api/v1/login").json(&body), 201)?;
                let body = answer.json();
                let own = body["_links"]["administrator"]["href"].as_str().unwrap();
                let (_, number) = own.rsplit_once('/').unwrap();
                Ok(format!("{} {number}", answer.header("auth-token").unwrap()))
            }
        }
    }

    fn sign_out(&self, door: Spoken, token: &str) -> Result<(), Unacknowledged> {
        let path = match door {
            Spoken::Salesseek => "/api/logout",
            Spoken::Bookingbug => "/api/v1/login",
        };
        self.send(&self.with(door, "DELETE", path, token), 200).map(drop)
    }

    fn change_password(&self, door: Spoken, token: &str, old: &str, new: &str) -> Result<(), Unacknowledged> {
        let body = json!({ "password": new, "current_password": old, "password_confirmation": new });
        let id = token.split(' ').nth(1).unwrap();
        let (ask, status) = match door {
            Spoken::Salesseek => (self.with(door, "PATCH", &format!("/api/users/{id}"), token), 200),
            Spoken::Bookingbug => {
                (self.with(door, "POST", &format!("/api/v1/login/37001/update_password/{id}"), token), 201)
            }
        };
        self.send(&ask.json(&body), status).map(drop)
    }

    fn is_live(&self, door: Spoken, token: &str) -> bool {
        let path = match door {
            Spoken::Salesseek => "/api/users",
            Spoken::Bookingbug => "/api/v1/login",
        };
        let answer = self.with(door, "GET", path, token).send(self.address).unwrap();
        assert!(matches!(answer.status, 200 | 401), "{} {}", answer.status, answer.text());
        answer.status == 200
    }

    fn consent(&self, uid: &str) -> Result<(), Unacknowledged> {
        let body = json!({ "uid": uid, "calltype": "UserConsent", "updatevalues": "[]", "apikey": self.trusted_key });
        self.send(&Ask::post(&self.rubicrm, "/api/UserActions").json(&body), 200).map(drop)
    }

    fn with(&self, door: Spoken, method: &str, path: &str, token: &str) -> Ask {
        let token = token.split(' ').next().unwrap();
        match door {
            Spoken::Salesseek => Ask::new(method, &self.salesseek, path).header("cookie", token),
            Spoken::Bookingbug => self.bookingbug.ask(method, path).header("auth-token", token),
        }
    }

    /// Only a whole answer of the right status is an acknowledgement.
    fn send(&self, ask: &Ask, status: u16) -> Result<Answer, Unacknowledged> {
        match ask.send(self.address) {
            Ok(answer) if answer.status == status => Ok(answer),
            Ok(answer) if answer.status < 500 => Err(Unacknowledged::Refused(format!(
                "{} {}: {} {}",
                ask.method,
                ask.path,
                answer.status,
                answer.text()
            ))),
            Ok(_) | Err(_) => Err(Unacknowledged::Away),
        }
    }
}
