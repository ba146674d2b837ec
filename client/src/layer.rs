//! In front of a service: nobody gets in who is not known, and whoever gets in stands in the request's extensions.
//!
//! A caller outside sees a status, and with 401 that a credential is wanted (verify.md: Refusals); the reason goes to the
//! log. What says who is calling in the request's own headers is taken out, whoever wrote it.

use crate::assertions::Assertions;
use crate::client::Client;
use crate::denied::{Denied, Reason, Unanswered};
use crate::headers::{plain, strip};
use crate::identity::Identity;
use crate::question::Question;
use http::header::{CACHE_CONTROL, RETRY_AFTER, WWW_AUTHENTICATE};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response};
use std::fmt;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tower_layer::Layer;
use tower_service::Service;

/// The challenge of a 401 (RFC 9110 §11.6.1), as the gate's.
const CHALLENGE: HeaderValue = HeaderValue::from_static("Bearer realm=\"doorward\"");
const ASSERTION: HeaderName = HeaderName::from_static("x-doorward-assertion");

/// Where a request comes from, as far as the service knows.
type Address = Arc<dyn Fn(&Parts) -> Option<IpAddr> + Send + Sync>;
type Answer<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Lets in who is known, with their [`Identity`] in the request's extensions.
#[derive(Clone)]
pub struct VerifyLayer {
    source: Source,
    others: Arc<[String]>,
}

/// A service behind a [`VerifyLayer`].
#[derive(Clone, Debug)]
pub struct Verify<S> {
    inner: S,
    layer: VerifyLayer,
}

/// Who says who is calling.
#[derive(Clone)]
enum Source {
    Asked { client: Client, address: Option<Address> },
    Signed(Assertions),
}

impl VerifyLayer {
    /// Asks Doorward about each request's own credential.
    pub fn asking(client: Client) -> Self {
        Self { source: Source::Asked { client, address: None }, others: Arc::new([]) }
    }

    /// Believes `X-Doorward-Assertion`, which a proxy copied from Doorward's answer, as far as it is signed.
    pub fn trusting(assertions: Assertions) -> Self {
        Self { source: Source::Signed(assertions), others: Arc::new([]) }
    }

    /// Tells Doorward where a request comes from, so that wrong passwords and keys count against the client and not
    /// against this service. Only where Doorward is asked.
    #[must_use]
    pub fn address(mut self, of: impl Fn(&Parts) -> Option<IpAddr> + Send + Sync + 'static) -> Self {
        match &mut self.source {
            Source::Asked { address, .. } => *address = Some(Arc::new(of)),
            Source::Signed(_) => {}
        }
        self
    }

    /// Takes these headers out too: names that your proxy gave to the identity headers.
    #[must_use]
    pub fn also_strip<'n>(mut self, names: impl IntoIterator<Item = &'n str>) -> Self {
        self.others = names.into_iter().map(plain).collect();
        self
    }

    /// Finds out who sent a request; what is needed of its head is read now.
    fn who(&self, head: &Parts) -> Answer<Result<Identity, Denied>> {
        match &self.source {
            Source::Asked { client, address } => {
                let address = address.as_ref().and_then(|address| address(head));
                let question = Question::from(head);
                let question = if let Some(it) = address { question.from_address(it) } else { question };
                let client = client.clone();
                Box::pin(async move { client.verify(question).await })
            }
            Source::Signed(assertions) => {
                let (assertion, assertions) = (assertion(&head.headers), assertions.clone());
                Box::pin(async move { assertions.check(&assertion?).await })
            }
        }
    }
}

/// The one assertion of a request; it is read in one spelling only, as every proxy writes it.
fn assertion(headers: &HeaderMap) -> Result<String, Reason> {
    let mut values = headers.get_all(ASSERTION).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().map(str::to_owned).map_err(|_| Reason::Invalid),
        (Some(_), Some(_)) => Err(Reason::Ambiguous),
        (None, _) => Err(Reason::None),
    }
}

impl<S> Layer<S> for VerifyLayer {
    type Service = Verify<S>;

    fn layer(&self, inner: S) -> Verify<S> {
        Verify { inner, layer: self.clone() }
    }
}

impl<S, B, R> Service<Request<B>> for Verify<S>
where
    S: Service<Request<B>, Response = Response<R>, Future: Send> + Clone + Send + 'static,
    B: Send + 'static,
    R: Default,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = Answer<Result<Response<R>, S::Error>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        // The one that was made ready answers; its clone must be made ready first.
        let clone = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, clone);
        let (mut head, body) = request.into_parts();
        let who = self.layer.who(&head);
        strip(&mut head.headers, &self.layer.others);
        Box::pin(async move {
            match who.await {
                Ok(identity) => {
                    head.extensions.insert(identity);
                    inner.call(Request::from_parts(head, body)).await
                }
                Err(denied) => Ok(refusal(&denied)),
            }
        })
    }
}

fn refusal<R: Default>(denied: &Denied) -> Response<R> {
    log(denied);
    let mut response = Response::new(R::default());
    *response.status_mut() = denied.status();
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if denied.status() == http::StatusCode::UNAUTHORIZED {
        headers.insert(WWW_AUTHENTICATE, CHALLENGE);
    }
    if let Some(wait) = denied.retry_after() {
        // Rounded up: who comes a moment too early is refused again.
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        headers.insert(RETRY_AFTER, seconds.max(1).into());
    }
    response
}

fn log(denied: &Denied) {
    match denied {
        Denied::Refused(refused) => tracing::info!(reason = refused.reason.word(), "not let through"),
        Denied::Unanswered(fault @ (Unanswered::AskerRefused | Unanswered::Garbage(_))) => {
            tracing::error!(%fault, "nobody is let through until this is set right");
        }
        Denied::Unanswered(fault @ (Unanswered::Away(_) | Unanswered::Timeout | Unanswered::Busy { .. })) => {
            tracing::warn!(%fault, "not let through");
        }
    }
}

impl fmt::Debug for VerifyLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let source: &dyn fmt::Debug = match &self.source {
            Source::Asked { client, .. } => client,
            Source::Signed(assertions) => assertions,
        };
        f.debug_struct("VerifyLayer").field("source", source).field("others", &self.others).finish()
    }
}
