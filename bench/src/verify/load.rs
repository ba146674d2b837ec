//! The load: keep-alive connections on one thread, each asking again as soon as it is answered, about a session or key
//! drawn anew each time.
//!
//! Requests are written as bytes and answers read to their length, because a full client would cost the cores it shares
//! with the server more than the server takes.

use super::world::{COOKIE_HOST, KEY_HOST, Target, World, token};
use crate::Result;
use crate::rate::Rate;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::LocalSet;

/// As many as a proxy in front of an API keeps open.
const CONNECTIONS: u64 = 64;
/// The longest answer, head and body.
pub(crate) const ANSWER_BYTES: usize = 8 * 1024;

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// Of the peer: a cookie, as of us.
    Baseline,
    /// A cookie, as Traefik asks.
    ForwardAuth,
    /// A cookie, as nginx asks.
    AuthRequest,
    /// A key pair in headers.
    AccessKey,
    /// Every session once.
    EachOnce,
}

/// What was answered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measured {
    pub(crate) rate: Rate,
    /// Of a hundred answers ninety-nine took this long or less.
    pub(crate) p99: Duration,
}

impl Asked {
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Baseline => "axum",
            Self::ForwardAuth => "hits, forward-auth, cookie",
            Self::AuthRequest => "hits, auth-request, cookie",
            Self::AccessKey => "hits, forward-auth, key pair",
            Self::EachOnce => "each once",
        }
    }

    fn write(self, request: &mut String, world: &Target, number: u64) {
        request.clear();
        let path = if self == Self::AuthRequest { "auth-request" } else { "forward-auth" };
        let host = if self == Self::AccessKey { KEY_HOST } else { COOKIE_HOST };
        // Every proxy names its client. Writing into memory does not fail.
        let _written = write!(
            request,
            "GET /verify/{path} HTTP/1.1\r\nhost: 127.0.0.1\r\nx-forwarded-for: 203.0.113.7\r\n"
        );
        let _written = match self {
            Self::AuthRequest => {
                write!(
                    request,
                    "x-original-method: GET\r\nx-original-url: http://{host}/v2/people?page=2\r\n"
                )
            }
            Self::Baseline | Self::ForwardAuth | Self::AccessKey | Self::EachOnce => write!(
                request,
                "x-forwarded-method: GET\r\nx-forwarded-proto: http\r\nx-forwarded-host: {host}\r\n\
                 x-forwarded-uri: /v2/people?page=2\r\n"
            ),
        };
        let _written =
            match (self, world.keys.get(usize::try_from(number).unwrap_or(0) % world.keys.len().max(1))) {
                (Self::AccessKey, Some((name, secret))) => {
                    write!(request, "x-lsq-accesskey: {name}\r\nx-lsq-secretkey: {secret}\r\n\r\n")
                }
                _ => write!(request, "cookie: salesseek={}\r\n\r\n", token(number % world.sessions)),
            };
    }
}

/// Asks for `span`, or until every session was asked about.
pub(crate) fn ask_for(server: SocketAddr, asked: Asked, world: &World, span: Duration) -> Result<Measured> {
    ask_all(&[server], asked, world, span)
}

/// The same of several nodes, connections to each in turn: as many as to one.
pub(crate) fn ask_all(
    servers: &[SocketAddr],
    asked: Asked,
    world: &World,
    span: Duration,
) -> Result<Measured> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let world = Rc::new(world.target());
    LocalSet::new().block_on(&runtime, async {
        let running: Vec<_> = (0..CONNECTIONS)
            .zip(servers.iter().copied().cycle())
            .map(|(place, server)| {
                tokio::task::spawn_local(client(server, asked, Rc::clone(&world), place, span))
            })
            .collect();
        let (mut rate, mut waits) = (Rate::default(), Vec::new());
        for client in running {
            let (one, mut theirs) = client.await??;
            rate.add(one);
            waits.append(&mut theirs);
        }
        waits.sort_unstable();
        let p99 = waits.get(waits.len().saturating_mul(99) / 100).copied().unwrap_or_default();
        Ok(Measured { rate, p99 })
    })
}

async fn client(
    server: SocketAddr,
    asked: Asked,
    world: Rc<Target>,
    place: u64,
    span: Duration,
) -> Result<(Rate, Vec<Duration>)> {
    let mut stream = TcpStream::connect(server).await?;
    stream.set_nodelay(true)?;
    let (mut request, mut answer, mut waits) = (String::new(), vec![0; ANSWER_BYTES], Vec::new());
    let began = Instant::now();
    // Each connection walks through the numbers in steps of its own, so that all of them are asked about.
    let mut number = place;
    let mut done = 0_u32;
    while began.elapsed() < span && (asked != Asked::EachOnce || number < world.sessions) {
        asked.write(&mut request, &world, number);
        let sent = Instant::now();
        stream.write_all(request.as_bytes()).await?;
        read(&mut stream, &mut answer).await?;
        waits.push(sent.elapsed());
        done += 1;
        number = number.wrapping_add(CONNECTIONS);
    }
    Ok((Rate::of(done, began.elapsed()), waits))
}

/// Reads one answer to its end; anything but a 200 ends the measurement.
async fn read(stream: &mut TcpStream, answer: &mut [u8]) -> Result<()> {
    match read_status(stream, answer).await? {
        "200" => Ok(()),
        status => Err(format!("not a success: {status}").into()),
    }
}

/// Reads one answer to its end: its status.
pub(crate) async fn read_status<'a>(stream: &mut TcpStream, answer: &'a mut [u8]) -> Result<&'a str> {
    let mut length = 0;
    loop {
        let rest = answer.get_mut(length..).ok_or("an answer is too long")?;
        let read = stream.read(rest).await?;
        length += read;
        let said = answer.get(..length).unwrap_or_default();
        if read == 0 {
            return Err(format!("the connection broke: {}", String::from_utf8_lossy(said)).into());
        }
        let Some(head) = said.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        if length >= head + 4 + body_length(said.get(..head).unwrap_or_default())? {
            break;
        }
    }
    let status = answer.strip_prefix(b"HTTP/1.1 ").and_then(|rest| rest.get(..3));
    Ok(std::str::from_utf8(status.ok_or("not an answer of HTTP/1.1")?)?)
}

fn body_length(head: &[u8]) -> Result<usize> {
    let text = std::str::from_utf8(head)?;
    let named = text.lines().find_map(|line| line.strip_prefix("content-length: "));
    Ok(named.map_or(Ok(0), str::parse)?)
}
