//! `GET /api/users?search=&start=&rows=&order_by=name desc`: a page, and headers that say which part of how many it is.

use crate::auth::{Guest, KINDS};
use crate::wire::User;
use doorward_core::Part;
use doorward_core::people::{self, OrderBy, Wish};
use doorward_web::reply::{self, Reply};
use doorward_web::{Call, Fields, HeaderName, Refusal, Response, StatusCode};

/// A page where the client names no size.
const ROWS: usize = 100;
/// The largest page, whatever the client asks for: enough to fetch a company in one call, and a bounded answer.
const MOST_ROWS: usize = 1_000;

pub(crate) async fn list(call: Call, guest: Guest) -> Result<Response, Refusal> {
    let wish = wish(call.query())?;
    let page = people::list(&call.core, &guest.actor()?, &guest.branch, wish).await?;
    let viewer = guest.identity()?;
    let user =
        |item: &people::Listed| User::seen_by(viewer, &call.core, &item.person, &guest.branch, item.role);
    let users: Vec<User> = page.items.iter().map(user).collect();
    let header = |name| HeaderName::from_static(name);
    Ok(reply::json(StatusCode::OK, &users)
        .with_header(header("records-total"), &page.total.to_string())
        .with_header(header("records-start"), &page.start.to_string())
        .with_header(header("records-rows"), &users.len().to_string()))
}

fn wish(query: &Fields) -> Result<Wish, Refusal> {
    let (order, descending) = order(query.text("order_by")?.unwrap_or_default())?;
    Ok(Wish {
        kinds: KINDS,
        search: query.text("search")?.map(str::to_owned),
        order,
        descending,
        part: Part {
            start: count(query, "start")?.unwrap_or(0),
            rows: count(query, "rows")?.unwrap_or(ROWS).min(MOST_ROWS),
        },
    })
}

fn count(query: &Fields, name: &'static str) -> Result<Option<usize>, Refusal> {
    let number = query.integer(name)?;
    let read = |number| usize::try_from(number).map_err(|_| Refusal::invalid(name, "expected 0 or more"));
    number.map(read).transpose()
}

/// `created`, `modified asc`, `name desc` …; oldest first where nothing is said.
fn order(text: &str) -> Result<(OrderBy, bool), Refusal> {
    let mut words = text.split_ascii_whitespace();
    let order = match words.next() {
        None | Some("created") => OrderBy::Created,
        Some("modified") => OrderBy::Modified,
        Some("name") => OrderBy::Name,
        Some("email_address" | "email") => OrderBy::Email,
        Some(_) => return Err(bad_order()),
    };
    let direction = words.next().unwrap_or("asc");
    if words.next().is_some() {
        return Err(bad_order());
    }
    // SQL's own spelling is upper case, and clients copy it.
    match direction.to_ascii_lowercase().as_str() {
        "asc" => Ok((order, false)),
        "desc" => Ok((order, true)),
        _ => Err(bad_order()),
    }
}

fn bad_order() -> Refusal {
    Refusal::invalid("order_by", "expected created, modified, name or email_address, then asc or desc")
}
