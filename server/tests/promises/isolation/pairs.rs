//! P13: an id of another pool answers to the byte like a random one, wherever a route takes one.

use super::super::doors;
use super::super::rooms::{NOBODY, Room, Rooms, told};
use super::{Voice, all, name, names_company, say};
use doorward_web::RouteInfo;

#[tokio::test]
async fn an_id_of_another_pool_answers_like_a_random_one() {
    let rooms = Rooms::new().await;
    let mut pairs = Vec::new();
    salesseek_pairs(&rooms, &mut pairs).await;
    bookingbug_pairs(&rooms, &mut pairs).await;
    rubicrm_pairs(&rooms, &mut pairs).await;
    assert!(pairs.len() > 20, "{}", pairs.len());
    let differ = pairs.iter().filter(|(_, foreign, random)| foreign != random);
    let differ: Vec<_> =
        differ.map(|(what, foreign, random)| format!("{what}: {foreign:?} / {random:?}")).collect();
    assert!(differ.is_empty(), "{}", differ.join("\n"));
    let found: Vec<_> = pairs.iter().filter(|(_, foreign, _)| foreign.0 >= 500).collect();
    assert!(found.is_empty(), "{found:?}");
}

/// What was asked, and what was told for a foreign id and for a random one.
type Pair = (String, (u16, Vec<String>, String), (u16, Vec<String>, String));

async fn salesseek_pairs(rooms: &Rooms, pairs: &mut Vec<Pair>) {
    let room = &rooms.salesseek;
    let voice = Voice {
        name: "administrator",
        host: room.hosts[0],
        headers: vec![("cookie", rooms.cookie(0, &room.strong).await)],
        fields: vec![],
        must_be_refused: all,
    };
    let foreign = room.stranger.id.to_string();
    for route in room.routes.iter().filter(|route| route.path.contains('{')) {
        pairs.push(path_pair(room, &voice, route, [&foreign, NOBODY], &|_| true, |_| String::new()).await);
    }
    for route in room.routes.iter().filter(|route| route.path == "/api/reset") {
        pairs.push(field_pair(room, &voice, route, "user_id", &foreign, NOBODY).await);
    }
}

async fn bookingbug_pairs(rooms: &Rooms, pairs: &mut Vec<Pair>) {
    let room = &rooms.bookingbug;
    let (app_id, app_key) = rooms.applications[0].clone();
    let token = rooms.auth_token(0, &room.strong).await;
    let voice = Voice {
        name: "owner",
        host: room.hosts[0],
        headers: vec![("app-id", app_id), ("app-key", app_key), ("auth-token", token)],
        fields: vec![],
        must_be_refused: all,
    };
    let own = room.strong.number.get().to_string();
    let person = room.stranger.number.get().to_string();
    assert_ne!(own, person);
    for route in room.routes.iter().filter(|route| route.path.contains('{')) {
        let decent =
            |name: &str| if names_company(route.path, name) { "101".to_owned() } else { own.clone() };
        let company = |name: &str| names_company(route.path, name);
        let somebody = |name: &str| !names_company(route.path, name);
        // Where nothing is swapped there is no pair, only one request twice.
        if parameters(route).any(company) {
            pairs.push(path_pair(room, &voice, route, ["201", "999"], &company, decent).await);
        }
        if parameters(route).any(somebody) {
            pairs.push(path_pair(room, &voice, route, [&person, "987654"], &somebody, decent).await);
        }
    }
    for route in room.routes.iter().filter(|route| name(route) == ("PUT", "/api/v1/login/admin")) {
        pairs.push(field_pair(room, &voice, route, "company_id", "201", "999").await);
    }
}

async fn rubicrm_pairs(rooms: &Rooms, pairs: &mut Vec<Pair>) {
    let room = &rooms.rubicrm;
    let voice = Voice {
        name: "trusted server",
        host: room.hosts[0],
        headers: vec![],
        fields: vec![("apikey", rooms.api_keys[1].clone())],
        must_be_refused: all,
    };
    let (foreign, email) = (room.stranger.id.to_string(), room.stranger.email.as_written().to_owned());
    for route in &room.routes {
        pairs.push(field_pair(room, &voice, route, "uid", &foreign, NOBODY).await);
        pairs.push(field_pair(room, &voice, route, "emailaddress", &email, "nobody@league.example").await);
    }
}

/// The route with a foreign id and with a random one, wherever a parameter is swapped.
async fn path_pair(
    room: &Room,
    voice: &Voice,
    route: &RouteInfo,
    [foreign, random]: [&str; 2],
    is_swapped: &dyn Fn(&str) -> bool,
    decent: impl Fn(&str) -> String,
) -> Pair {
    let path =
        |id: &str| doors::path(route, |name| if is_swapped(name) { id.to_owned() } else { decent(name) });
    let one = say(room, voice, route, &path(foreign), &[]).await;
    let other = say(room, voice, route, &path(random), &[]).await;
    (format!("{} {}", route.method, route.path), told(&one), told(&other))
}

async fn field_pair(
    room: &Room,
    voice: &Voice,
    route: &RouteInfo,
    field: &str,
    foreign: &str,
    random: &str,
) -> Pair {
    let one = say(room, voice, route, route.path, &[(field, foreign)]).await;
    let other = say(room, voice, route, route.path, &[(field, random)]).await;
    (format!("{} {} {field}", route.method, route.path), told(&one), told(&other))
}

/// The names of a route's parameters.
fn parameters(route: &RouteInfo) -> impl Iterator<Item = &str> {
    route.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}
