//! Changing what a tenant says itself. What is left empty is left to what is above.

use super::words::{LABELS, UNITS, fitting, in_units, read, shown};
use super::{label, source};
use crate::admin::choices::{Choice, languages};
use crate::admin::frame::{Frame, Part};
use crate::admin::prove::proven;
use crate::admin::tenant::reached;
use crate::admin::trouble::{Page, status};
use crate::frame::render;
use crate::visit::{Posted, Viewing, Visit, see_other};
use askama::Template;
use axum::extract::Path;
use doorward_core::tenants::{self, PolicyChange, PolicyEntry};
use doorward_core::{Branch, Error};
use doorward_model::{EffectivePolicy, PolicyValue, TenantId};
use doorward_web::Response;

/// One value of the form.
struct Input {
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    /// What holds where nothing is typed.
    otherwise: String,
    /// What stands there.
    typed: String,
    /// What stood there when the form was first shown: what is still the same was not touched, and is not changed.
    was: String,
    /// The languages to choose from.
    languages: Vec<Choice>,
    /// What stands in its second field: a unit, or seconds.
    beside: String,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Count,
    Span,
    Flag,
    Rate,
    List,
    Language,
}

impl Kind {
    const fn of(value: &PolicyValue) -> Self {
        match value {
            PolicyValue::Count(_) => Self::Count,
            PolicyValue::Span(_) => Self::Span,
            PolicyValue::Flag(_) => Self::Flag,
            PolicyValue::Rate(_) => Self::Rate,
            PolicyValue::List(_) => Self::List,
            PolicyValue::Language(_) => Self::Language,
        }
    }
}

#[derive(Template)]
#[template(path = "console/edit_policy.html")]
struct Edit {
    frame: Frame,
    tenant: TenantId,
    inputs: Vec<Input>,
    units: [(&'static str, &'static str, u64); 4],
    problem: Option<String>,
}

/// What stands in the fields of a value: its own, the one beside it, and both as they were.
type Typed<'a> = &'a dyn Fn(&str) -> [String; 3];

fn form(visit: &Visit, branch: &Branch, typed: Typed<'_>, problem: Option<String>) -> Page {
    let is_operator = visit.visitor.is_operator();
    let above = tenants::policy_above(&visit.actor(), branch)?;
    let inputs = above.iter().filter_map(|entry| input(entry, is_operator, typed)).collect();
    let title = format!("Change the policy of {}", branch.tenant().display_name);
    let edit = Edit {
        frame: Frame::at(visit, branch, Part::Policy, title),
        tenant: branch.tenant().id,
        inputs,
        units: UNITS,
        problem,
    };
    let status = status(&edit.problem);
    Ok(render(status, &edit))
}

/// `None` for what the visitor does not decide.
fn input(entry: &PolicyEntry, is_operator: bool, typed: Typed<'_>) -> Option<Input> {
    let label = LABELS.iter().find(|it| it.name == entry.name && (is_operator || !it.is_quota))?;
    let [typed, mut beside, was] = typed(entry.name);
    if let (PolicyValue::Span(span), true) = (&entry.value, beside.is_empty()) {
        in_units(*span).1.clone_into(&mut beside);
    }
    Some(Input {
        name: entry.name,
        label: label.label,
        hint: label.hint,
        otherwise: format!("{}, {}", shown(entry.name, &entry.value).join(" "), source(&entry.origin)),
        languages: languages(&typed),
        typed,
        was,
        beside,
        kind: Kind::of(&entry.value),
    })
}

/// What the tenant says today, as it stands in the form.
fn as_typed(value: Option<&PolicyValue>) -> [String; 2] {
    match value {
        None => [String::new(), String::new()],
        Some(PolicyValue::Count(count)) => [count.to_string(), String::new()],
        Some(PolicyValue::Span(span)) => {
            let (count, unit) = in_units(*span);
            [count.to_string(), unit.to_owned()]
        }
        Some(PolicyValue::Flag(is_so)) => [(if *is_so { "yes" } else { "no" }).to_owned(), String::new()],
        Some(PolicyValue::Rate(rate)) => [rate.calls.to_string(), rate.window.as_secs().to_string()],
        Some(PolicyValue::List(lines)) => [lines.join("\n"), String::new()],
        Some(PolicyValue::Language(language)) => [language.as_str().to_owned(), String::new()],
    }
}

