//! Whose address counts (P14), and who may say `https`.

use crate::toy::{ask, front_with};
use doorward_web::{HostRouter, TrustedProxies, WebSettings};
use serde_json::json;

const PROXY: &str = "10.0.0.5:4000";
const STRANGER: &str = "203.0.113.9:4000";

fn behind_proxies() -> HostRouter {
    let networks = ["10.0.0.0/8", "fd00::/8", "127.0.0.0/8"].map(|network| network.parse().unwrap()).to_vec();
    front_with(WebSettings { trusted_proxies: TrustedProxies { networks }, ..WebSettings::default() })
}

async fn address(peer: &'static str, forwarded: &[&str]) -> String {
    let mut asked = ask("GET /caller").peer(peer);
    for hops in forwarded {
        asked = asked.header("x-forwarded-for", hops);
    }
    asked.send_to(behind_proxies()).await.json()["address"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_rightmost_untrusted_hop_of_a_trusted_peer_counts() {
    for (peer, forwarded, expected) in [
        (STRANGER, vec![], "203.0.113.9"),
        (STRANGER, vec!["198.51.100.1"], "203.0.113.9"),
        (PROXY, vec![], "10.0.0.5"),
        (PROXY, vec!["198.51.100.1"], "198.51.100.1"),
        (PROXY, vec!["1.2.3.4, 198.51.100.1"], "198.51.100.1"),
        (PROXY, vec!["1.2.3.4, 198.51.100.1, 10.9.9.9"], "198.51.100.1"),
        (PROXY, vec!["1.2.3.4", "198.51.100.1,10.9.9.9"], "198.51.100.1"),
        (PROXY, vec!["10.1.1.1, 10.2.2.2"], "10.1.1.1"),
        (PROXY, vec!["198.51.100.1:5555"], "198.51.100.1"),
        (PROXY, vec!["[2001:db8::1]:5555"], "2001:db8::1"),
        (PROXY, vec!["[2001:db8::1]"], "2001:db8::1"),
        (PROXY, vec!["2001:db8::1"], "2001:db8::1"),
        (PROXY, vec!["::ffff:198.51.100.1"], "198.51.100.1"),
        ("[::ffff:10.0.0.5]:4000", vec!["198.51.100.1"], "198.51.100.1"),
        ("[fd00::5]:4000", vec!["198.51.100.1"], "198.51.100.1"),
    ] {
        assert_eq!(address(peer, &forwarded).await, expected, "{peer} {forwarded:?}");
    }
}

#[tokio::test]
async fn what_cannot_be_read_whole_is_no_evidence() {
    let many = ["198.51.100.1"; 40].join(",");
    for broken in ["", "unknown", "198.51.100.1, nonsense", "198.51.100.1,", "198.51.100.256", many.as_str()]
    {
        assert_eq!(address(PROXY, &[broken]).await, "10.0.0.5", "{broken}");
    }
}

#[tokio::test]
async fn nobody_is_trusted_by_default() {
    let asked = ask("GET /caller").peer("127.0.0.1:1").header("x-forwarded-for", "198.51.100.1");
    assert_eq!(asked.send().await.json()["address"], "127.0.0.1");
}

#[tokio::test]
async fn a_trusted_proxy_says_whether_the_client_came_over_tls() {
    for (peer, protos, expected) in [
        (PROXY, vec!["https"], 200),
        (PROXY, vec!["http"], 403),
        (PROXY, vec![], 403),
        (PROXY, vec!["https, http"], 403),
        (PROXY, vec!["https", "https"], 403),
        (STRANGER, vec!["https"], 403),
        // A proxy on this machine speaks for somebody else.
        ("127.0.0.1:1", vec!["http"], 403),
        ("127.0.0.1:1", vec!["https"], 200),
    ] {
        let mut asked = ask("GET /caller").over_plain_http().peer(peer);
        asked = asked.header("x-forwarded-for", "198.51.100.1");
        for proto in &protos {
            asked = asked.header("x-forwarded-proto", proto);
        }
        let seen = asked.send_to(behind_proxies()).await;
        assert_eq!(seen.status, expected, "{peer} {protos:?}");
        if expected == 200 {
            assert_eq!(seen.json()["secure"], json!(true));
        }
    }
}

#[tokio::test]
async fn only_a_trusted_proxy_may_name_another_host() {
    let asked = || ask("GET /slug").header("x-forwarded-host", "northwind.toys.example");
    assert_eq!(asked().peer(PROXY).send_to(behind_proxies()).await.json()["slug"], "northwind");
    assert_eq!(asked().peer(STRANGER).send_to(behind_proxies()).await.json()["slug"], json!(null));
    let twice = asked().header("x-forwarded-host", "southwind.toys.example").peer(PROXY);
    assert_eq!(twice.send_to(behind_proxies()).await.status, 400);
}
