//! What is decided about a tenant, where it stands in its tree, and who has which place in it.

use super::{operator, shows, signed_in};
use doorward_core::{people, tenants};
use doorward_model::{Kind, Policy, Role};
use doorward_testkit::House;
use doorward_web::StatusCode;
use std::time::Duration;

/// Every field of the form as it is when nothing is decided here.
const AS_ABOVE: &[(&str, &str)] =
    &[("session_idle_unit", "days"), ("session_absolute_unit", "days"), ("reset_lifetime_unit", "minutes")];

#[tokio::test]
async fn a_policy_says_where_it_comes_from_and_is_changed_value_by_value() {
    let house = House::start().await;
    let above = Policy { password_min_length: Some(20), mails_per_hour: Some(7), ..Policy::default() };
    let top = house.tenant("harbour", None, None, above).await;
    let spa = house.child("harbour-spa", &top).await;
    house.person(&spa, "ben@spa.example", Kind::Administrator, Role::Admin).await;
    let browser = signed_in(&house, "harbour-spa", "ben@spa.example").await;
    let page = format!("/console/tenants/{}/policy", spa.tenant().id);
    let before = browser.get(&page).await;
    shows(&before, "20 characters");
    shows(&before, "as Harbour decided");

    let form = browser.get(&format!("{page}/edit")).await;
    shows(&form, "If empty: 20 characters, as Harbour decided.");
    assert!(!form.text().contains("Mails per hour"), "quotas are the operators'");
    let mut fields = AS_ABOVE.to_vec();
    fields.extend([
        ("password_min_length", "16"),
        ("session_idle", "12"),
        ("session_idle_unit", "hours"),
        ("callbacks", "https://spa.example/welcome\r\n\r\n  https://spa.example/shop  "),
        ("key_rate", "50"),
        ("key_rate_seconds", "60"),
        ("allow_login", "no"),
        ("mails_per_hour", "1000000"),
    ]);
    fields.retain(|field| *field != ("session_idle_unit", "days"));
    let saved = browser.submit(&format!("{page}/edit"), &fields).await;
    for text in
        ["Your changes are saved", "16 characters", "12 hours", "https://spa.example/shop", "50 in 1 minute"]
    {
        shows(&saved, text);
    }
    let holds = tenants::by_id(&house.core, spa.pool(), spa.tenant().id).await.unwrap().policy();
    assert_eq!((holds.session_idle, holds.allow_login), (Duration::from_secs(12 * 60 * 60), false));
    assert_eq!(holds.mails_per_hour, 7, "what the form does not offer is not changed by it");
    let again = browser.get(&format!("{page}/edit")).await;
    shows(&again, "value=\"12\"");
    let cleared = [("password_min_length_was", "16\n"), ("password_min_length", ""), ("callbacks", "")];
    let emptied = browser.submit(&format!("{page}/edit"), &cleared).await;
    shows(&emptied, "20 characters");
    shows(&emptied, "12 hours");
    shows(&emptied, "https://spa.example/shop");
}

#[tokio::test]
async fn two_who_change_a_policy_at_once_keep_each_others_changes() {
    let house = House::start().await;
    let above = Policy { origins: Some(vec!["https://shop.example".to_owned()]), ..Policy::default() };
    let top = house.tenant("harbour", None, None, above).await;
    let none = Policy { origins: Some(Vec::new()), password_min_length: Some(20), ..Policy::default() };
    let spa = house.tenant("harbour-spa", None, Some(&top), none).await;
    let (first, second) = (operator(&house).await, signed_in(&house, "", super::OPERATOR).await);
    let edit = format!("/console/tenants/{}/policy/edit", spa.tenant().id);
    shows(&first.get(&edit).await, "name=\"password_min_length_was\" value=\"20\n\"");
    let as_shown = ("password_min_length_was", "20\r\n");
    let longer = [as_shown, ("password_min_length", "24"), ("origins_was", ""), ("origins", "")];
    shows(&first.submit(&edit, &longer).await, "24 characters");
    let idle =
        [as_shown, ("password_min_length", "20"), ("session_idle", "2"), ("session_idle_unit", "hours")];
    let saved = second.submit(&edit, &idle).await;
    shows(&saved, "24 characters");
    shows(&saved, "2 hours");
    let now = tenants::by_id(&house.core, spa.pool(), spa.tenant().id).await.unwrap();
    assert_eq!(now.tenant().policy.origins, Some(Vec::new()), "a list that says none goes on saying it");
}

