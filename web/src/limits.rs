//! Every limit of the HTTP side, with its reason (P19). `server` takes the header and connection limits from here.

use std::time::Duration;

/// Headers of one request. Browsers send about 20, proxies add 10.
pub const HEADER_COUNT: usize = 100;

/// All headers of one request together, in bytes. Cookies of a shared parent domain may fill 4 KiB.
pub const HEADER_BYTES: usize = 16 * 1024;

/// How long the headers may take to arrive. Slow clients are reaped within 30 s (P19).
pub const HEADER_READ_TIME: Duration = Duration::from_secs(10);

/// Path and query together, in bytes; proxies commonly stop at 8 KiB.
pub const URI_BYTES: usize = 8 * 1024;

/// A body, unless the route says otherwise: the largest login or profile is under 8 KiB.
pub const BODY_BYTES: usize = 64 * 1024;

/// A body on any route: no unauthenticated request may hold more than 1 MiB (P19).
pub const BODY_BYTES_HARD: usize = 1024 * 1024;

/// A file of a table that is sent by somebody who is signed in: ten thousand people's names and addresses.
pub const TABLE_BYTES: usize = BODY_BYTES_HARD;

/// One line of a table: each of six cells may have a name of 250 letters.
pub const TABLE_LINE_BYTES: usize = 8 * 1024;

/// How long a body may take to arrive.
pub const BODY_READ_TIME: Duration = Duration::from_secs(10);

/// How long a handler may take, its wait in the hash queue included.
pub const HANDLER_TIME: Duration = Duration::from_secs(30);

/// Nesting of JSON: no dialect nests deeper than 4; each level costs stack.
pub const JSON_DEPTH: usize = 32;

/// Fields of one query or body: the largest profile has about 60.
pub const FIELDS: usize = 200;

/// Parts of one multipart body: each is parsed with headers of its own, so fewer than fields.
pub const MULTIPART_PARTS: usize = 50;

/// Characters of `User-Agent` that are kept; browsers send about 120.
pub const AGENT_CHARS: usize = 256;

/// Hops of `X-Forwarded-For` that are read; more than a handful is forged.
pub const FORWARDED_HOPS: usize = 32;
