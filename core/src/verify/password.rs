//! Name and password with the request itself (Basic). It is a sign-in that opens no session: the same counters, the
//! same queue and one hash for each attempt. Nothing of it is remembered, so each request is an attempt.

use super::Reason;
use super::caller::places;
use super::way::{Method, Way};
use super::who::Who;
use crate::sign_in::{PasswordAttempt, SessionWish, SignIn, Wanted, with_password};
use crate::{Caller, Core, Identity};
use doorward_model::Secret;
use std::sync::Arc;
use std::time::Duration;

/// Whose name and password these are. `as_by` is what a sign-in at the same door would open: who gets no session there
/// is nobody here.
pub async fn by_password(
    core: &Core,
    caller: &Caller,
    wanted: Wanted,
    as_by: SessionWish,
    email: &str,
    password: Secret,
) -> Result<Arc<Who>, Reason> {
    let attempt = PasswordAttempt {
        wanted,
        email: email.to_owned(),
        password,
        application: None,
        session: SessionWish::Never,
    };
    core.verified().counted(find(core, caller, attempt, as_by).await)
}

async fn find(
    core: &Core,
    caller: &Caller,
    attempt: PasswordAttempt,
    as_by: SessionWish,
) -> Result<Arc<Who>, Reason> {
    let identity = match with_password(core, caller, attempt).await? {
        SignIn::Done(done) => done.identity,
        // Nobody is there to choose.
        SignIn::Choose { .. } => return Err(Reason::Invalid),
    };
    if !as_by.is_granted(&identity.person, &identity.branch) {
        return Err(Reason::Invalid);
    }
    if identity.person.password_reset_required {
        return Err(Reason::PasswordResetRequired);
    }
    shown(core, caller, identity).await
}

async fn shown(core: &Core, caller: &Caller, identity: Identity) -> Result<Arc<Who>, Reason> {
    let read = core.memory().stamps.now();
    let (branch, memberships) = (Arc::new(identity.branch), identity.memberships);
    let (op, at) = (core.clone(), Arc::clone(&branch));
    let places = core
        .db()
        .glance(move |tx| tx.in_pool(at.pool(), |tx| places(op.memory(), tx, &at, &memberships, read)))
        .await;
    let way = Arc::new(Way {
        branch,
        application: None,
        door: caller.door.and_then(|door| core.doors().by_id(door)),
        idle: Duration::ZERO,
        scopes: Box::default(),
        // It was a sign-in, which is counted as one.
        calls: None,
    });
    let places = core.memory().outages.noted(places)?;
    Ok(Arc::new(Who {
        method: Method::Basic,
        signed_in_at: identity.signed_in_at,
        ..Who::of_person(&identity.person, way, places, read)
    }))
}
