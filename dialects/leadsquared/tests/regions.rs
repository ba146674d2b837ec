//! Regions: every host answers the seed's call, and sends other calls home.

use crate::office::{ABROAD, HOME, Office, exception, key, organisation_in, region, with_headers};
use doorward_leadsquared::Leadsquared;
use doorward_model::{Kind, Role};
use doorward_testkit::Request;
use std::sync::Arc;

const LEADS: &str = "/v2/LeadManagement.svc/Leads.Get";

#[tokio::test]
async fn every_regions_host_answers_with_the_home_regions_hosts() {
    let office = Office::open().await;
    let at_home = office.ask(HOME, office.access_key(), office.secret_key()).await;
    let abroad = office.ask(ABROAD, office.access_key(), office.secret_key()).await;
    assert_eq!(abroad.status, 200);
    assert_eq!(abroad.text(), at_home.text());
    assert_eq!(abroad.json()["LSQCommonServiceURLs"]["api"], "api-in21.leadsquared.com");
}

#[tokio::test]
async fn other_calls_at_another_regions_host_are_sent_home() {
    let office = Office::open().await;
    let query = format!("?accessKey={}&secretKey={}", office.access_key(), office.secret_key());
    for (method, path) in [("GET", LEADS), ("POST", LEADS), ("PUT", "/v2/Telephony.svc/Call/7/Hangup")] {
        let by_query = Request::new(method, ABROAD, &format!("{path}{query}"));
        let by_header = with_headers(Request::new(method, ABROAD, path), &office.key);
        for request in [by_query, by_header] {
            let (status, kind, message) = exception(&office.client.send(request).await);
            assert_eq!((status, kind.as_str()), (401, "MXUnAuthorizedAccessException"), "{method} {path}");
            assert!(message.contains("api-in21.leadsquared.com"), "{message}");
        }
    }
}

#[tokio::test]
async fn other_calls_are_unknown_paths_at_home_and_without_a_good_pair() {
    let office = Office::open().await;
    let paths = [
        (HOME, format!("{LEADS}?accessKey={}&secretKey={}", office.access_key(), office.secret_key())),
        (HOME, LEADS.to_owned()),
        (ABROAD, LEADS.to_owned()),
        (ABROAD, format!("{LEADS}?accessKey={}", office.access_key())),
        (ABROAD, format!("{LEADS}?accessKey={}&secretKey=0000", office.access_key())),
        (HOME, format!("{LEADS}?accessKey=%FF&secretKey=%00")),
        (ABROAD, format!("{LEADS}?accessKey=a%20b&secretKey=0000&secretKey=1")),
    ];
    for (host, path) in paths {
        let (status, kind, _) = exception(&office.client.send(Request::get(host, &path)).await);
        assert_eq!((status, kind.as_str()), (404, "MXResourceNotFoundException"), "{host}{path}");
    }
}

#[tokio::test]
async fn two_pairs_are_refused_at_other_calls_too() {
    let office = Office::open().await;
    let path = format!("{LEADS}?accessKey={}&secretKey=0000", office.access_key());
    let request = with_headers(Request::get(ABROAD, &path), &office.key);
    let (status, kind, _) = exception(&office.client.send(request).await);
    assert_eq!((status, kind.as_str()), (400, "MXInvalidInputException"));
}

#[tokio::test]
async fn calls_sent_home_count_in_the_keys_window() {
    let office = Office::open().await;
    for _ in 0..25 {
        let request = with_headers(Request::get(ABROAD, LEADS), &office.key);
        assert_eq!(office.client.send(request).await.status, 401);
    }
    assert_eq!(office.ask_with(&office.key).await.status, 429);
}

/// The vendor's regions; all of them are rows of configuration here.
#[tokio::test]
async fn every_region_of_the_vendors_is_a_home_that_any_host_tells_of() {
    let office = Office::open().await;
    for code in ["sg", "us11", "in21", "in22", "ir31", "ca12"] {
        region(&office.house, code).await;
        let org = organisation_in(&office.house, &format!("school-{code}"), None, code).await;
        let email = format!("sam@{code}.example");
        let person = office.house.person(&org, &email, Kind::User, Role::User).await;
        let key = key(&office.house, &org, &person, None).await;
        let answer = office.ask(ABROAD, key.key.name.as_str(), key.secret.expose()).await.json();
        assert_eq!(answer["LSQCommonServiceURLs"]["api"], format!("api-{code}.leadsquared.com"));
        assert_eq!(
            answer["LSQCommonServiceURLs"]["loginApp"],
            format!("https://login-{code}.leadsquared.com")
        );
    }
}

#[tokio::test]
async fn calls_of_other_services_are_not_the_doors_own() {
    let office = Office::open().await;
    let door = doorward_web::router::<Leadsquared>(Arc::new(office.house.core.clone()));
    assert!(door.owns("/v2/Authentication.svc/UserByAccessKey.Get"));
    assert!(!door.owns(LEADS), "a gate checks it, and a service behind the gate answers");
}
