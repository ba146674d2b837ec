//! A browser without scripts: keeps its cookie, says where its forms come from, and follows what it is told to.

use doorward_testkit::{Answer, Client, House, Request};
use doorward_web::StatusCode;
use std::sync::Mutex;

pub(crate) const HOST: &str = "id.example";

pub(crate) struct Browser {
    client: Client,
    cookie: Mutex<Option<String>>,
}

impl Browser {
    pub(crate) fn at(house: &House) -> Self {
        let pages = doorward_console::router(house.core.clone(), doorward_console::Given::default());
        Self { client: house.pages(HOST, pages), cookie: Mutex::new(None) }
    }

    /// What it would send along.
    pub(crate) fn cookie(&self) -> Option<String> {
        self.cookie.lock().unwrap().clone()
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
        let cookie = self.cookie();
        let request = match &cookie {
            Some(cookie) => request.header("cookie", cookie),
            None => request,
        };
        let answer = self.client.send(request).await;
        for set in answer.headers.get_all("set-cookie") {
            let pair = set.to_str().unwrap().split(';').next().unwrap();
            let is_forgotten = pair.ends_with('=');
            *self.cookie.lock().unwrap() = Some(pair.to_owned()).filter(|_| !is_forgotten);
        }
        answer
    }
}

fn encoded(fields: &[(&str, &str)]) -> String {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(fields).finish()
}
