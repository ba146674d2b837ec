//! Every endpoint, in the order of the reference page.

use crate::endpoint::{Endpoint, EndpointInfo};
use crate::schema::{CURSOR, IDEMPOTENCY_KEY, LIMIT, TENANT};
use crate::{BASE, people, tenants};
use doorward_core::manage::Scope;
use http::{Method, StatusCode};

/// The list.
pub(crate) fn all() -> Vec<Endpoint> {
    vec![
        Endpoint {
            method: Method::GET,
            path: "/tenants",
            scope: Scope::TenantsRead,
            name: "listTenants",
            tag: "Tenants",
            doc: "The tenants a token reaches, or those right below one of them, by number",
            parameters: &[tenants::PARENT, LIMIT, CURSOR],
            body: None,
            status: StatusCode::OK,
            answer: tenants::PAGE,
            handler: |ask| Box::pin(tenants::list(ask)),
        },
        Endpoint {
            method: Method::GET,
            path: "/tenants/{id}/people",
            scope: Scope::PeopleRead,
            name: "listPeople",
            tag: "People",
            doc: "The people of a tenant itself, by id",
            parameters: &[TENANT, LIMIT, CURSOR],
            body: None,
            status: StatusCode::OK,
            answer: people::PAGE,
            handler: |ask| Box::pin(people::list(ask)),
        },
        Endpoint {
            method: Method::POST,
            path: "/tenants/{id}/people",
            scope: Scope::PeopleWrite,
            name: "createPerson",
            tag: "People",
            doc: "Makes a person in a tenant; an administrator only with the scope `manage`, an owner never with an \
                  application's token",
            parameters: &[TENANT, IDEMPOTENCY_KEY],
            body: Some(people::NEW),
            status: StatusCode::CREATED,
            answer: people::PERSON,
            handler: |ask| Box::pin(people::create(ask)),
        },
        Endpoint {
            method: Method::GET,
            path: "/tenants/{id}/people/{person}",
            scope: Scope::PeopleRead,
            name: "getPerson",
            tag: "People",
            doc: "One person of a tenant",
            parameters: &[TENANT, people::ID],
            body: None,
            status: StatusCode::OK,
            answer: people::PERSON,
            handler: |ask| Box::pin(people::get(ask)),
        },
    ]
}

/// Every endpoint, for whoever sweeps them.
pub fn endpoints() -> Vec<EndpointInfo> {
    let info = |it: Endpoint| EndpointInfo {
        path: format!("{BASE}{}", it.path),
        method: it.method,
        scope: it.scope,
    };
    all().into_iter().map(info).collect()
}
