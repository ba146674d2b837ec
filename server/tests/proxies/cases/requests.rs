//! What a client says of its own request: its body arrives, its lies do not count, and its path is read in one way.

use super::callers::Caller;
use super::{CHECKED, OTHER_SALESSEEK, Stage};
use crate::process::Ask;
use serde_json::json;

impl Stage {
    pub(super) fn a_body_arrives_whole(&self, caller: &Caller) {
        let deal = json!({ "name": "a deal", "value": 7 });
        let ask = Ask::post(caller.host, CHECKED).json(&deal);
        let ask = caller.headers.iter().fold(ask, |ask, (name, value)| ask.header(name, value));
        let taken = self.reaches(&ask, caller);
        assert!(taken.head.starts_with("POST "), "{}", taken.head);
        let body = String::from_utf8_lossy(&taken.body).into_owned();
        assert!(body.contains(&deal.to_string()), "{body}");
    }

    pub(super) fn the_client_does_not_say_what_it_asked_for(&self, caller: &Caller) {
        let lies = [
            ("X-Forwarded-Host", caller.host.to_owned()),
            ("X-Forwarded-Uri", "/api/login".to_owned()),
            ("X-Forwarded-Method", "OPTIONS".to_owned()),
            ("X-Forwarded-Proto", "gopher".to_owned()),
            ("X-Original-URL", format!("http://{}/", caller.host)),
            ("X-Original-Method", "OPTIONS".to_owned()),
            ("X-Forwarded-For", "192.0.2.7".to_owned()),
            ("Forwarded", format!("host={}", caller.host)),
            ("X-Rewrite-URL", "/api/login".to_owned()),
            ("X-HTTP-Method-Override", "OPTIONS".to_owned()),
        ];
        let lying = |ask: Ask| lies.iter().fold(ask, |ask, (name, value)| ask.header(name, value));
        self.reaches(&lying(caller.ask()), caller);
        // A good cookie at another tenant's host, which the client says is not the host.
        let elsewhere = Ask::get(OTHER_SALESSEEK, CHECKED);
        let elsewhere = caller.headers.iter().fold(elsewhere, |ask, (name, value)| ask.header(name, value));
        self.refuses(&lying(elsewhere), 401);
        self.refuses(&lying(Ask::get(caller.host, CHECKED)), 401);
    }

    pub(super) fn ambiguous_paths_lead_nowhere(&self, caller: &Caller) {
        for path in [
            "/a/../b",
            "/a/./b",
            "/a/..",
            "/a/%2e%2e/b",
            "/a/%2E./b",
            "/a%2fb",
            "/a%2Fb",
            "/a//b",
            "//evil.example/b",
            "/a\\b",
            "/a%5cb",
            "/a%00b",
            "/a/..;x/b",
            "/%252e%252e/b",
            "/%ff",
            "/crm/../api/login",
            "/crm/..%2fapi/login",
        ] {
            let (answer, taken) = self.send(&caller.ask_for(path));
            assert!(taken.is_empty(), "{:?}: {path}: {taken:?}", self.kind);
            assert!(matches!(answer.status, 400..500), "{:?}: {path}: {answer:?}", self.kind);
        }
        // Nor is a door's own path a way around the check.
        for path in [
            "/api/login/../../crm",
            "/api/login/..%2f..%2fcrm",
            "/api/login%2f..%2f..%2fcrm",
            "/api/login;/../../crm",
            "/api/login/%2e%2e/%2e%2e/crm",
            "/api/login%3f/../../crm",
            "/API/login",
            "/verify/forward-auth/../../api/login",
            "/verify/ext-authz/../../api/login",
        ] {
            let (answer, taken) = self.send(&Ask::get(caller.host, path));
            assert!(taken.is_empty(), "{:?}: {path}: {taken:?}", self.kind);
            assert!(matches!(answer.status, 400..500), "{:?}: {path}: {answer:?}", self.kind);
        }
        // A whole URL in the request line names the host, whatever `Host` says.
        let mut bytes = format!("GET http://{OTHER_SALESSEEK}/crm HTTP/1.1\r\n").into_bytes();
        let rest = caller.ask().bytes();
        let end = rest.windows(2).position(|two| two == b"\r\n").unwrap();
        bytes.extend_from_slice(&rest[end + 2..]);
        let (answer, taken) = self.exchange(&bytes);
        match taken.first() {
            Some(taken) => assert_eq!(
                taken.read("Host"),
                [caller.host],
                "{:?}: judged for one host, sent to another",
                self.kind
            ),
            None => assert!(matches!(answer.status, 400..500), "{:?}: {answer:?}", self.kind),
        }
    }
}
