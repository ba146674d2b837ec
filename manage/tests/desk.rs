//! A house with a tree, and tokens to ask with.

use doorward_core::application_tokens::{self, NewToken};
use doorward_core::applications::{self, NewApplication, NewKey};
use doorward_core::manage::Scope;
use doorward_core::operator_tokens::{self, NewOperatorToken};
use doorward_core::{Branch, operators};
use doorward_model::{
    ApplicationId, ApplicationTokenId, Audience, Email, OperatorTokenId, PoolId, Secret, Timestamp,
};
use doorward_testkit::{Answer, Client, House, PASSWORD, Request};
use doorward_web::{TrustedProxies, WebSettings};
use serde_json::Value;
use std::net::SocketAddr;
use std::sync::Arc;

pub(crate) const HOST: &str = "id.example";

pub(crate) struct Desk {
    pub(crate) house: House,
    client: Client,
}

/// An application's token.
pub(crate) struct Token {
    pub(crate) pool: PoolId,
    pub(crate) application: ApplicationId,
    pub(crate) id: ApplicationTokenId,
    pub(crate) text: String,
}

/// An operator's token.
pub(crate) struct Remote {
    pub(crate) id: OperatorTokenId,
    pub(crate) text: String,
}

impl Desk {
    pub(crate) async fn open() -> Self {
        let house = House::start().await;
        let client = house.pages(HOST, doorward_manage::router(house.core.clone(), false));
        Self { house, client }
    }

    /// The same as clients see it through a proxy on this machine.
    pub(crate) fn behind_proxy(&self) -> Client {
        let settings = WebSettings {
            house_hosts: vec![HOST.to_owned()],
            trusted_proxies: TrustedProxies { networks: vec!["127.0.0.0/8".parse().unwrap()] },
            ..WebSettings::default()
        };
        let doors = self.house.core.clone();
        let house = doorward_manage::router(self.house.core.clone(), false);
        Client::of(doorward_web::service(settings, Arc::new(move || doors.doors()), [], house))
    }

    /// A token of a program of this tenant.
    pub(crate) async fn token(&self, at: &Branch, scopes: &[&str]) -> String {
        self.issued(at, scopes, "manage", None).await.text
    }

    pub(crate) async fn issued(
        &self,
        at: &Branch,
        scopes: &[&str],
        audience: &str,
        expires_at: Option<Timestamp>,
    ) -> Token {
        let House { core, caller, operator, .. } = &self.house;
        let new = NewApplication {
            name: "desk".to_owned(),
            app_id: None,
            key: NewKey::None,
            trusted_server: false,
            origins: Vec::new(),
        };
        let made = applications::create(core, caller, operator, at, new).await.unwrap();
        let new = NewToken {
            label: "desk".to_owned(),
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            audience: Audience::parse(audience).unwrap(),
            expires_at,
        };
        let id = (at.pool(), made.application.id);
        let issued = application_tokens::create(core, caller, operator, id, new).await.unwrap();
        let text = issued.secret.expose().to_owned();
        Token { pool: at.pool(), application: made.application.id, id: issued.token.id, text }
    }

    /// A token of the operator.
    pub(crate) async fn remote(
        &self,
        scopes: &[Scope],
        only: Option<&Branch>,
        expires_at: Option<Timestamp>,
    ) -> Remote {
        let House { core, caller, operator, .. } = &self.house;
        let known = operators::list(core).await.unwrap().into_iter().next();
        let known = match known {
            Some(known) => known,
            None => {
                let email = Email::parse("root@doorward.example").unwrap();
                operators::create_first(core, caller, email, &Secret::new(PASSWORD)).await.unwrap()
            }
        };
        let new = NewOperatorToken {
            operator: known.id,
            label: "desk".to_owned(),
            scopes: scopes.to_vec(),
            only_pool: only.map(Branch::pool),
            expires_at,
        };
        let issued = operator_tokens::create(core, caller, operator, new).await.unwrap();
        Remote { id: issued.token.id, text: issued.secret.expose().to_owned() }
    }

    pub(crate) async fn get(&self, token: &str, path: &str) -> Answer {
        let ask = Request::get(HOST, &format!("/manage/v1{path}"));
        self.client.send(ask.header("authorization", &format!("Bearer {token}"))).await
    }

    pub(crate) async fn post(
        &self,
        token: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Answer {
        self.ask("POST", token, path, headers, body).await
    }

    pub(crate) async fn ask(
        &self,
        method: &str,
        token: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Answer {
        let ask = Request::new(method, HOST, &format!("/manage/v1{path}")).json(body);
        let ask = ask.header("authorization", &format!("Bearer {token}"));
        let ask = headers.iter().fold(ask, |ask, (name, value)| ask.header(name, value));
        self.client.send(ask).await
    }

    pub(crate) async fn put(&self, token: &str, path: &str, body: &Value) -> Answer {
        let ask = Request::new("PUT", HOST, &format!("/manage/v1{path}")).json(body);
        self.client.send(ask.header("authorization", &format!("Bearer {token}"))).await
    }

    pub(crate) async fn delete(&self, token: &str, path: &str) -> Answer {
        let ask = Request::new("DELETE", HOST, &format!("/manage/v1{path}"));
        self.client.send(ask.header("authorization", &format!("Bearer {token}"))).await
    }

    /// Where it listens, for what is read slowly.
    pub(crate) fn address(&self) -> SocketAddr {
        self.client.address()
    }

    pub(crate) async fn send(&self, ask: Request) -> Answer {
        self.client.send(ask).await
    }
}

/// Status and code of a refusal, which must be one as the document says.
pub(crate) fn refusal(answer: &Answer) -> (u16, String) {
    assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{}", answer.text());
    let body = answer.json();
    assert_eq!(body["status"], answer.status.as_u16());
    assert_eq!(body["request_id"].as_str(), answer.header("x-request-id"));
    (answer.status.as_u16(), body["code"].as_str().unwrap().to_owned())
}
