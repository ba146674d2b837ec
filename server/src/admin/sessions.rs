//! `doorward session …` carried out.

use super::people::{self, Found};
use super::reply::{Answer, sentence};
use super::shown::{self, short_time};
use super::table::table;
use super::tenants::Slugs;
use super::{Desk, tenants};
use crate::cli::Failure;
use crate::cli::session::Action;
use doorward_core::Error;
use doorward_core::sessions::{self, Whose};
use doorward_model::{Session, SessionId};
use serde_json::{Value, json};

pub(super) async fn execute(desk: &Desk<'_>, action: Action) -> Result<Answer, Failure> {
    match action {
        Action::List { tenant, email } => {
            let found = find(desk, &tenant, &email).await?;
            let held = sessions::list(desk.core, whose(desk, &found)).await;
            let slugs = tenants::slugs_below(desk, &found.branch).await?;
            Ok(list(&held.map_err(|error| refused(error, &email))?, &slugs))
        }
        Action::End { tenant, email, session } => {
            let found = find(desk, &tenant, &email).await?;
            let id = SessionId::parse(&session).ok_or_else(|| {
                Failure::usage(format!("{session:?} is no session's id; `session list` prints them."))
            })?;
            let ended = sessions::end(desk.core, &desk.caller, whose(desk, &found), id).await;
            ended.map_err(|error| sentence(error, &format!("open session {session} of {email}")))?;
            Ok(ended_answer(1))
        }
        Action::EndAll { tenant, email } => {
            let found = find(desk, &tenant, &email).await?;
            let ended = sessions::end_all(desk.core, &desk.caller, whose(desk, &found), None).await;
            ended.map(ended_answer).map_err(|error| refused(error, &email))
        }
    }
}

/// The person, seen from the named tenant: sessions at it and below are meant.
async fn find(desk: &Desk<'_>, tenant: &str, email: &str) -> Result<Found, Failure> {
    let person = people::find(desk, tenant, email).await?.person;
    Ok(Found { person, branch: tenants::find(desk, tenant).await? })
}

fn whose<'a>(desk: &'a Desk<'_>, found: &'a Found) -> Whose<'a> {
    Whose::Of { actor: &desk.actor, branch: &found.branch, person: found.person.id }
}

fn list(held: &[Session], slugs: &Slugs) -> Answer {
    let row = |it: &Session| {
        [
            it.id.to_string(),
            slugs.cell(it.tenant),
            short_time(it.signed_in_at),
            short_time(it.last_used_at),
            it.address.map(|address| address.to_string()).unwrap_or_default(),
            it.agent.clone().unwrap_or_default(),
        ]
    };
    let rows: Vec<[String; 6]> = held.iter().map(row).collect();
    let heading = ["session", "tenant", "since", "last used", "from", "with"];
    let text = table(heading, &rows, "Not signed in here.");
    Answer { text, data: json!(held.iter().map(|it| shown::session(it, slugs)).collect::<Vec<Value>>()) }
}

fn ended_answer(count: usize) -> Answer {
    let text =
        if count == 1 { "One session ended.\n".to_owned() } else { format!("{count} sessions ended.\n") };
    Answer { text, data: json!({ "ended": count }) }
}

fn refused(error: Error, email: &str) -> Failure {
    sentence(error, &format!("person {email}"))
}
