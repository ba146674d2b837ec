//! Ways to what is found before its pool is known: each leads to one place, and only its own pool closes it.

use super::{OTHER, POOL, assert_breaks, id};
use doorward_model::{
    AccessKeyId, AccessKeyName, AppId, ApplicationId, ApplicationTokenId, CompanyNumber, SessionId, Slug,
    TenantId, TicketId,
};
use doorward_store::lookup;

macro_rules! ways {
    ($($name:ident: $lookup:ident, $rule:literal, $key:expr, $unknown:expr, $id:expr;)+) => {
        suite! {
            $(async fn $name(db) {
                let find = || db.read_house(|tx| lookup::$lookup::find(tx, $key));
                assert_eq!(find().await, Ok(None));
                db.write(POOL, |tx| lookup::$lookup::insert(tx, $key, $id)).await.unwrap();
                assert_eq!(find().await, Ok(Some((POOL, $id))));
                assert_eq!(db.read(OTHER, |tx| lookup::$lookup::find(tx, $key)).await, Ok(Some((POOL, $id))));
                assert_eq!(db.read_house(|tx| lookup::$lookup::find(tx, $unknown)).await, Ok(None));
                let taken = db.write(OTHER, |tx| lookup::$lookup::insert(tx, $key, $id)).await;
                assert_breaks(taken, $rule);
                for (pool, left) in [(OTHER, Some((POOL, $id))), (POOL, None)] {
                    db.write(pool, |tx| lookup::$lookup::delete(tx, $key)).await.unwrap();
                    assert_eq!(find().await, Ok(left));
                }
            })+
        }
    };
}

ways! {
    slug_to_tenant: slugs, "lookup_slugs.slug",
        &Slug::parse("a-b").unwrap(), &Slug::parse("a").unwrap(), TenantId::new(id(9));
    number_to_tenant: companies, "lookup_companies.number",
        CompanyNumber::new(7).unwrap(), CompanyNumber::new(8).unwrap(), TenantId::new(id(9));
    app_id_to_application: app_ids, "lookup_app_ids.app_id",
        &AppId::parse("app_1").unwrap(), &AppId::parse("APP_1").unwrap(), ApplicationId::new(id(9));
    key_to_application: application_keys, "lookup_application_keys.key_hash",
        &[1; 32], &[2; 32], ApplicationId::new(id(9));
    name_to_access_key: access_keys, "lookup_access_keys.name",
        &AccessKeyName::from_bytes([1; 16]), &AccessKeyName::from_bytes([2; 16]), AccessKeyId::new(id(9));
    token_to_application_token: application_tokens, "lookup_application_tokens.token_hash",
        &[1; 32], &[2; 32], ApplicationTokenId::new(id(9));
    token_to_session: sessions, "lookup_sessions.token_hash",
        &[1; 32], &[2; 32], SessionId::new(id(9));
    code_to_ticket: tickets, "lookup_tickets.code_hash",
        &[1; 32], &[2; 32], TicketId::new(id(9));
}
