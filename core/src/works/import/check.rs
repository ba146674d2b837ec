//! Looking a file through: what would be refused, before anything is written.

use super::line::{Line, Refused};
use super::sheet::{Sheet, lines_of};
use crate::people::edit::check_profile;
use crate::people::{EMAIL_TAKEN, NewPerson};
use crate::{Actor, Branch, Core, Error, Result, memberships};
use doorward_model::Email;
use doorward_store::people;
use std::collections::HashMap;

/// Bad lines that are kept. A file with more was not meant like this, and is better mended as a whole.
const REFUSED_LINES: usize = 1_000;
/// Addresses that are looked up in one read.
const LOOKED_UP_AT_ONCE: usize = 500;

pub(super) struct Checked {
    pub(super) good: Vec<Line>,
    pub(super) refused: Vec<Refused>,
}

/// Errors: [`Error::Invalid`] for a file that cannot be taken at all.
pub(super) async fn check(core: &Core, actor: &Actor, branch: &Branch, sheet: Sheet) -> Result<Checked> {
    let (lines, mut refused) = lines_of(sheet)?;
    let (mut meant, mut seen) = (Vec::new(), HashMap::new());
    for line in lines {
        match line.person().and_then(|new| may_be_made(actor, branch, &new).map(|()| new)) {
            Ok(new) => match seen.insert(new.email.canonical().to_owned(), line.number) {
                None => meant.push((line, new.email)),
                Some(first) => {
                    // The first stays the one that is meant.
                    seen.insert(new.email.canonical().to_owned(), first);
                    let reason = format!("email: line {first} has the same");
                    refused.push(Refused { line, reason });
                }
            },
            Err(reason) => refused.push(Refused { line, reason }),
        }
        enough(&refused)?;
    }
    let mut good = Vec::new();
    for some in meant.chunks(LOOKED_UP_AT_ONCE) {
        let emails: Vec<Email> = some.iter().map(|(_, email)| email.clone()).collect();
        let known = core.db().read(branch.pool(), move |tx| {
            emails
                .iter()
                .map(|email| Ok(people::find_by_email(tx, email)?.is_some()))
                .collect::<Result<Vec<bool>, _>>()
        });
        for ((line, _), is_taken) in some.iter().zip(known.await?) {
            match is_taken {
                false => good.push(line.clone()),
                true => refused.push(Refused { line: line.clone(), reason: taken() }),
            }
        }
        enough(&refused)?;
    }
    refused.sort_by_key(|it| it.line.number);
    Ok(Checked { good, refused })
}

/// Why somebody who is there already is not made again: in the words in which it is told of one, wherever they have a place.
pub(super) fn taken() -> String {
    reason(&Error::conflict("email", EMAIL_TAKEN))
}

/// The rules of making a person, as far as they need no database.
fn may_be_made(actor: &Actor, branch: &Branch, new: &NewPerson) -> Result<(), String> {
    actor.grants(branch, new.role).map_err(|fault| reason(&fault))?;
    memberships::check_role(new.kind, new.role).map_err(|fault| reason(&fault))?;
    check_profile(&new.profile).map_err(|fault| reason(&fault))
}

/// What a refusal of the core says to whoever mends the line.
pub(super) fn reason(fault: &Error) -> String {
    if matches!(fault, Error::NotAllowed) {
        "role: you may not make somebody with it".to_owned()
    } else {
        fault.to_string()
    }
}

fn enough(refused: &[Refused]) -> Result<()> {
    let Some(first) = refused.iter().min_by_key(|it| it.line.number) else { return Ok(()) };
    if refused.len() <= REFUSED_LINES {
        return Ok(());
    }
    let problem = format!(
        "more than {REFUSED_LINES} lines cannot be done; the first is line {}: {}",
        first.line.number, first.reason
    );
    Err(Error::invalid("file", problem))
}
