//! A browser without scripts: keeps its cookies, says where its forms come from, and follows what it is told to.

use doorward_testkit::{Answer, Client, House, Request};
use doorward_web::StatusCode;
use std::collections::BTreeMap;
use std::sync::Mutex;

pub(crate) const HOST: &str = "id.example";

pub(crate) struct Browser {
    client: Client,
    cookies: Mutex<BTreeMap<String, String>>,
}

impl Browser {
    pub(crate) fn at(house: &House) -> Self {
        let pages = doorward_console::router(house.core.clone(), doorward_console::Given::default());
        Self { client: house.pages(HOST, pages), cookies: Mutex::default() }
    }

    /// The session it would send along.
    pub(crate) fn cookie(&self) -> Option<String> {
        self.cookies.lock().unwrap().get("doorward").map(|token| format!("doorward={token}"))
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(HOST, path).header("sec-fetch-site", "none")).await
    }

    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let request = Request::post(HOST, path).header("sec-fetch-site", "same-origin");
        self.send(request.body("application/x-www-form-urlencoded", encoded(fields))).await
    }

    /// Sends a form and looks at the page it leads to.
    pub(crate) async fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let sent = self.post(path, fields).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{path}: {}", sent.text());
        let to = sent.header("location").unwrap().to_owned();
        self.get(&to).await
    }

    pub(crate) async fn send(&self, request: Request) -> Answer {
        let pairs: Vec<String> =
            self.cookies.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = if pairs.is_empty() { request } else { request.header("cookie", &pairs.join("; ")) };
        let answer = self.client.send(request).await;
        for set in answer.headers.get_all("set-cookie") {
            let (name, value) = set.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
            let mut cookies = self.cookies.lock().unwrap();
            match value {
                "" => cookies.remove(name),
                _ => cookies.insert(name.to_owned(), value.to_owned()),
            };
        }
        answer
    }
}

fn encoded(fields: &[(&str, &str)]) -> String {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(fields).finish()
}
