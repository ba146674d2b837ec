//! Tokens at the management API: what they are given for, and that none hands out more than it has.

use crate::tree::{actor, is_not_allowed, is_not_found};
use doorward_core::application_tokens::{self, NewToken};
use doorward_core::applications::{self, NewApplication, NewKey};
use doorward_core::manage::{self, Scope};
use doorward_core::operator_tokens::{self, NewOperatorToken};
use doorward_core::{Actor, Branch, Error, Result, memberships, operators, tenants};
use doorward_model::{ApplicationId, Audience, Email, Kind, Role, Secret};
use doorward_testkit::{House, PASSWORD};

async fn program(house: &House, at: &Branch) -> ApplicationId {
    let new = NewApplication {
        name: "Partner".to_owned(),
        app_id: None,
        key: NewKey::None,
        trusted_server: false,
        origins: Vec::new(),
    };
    let made = applications::create(&house.core, &house.caller, &house.operator, at, new).await.unwrap();
    made.application.id
}

async fn issue(house: &House, by: &Actor, at: &Branch, scope: &str, audience: &str) -> Result<Secret> {
    let new = NewToken {
        label: "sync".to_owned(),
        scopes: vec![scope.to_owned()],
        audience: Audience::parse(audience).unwrap(),
        expires_at: None,
    };
    let of = (at.pool(), program(house, at).await);
    Ok(application_tokens::create(&house.core, &house.caller, by, of, new).await?.secret)
}

/// On whose behalf the bearer of a token acts.
async fn acting(house: &House, token: &Secret, scope: Scope) -> Actor {
    let bearer = manage::admit(&house.core, &house.caller, token).await.unwrap();
    bearer.acting(scope).unwrap().clone()
}

#[tokio::test]
async fn a_scope_of_ours_must_be_known_and_meant_for_nothing_else() {
    let house = House::start().await;
    let here = house.pool("here").await;
    for (scope, audience, field) in [
        ("manage:everything", "manage", "scopes"),
        ("manage", "*", "audience"),
        ("manage", "crm", "audience"),
    ] {
        let refused = issue(&house, &house.operator, &here, scope, audience).await;
        assert!(
            matches!(&refused, Err(Error::Invalid { field: named, .. }) if *named == field),
            "{refused:?}"
        );
    }
    assert!(
        issue(&house, &house.operator, &here, "management", "*").await.is_ok(),
        "that is somebody else's word"
    );
}

#[tokio::test]
async fn no_token_hands_out_more_than_it_has() {
    let house = House::start().await;
    let (core, caller) = (&house.core, &house.caller);
    let (here, there) = (house.pool("here").await, house.pool("there").await);
    let admin = actor(&house, &here, Role::Admin).await;
    let token = issue(&house, &admin, &here, "manage:people:write", "manage").await.unwrap();
    let narrow = acting(&house, &token, Scope::PeopleWrite).await;
    assert!(is_not_allowed(issue(&house, &narrow, &here, "manage", "manage").await));
    assert!(is_not_allowed(issue(&house, &narrow, &here, "verify", "*").await));
    assert!(issue(&house, &narrow, &here, "manage:people:read", "manage").await.is_ok());
    assert!(is_not_found(issue(&house, &narrow, &there, "manage:people:read", "manage").await));
    assert!(is_not_allowed(tenants::list_roots(core, &narrow).await));

    // Nor does it touch who could do more.
    let boss = house.person(&here, "boss@here.example", Kind::User, Role::Admin).await;
    let taken = memberships::take(core, caller, &narrow, &here, boss.id, Kind::User).await;
    assert!(is_not_allowed(taken));
}

#[tokio::test]
async fn an_operators_token_for_one_tree_or_for_some_things_runs_no_installation() {
    let house = House::start().await;
    let (core, caller) = (&house.core, &house.caller);
    let here = house.pool("here").await;
    let email = Email::parse("root@doorward.example").unwrap();
    let root = operators::create_first(core, caller, email, &Secret::new(PASSWORD)).await.unwrap();
    let issue = async |by: &Actor, scope, only: Option<&Branch>| {
        let new = NewOperatorToken {
            operator: root.id,
            label: "sync".to_owned(),
            scopes: vec![scope],
            only_pool: only.map(Branch::pool),
            expires_at: None,
        };
        operator_tokens::create(core, caller, by, new).await.map(|issued| issued.secret)
    };
    let admin = actor(&house, &here, Role::Owner).await;
    assert!(is_not_allowed(issue(&admin, Scope::Everything, None).await));
    for (scope, only, runs) in [
        (Scope::Everything, None, true),
        (Scope::Everything, Some(&here), false),
        (Scope::TenantsRead, None, false),
    ] {
        let token = issue(&house.operator, scope, only).await.unwrap();
        let remote = acting(&house, &token, scope).await;
        assert_eq!(tenants::list_roots(core, &remote).await.is_ok(), runs, "{scope:?} {}", only.is_some());
        // Whoever found a token must not be able to stay with another.
        assert!(is_not_allowed(issue(&remote, Scope::Everything, None).await));
        assert!(is_not_allowed(operator_tokens::list(core, &remote).await));
    }
}
