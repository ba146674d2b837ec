//! Endpoints as data: what is served, what is documented and what is swept are one list.

use crate::ask::Ask;
use crate::imports::TABLE;
use crate::problem::Problem;
use crate::schema::{Parameter, Shape};
use doorward_core::manage::Scope;
use doorward_web::{Response, limits};
use http::{Method, StatusCode};
use std::pin::Pin;

/// An answer in the making.
pub(crate) type Answer = Pin<Box<dyn Future<Output = Result<Response, Problem>> + Send>>;

/// What answers.
pub(crate) type Handler = fn(Ask) -> Answer;

/// One endpoint. All of them want a token of its scope; the document and its page alone are open.
pub(crate) struct Endpoint {
    pub(crate) method: Method,
    /// Below [`crate::BASE`], parameters in braces.
    pub(crate) path: &'static str,
    pub(crate) scope: Scope,
    /// OpenAPI's `operationId`: a verb and a noun.
    pub(crate) name: &'static str,
    pub(crate) tag: &'static str,
    pub(crate) doc: &'static str,
    pub(crate) parameters: &'static [Parameter],
    /// What is sent.
    pub(crate) body: Option<Shape>,
    /// What is answered.
    pub(crate) status: StatusCode,
    pub(crate) answer: Shape,
    pub(crate) handler: Handler,
}

impl Endpoint {
    /// Whether it is about the installation itself and not about a tenant: such are operators' of every tree only.
    pub(crate) fn is_of_house(&self) -> bool {
        !self.path.starts_with("/tenants")
    }

    /// Bytes of a body at most.
    pub(crate) fn body_limit(&self) -> usize {
        let is_table = self.body.as_ref().is_some_and(|shape| shape.name == TABLE.name);
        if is_table { limits::TABLE_BYTES } else { limits::BODY_BYTES }
    }
}

/// An endpoint without its handler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointInfo {
    /// The method.
    pub method: Method,
    /// The whole path.
    pub path: String,
    /// Who may call.
    pub scope: Scope,
}
