//! Tiny HTTP servers: the service behind a proxy, and a Doorward that answers nonsense. One request per connection.

use super::cases::IDENTITY;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// Where a browser is sent that asks for a page.
pub(super) const SIGN_IN: &str = "https://id.example/sign-in?tenant=northwind";

/// A request as it arrived.
#[derive(Clone, Debug)]
pub(super) struct Taken {
    /// Request line and headers.
    pub(super) head: String,
    pub(super) body: Vec<u8>,
}

impl Taken {
    /// The values of a header as many programs read it: case, and the difference between `-`, `_`, `.` and other signs,
    /// are lost on them.
    pub(super) fn read(&self, name: &str) -> Vec<&str> {
        let plain =
            |name: &str| name.replace(|sign: char| !sign.is_ascii_alphanumeric(), "-").to_ascii_lowercase();
        let wanted = plain(name);
        let lines = self.head.lines().skip(1).filter_map(|line| line.split_once(':'));
        lines.filter(|(name, _)| plain(name) == wanted).map(|(_, value)| value.trim()).collect()
    }

    pub(super) fn path(&self) -> &str {
        self.head.split(' ').nth(1).unwrap_or_default()
    }
}

/// A server that writes down what it takes.
pub(super) struct StandIn {
    pub(super) address: SocketAddr,
    taken: Arc<Mutex<Vec<Taken>>>,
}

impl StandIn {
    /// A service: takes everything.
    pub(super) fn service() -> Self {
        Self::start(|_, stream| say(stream, &ok("reached")))
    }

    /// A Doorward that has lost its mind: a question is answered as its path says, anything else with `own`.
    pub(super) fn doorward() -> Self {
        Self::start(|taken, stream| {
            if !taken.path().starts_with("/verify") {
                return say(stream, &ok("own"));
            }
            let told = |what: &str| taken.head.contains(&format!("/{what}"));
            if told("silent") {
                // Until the asker gives up.
                let _ended = stream.read(&mut [0; 1]);
            } else if told("noise") {
                say(stream, "\u{1}\u{2} welcome to the machine\r\n\r\n");
            } else if told("half") {
                say(stream, "HTTP/1.1 200 OK\r\nx-doorward-route: doo");
            } else if told("empty") {
                say(stream, &format!("{EMPTY_OK}x-doorward-route: \r\nx-doorward-tenant: northwind\r\n\r\n"));
            } else if told("nameless") {
                say(stream, &format!("{EMPTY_OK}x-doorward-tenant: northwind\r\n\r\n"));
            } else if told("everything") {
                let line = |name: &&str| format!("{name}: said {name}\r\n");
                let all: String = IDENTITY.iter().map(line).collect();
                say(stream, &format!("{EMPTY_OK}{all}\r\n"));
            } else if told("no_content") {
                say(stream, "HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n");
            } else if told("page") {
                // nginx knows no redirect here; it is told beside a 401.
                let status = if taken.path() == "/verify/auth-request" { "401 No" } else { "302 Found" };
                let head = format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: 0\r\n");
                say(stream, &format!("{head}location: {SIGN_IN}\r\n\r\n"));
            } else if told("broken") {
                say(stream, "HTTP/1.1 500 Oh\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
            } else if told("stranger") {
                say(stream, &ok("<h1>It works!</h1>"));
            } else {
                // Closes without a word.
            }
        })
    }

    fn start(answer: impl Fn(&Taken, &mut TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let taken = Arc::new(Mutex::new(Vec::new()));
        let (page, answer) = (Arc::clone(&taken), Arc::new(answer));
        // Ends with the test's process: nobody waits for it.
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (page, answer) = (Arc::clone(&page), Arc::clone(&answer));
                thread::spawn(move || {
                    let mut stream = stream;
                    // A proxy may open a connection and ask nothing.
                    if let Some(request) = take(&stream) {
                        page.lock().unwrap().push(request.clone());
                        answer(&request, &mut stream);
                    }
                });
            }
        });
        Self { address, taken }
    }

    /// What arrived since the last look.
    pub(super) fn taken(&self) -> Vec<Taken> {
        std::mem::take(&mut *self.taken.lock().unwrap())
    }
}

/// A 200 whose head goes on.
const EMPTY_OK: &str = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n";

fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

fn say(stream: &mut TcpStream, text: &str) {
    // Whoever asked may be gone.
    let _sent = stream.write_all(text.as_bytes());
}

/// Reads one request with its body.
fn take(stream: &TcpStream) -> Option<Taken> {
    let mut reader = BufReader::new(stream);
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if reader.read_until(b'\n', &mut head).ok()? == 0 {
            return None;
        }
    }
    let mut taken = Taken { head: String::from_utf8_lossy(&head).into_owned(), body: Vec::new() };
    if let Some(length) = taken.read("content-length").first().and_then(|length| length.parse().ok()) {
        taken.body = vec![0; length];
        reader.read_exact(&mut taken.body).ok()?;
    } else if !taken.read("transfer-encoding").is_empty() {
        while !taken.body.ends_with(b"0\r\n\r\n") {
            if reader.read_until(b'\n', &mut taken.body).ok()? == 0 {
                return None;
            }
        }
    }
    Some(taken)
}
