//! P19: whatever anybody sends to any route of any door, the answer is a 4xx in the door's own words, and nothing has
//! changed. `corpus.rs` holds what is sent.

mod corpus;
mod raw;

use super::database::{self, Dump};
use super::doors::{self, Door};
use crate::process::{Answer, Ask, Demo};
use corpus::Case;
use doorward_web::RouteInfo;
use std::thread;

/// What refused attempts may write: who tried what, and how often. What was used before they came is written behind, too.
const TRACES: &[&str] = &["events", "attempts", "tallies", "known_places", "mails", "uses", "used_by"];

/// What a signed-in caller's requests may touch beside that: when a session or key was last used, and when a company
/// was last written, with nothing changed.
const SESSION_TRACES: &[&str] = &[
    "events",
    "attempts",
    "tallies",
    "known_places",
    "mails",
    "uses",
    "used_by",
    "sessions",
    "access_keys",
    "tenants",
];

#[test]
fn a_stranger_gets_a_refusal_in_the_doors_own_words_and_changes_nothing() {
    sweep(TRACES, Door::ask);
}

#[test]
fn somebody_signed_in_gets_no_further_with_broken_requests() {
    sweep(SESSION_TRACES, Door::ask_signed_in);
}

/// Sends every case to every route of every door.
fn sweep(traces: &[&str], ask: impl Fn(&Door, &str, &str) -> Ask + Sync) {
    let mut demo = Demo::start();
    let doors = doors::all(&demo);
    let before = database::dump(demo.data(), traces);
    let mails = || database::count(demo.data(), "SELECT count(*) FROM mails");
    let mails_before = mails();
    let complaints: Vec<String> = thread::scope(|scope| {
        let ask = &ask;
        let demo = &demo;
        let work = doors.iter().map(|door| scope.spawn(move || knock(demo, door, ask)));
        work.collect::<Vec<_>>().into_iter().flat_map(|done| done.join().unwrap()).collect()
    });
    assert!(complaints.is_empty(), "{} complaints:\n{}", complaints.len(), complaints.join("\n"));
    assert_eq!(changes(&before, &database::dump(demo.data(), traces)), Vec::<String>::new());
    let company = "SELECT count(*) FROM tenants WHERE number = 37001 AND display_name = 'Harbour Leisure'";
    assert_eq!(database::count(demo.data(), company), 1);
    // The fixture's own mails are delivered meanwhile, so only their number stays.
    assert_eq!(mails(), mails_before);
    assert!(demo.doorward.is_alive());
    let log = demo.doorward.kill();
    let faults: Vec<&str> =
        log.lines().filter(|line| line.contains("ERROR") || line.contains("panicked")).collect();
    assert_eq!(faults, Vec::<&str>::new());
}

fn knock(demo: &Demo, door: &Door, ask: &impl Fn(&Door, &str, &str) -> Ask) -> Vec<String> {
    let api_key = demo.text("/rubicrm/api_key");
    // A sign-out in good order would make strangers of all later requests.
    let routes =
        door.routes.iter().filter(|route| !(route.method == "DELETE" && route.path.contains("/log")));
    let mut complaints = Vec::new();
    for route in routes {
        for case in corpus::all(api_key) {
            let request = case.dress(ask(door, &case.method(route), &case.path(route)));
            let what = format!("{} {} {}: {}", door.name, request.method, route.path, case.name);
            match request.send(demo.doorward.address) {
                Ok(answer) => complaints
                    .extend(complain(door, route, &case, &answer).map(|why| format!("{what}: {why}"))),
                Err(error) => complaints.push(format!("{what}: no answer: {error}")),
            }
        }
    }
    complaints
}

fn complain(door: &Door, route: &RouteInfo, case: &Case, answer: &Answer) -> Option<String> {
    let is_read = matches!(route.method.as_str(), "POST" | "PUT" | "PATCH");
    let fine = match answer.status {
        400..=499 if answer.body.is_empty() => request_is_head(case),
        400..=499 => (door.refuses)(answer),
        // RubiCRM's classic framing refuses inside.
        200 if (door.refuses)(answer) => true,
        200..=399 => !(case.must_be_refused && is_read),
        _ => false,
    };
    let short: String = answer.text().chars().take(200).collect();
    (!fine).then(|| format!("{} {short}", answer.status))
}

fn request_is_head(case: &Case) -> bool {
    case.method.is_some_and(|method| method == "HEAD")
}

/// Rows that are no longer there, or were not there before.
fn changes(before: &Dump, after: &Dump) -> Vec<String> {
    let gone = |(table, rows): (&String, &Vec<String>), other: &Dump, word: &str| -> Vec<String> {
        let missing =
            rows.iter().filter(|row| other.get(table).is_none_or(|known| known.binary_search(row).is_err()));
        missing.map(|row| format!("{word} {table}: {row}")).collect()
    };
    let lost = before.iter().flat_map(|entry| gone(entry, after, "-"));
    let new = after.iter().flat_map(|entry| gone(entry, before, "+"));
    lost.chain(new).collect()
}
