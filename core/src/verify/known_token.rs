//! Bearer tokens of applications, answered from memory: a token in, the program that speaks for itself out.

use super::Reason;
use super::callers::{Callers, TokenHash};
use super::held::HeldToken;
use super::memory::Memory;
use super::reading::{Remembered, lead};
use super::stamps::Moment;
use super::way::{Method, Program, Way};
use super::who::{Who, texts};
use crate::Core;
use crate::application_tokens::TokenState;
use crate::last_time::LastTime;
use crate::last_use::{self, NOTED_EVERY, Used};
use doorward_crypto::HashPurpose;
use doorward_model::{
    ApplicationToken, ApplicationTokenId, Audience, PersonId, Secret, TOKEN_PREFIX, Thing, Timestamp,
};
use doorward_store::{Error as StoreError, HouseTx, Tx, application_tokens, applications, lookup};
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32};
use std::time::Duration;
use uuid::Uuid;

/// Which program holds a bearer token. `audience` is the name of the route it is used at; `None` where no route is
/// asked about, and the token is good wherever it is meant for. `from` is as for [`super::by_session`].
pub async fn by_token(
    core: &Core,
    from: Option<IpAddr>,
    token: &Secret,
    audience: Option<&str>,
) -> Result<Arc<Who>, Reason> {
    let admits = |meant: &Audience| audience.is_none_or(|route| meant.admits(route));
    core.verified().counted(find(core, from, token, admits).await)
}

/// The same for a token that is meant for this alone: one for every route is refused.
pub(crate) async fn by_token_meant_for(
    core: &Core,
    from: IpAddr,
    token: &Secret,
    audience: &str,
) -> Result<Arc<Who>, Reason> {
    let admits = |meant: &Audience| match meant {
        Audience::Any => false,
        Audience::Route(name) => name == audience,
    };
    core.verified().counted(find(core, Some(from), token, admits).await)
}

async fn find(
    core: &Core,
    from: Option<IpAddr>,
    token: &Secret,
    admits: impl Fn(&Audience) -> bool,
) -> Result<Arc<Who>, Reason> {
    // Somebody else's tokens are told apart without a hash.
    if !token.expose().starts_with(TOKEN_PREFIX) {
        return Err(Reason::Invalid);
    }
    let now = core.now();
    let held = lead::<HeldToken>(core, from, token, now).await?;
    if !admits(&held.audience) {
        return Err(Reason::WrongAudience);
    }
    held.who.count();
    if held.used.falls_due(now, NOTED_EVERY) {
        let id = ApplicationTokenId::new(held.who.subject());
        last_use::write(core, Used::Token(held.who.pool(), id), now);
    }
    Ok(Arc::clone(&held.who))
}

impl Remembered for HeldToken {
    const PURPOSE: HashPurpose = HashPurpose::ApplicationToken;

    fn who(&self) -> &Who {
        &self.who
    }

    fn place(memory: &Memory) -> &Callers<Self> {
        &memory.tokens
    }

    async fn read(core: &Core, hash: TokenHash, now: Timestamp) -> Result<Arc<Self>, Reason> {
        // Before the row: what is revoked while it is read makes the entry stale.
        let read = core.memory().stamps.now();
        let op = core.clone();
        let found = core.db().glance(move |tx| Self::find(&op, tx, &hash, read, now)).await;
        core.memory().outages.noted(found)?.map(Arc::new)
    }
}

impl HeldToken {
    fn find(
        core: &Core,
        tx: &mut HouseTx<'_>,
        hash: &TokenHash,
        read: Moment,
        now: Timestamp,
    ) -> Result<Result<Self, Reason>, StoreError> {
        match lookup::application_tokens::find(tx, hash)? {
            Some((pool, id)) => tx.in_pool(pool, |tx| Self::find_in_pool(core, tx, id, read, now)),
            None => Ok(Err(Reason::Invalid)),
        }
    }

    fn find_in_pool(
        core: &Core,
        tx: &mut Tx<'_>,
        id: ApplicationTokenId,
        read: Moment,
        now: Timestamp,
    ) -> Result<Result<Self, Reason>, StoreError> {
        let Some(token) = application_tokens::find(tx, id)? else { return Ok(Err(Reason::Invalid)) };
        match TokenState::of(&token, now) {
            TokenState::Active => {}
            TokenState::Expired => return Ok(Err(Reason::Expired)),
            TokenState::Revoked => return Ok(Err(Reason::Revoked)),
        }
        let Some(stored) = applications::find(tx, token.application)? else {
            return Ok(Err(Reason::Revoked));
        };
        let application = stored.application;
        let Some(branch) = core.memory().branch(tx, application.tenant, read)? else {
            return Ok(Err(Reason::Revoked));
        };
        if application.disabled {
            return Ok(Err(Reason::ApplicationDisabled));
        }
        if !branch.is_open() {
            return Ok(Err(Reason::TenantSuspended));
        }
        let at = (branch.pool(), branch.tenant().id);
        let way = Arc::new(Way {
            branch,
            application: Some(Program::of(&application)),
            door: None,
            idle: Duration::ZERO,
            scopes: token.scopes.iter().map(|scope| scope.as_str().into()).collect(),
            calls: Some(core.uses_of(at, &Thing::Application(application.id))),
        });
        let used = LastTime::written(token.last_used_at);
        Ok(Ok(Self { who: Arc::new(Who::of_token(&token, way, read)), audience: token.audience, used }))
    }
}

impl Who {
    /// A program: no person, no places.
    fn of_token(token: &ApplicationToken, way: Arc<Way>, read: Moment) -> Self {
        Self {
            subject: token.id.uuid(),
            person: PersonId::new(Uuid::nil()),
            way,
            signed_in_at: token.created_at,
            ends_at: token.expires_at.unwrap_or(Timestamp::from_micros(i64::MAX)),
            idle_until: AtomicI64::new(i64::MAX),
            read,
            number: 0,
            method: Method::Token,
            must_reset: false,
            note_from: AtomicU32::new(0),
            places: std::iter::empty().collect(),
            texts: texts("", "", "", ""),
        }
    }
}
