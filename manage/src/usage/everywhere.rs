//! A door's uses in the whole installation, and the trees that use it: for operators.

use super::shapes::{OnDay, count};
use super::{DAYS, endpoint, window};
use crate::answer;
use crate::ask::Ask;
use crate::doors::{self, ID};
use crate::endpoint::Endpoint;
use crate::export::{self, EXPORT, FORMAT};
use crate::problem::Problem;
use crate::schema::{
    CURSOR, LIMIT, Shape, list as array, moment, of, or_null, page, shape, text, uuid, word,
};
use crate::token::Again;
use doorward_core::manage::Scope;
use doorward_core::usage::{self, Window};
use doorward_core::{cursor, works};
use doorward_model::Sort;
use doorward_web::{Response, StatusCode, reply};
use std::sync::Arc;

const DOOR: Shape = Shape { name: "DoorUsage", schema: Door::schema };
pub(crate) const TREE: Shape = Shape { name: "TreeUsage", schema: Tree::schema };
const TREES: Shape = Shape { name: "TreeUsagePage", schema: || page("TreeUsage") };

/// The list of this noun.
pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint(
            "/doors/{door}/usage",
            "getDoorUsage",
            "How a door is used by all tenants together, with every day, and whether it can be retired; operators only",
            &[ID, DAYS],
            DOOR,
            |ask| Box::pin(get(ask)),
        ),
        endpoint(
            "/doors/{door}/usage/trees",
            "listDoorTrees",
            "The trees that use a door; operators only. A page may be short, or empty, and still have a `next`",
            &[ID, DAYS, LIMIT, CURSOR],
            TREES,
            |ask| Box::pin(trees(ask)),
        ),
        endpoint(
            "/doors/{door}/usage/trees/export",
            "exportDoorTrees",
            "The same as a file, to its end; operators only",
            &[ID, DAYS, FORMAT],
            EXPORT,
            |ask| Box::pin(download(ask)),
        ),
    ]
}

shape! {
    /// A door, and how it is used by all tenants together.
    Door {
        #[doc = "The door"]
        door: String = uuid(),
        #[doc = "What operators call it"]
        name: String = text(),
        #[doc = "Its host"]
        host: String = text(),
        #[doc = "When it was used last, as far as it is known"]
        last_used: Option<String> = or_null(moment()),
        #[doc = "How often within the days that were asked for"]
        uses: i64 = count(),
        #[doc = "How often in the last 30 days"]
        uses_last_30_days: i64 = count(),
        #[doc = "How often in the 30 days before"]
        uses_30_days_before: i64 = count(),
        #[doc = "`unused` can be retired; of what is `too_early` it is not known for long enough"]
        verdict: &'static str = word(&["used", "unused", "too_early"]),
        #[doc = "The same in words, for people"]
        sentence: String = text(),
        #[doc = "Every day that was asked for, the earliest first"]
        days: Vec<OnDay> = array(of("UsageDay")),
        #[doc = "Since when anything is counted"]
        counted_since: String = serde_json::json!({ "type": "string", "format": "date" }),
    }
}

shape! {
    /// A tree that uses a door.
    Tree {
        #[doc = "Its top"]
        tenant: String = uuid(),
        #[doc = "The top's short name"]
        slug: String = text(),
        #[doc = "What people call it"]
        name: String = text(),
        #[doc = "When last"]
        last_used: Option<String> = or_null(moment()),
        #[doc = "How often within the days that were asked for"]
        uses: i64 = count(),
        #[doc = "How often in the last 30 days"]
        uses_last_30_days: i64 = count(),
        #[doc = "How often in the 30 days before"]
        uses_30_days_before: i64 = count(),
    }
}

impl Door {
    fn of(found: &usage::Everywhere, window: Window) -> Self {
        let usage::Everywhere { door, last_at, uses, trend: (this, before), verdict, days, counted_since } =
            found;
        Self {
            door: door.id.to_string(),
            name: door.name.clone(),
            host: door.host.to_string(),
            last_used: last_at.map(|at| at.civil().to_string()),
            uses: *uses,
            uses_last_30_days: *this,
            uses_30_days_before: *before,
            verdict: verdict.as_str(),
            sentence: verdict.sentence(Sort::Doors, window),
            days: days.iter().map(OnDay::from).collect(),
            counted_since: counted_since.date(),
        }
    }
}

impl From<&usage::Tree> for Tree {
    fn from(tree: &usage::Tree) -> Self {
        let usage::Tree { top, last_at, uses, trend: (this, before) } = tree;
        let tenant = top.tenant();
        Self {
            tenant: tenant.id.to_string(),
            slug: tenant.slug.as_str().to_owned(),
            name: tenant.display_name.clone(),
            last_used: last_at.map(|at| at.civil().to_string()),
            uses: *uses,
            uses_last_30_days: *this,
            uses_30_days_before: *before,
        }
    }
}

async fn get(ask: Ask) -> Result<Response, Problem> {
    let door = doors::id(&ask)?;
    let window = window(&ask.query(&["days"])?)?;
    let found = usage::everywhere(&ask.core, &ask.bearer.actor, door, window).await?;
    Ok(reply::json(StatusCode::OK, &Door::of(&found, window)))
}

async fn trees(ask: Ask) -> Result<Response, Problem> {
    let door = doors::id(&ask)?;
    let query = ask.query(&["days", "limit", "cursor"])?;
    let window = window(&query)?;
    let wanted = ask.wanted(&query, window.as_str())?;
    let place = |bytes| usage::tree_place(bytes).ok_or_else(Problem::other_list);
    let after = wanted.place.as_deref().map(place).transpose()?;
    let (core, actor) = (&ask.core, &ask.bearer.actor);
    let found = usage::trees(core, actor, (door, window), after, wanted.rows).await?;
    let next = found.next.map(|number| cursor::write(core, &wanted.list, &usage::tree_bytes(number)));
    let items: Vec<Tree> = found.items.iter().map(Tree::from).collect();
    Ok(answer::page(&items, next))
}

async fn download(ask: Ask) -> Result<Response, Problem> {
    let door = doors::id(&ask)?;
    let query = ask.query(&["days", "format"])?;
    let (window, format) = (window(&query)?, export::format(&query)?);
    let again = Arc::new(Again::of(&ask, Scope::UsageRead, None)?);
    let core = ask.core.clone();
    let read = move |after: Option<i64>| {
        let (core, again) = (core.clone(), Arc::clone(&again));
        async move {
            let (actor, _) = again.admit().await?;
            let found = usage::trees(&core, &actor, (door, window), after, export::ROWS).await?;
            Ok(found.map(|tree| usage::tree_cells(&tree)))
        }
    };
    let file = doorward_web::export::file("door-usage", format, usage::TREE_COLUMNS, read).await?;
    let told = usage::trees_taken(&ask.core, door);
    works::tell_taken(&ask.core, &ask.caller, &ask.bearer.actor, None, &told).await?;
    Ok(file)
}
