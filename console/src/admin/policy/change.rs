//! Changing what a tenant says itself. What is left empty is left to what is above.

use super::source;
use super::words::{LABELS, UNITS, in_units, read, shown};
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
use doorward_web::{Fields, Response};

/// One value of the form.
struct Input {
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    /// What holds where nothing is typed.
    otherwise: String,
    /// What stands there.
    typed: String,
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
    /// The version that is shown, so that two who change it at once do not undo each other's.
    version: i64,
    inputs: Vec<Input>,
    units: [(&'static str, &'static str, u64); 4],
    problem: Option<String>,
}

/// What stands in the fields of a value: its own, and the one beside it.
type Typed<'a> = &'a dyn Fn(&str) -> (String, String);

fn form(visit: &Visit, branch: &Branch, typed: Typed<'_>, version: i64, problem: Option<String>) -> Page {
    let is_operator = visit.visitor.is_operator();
    let above = tenants::policy_above(&visit.actor(), branch)?;
    let inputs = above.iter().filter_map(|entry| input(entry, is_operator, typed)).collect();
    let title = format!("Change the policy of {}", branch.tenant().display_name);
    let edit = Edit {
        frame: Frame::at(visit, branch, Part::Policy, title),
        tenant: branch.tenant().id,
        version,
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
    let (typed, mut beside) = typed(entry.name);
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
        beside,
        kind: Kind::of(&entry.value),
    })
}

/// What the tenant says today, as it stands in the form.
fn as_typed(value: Option<&PolicyValue>) -> (String, String) {
    match value {
        None => (String::new(), String::new()),
        Some(PolicyValue::Count(count)) => (count.to_string(), String::new()),
        Some(PolicyValue::Span(span)) => {
            let (count, unit) = in_units(*span);
            (count.to_string(), unit.to_owned())
        }
        Some(PolicyValue::Flag(is_so)) => ((if *is_so { "yes" } else { "no" }).to_owned(), String::new()),
        Some(PolicyValue::Rate(rate)) => (rate.calls.to_string(), rate.window.as_secs().to_string()),
        Some(PolicyValue::List(lines)) => (lines.join("\n"), String::new()),
        Some(PolicyValue::Language(language)) => (language.as_str().to_owned(), String::new()),
    }
}

pub(crate) async fn edit(Path(id): Path<String>, viewing: Viewing) -> Page {
    let branch = reached(&viewing.visit, &id).await?;
    let said = branch.tenant().policy.said();
    let typed = |name: &str| {
        let own = said.iter().find(|(known, _)| *known == name);
        as_typed(own.and_then(|(_, value)| value.as_ref()))
    };
    form(&viewing.visit, &branch, &typed, branch.tenant().version, None)
}

pub(crate) async fn save(Path(id): Path<String>, posted: Posted) -> Page {
    let branch = reached(&posted.visit, &id).await?;
    let version: i64 = posted.text("version").parse().unwrap_or(branch.tenant().version);
    let typed = |name: &str| {
        let beside = [format!("{name}_unit"), format!("{name}_seconds")];
        let beside = beside.iter().find_map(|beside| posted.given(beside)).unwrap_or_default();
        (posted.text(name).to_owned(), beside.to_owned())
    };
    proven!(&posted, |visit, problem| form(visit, &branch, &typed, version, problem), |visit| {
        let (core, caller, actor) = (&visit.core, &visit.caller, visit.actor());
        let changes = changes(&posted.fields, visit.visitor.is_operator())?;
        tenants::change_policy(core, caller, &actor, &branch, changes, Some(version)).await?;
        Ok::<Response, Error>(see_other(&format!(
            "/console/tenants/{}/policy?done=saved",
            branch.tenant().id
        )))
    })
}

fn changes(fields: &Fields, is_operator: bool) -> Result<Vec<PolicyChange>, Error> {
    let mut changes = Vec::new();
    for held in EffectivePolicy::held(&[]) {
        if LABELS.iter().any(|it| it.name == held.name && (is_operator || !it.is_quota)) {
            changes.push((held.name.to_owned(), read(fields, held.name, &held.value)?));
        }
    }
    Ok(changes)
}
