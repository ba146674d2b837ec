//! Strangers who take all the connections a server has.

use crate::{Own, USER};
use std::{
    io::{Read, Write},
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
};

/// What the protocol's third version calls itself (PostgreSQL's manual, 55.7).
const PROTOCOL: u32 = 3 << 16;

/// What its sessions are called on the server.
const NAME: &str = "crowd";

/// Sessions that do nothing, until it goes.
pub struct Crowd {
    socket: PathBuf,
    sessions: Vec<UnixStream>,
}

impl Crowd {
    /// Takes every connection that is free.
    pub fn before(server: &Own) -> Self {
        let mut crowd = Self { socket: socket(server.socket(), server.port()), sessions: Vec::new() };
        crowd.fill();
        assert!(!crowd.sessions.is_empty(), "the server has no free connection");
        crowd
    }

    /// Ends everybody else's sessions and takes their connections, until there is nobody else.
    pub fn push_out(&mut self) {
        let others = format!(
            "FROM pg_stat_activity WHERE backend_type = 'client backend' AND application_name <> '{NAME}'"
        );
        while self.ask(&format!("SELECT count(*) {others}")) != "0" {
            self.ask(&format!("SELECT count(pg_terminate_backend(pid)) {others}"));
            self.fill();
        }
    }

    fn fill(&mut self) {
        while let Some(session) = self.enter() {
            self.sessions.push(session);
        }
    }

    /// One more session; `None` when the server has none left.
    fn enter(&self) -> Option<UnixStream> {
        let mut stream = UnixStream::connect(&self.socket).expect("the server's socket");
        let mut words = PROTOCOL.to_be_bytes().to_vec();
        for word in ["user", USER, "database", "postgres", "application_name", NAME, ""] {
            words.extend(word.as_bytes());
            words.push(0);
        }
        let length = u32::try_from(words.len() + 4).expect("a short message");
        stream.write_all(&[&length.to_be_bytes(), words.as_slice()].concat()).expect("the server listens");
        let (kind, _) = until(&mut stream, b"ZE")?;
        (kind == b'Z').then_some(stream)
    }

    /// One value, over the first session.
    fn ask(&mut self, question: &str) -> String {
        let stream = self.sessions.first_mut().expect("a session");
        let length = u32::try_from(question.len() + 5).expect("a short question");
        let words = [b"Q".as_slice(), &length.to_be_bytes(), question.as_bytes(), b"\0"].concat();
        stream.write_all(&words).expect("the server listens");
        let (kind, row) = until(stream, b"DE").expect("an answer");
        assert!(kind == b'D', "{}", String::from_utf8_lossy(&row));
        until(stream, b"Z").expect("the end of an answer");
        // A count of columns in two bytes, a length in four.
        String::from_utf8_lossy(row.get(6..).unwrap_or_default()).into_owned()
    }
}

/// Reads messages up to the first of one of these kinds; `None` if the server hangs up before.
fn until(stream: &mut UnixStream, kinds: &[u8]) -> Option<(u8, Vec<u8>)> {
    loop {
        let mut head = [0; 5];
        stream.read_exact(&mut head).ok()?;
        let [kind, length @ ..] = head;
        let length = usize::try_from(u32::from_be_bytes(length)).expect("a length").checked_sub(4)?;
        let mut body = vec![0; length];
        stream.read_exact(&mut body).ok()?;
        if kinds.contains(&kind) {
            return Some((kind, body));
        }
    }
}

fn socket(directory: &Path, port: u16) -> PathBuf {
    directory.join(format!(".s.PGSQL.{port}"))
}
