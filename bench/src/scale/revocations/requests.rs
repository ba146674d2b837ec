//! A client of one session at one node: who is calling?, and the sign-out.

use crate::Result;
use crate::verify::load::{ANSWER_BYTES, read_status};
use crate::verify::world::{COOKIE_HOST, token};
use std::net::{Ipv4Addr, SocketAddr};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

/// Clients are somewhere in here: what ended is asked about once too often by each, and an address that asks about too
/// many strangers is not answered any more.
const CLIENTS: u32 = u32::from_be_bytes([10, 0, 0, 0]);

/// A keep-alive connection.
pub(super) struct Connection {
    stream: TcpStream,
    answer: Vec<u8>,
}

impl Connection {
    pub(super) async fn open(node: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(node).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, answer: vec![0; ANSWER_BYTES] })
    }

    /// Whether the node lets the session in.
    pub(super) async fn lets_in(&mut self, number: u32) -> Result<bool> {
        let client = Ipv4Addr::from_bits(CLIENTS + number);
        let request = format!(
            "GET /verify/forward-auth HTTP/1.1\r\nhost: 127.0.0.1\r\nx-forwarded-for: {client}\r\n\
             x-forwarded-method: GET\r\nx-forwarded-proto: http\r\nx-forwarded-host: {COOKIE_HOST}\r\n\
             x-forwarded-uri: /v2/people\r\ncookie: salesseek={}\r\n\r\n",
            token(number.into())
        );
        match self.ask(&request).await? {
            "200" => Ok(true),
            "401" => Ok(false),
            status => Err(format!("asked who is calling, a node answered {status}").into()),
        }
    }

    /// Signs the session out.
    pub(super) async fn sign_out(&mut self, number: u32) -> Result<()> {
        let request = format!(
            "DELETE /api/logout HTTP/1.1\r\nhost: {COOKIE_HOST}\r\ncookie: salesseek={}\r\n\r\n",
            token(number.into())
        );
        let status = self.ask(&request).await?;
        if status.starts_with('2') { Ok(()) } else { Err(format!("a sign-out was answered {status}").into()) }
    }

    async fn ask(&mut self, request: &str) -> Result<&str> {
        self.stream.write_all(request.as_bytes()).await?;
        read_status(&mut self.stream, &mut self.answer).await
    }
}
