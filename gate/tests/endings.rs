//! Every kind of credential × everything that ends one: the very next question is refused, though the answers before it
//! came from memory. The table is in the gate's README; each of its cells is checked here, in a house of its own.

use crate::stage::{Credential, Stage, reason};
use doorward_core::applications::{NewApplication, NewKey};
use doorward_core::passwords::reset;
use doorward_core::sessions::{self, Whose};
use doorward_core::{
    access_keys, application_tokens, applications, memberships, passwords, people, sign_out, tenants,
};
use doorward_model::{AppId, Kind, Role, Secret};
use doorward_testkit::{House, PASSWORD};
use std::time::Duration;

const README: &str = include_str!("../README.md");
const COLUMNS: [&str; 6] = ["cookie", "auth_token", "session", "access_key", "token", "basic"];
/// Where a role is asked for; everywhere else anybody is let in.
const DESKS: [&str; 5] = [
    "harbour.crm.example/desk role=admin",
    "book.example/desk role=admin",
    "guild.example/desk role=admin",
    "api.keys.example/desk role=admin",
    "doors",
];
const NEW: &str = "quite-another-otter-0815";
/// Half of the shortest idle span (an `Auth-Token`'s, 24 h).
const HALF_A_DAY: Duration = Duration::from_secs(12 * 60 * 60);
/// A key's or token's own end lies further away.
const LONG: Duration = Duration::from_secs(300 * 24 * 60 * 60);

/// The rows of the table: what happens, and what each column is told next.
fn rows() -> Vec<(&'static str, Vec<&'static str>)> {
    let row = |line: &'static str| {
        let mut cells = line.trim_matches('|').split('|').map(|cell| cell.trim().trim_matches('`'));
        (cells.next().unwrap(), cells.collect::<Vec<_>>())
    };
    let mut lines = README.lines().skip_while(|line| !line.starts_with("| what happens |"));
    assert_eq!(row(lines.next().unwrap()).1, COLUMNS);
    lines.skip(1).take_while(|line| line.starts_with('|')).map(row).collect()
}

#[tokio::test]
async fn the_next_question_is_told_what_the_table_says() {
    let mut told = Vec::new();
    for (what, cells) in rows() {
        assert_eq!(cells.len(), COLUMNS.len(), "{what}");
        for (kind, cell) in COLUMNS.into_iter().zip(cells).filter(|(_, cell)| *cell != "–") {
            let found = next_answer(what, kind).await;
            if found != cell {
                told.push(format!("{what}: {kind} is told {found}, the table says {cell}"));
            }
        }
    }
    assert!(told.is_empty(), "{}", told.join("\n"));
}

/// A session hangs on the program that opened it, whichever presents it; the one that presents it is asked about too.
#[tokio::test]
async fn a_session_ends_with_either_of_its_programs() {
    for is_opener_disabled in [true, false] {
        let stage = Stage::start().await;
        let House { core, caller, operator, .. } = &stage.house;
        let new = NewApplication {
            name: "Kiosk".to_owned(),
            app_id: Some(AppId::parse("kiosk001").unwrap()),
            key: NewKey::None,
            trusted_server: false,
            origins: Vec::new(),
        };
        let kiosk = applications::create(core, caller, operator, &stage.pool, new).await.unwrap().application;
        let mut credential = stage.credential("auth_token").await;
        credential.headers.retain(|(name, _)| *name != "app-id");
        credential.headers.push(("app-id", kiosk.app_id.as_str().to_owned()));
        for _ in 0..2 {
            let told = stage.ask(&credential).await;
            assert_eq!(reason(&told), (200, "-"));
            assert_eq!(told.header("x-doorward-application"), Some("kiosk001"));
        }
        let ended = if is_opener_disabled { stage.program.id } else { kiosk.id };
        applications::set_disabled(core, caller, operator, stage.pool.pool(), ended, true).await.unwrap();
        let told = stage.ask(&credential).await;
        assert_eq!(reason(&told), (403, "application_disabled"), "by its opener: {is_opener_disabled}");
    }
}

/// An event that the table leaves out would be one nobody looked at.
#[test]
fn the_table_has_a_row_for_every_event_and_no_empty_one() {
    let rows = rows();
    let names: Vec<&str> = rows.iter().map(|(what, _)| *what).collect();
    assert_eq!(names, EVENTS);
    for (what, cells) in rows {
        assert!(cells.iter().any(|cell| *cell != "–" && *cell != "stays"), "{what} ends nothing");
    }
}

const EVENTS: [&str; 20] = [
    "sign-out",
    "sessions ended by an administrator",
    "password changed in another session",
    "password reset by code",
    "password set by an administrator",
    "new password required",
    "person disabled",
    "person deleted",
    "last place taken",
    "role lowered below the route's",
    "program disabled",
    "program's key rotated",
    "program's key rotated, with overlap, after it",
    "secret rotated",
    "secret rotated, with overlap, after it",
    "disabled or revoked by itself",
    "tenant suspended",
    "tenant deleted",
    "unused for its idle span",
    "at its end, though in use",
];

async fn next_answer(what: &str, kind: &'static str) -> String {
    let stage = Stage::with_basic_at(&DESKS).await;
    let mut credential = stage.lasting(kind, LONG * 2).await;
    let path = if what.starts_with("role lowered") { "/desk" } else { "/api/people" };
    if what.starts_with("program's key") && kind == "auth_token" {
        let key = rotate_program(&stage, Duration::ZERO).await;
        credential.headers.push(("app-key", key));
    }
    for _ in 0..2 {
        let answer = stage.ask_at(&credential, credential.host, path).await;
        assert_eq!(reason(&answer), (200, "-"), "{what}: {kind} before it");
    }
    happen(what, &stage, &credential).await;
    let answer = stage.ask_at(&credential, credential.host, path).await;
    match reason(&answer) {
        (200, _) => "stays".to_owned(),
        (status, word) => format!("{status} {word}"),
    }
}