#[tokio::test]
async fn a_policy_that_does_not_fit_says_why_keeps_what_was_typed_and_changes_nothing() {
    let house = House::start().await;
    let top = house.pool("harbour").await;
    let browser = operator(&house).await;
    let edit = format!("/console/tenants/{}/policy/edit", top.tenant().id);
    for (field, typed, why) in [
        ("password_min_length", "3", "Shortest password: expected 8 to 64"),
        ("password_min_length", "many<b>", "Shortest password: expected a whole number"),
        ("session_idle", "400", "Unused, a sign-in lasts: expected 1 second to 365 days"),
        ("callbacks", "javascript:alert(1)", "Where mailed links may lead: "),
        ("origins", "https://shop.example/path", "Web pages that may call with a visitor&#39;s cookies: "),
        ("key_rate", "50", "Calls of an access key: expected a whole number"),
        ("allow_login", "maybe", "People may sign in: choose one of the list"),
    ] {
        let mut fields = AS_ABOVE.to_vec();
        fields.extend([(field, typed), ("mails_per_hour", "77")]);
        let refused = browser.post(&edit, &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{field} {typed}");
        shows(&refused, why);
        shows(&refused, "value=\"77\"");
        assert!(!refused.text().contains("many<b>"));
    }
    let mut fields = AS_ABOVE.to_vec();
    fields.extend([("password_min_length", "3"), ("session_idle", "400"), ("allow_login", "maybe")]);
    let all = "Shortest password: expected 8 to 64. Unused, a sign-in lasts: expected 1 second to 365 days. \
               People may sign in: choose one of the list.";
    shows(&browser.post(&edit, &fields).await, all);
    let now = tenants::by_id(&house.core, top.pool(), top.tenant().id).await.unwrap();
    assert_eq!(now.tenant().policy, top.tenant().policy);
}

#[tokio::test]
async fn a_tenant_is_moved_below_another_of_its_tree_by_whoever_administers_both() {
    let house = House::start().await;
    let top = house.pool("harbour").await;
    let (east, west) = (house.child("east", &top).await, house.child("west", &top).await);
    let shop = house.child("shop", &east).await;
    house.pool("stranger").await;
    house.person(&east, "eva@east.example", Kind::Administrator, Role::Admin).await;
    let browser = operator(&house).await;
    let page = format!("/console/tenants/{}", shop.tenant().id);
    shows(&browser.get(&page).await, "/move\">Move");
    let asked = browser.get(&format!("{page}/move")).await;
    shows(&asked, "<option value=\"west\">");
    assert!(!asked.text().contains("<option value=\"east\">"), "it is there already");
    for (to, why) in [
        ("stranger", "Short name: nothing of this tree"),
        ("nowhere", "Short name: nothing of this tree"),
        ("not a name!", "Short name: nothing of this tree"),
    ] {
        let refused = browser.post(&format!("{page}/move"), &[("to", to)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        shows(&refused, why);
    }
    let inside =
        browser.post(&format!("/console/tenants/{}/move", east.tenant().id), &[("to", "shop")]).await;
    assert_eq!(inside.status, StatusCode::UNPROCESSABLE_ENTITY, "not below itself");
    let moved = browser.submit(&format!("{page}/move"), &[("to", "west")]).await;
    shows(&moved, "Moved, with everything below it.");
    let parent = tenants::by_id(&house.core, top.pool(), shop.tenant().id).await.unwrap();
    assert_eq!(parent.parent().map(|it| it.id), Some(west.tenant().id));

    let eva = signed_in(&house, "east", "eva@east.example").await;
    let own = format!("/console/tenants/{}", east.tenant().id);
    assert!(!eva.get(&own).await.text().contains("/move\""), "what is above decides where it stands");
    let tried = eva.post(&format!("{own}/move"), &[("to", "west")]).await;
    assert!(tried.status.is_client_error(), "{}", tried.status);
    let kept = tenants::by_id(&house.core, top.pool(), east.tenant().id).await.unwrap();
    assert_eq!(kept.parent().map(|it| it.id), Some(top.tenant().id));
}

#[tokio::test]
async fn somebody_gets_a_place_another_role_and_loses_it_again() {
    let house = House::start().await;
    let top = house.pool("harbour").await;
    let spa = house.child("harbour-spa", &top).await;
    let uma = house.person(&top, "uma@harbour.example", Kind::User, Role::User).await;
    let browser = operator(&house).await;
    let page = format!("/console/tenants/{}/people/{}", top.tenant().id, uma.id);
    let new = format!("{page}/places/new");
    shows(&browser.get(&new).await, "Short name of the tenant");
    let place = [("at", "harbour-spa"), ("kind", "member"), ("role", "user"), ("standing", "trial")];
    let given = browser.submit(&new, &place).await;
    shows(&given, "they belong here, too");
    shows(&given, "member, trial");
    let twice = browser.post(&new, &place).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    shows(&twice, "this person is here already");
    for (field, typed, why) in [
        ("at", "elsewhere", "Short name: nothing"),
        ("role", "king", "What they may do: choose"),
        ("kind", "x", "Who they are: choose"),
    ] {
        let wrong = place.map(|(name, value)| (name, if name == field { typed } else { value }));
        shows(&browser.post(&new, &wrong).await, why);
    }

    let at = format!("/console/tenants/{}/people/{}/places/user", top.tenant().id, uma.id);
    let changed = browser.submit(&at, &[("role", "admin"), ("standing", ""), ("version", "1")]).await;
    shows(&changed, "user, admin");
    house.clock.advance(Duration::from_secs(11 * 60));
    let unproven = browser.post(&at, &[("role", "user"), ("standing", ""), ("version", "2")]).await;
    assert_eq!(unproven.status, StatusCode::UNPROCESSABLE_ENTITY);
    shows(&unproven, "so that we know it is you");
    let proof = ("your_password", doorward_testkit::PASSWORD);
    let of = |version| [("role", "user"), ("standing", ""), ("version", version)];
    let unproven = browser.post(&at, &of("1")).await;
    shows(&unproven, "Changed meanwhile: look whether");
    shows(&unproven, "They are user, admin there now.");
    let stale = browser.post(&at, &[&of("1")[..], &[proof]].concat()).await;
    shows(&stale, "Changed meanwhile: look whether");
    shows(&stale, "name=\"version\" value=\"2\"");
    shows(&browser.submit(&at, &[&of("2")[..], &[proof]].concat()).await, ">user</span>");

    let member = format!("/console/tenants/{}/people/{}/places/member", spa.tenant().id, uma.id);
    shows(&browser.get(&format!("{member}/take")).await, "They themselves stay");
    let changed =
        browser.submit(&member, &[("role", "user"), ("standing", "gold"), ("version", "1"), proof]).await;
    shows(&changed, "member, gold");
    let stale = browser.post(&format!("{member}/take"), &[("version", "1"), proof]).await;
    assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY);
    shows(&stale, "Changed meanwhile: check that it is still what you mean to take away");
    shows(&stale, "They are member, gold there now.");
    let taken = browser.submit(&format!("{member}/take"), &[("version", "2"), proof]).await;
    shows(&taken, "Taken away. The person stays");
    assert_eq!(browser.get(&member).await.status, StatusCode::NOT_FOUND);
    shows(&browser.get(&page).await, ">user</span>");
}

#[tokio::test]
async fn nobody_gives_more_than_they_have_or_arranges_what_is_not_theirs() {
    let house = House::start().await;
    let top = house.pool("harbour").await;
    let (spa, gym) = (house.child("harbour-spa", &top).await, house.child("harbour-gym", &top).await);
    house.person(&spa, "ben@spa.example", Kind::Administrator, Role::Admin).await;
    let uma = house.person(&spa, "uma@spa.example", Kind::User, Role::User).await;
    let browser = signed_in(&house, "harbour-spa", "ben@spa.example").await;
    let here = format!("/console/tenants/{}/people/{}/places", spa.tenant().id, uma.id);
    let offered = browser.get(&format!("{here}/user")).await;
    shows(&offered, "Administers people and keys");
    assert!(!offered.text().contains("Owns the tenant"), "what would be refused is not offered");
    let wide = browser.post(&format!("{here}/user"), &[("role", "owner"), ("version", "1")]).await;
    assert_eq!(wide.status, StatusCode::FORBIDDEN, "an administrator makes no owner");
    let beside = [("at", "harbour-gym"), ("kind", "user"), ("role", "user")];
    shows(&browser.post(&format!("{here}/new"), &beside).await, "Short name: nothing of this tree");
    let other = format!("/console/tenants/{}", gym.tenant().id);
    for page in ["/policy", "/policy/edit", "/move"] {
        assert_eq!(browser.get(&format!("{other}{page}")).await.status, StatusCode::FORBIDDEN, "{page}");
    }
    let own = people::one_of(&house.core, &house.operator, &spa, uma.id).await.unwrap();
    assert_eq!(own.role, Role::User);
}
