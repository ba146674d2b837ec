//! HTTP/1.1 over a socket of its own for each request: nothing is added, corrected or hidden.

use rustix::net::{self, AddressFamily, SocketType};
use serde_json::Value;
use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

/// Longer than any healthy answer takes; what reaches it hangs.
const PATIENCE: Duration = Duration::from_secs(45);

/// A request in the making.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    pub(crate) method: String,
    pub(crate) path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// An answer, read to its end.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    /// The status.
    pub(crate) status: u16,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// The body.
    pub(crate) body: Vec<u8>,
}

impl Ask {
    /// Any method.
    pub(crate) fn new(method: &str, host: &str, path: &str) -> Self {
        let headers =
            vec![("host".to_owned(), host.to_owned()), ("connection".to_owned(), "close".to_owned())];
        Self { method: method.to_owned(), path: path.to_owned(), headers, body: Vec::new() }
    }

    /// A `GET`.
    pub(crate) fn get(host: &str, path: &str) -> Self {
        Self::new("GET", host, path)
    }

    /// A `POST`.
    pub(crate) fn post(host: &str, path: &str) -> Self {
        Self::new("POST", host, path)
    }

    /// Adds a header; a name may come twice.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// A JSON body.
    pub(crate) fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    /// A urlencoded body.
    pub(crate) fn form(self, fields: &[(&str, &str)]) -> Self {
        let text = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.body("application/x-www-form-urlencoded", text)
    }

    /// A body of any type.
    pub(crate) fn body(mut self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.header("content-type", content_type)
    }

    /// A body that does not say what it is.
    pub(crate) fn untyped_body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// The request as it goes over the wire.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut text = format!("{} {} HTTP/1.1\r\n", self.method, self.path);
        for (name, value) in &self.headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        let has_length =
            self.headers.iter().any(|(name, _)| name == "content-length" || name == "transfer-encoding");
        let says_nothing = self.body.is_empty() && self.method == "GET";
        if !(has_length || says_nothing) {
            text.push_str(&format!("content-length: {}\r\n", self.body.len()));
        }
        [text.as_bytes(), b"\r\n", &self.body].concat()
    }

    /// Sends it.
    pub(crate) fn send(&self, address: SocketAddr) -> io::Result<Answer> {
        exchange(address, &self.bytes())
    }
}

/// Sends these bytes, whatever they are, and reads until the server closes.
pub(crate) fn exchange(address: SocketAddr, bytes: &[u8]) -> io::Result<Answer> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    // A server that refuses early may stop reading; what it answered counts.
    let _sent = stream.write_all(bytes);
    let mut answer = Vec::new();
    let ended = stream.read_to_end(&mut answer);
    drop(stream.shutdown(Shutdown::Both));
    Answer::parse(&answer, bytes.starts_with(b"HEAD "))
        .ok_or_else(|| ended.err().unwrap_or_else(|| io::ErrorKind::UnexpectedEof.into()))
}

/// The same from an address of the test's own choice: `127.0.0.7` is another client than `127.0.0.1`. It reads no further than
/// the answer says it is long, because Envoy lets whoever it refused wait a second for the end.
pub(crate) fn exchange_from(source: Ipv4Addr, address: SocketAddr, bytes: &[u8]) -> io::Result<Answer> {
    let socket = net::socket(AddressFamily::INET, SocketType::STREAM, None)?;
    net::bind(&socket, &SocketAddr::from((source, 0)))?;
    net::connect(&socket, &address)?;
    let mut stream = TcpStream::from(socket);
    stream.set_read_timeout(Some(PATIENCE))?;
    let _sent = stream.write_all(bytes);
    let (mut read, mut part) = (Vec::new(), [0; 4096]);
    loop {
        let length = stream.read(&mut part)?;
        read.extend_from_slice(&part[..length]);
        match Answer::parse(&read, false) {
            Some(answer) if length == 0 || answer.header("content-length").is_some() => return Ok(answer),
            None if length == 0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            Some(_) | None => {}
        }
    }
}

impl Answer {
    /// `None` if it is cut off.
    fn parse(bytes: &[u8], is_head: bool) -> Option<Self> {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
        let head = std::str::from_utf8(&bytes[..end]).ok()?;
        let mut lines = head.split("\r\n");
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let header = |line: &str| {
            line.split_once(": ").map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        };
        let headers: Vec<_> = lines.filter_map(header).collect();
        let answer = Self { status, headers, body: bytes[end + 4..].to_vec() };
        let length = answer.header("content-length").and_then(|length| length.parse::<usize>().ok());
        let is_whole = is_head || length.is_none_or(|length| answer.body.len() == length);
        is_whole.then_some(answer)
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON, `Null` if it is none.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// A header's first value.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Everything that a caller can tell two answers apart by, the request's name and the time excepted.
    pub(crate) fn told(&self) -> (u16, Vec<(String, String)>, String) {
        let differs = |name: &str| matches!(name, "x-request-id" | "date");
        let mut headers: Vec<_> = self.headers.iter().filter(|(name, _)| !differs(name)).cloned().collect();
        headers.sort();
        (self.status, headers, self.text())
    }
}
