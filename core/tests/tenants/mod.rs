//! The tree: changing, moving and closing tenants.

use crate::tree::{actor, is_not_allowed, is_not_found, sign_in, try_sign_in};
use doorward_core::sessions::{self, Whose};
use doorward_core::tenants::{self, NewTenant, TenantChanges};
use doorward_core::{Actor, Branch, Error, Part};
use doorward_model::{CompanyNumber, Kind, Policy, RateLimit, RegionCode, Role, Slug};
use doorward_testkit::House;
use std::time::Duration;

struct Tree {
    house: House,
    root: Branch,
    spa: Branch,
    gym: Branch,
}

async fn tree() -> Tree {
    let house = House::start().await;
    let root = house.pool("harbour").await;
    let (spa, gym) = (house.child("spa", &root).await, house.child("gym", &root).await);
    Tree { house, root, spa, gym }
}

#[tokio::test]
async fn an_administrator_edits_but_never_the_quotas() {
    let Tree { house, spa, gym, .. } = tree().await;
    let admin = actor(&house, &spa, Role::Admin).await;
    let edit = |at, changes| tenants::edit(&house.core, &house.caller, &admin, at, changes);
    let changes = TenantChanges {
        display_name: Some("The Spa".to_owned()),
        profile: vec![("timezone".to_owned(), Some("Europe/London".to_owned()))],
        policy: Some(Policy { password_min_length: Some(20), ..Policy::default() }),
        region: None,
        ..TenantChanges::default()
    };
    let changed = edit(&spa, changes.clone()).await.unwrap();
    assert_eq!(changed.tenant().display_name, "The Spa");
    assert_eq!(
        (changed.profile("timezone"), changed.policy().password_min_length),
        (Some("Europe/London"), 20)
    );
    let quota = Policy { mails_per_hour: Some(1_000_000), ..Policy::default() };
    assert!(is_not_allowed(
        edit(&spa, TenantChanges { policy: Some(quota.clone()), ..Default::default() }).await
    ));
    assert!(is_not_allowed(edit(&gym, changes).await));
    let by_operator = TenantChanges { policy: Some(quota), ..Default::default() };
    let by_operator = tenants::edit(&house.core, &house.caller, &house.operator, &spa, by_operator);
    assert_eq!(by_operator.await.unwrap().policy().mails_per_hour, 1_000_000);
}

#[tokio::test]
async fn a_new_tenant_is_under_the_rules_of_an_edited_one() {
    let Tree { house, root, spa, .. } = tree().await;
    let admin = actor(&house, &spa, Role::Admin).await;
    let new = |slug: &str| NewTenant {
        parent: Some((spa.pool(), spa.tenant().id)),
        slug: Slug::parse(slug).unwrap(),
        number: None,
        display_name: "Sauna".to_owned(),
        region: None,
        policy: Policy::default(),
        profile: Vec::new(),
    };
    let create = |actor, new| tenants::create(&house.core, &house.caller, actor, new);
    assert!(create(&admin, new("sauna")).await.is_ok());
    let numbered =
        create(&admin, NewTenant { number: CompanyNumber::new(20_001).ok(), ..new("steam") }).await;
    assert!(matches!(numbered, Err(Error::Invalid { field: "number", .. })), "{numbered:?}");
    let branded = vec![(tenants::LOGO_FACT.to_owned(), "0".repeat(16))];
    let branded = create(&admin, NewTenant { profile: branded, ..new("steam") }).await;
    assert!(matches!(branded, Err(Error::Invalid { field: "profile", .. })), "{branded:?}");
    let quota = Policy { mails_per_hour: Some(1_000_000), ..Policy::default() };
    assert!(is_not_allowed(create(&admin, NewTenant { policy: quota, ..new("loud") }).await));
    let nameless = create(&admin, NewTenant { display_name: " ".to_owned(), ..new("nameless") }).await;
    assert!(matches!(nameless, Err(Error::Invalid { field: "display_name", .. })));
    let rate = RateLimit { calls: u32::MAX, window: Duration::from_secs(5) };
    let policy = Policy { key_rate: Some(rate), ..Policy::default() };
    let rushed = create(&admin, NewTenant { policy: policy.clone(), ..new("rushed") }).await;
    assert!(matches!(rushed, Err(Error::Invalid { field: "key_rate", .. })));
    let changes = TenantChanges { policy: Some(policy), ..TenantChanges::default() };
    let rushed = tenants::edit(&house.core, &house.caller, &admin, &spa, changes).await;
    assert!(matches!(rushed, Err(Error::Invalid { field: "key_rate", .. })));
    let weak = [
        ("password_min_length", Policy { password_min_length: Some(7), ..Policy::default() }),
        ("session_idle", Policy { session_idle: Some(Duration::ZERO), ..Policy::default() }),
        ("reset_lifetime", Policy { reset_lifetime: Some(Duration::from_secs(90_000)), ..Policy::default() }),
    ];
    for (name, policy) in weak {
        let refused = create(&admin, NewTenant { policy, ..new("weak") }).await;
        assert!(matches!(refused, Err(Error::Invalid { field, .. }) if field == name), "{name}");
    }
    let homeless = NewTenant { region: RegionCode::parse("eu"), ..new("homeless") };
    assert!(matches!(create(&admin, homeless).await, Err(Error::Invalid { field: "region", .. })));
    let mut deepest = root;
    for depth in 2..=tenants::MAX_DEPTH {
        deepest = house.child(&format!("depth-{depth}"), &deepest).await;
    }
    let parent = Some((deepest.pool(), deepest.tenant().id));
    let too_deep = create(&house.operator, NewTenant { parent, ..new("bottom") }).await;
    assert!(matches!(too_deep, Err(Error::Conflict { field: "parent", .. })));
}