async fn happen(what: &str, stage: &Stage, credential: &Credential) {
    let House { core, caller, operator, clock, .. } = &stage.house;
    let (branch, pool, ada) = (&stage.pool, stage.pool.pool(), stage.ada.id);
    let overlap = Duration::from_secs(60);
    match what {
        "sign-out" => {
            let identity = credential.identity.as_ref().unwrap();
            sign_out::sign_out(core, caller, identity).await.unwrap();
        }
        "sessions ended by an administrator" => {
            let whose = Whose::Of { actor: operator, branch, person: ada };
            sessions::end_all(core, caller, whose, None).await.unwrap();
        }
        "password changed in another session" => {
            let other = stage.credential("cookie").await.identity.unwrap();
            let (current, new) = (Some(Secret::new(PASSWORD)), Secret::new(NEW));
            passwords::change(core, caller, &other, current, new).await.unwrap();
        }
        "password reset by code" => {
            let code = reset::issue(core, caller, branch, &stage.ada).await.unwrap().code;
            let expected = reset::Expected::default();
            reset::finish(core, caller, &code, expected, Secret::new(NEW)).await.unwrap();
        }
        "password set by an administrator" => {
            passwords::set(core, caller, operator, branch, ada, Secret::new(NEW), false).await.unwrap();
        }
        "new password required" => {
            let edit = people::Edit { password_reset_required: Some(true), ..people::Edit::default() };
            people::edit(core, caller, operator, branch, ada, edit).await.unwrap();
        }
        "person disabled" => {
            people::disable(core, caller, operator, branch, ada).await.unwrap();
        }
        "person deleted" => {
            people::delete(core, caller, operator, branch, ada).await.unwrap();
        }
        "last place taken" => {
            memberships::take(core, caller, operator, branch, ada, Kind::Administrator).await.unwrap();
        }
        "role lowered below the route's" => {
            let changes = memberships::Changes { role: Some(Role::User), ..memberships::Changes::default() };
            let place = (ada, Kind::Administrator);
            memberships::change(core, caller, operator, branch, place, changes).await.unwrap();
        }
        "program disabled" => {
            let id = stage.program.id;
            applications::set_disabled(core, caller, operator, pool, id, true).await.unwrap();
        }
        "program's key rotated" => {
            rotate_program(stage, Duration::ZERO).await;
        }
        "program's key rotated, with overlap, after it" => {
            rotate_program(stage, overlap).await;
            assert_eq!(reason(&stage.ask(credential).await), (200, "-"), "within the overlap");
            clock.advance(overlap);
        }
        "secret rotated" => rotate_key(stage, credential, Duration::ZERO).await,
        "secret rotated, with overlap, after it" => {
            rotate_key(stage, credential, overlap).await;
            assert_eq!(reason(&stage.ask(credential).await), (200, "-"), "within the overlap");
            clock.advance(overlap);
        }
        "disabled or revoked by itself" => match (credential.key, credential.token) {
            (Some(key), _) => {
                access_keys::disable(core, caller, operator, pool, key).await.unwrap();
            }
            (None, Some(token)) => {
                let whose = (pool, stage.program.id);
                application_tokens::revoke(core, caller, operator, whose, token).await.unwrap();
            }
            (None, None) => {
                let session = credential.identity.as_ref().unwrap().session().unwrap().id;
                let whose = Whose::Of { actor: operator, branch, person: ada };
                sessions::end(core, caller, whose, session).await.unwrap();
            }
        },
        "tenant suspended" => tenants::suspend(core, caller, operator, branch).await.unwrap(),
        "tenant deleted" => tenants::delete(core, caller, operator, branch).await.unwrap(),
        "unused for its idle span" => {
            let session = credential.identity.as_ref().and_then(|identity| identity.session());
            clock.advance(session.map_or(LONG, |session| session.idle_until.since(clock.now())));
        }
        "at its end, though in use" => reach_the_end(stage, credential).await,
        other => panic!("the table has a row `{other}` that is no event"),
    }
}

async fn rotate_program(stage: &Stage, overlap: Duration) -> String {
    let House { core, caller, operator, .. } = &stage.house;
    let (pool, id) = (stage.pool.pool(), stage.program.id);
    let key = applications::rotate_key(core, caller, operator, pool, id, overlap).await.unwrap();
    key.expose().to_owned()
}

async fn rotate_key(stage: &Stage, credential: &Credential, overlap: Duration) {
    let House { core, caller, operator, .. } = &stage.house;
    let (pool, id) = (stage.pool.pool(), credential.key.unwrap());
    access_keys::rotate(core, caller, operator, pool, id, overlap).await.unwrap();
}

/// Uses it until it is over, so that no idle span ends it before.
async fn reach_the_end(stage: &Stage, credential: &Credential) {
    let clock = &stage.house.clock;
    let session = credential.identity.as_ref().and_then(|identity| identity.session());
    let Some(end) = session.map(|session| session.expires_at) else {
        clock.advance(LONG * 2 - Duration::from_micros(1));
        assert_eq!(reason(&stage.ask(credential).await), (200, "-"), "a moment before its end");
        return clock.advance(Duration::from_micros(1));
    };
    while clock.now() < end {
        assert_eq!(reason(&stage.ask(credential).await), (200, "-"), "before its end");
        clock.advance(end.since(clock.now()).min(HALF_A_DAY));
    }
}
