//! Why a door does not do what was asked: the core's meanings, and what HTTP adds to them.

use doorward_core::Error;
use http::Method;

/// Every reason a door answers with something else than success. A dialect renders each in its own body.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The core refused.
    #[error(transparent)]
    Core(#[from] Error),
    /// No route has this path: 404.
    #[error("unknown path")]
    UnknownPath,
    /// The path is known, the method is not: 405. The router adds the `Allow` header.
    #[error("method not allowed")]
    MethodNotAllowed {
        /// The methods that are.
        allow: Vec<Method>,
    },
    /// 413.
    #[error("the body has more than {limit} bytes")]
    BodyTooLarge {
        /// In bytes.
        limit: usize,
    },
    /// 414.
    #[error("the address has more than {limit} bytes")]
    UriTooLong {
        /// In bytes.
        limit: usize,
    },
    /// Neither JSON nor a form, or compressed: 415.
    #[error("send JSON or a form")]
    UnsupportedMediaType,
    /// The request cannot be read at all: broken JSON, no UTF-8, too deep, too many fields: 400.
    #[error("{problem}")]
    Malformed {
        /// What is wrong, without the value.
        problem: String,
    },
    /// A field is missing or of the wrong kind: 400.
    #[error("{field}: {problem}")]
    Invalid {
        /// The field in the client's words.
        field: String,
        /// What was expected, without the value.
        problem: String,
    },
    /// The body did not arrive in time: 408.
    #[error("the body took too long to arrive")]
    TooSlow,
    /// A browser page of another origin asks for a change with someone's cookie: 403.
    #[error("cross-site request refused")]
    CrossSite,
    /// Plain HTTP where TLS is required: 403.
    #[error("this address is served over https only")]
    InsecureTransport,
}

impl Refusal {
    /// A request that cannot be read.
    pub fn malformed(problem: impl Into<String>) -> Self {
        Self::Malformed { problem: problem.into() }
    }

    /// A field that is missing or of the wrong kind.
    pub fn invalid(field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::Invalid { field: field.into(), problem: problem.into() }
    }
}