/// Both fields of a value as one text: whatever a browser makes of line ends, and whatever unit stands beside nothing.
fn both(typed: &str, beside: &str) -> String {
    let lines: Vec<&str> = typed.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if lines.is_empty() { String::new() } else { format!("{}\n{beside}", lines.join("\n")) }
}

pub(crate) async fn edit(Path(id): Path<String>, viewing: Viewing) -> Page {
    let branch = reached(&viewing.visit, &id).await?;
    let said = branch.tenant().policy.said();
    let typed = |name: &str| {
        let own = said.iter().find(|(known, _)| *known == name);
        let [typed, beside] = as_typed(own.and_then(|(_, value)| value.as_ref()));
        let was = both(&typed, &beside);
        [typed, beside, was]
    };
    form(&viewing.visit, &branch, &typed, None)
}

/// What stands in the two fields of a value that was sent.
fn sent(posted: &Posted, name: &str) -> [String; 2] {
    let beside = [format!("{name}_unit"), format!("{name}_seconds")];
    let beside = beside.iter().find_map(|beside| posted.given(beside)).unwrap_or_default();
    [posted.text(name).to_owned(), beside.to_owned()]
}

pub(crate) async fn save(Path(id): Path<String>, posted: Posted) -> Page {
    let branch = reached(&posted.visit, &id).await?;
    let typed = |name: &str| {
        let [typed, beside] = sent(&posted, name);
        [typed, beside, posted.text(&format!("{name}_was")).to_owned()]
    };
    proven!(&posted, |visit, problem| form(visit, &branch, &typed, problem), |visit| {
        let (core, caller, actor) = (&visit.core, &visit.caller, visit.actor());
        let changes = changes(&posted, visit.visitor.is_operator())?;
        let changed = tenants::change_policy(core, caller, &actor, &branch, changes, None).await;
        changed.map_err(labelled)?;
        Ok::<Response, Error>(see_other(&format!(
            "/console/tenants/{}/policy?done=saved",
            branch.tenant().id
        )))
    })
}

/// What was touched, or every number and choice that is wrong with it: others may have changed the rest meanwhile, and a list that says
/// "none" cannot be told from one that says nothing.
fn changes(posted: &Posted, is_operator: bool) -> Result<Vec<PolicyChange>, Error> {
    let (mut changes, mut faults) = (Vec::new(), Vec::new());
    for held in EffectivePolicy::held(&[]) {
        let is_theirs = LABELS.iter().any(|it| it.name == held.name && (is_operator || !it.is_quota));
        let [typed, beside] = sent(posted, held.name);
        let was = posted.text(&format!("{}_was", held.name));
        let is_touched = both(&typed, &beside).lines().ne(was.lines());
        if is_theirs && is_touched {
            match read(&posted.fields, held.name, &held.value).and_then(|value| fitting(held.name, value)) {
                Ok(value) => changes.push((held.name.to_owned(), value)),
                Err(fault) => faults.push(labelled(fault)),
            }
        }
    }
    together(faults).map_or(Ok(changes), Err)
}

/// A fault of a value, under the label of its field.
fn labelled(fault: Error) -> Error {
    if let Error::Invalid { field, problem } = fault {
        Error::Invalid { field: label(field).unwrap_or(field), problem }
    } else {
        fault
    }
}

/// All of them as one, so that nobody mends them one by one.
fn together(faults: Vec<Error>) -> Option<Error> {
    faults.into_iter().reduce(|all, next| match (all, next) {
        (Error::Invalid { field, problem }, Error::Invalid { field: also, problem: next }) => {
            Error::invalid(field, format!("{problem}. {also}: {next}"))
        }
        (all, _) => all,
    })
}
