//! Commands about the installation as a whole: apply a file, back the database up.

use super::reply::{Answer, sentence};
use super::{Desk, Progress};
use crate::apply::{File, Report};
use crate::cli::Failure;
use crate::config::ConfigError;
use doorward_core::provision::{self, Mode};
use serde_json::json;
use std::path::PathBuf;

pub(super) async fn apply(desk: &Desk<'_>, name: &str, text: &str, dry_run: bool) -> Result<Answer, Failure> {
    let mut file = File::read(name, text).map_err(|error| wrong(&error))?;
    let mode = if dry_run { Mode::DryRun } else { Mode::Write };
    let plan = std::mem::take(&mut file.plan);
    let applied = provision::apply(desk.core, &desk.caller, &desk.actor, plan, mode).await;
    match applied.map_err(|error| sentence(error, "such thing"))? {
        Ok(applied) => {
            let report = Report::new(applied, mode);
            Ok(Answer { text: report.text(), data: report.json() })
        }
        Err(problems) => Err(wrong(&file.locate(&problems))),
    }
}

fn wrong(error: &ConfigError) -> Failure {
    let text = match error.problems.len() {
        1 => error.to_string(),
        count => format!("the file has {count} mistakes\n{error}"),
    };
    Failure::new(text).hint("Nothing was applied.")
}

pub(super) async fn backup(desk: &Desk<'_>, to: PathBuf, progress: Progress) -> Result<Answer, Failure> {
    let told = move |step: doorward_store::Progress| {
        progress.send_modify(|seen| *seen = Some((step.done, step.total)))
    };
    desk.core.db().backup(&to, told).await.map_err(|error| Failure::new(format!("{error}.")))?;
    let bytes = std::fs::metadata(&to).map_or(0, |about| about.len());
    let text = format!(
        "{} holds the whole database ({bytes} bytes).\nThe key file is not in it: keep a copy of that apart.\n",
        to.display()
    );
    Ok(Answer { text, data: json!({ "file": to.display().to_string(), "bytes": bytes }) })
}