#[tokio::test]
async fn a_chosen_number_is_skipped_and_the_last_one_stops_nobody() {
    let Tree { house, root, spa, .. } = tree().await;
    let create = async |slug: &str, number: Option<i64>| {
        let new = NewTenant {
            parent: Some((root.pool(), root.tenant().id)),
            slug: Slug::parse(slug).unwrap(),
            number: number.map(|number| CompanyNumber::new(number).unwrap()),
            display_name: "Sauna".to_owned(),
            region: None,
            policy: Policy::default(),
            profile: Vec::new(),
        };
        let made = tenants::create(&house.core, &house.caller, &house.operator, new).await;
        made.map(|made| made.tenant().number.get())
    };
    let last = spa.tenant().number.get() + 1;
    assert_eq!(create("end", Some(i64::from(i32::MAX))).await.unwrap(), i64::from(i32::MAX));
    let next = create("one", None).await.unwrap();
    assert!((last..last + 2).contains(&next), "{next}");
    assert_eq!(create("two", Some(next + 2)).await.unwrap(), next + 2);
    assert_eq!(create("three", None).await.unwrap(), next + 3);
    // One that was chosen beyond what is skipped is passed over once it is reached.
    assert!(create("four", Some(2_000_000)).await.is_ok() && create("five", Some(1_999_999)).await.is_ok());
    let near = create("six", Some(1_005_000)).await.unwrap();
    assert_eq!(create("seven", None).await.unwrap(), near + 1);
    assert_eq!(create("eight", Some(1_999_998)).await.unwrap(), 1_999_998);
    assert_eq!(create("nine", None).await.unwrap(), 2_000_001);
    // One that is not made costs no number.
    assert!(matches!(create("nine", None).await, Err(Error::Conflict { field: "slug", .. })));
    assert_eq!(create("ten", None).await.unwrap(), 2_000_002);
}

#[tokio::test]
async fn a_logo_that_would_be_one_fact_too_many_is_not_set() {
    let Tree { house, root, .. } = tree().await;
    let profile = (0..100).map(|n| (format!("fact {n}"), Some("x".to_owned()))).collect();
    let changes = TenantChanges { profile, ..TenantChanges::default() };
    tenants::edit(&house.core, &house.caller, &house.operator, &root, changes).await.unwrap();
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0".to_vec();
    let set = tenants::set_logo(&house.core, &house.caller, &house.operator, &root, Some(png), None).await;
    assert!(matches!(set, Err(Error::Invalid { field: "profile", .. })), "{set:?}");
    assert!(tenants::logo(&house.core, &root).await.unwrap().is_none());
}

#[tokio::test]
async fn a_logo_for_another_version_of_a_tenant_changes_nothing() {
    let Tree { house, root, spa, .. } = tree().await;
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0".to_vec();
    let set =
        |png, expected| tenants::set_logo(&house.core, &house.caller, &house.operator, &root, png, expected);
    let read = root.tenant().version;
    set(Some(png.clone()), Some(read)).await.unwrap();
    let stale = set(None, Some(read)).await;
    assert!(matches!(stale, Err(Error::Conflict { field: "version", .. })), "{stale:?}");
    let below = tenants::by_id(&house.core, spa.pool(), spa.tenant().id).await.unwrap();
    assert_eq!(tenants::logo(&house.core, &below).await.unwrap(), Some(png));
    let (by, _) = below.said(tenants::LOGO_FACT).unwrap();
    assert_eq!(by.id, root.tenant().id);
    set(None, Some(read + 1)).await.unwrap();
    assert_eq!(tenants::logo(&house.core, &below).await.unwrap(), None);
}

