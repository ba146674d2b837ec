//! What is remembered beside the callers themselves: key pairs, tokens, programs, and by what a way is found.

use super::stamps::Moment;
use super::who::Who;
use crate::Branch;
use crate::last_time::LastTime;
use crate::usage::Counter;
use doorward_model::{AccessKeyName, ApplicationId, Audience, DoorId, RateLimit, SessionScheme, TenantId};
use doorward_store::applications::StoredApplication;
use std::sync::Arc;

/// Something with the moment before it was read.
pub(super) struct Kept<T> {
    pub(super) read: Moment,
    pub(super) value: T,
}

/// A key pair: whose it is, and what its calls are held to.
pub(super) struct HeldKey {
    pub(super) who: Arc<Who>,
    pub(super) name: AccessKeyName,
    pub(super) rate: RateLimit,
    pub(super) used: LastTime,
    pub(super) calls: Arc<Counter>,
}

/// A bearer token: whose it is, and where it is good.
pub(super) struct HeldToken {
    pub(super) who: Arc<Who>,
    pub(super) audience: Audience,
    pub(super) used: LastTime,
}

/// A program and the tenant it acts for.
pub(super) struct Admission {
    pub(super) stored: StoredApplication,
    pub(super) branch: Arc<Branch>,
    pub(super) used: LastTime,
    pub(super) calls: Arc<Counter>,
}

/// What callers who came the same way have in common.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct WayKey {
    pub(super) tenant: TenantId,
    pub(super) application: Option<ApplicationId>,
    pub(super) door: Option<DoorId>,
    /// Each scheme has its own idle span; keys and tokens have none.
    pub(super) scheme: Option<SessionScheme>,
}
