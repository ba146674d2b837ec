//! Spans that may leave as traces. Where they go, if anywhere, is the server's business.

/// The target of every span that a trace may carry, and of nothing else. No field of such a span holds a value of a
/// query, an address of a person, or a secret (P16).
pub const TRACE_TARGET: &str = "doorward::traces";