#[tokio::test]
async fn the_tag_of_a_logo_is_nobodys_to_write() {
    let Tree { house, spa, .. } = tree().await;
    for fact in [Some("0".repeat(16)), None] {
        let changes = TenantChanges {
            profile: vec![(tenants::LOGO_FACT.to_owned(), fact)],
            ..TenantChanges::default()
        };
        let refused = tenants::edit(&house.core, &house.caller, &house.operator, &spa, changes).await;
        assert!(matches!(refused, Err(Error::Invalid { field: "profile", .. })), "{refused:?}");
    }
}

#[tokio::test]
async fn suspending_ends_every_session_below_and_resuming_revives_none() {
    let Tree { house, root, spa, .. } = tree().await;
    house.person(&spa, "ada@spa.example", Kind::Administrator, Role::Admin).await;
    let ada = sign_in(&house, &spa, "ada@spa.example").await;
    tenants::suspend(&house.core, &house.caller, &house.operator, &root).await.unwrap();
    assert!(matches!(try_sign_in(&house, &spa, "ada@spa.example").await, Err(Error::WrongCredentials)));
    assert!(sessions::list(&house.core, Whose::Own(&ada)).await.unwrap().is_empty());
    tenants::resume(&house.core, &house.caller, &house.operator, &root).await.unwrap();
    assert!(sessions::list(&house.core, Whose::Own(&ada)).await.unwrap().is_empty());
    assert!(try_sign_in(&house, &spa, "ada@spa.example").await.is_ok());
}

#[tokio::test]
async fn closing_is_decided_from_above() {
    let Tree { house, root, spa, gym } = tree().await;
    let (owner, spa_owner) =
        (actor(&house, &root, Role::Owner).await, actor(&house, &spa, Role::Owner).await);
    assert!(is_not_allowed(tenants::suspend(&house.core, &house.caller, &spa_owner, &spa).await));
    assert!(is_not_allowed(tenants::suspend(&house.core, &house.caller, &owner, &root).await));
    assert!(tenants::suspend(&house.core, &house.caller, &owner, &spa).await.is_ok());
    tenants::delete(&house.core, &house.caller, &owner, &spa).await.unwrap();
    assert!(is_not_found(tenants::by_id(&house.core, spa.pool(), spa.tenant().id).await));
    assert!(is_not_found(tenants::resume(&house.core, &house.caller, &house.operator, &spa).await));
    let part = Part { start: 0, rows: 10 };
    let left = tenants::list_children(&house.core, &root, part).await.unwrap();
    assert_eq!(left.total, 1);
    let left: Vec<_> = left.items.iter().map(|branch| branch.tenant().id).collect();
    assert_eq!(left, [gym.tenant().id]);
}

#[tokio::test]
async fn a_tenant_moves_with_its_roles_but_never_below_itself() {
    let Tree { house, root, spa, gym } = tree().await;
    let bar = house.child("bar", &spa).await;
    let over = |at: &Branch, parent: &Branch| {
        let (at, parent) = (at.clone(), parent.clone());
        let house = &house;
        async move { tenants::move_under(&house.core, &house.caller, &house.operator, &at, &parent).await }
    };
    assert!(matches!(over(&spa, &bar).await, Err(Error::Conflict { .. })));
    assert!(matches!(over(&spa, &spa).await, Err(Error::Conflict { .. })));
    assert!(matches!(over(&root, &gym).await, Err(Error::Conflict { .. })));
    let other = house.pool("quayside").await;
    assert!(is_not_found(over(&spa, &other).await));
    let moved = over(&bar, &gym).await.unwrap();
    assert_eq!(moved.parent().map(|parent| parent.id), Some(gym.tenant().id));
    let gym_admin = actor(&house, &gym, Role::Admin).await;
    let name = TenantChanges { display_name: Some("Bar".to_owned()), ..Default::default() };
    assert!(tenants::edit(&house.core, &house.caller, &gym_admin, &moved, name).await.is_ok());
    let slugs: Vec<String> =
        tenants::list_subtree(&house.core, &gym).await.unwrap().iter().map(|t| t.slug.to_string()).collect();
    assert_eq!(slugs, ["gym", "bar"]);
}

#[tokio::test]
async fn a_move_leaves_no_quota_of_an_operators_behind() {
    let house = House::start().await;
    let root = house.pool("harbour").await;
    let tight = Policy { mails_per_hour: Some(5), ..Policy::default() };
    let (east, west) =
        (house.tenant("east", None, Some(&root), tight).await, house.child("west", &root).await);
    let shop = house.child("shop", &east).await;
    let admin = actor(&house, &root, Role::Admin).await;
    let over = async |actor: &Actor, parent: &Branch| {
        let shop = tenants::by_id(&house.core, root.pool(), shop.tenant().id).await.unwrap();
        tenants::move_under(&house.core, &house.caller, actor, &shop, parent).await
    };
    assert!(matches!(over(&admin, &west).await, Err(Error::Conflict { field: "parent", .. })));
    over(&house.operator, &west).await.unwrap();
    over(&admin, &east).await.unwrap();
}
