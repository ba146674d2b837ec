//! One connection: the server's side of SMTP (RFC 5321), STARTTLS (RFC 3207) and AUTH (RFC 4954).

use std::io;
use std::sync::{Arc, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use super::{Encryption, Misstep, ReceivedMail, Shared, Stage};

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// The state of one connection.
pub(super) struct Session {
    shared: Arc<Shared>,
    stream: BufReader<Box<dyn Stream>>,
    is_encrypted: bool,
    user: Option<String>,
    sender: Option<String>,
    recipients: Vec<String>,
}

/// Whether the connection goes on.
#[derive(PartialEq, Eq)]
enum Next {
    Command,
    Close,
}

impl Session {
    /// Speaks with one client until it leaves or is sent away.
    pub(super) async fn serve(stream: TcpStream, shared: Arc<Shared>) -> io::Result<()> {
        let is_encrypted = shared.options.encryption == Encryption::Tls;
        let stream: Box<dyn Stream> =
            if is_encrypted { Box::new(shared.tls.acceptor.accept(stream).await?) } else { Box::new(stream) };
        let stream = BufReader::new(stream);
        let session = Self { shared, stream, is_encrypted, user: None, sender: None, recipients: Vec::new() };
        session.converse().await
    }

    async fn converse(mut self) -> io::Result<()> {
        if self.misstep(Stage::Greeting, "220 loopback ESMTP").await? == Next::Close {
            return Ok(());
        }
        while let Some(line) = self.line().await? {
            self.note(&line);
            let verb = line.split(' ').next().unwrap_or_default().to_ascii_uppercase();
            let next = match verb.as_str() {
                "EHLO" | "HELO" => self.hello().await?,
                "STARTTLS" => self.starttls().await?,
                "AUTH" => self.auth(&line).await?,
                "MAIL" => self.mail_from(&line).await?,
                "RCPT" => self.rcpt_to(&line).await?,
                "DATA" => self.data().await?,
                "RSET" => self.reset().await?,
                "NOOP" => self.reply("250 fine").await?,
                "QUIT" => {
                    self.reply("221 bye").await?;
                    Next::Close
                }
                _ => self.reply("502 5.5.1 not known here").await?,
            };
            if next == Next::Close {
                break;
            }
        }
        Ok(())
    }

    async fn hello(&mut self) -> io::Result<Next> {
        self.reply("250-loopback").await?;
        self.reply("250-8BITMIME").await?;
        self.reply("250-SMTPUTF8").await?;
        if self.may_start_tls() {
            self.reply("250-STARTTLS").await?;
        }
        if self.may_authenticate() {
            let offer = format!("250-AUTH {}", self.shared.options.mechanisms);
            self.reply(&offer).await?;
        }
        self.reply("250 HELP").await
    }

    async fn starttls(&mut self) -> io::Result<Next> {
        if !self.may_start_tls() {
            return self.reply("502 5.5.1 no STARTTLS here").await;
        }
        if let Some(misstep) = self.shared.script.next(Stage::StartTls) {
            return self.act(misstep).await;
        }
        self.reply("220 go ahead").await?;
        let (empty, _) = tokio::io::duplex(1);
        let plain = std::mem::replace(&mut self.stream, BufReader::new(Box::new(empty)));
        // What was sent in plain after STARTTLS is dropped with the buffer, so that it cannot pose as encrypted.
        let encrypted = self.shared.tls.acceptor.accept(plain.into_inner()).await?;
        self.stream = BufReader::new(Box::new(encrypted));
        self.is_encrypted = true;
        Ok(Next::Command)
    }

    async fn auth(&mut self, line: &str) -> io::Result<Next> {
        if !self.may_authenticate() {
            return self.reply("538 5.7.11 encrypt first").await;
        }
        if let Some(misstep) = self.shared.script.next(Stage::Auth) {
            return self.act(misstep).await;
        }
        let mut words = line.split(' ').skip(1);
        let mechanism = words.next().unwrap_or_default().to_ascii_uppercase();
        let initial = words.next().map(str::to_owned);
        let offered = self.shared.options.mechanisms.split(' ').any(|offered| offered == mechanism);
        let given = match (offered, mechanism.as_str()) {
            (true, "PLAIN") => self.plain(initial).await?,
            (true, "LOGIN") => self.login(initial).await?,
            (_, _) => return self.reply("504 5.5.4 no such mechanism").await,
        };
        if given.is_some() && given == self.shared.options.credentials {
            self.user = given.map(|(user, _)| user);
            return self.reply("235 2.7.0 welcome").await;
        }
        self.reply("535 5.7.8 wrong name or password").await
    }

    /// `\0user\0password` in one piece (RFC 4616).
    async fn plain(&mut self, initial: Option<String>) -> io::Result<Option<(String, String)>> {
        let message = match initial {
            Some(message) => decode(&message),
            None => self.ask("").await?,
        };
        let mut parts = message.split('\0').skip(1).map(str::to_owned);
        Ok(parts.next().zip(parts.next()))
    }

    async fn login(&mut self, initial: Option<String>) -> io::Result<Option<(String, String)>> {
        let user = match initial {
            Some(user) => decode(&user),
            None => self.ask("Username:").await?,
        };
        let password = self.ask("Password:").await?;
        Ok(Some((user, password)))
    }

    async fn ask(&mut self, question: &str) -> io::Result<String> {
        self.reply(&format!("334 {}", STANDARD.encode(question))).await?;
        Ok(decode(&self.line().await?.unwrap_or_default()))
    }

    async fn mail_from(&mut self, line: &str) -> io::Result<Next> {
        if self.shared.options.credentials.is_some() && self.user.is_none() {
            return self.reply("530 5.7.0 sign in first").await;
        }
        if let Some(misstep) = self.shared.script.next(Stage::Sender) {
            return self.act(misstep).await;
        }
        self.sender = Some(bracketed(line));
        self.recipients.clear();
        self.reply("250 2.1.0 fine").await
    }

    async fn rcpt_to(&mut self, line: &str) -> io::Result<Next> {
        if self.sender.is_none() {
            return self.reply("503 5.5.1 MAIL first").await;
        }
        if let Some(misstep) = self.shared.script.next(Stage::Recipient) {
            return self.act(misstep).await;
        }
        self.recipients.push(bracketed(line));
        self.reply("250 2.1.5 fine").await
    }

    async fn data(&mut self) -> io::Result<Next> {
        let Some(from) = self.sender.take().filter(|_| !self.recipients.is_empty()) else {
            return self.reply("503 5.5.1 MAIL and RCPT first").await;
        };
        self.reply("354 end with a dot").await?;
        let Some(raw) = self.content().await? else { return Ok(Next::Close) };
        if let Some(misstep) = self.shared.script.next(Stage::Content) {
            return self.act(misstep).await;
        }
        let mail = ReceivedMail {
            from,
            to: std::mem::take(&mut self.recipients),
            raw,
            was_encrypted: self.is_encrypted,
            user: self.user.clone(),
        };
        self.shared.mails.send_modify(|mails| mails.push(mail));
        self.reply("250 2.0.0 taken").await
    }

    /// The lines up to the lone dot, with stuffed dots removed (RFC 5321 section 4.5.2); `None` if the client left.
    async fn content(&mut self) -> io::Result<Option<String>> {
        let mut raw = String::new();
        while let Some(line) = self.line().await? {
            if line == "." {
                return Ok(Some(raw));
            }
            raw.push_str(line.strip_prefix('.').unwrap_or(&line));
            raw.push_str("\r\n");
        }
        Ok(None)
    }

    async fn reset(&mut self) -> io::Result<Next> {
        self.sender = None;
        self.recipients.clear();
        self.reply("250 2.0.0 fine").await
    }

    fn may_start_tls(&self) -> bool {
        self.shared.options.encryption == Encryption::StartTls && !self.is_encrypted
    }

    fn may_authenticate(&self) -> bool {
        let is_safe = self.is_encrypted || self.shared.options.encryption == Encryption::None;
        self.shared.options.credentials.is_some() && is_safe
    }

    /// Does what is planned for this stage, or answers `usual`.
    async fn misstep(&mut self, stage: Stage, usual: &str) -> io::Result<Next> {
        match self.shared.script.next(stage) {
            Some(misstep) => self.act(misstep).await,
            None => self.reply(usual).await,
        }
    }

    async fn act(&mut self, misstep: Misstep) -> io::Result<Next> {
        match misstep {
            Misstep::Answer(line) => self.reply(line).await,
            Misstep::HangUp => Ok(Next::Close),
            Misstep::Silence => {
                while self.line().await?.is_some() {}
                Ok(Next::Close)
            }
        }
    }

    async fn reply(&mut self, line: &str) -> io::Result<Next> {
        self.stream.write_all(format!("{line}\r\n").as_bytes()).await?;
        self.stream.flush().await?;
        Ok(Next::Command)
    }

    async fn line(&mut self) -> io::Result<Option<String>> {
        let mut line = Vec::new();
        if self.stream.read_until(b'\n', &mut line).await? == 0 {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&line).into_owned();
        Ok(Some(line.trim_end_matches(['\r', '\n']).to_owned()))
    }

    fn note(&self, line: &str) {
        let channel = if self.is_encrypted { "tls" } else { "plain" };
        let mut commands = self.shared.commands.lock().unwrap_or_else(PoisonError::into_inner);
        commands.push(format!("{channel} {line}"));
    }
}

fn decode(text: &str) -> String {
    let bytes = STANDARD.decode(text.trim()).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The address between `<` and `>`.
fn bracketed(line: &str) -> String {
    let inner = line.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inner.map(|(address, _)| address.to_owned()).unwrap_or_default()
}
