//! What is protected and what it needs.

use crate::stage::{Stage, forwarded, reason};

#[tokio::test]
async fn what_no_route_protects_is_refused_whoever_asks() {
    let stage = Stage::with(&["app.example/api"]).await;
    let credential = stage.credential("cookie").await;
    assert_eq!(reason(&stage.ask_at(&credential, "app.example", "/api/x").await), (200, "-"));
    assert_eq!(reason(&stage.ask_at(&credential, "app.example", "/apis").await), (403, "route"));
    assert_eq!(reason(&stage.ask_at(&credential, "other.example", "/api/x").await), (403, "route"));
}

/// Servers that cut `;…` off a segment see `/owners` in `/owners;x`; whoever does not, sees another path.
#[tokio::test]
async fn a_path_that_leads_to_two_routes_leads_to_none() {
    let stage = Stage::with(&["app.example/owners role=owner", "app.example"]).await;
    let credential = stage.credential("cookie").await;
    for path in ["/owners;x/all", "/owners%3bx", "/owners;x"] {
        assert_eq!(
            reason(&stage.ask_at(&credential, "app.example", path).await),
            (400, "metadata"),
            "{path}"
        );
    }
    for (path, wanted) in [("/deals;x=1/7", (200, "-")), ("/owners/a;b", (403, "role"))] {
        assert_eq!(reason(&stage.ask_at(&credential, "app.example", path).await), wanted, "{path}");
    }
}

/// Servers that cut `;…` off, and then collapse `//`, see `/owners` in each of these.
#[tokio::test]
async fn a_segment_of_nothing_but_parameters_leads_nowhere() {
    let stage = Stage::with(&["app.example/owners role=owner", "app.example"]).await;
    let credential = stage.credential("cookie").await;
    for path in
        ["/;x/owners", "/;/owners", "/%3b/owners", "/%3Bx/owners/all", "/;/;/owners", "/deals/;/owners"]
    {
        assert_eq!(
            reason(&stage.ask_at(&credential, "app.example", path).await),
            (400, "metadata"),
            "{path}"
        );
    }
    // Servers that write a session into the path write `/` so.
    assert_eq!(reason(&stage.ask_at(&credential, "app.example", "/;x=1").await), (200, "-"));
}

/// Who decodes before they cut sees `/owners` in each of these.
#[tokio::test]
async fn a_path_that_decoding_would_end_leads_nowhere() {
    let stage = Stage::with(&["app.example/owners role=owner", "app.example"]).await;
    let credential = stage.credential("cookie").await;
    for path in ["/owners%3fx", "/owners%3Fx/all", "/owners%23x", "/deals%23"] {
        assert_eq!(
            reason(&stage.ask_at(&credential, "app.example", path).await),
            (400, "metadata"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_doors_own_paths_are_no_protected_route() {
    let stage = Stage::start().await;
    let credential = stage.credential("cookie").await;
    assert_eq!(reason(&stage.ask_at(&credential, credential.host, "/api/login").await), (403, "route"));
    assert_eq!(reason(&stage.ask_at(&credential, credential.host, "/api/%6Cogin").await), (403, "route"));
}

#[tokio::test]
async fn a_public_route_lets_everybody_in_and_names_nobody() {
    let stage = Stage::with(&["app.example/health public", "app.example"]).await;
    let credential = stage.credential("cookie").await;
    let told = stage.ask_at(&credential, "app.example", "/health").await;
    assert_eq!(reason(&told), (200, "-"));
    assert_eq!(told.header("x-doorward-person"), Some(""));
    let broken = forwarded("GET", "app.example", "/health").header("cookie", "salesseek=x; salesseek=y");
    assert_eq!(reason(&stage.send(broken).await), (200, "-"), "it looks at no credential");
}

#[tokio::test]
async fn the_first_route_that_fits_decides() {
    let lines = [
        "app.example/owners role=owner",
        "app.example/members kind=member",
        "app.example/quay tenant=quayside",
        "app.example/harbour tenant=harbour role=admin kind=administrator|user",
        "app.example/till door=till",
        "app.example",
    ];
    let stage = Stage::with(&lines).await;
    let credential = stage.credential("cookie").await;
    for (path, wanted) in [
        ("/owners", (403, "role")),
        ("/members", (403, "role")),
        ("/quay", (403, "role")),
        ("/harbour/x", (200, "-")),
        ("/till", (403, "role")),
        ("/anything", (200, "-")),
    ] {
        assert_eq!(reason(&stage.ask_at(&credential, "app.example", path).await), wanted, "{path}");
    }
}
