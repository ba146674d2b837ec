//! A dialect made for these tests, a front that serves it, and requests to ask with.

mod ask;
mod dialect;

use axum::routing;
use doorward_core::DoorTable;
use doorward_model::{Dialect, Door, DoorId, DoorSettings, HostPattern};
use doorward_web::{Arrival, DoorRouter, HostRouter, WebSettings, service};
use std::sync::Arc;
use uuid::Uuid;

pub use ask::{Ask, Seen, ask};
pub use dialect::Toy;

/// The host of the door that names no slug.
pub const HOST: &str = "toy.example";

/// A front with default settings.
pub fn front() -> HostRouter {
    front_with(WebSettings::default())
}

/// A front with one door at [`HOST`], one at `{slug}.toys.example`, and a house at `house.example`.
pub fn front_with(settings: WebSettings) -> HostRouter {
    let settings = WebSettings { house_hosts: vec!["house.example".to_owned()], ..settings };
    let doors = Arc::new(DoorTable::new([
        door("one", HOST, "https://toy.example"),
        door("many", "{slug}.toys.example", "https://{slug}.toys.example"),
    ]));
    let house = axum::Router::new()
        .route("/healthz", routing::get(|| async { "fine" }))
        .route("/boom", routing::get(boom))
        .route("/who", routing::get(who));
    service(settings, Arc::new(move || Arc::clone(&doors)), [DoorRouter::new::<Toy, ()>(Arc::new(()))], house)
}

async fn boom() -> &'static str {
    panic!("the house panics")
}

async fn who(axum::Extension(arrival): axum::Extension<Arrival>) -> String {
    arrival.caller.address.to_string()
}

pub fn door(name: &str, host: &str, base_url: &str) -> Door {
    Door {
        id: DoorId::new(Uuid::nil()),
        name: name.to_owned(),
        host: HostPattern::parse(host).unwrap(),
        base_url: base_url.to_owned(),
        dialect: Dialect::Salesseek,
        tenant: None,
        settings: DoorSettings::default(),
        version: 1,
    }
}
