//! The load: a few keep-alive connections, each signing in again as soon as it is answered.
//!
//! One thread for all of them, because the load shares the cores with the server it measures.

use crate::Result;
use crate::accounts::Account;
use crate::rate::Rate;
use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// Signs in for `span` over one connection per place in `accounts`.
pub(crate) fn sign_in_for(server: SocketAddr, accounts: &[Account], span: Duration) -> Result<Rate> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut running = JoinSet::new();
        for account in accounts {
            running.spawn(client(server, account.clone(), span));
        }
        let mut rate = Rate::default();
        while let Some(client) = running.join_next().await {
            rate.add(client??);
        }
        Ok(rate)
    })
}

/// Signs in once, and says what the server answered when it was not a success.
pub(crate) fn sign_in_once(server: SocketAddr, account: &Account) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut connection = connect(server).await?;
        sign_in(&mut connection, account).await
    })
}

async fn client(server: SocketAddr, account: Account, span: Duration) -> Result<Rate> {
    let mut connection = connect(server).await?;
    let began = Instant::now();
    let mut done = 0_u32;
    while began.elapsed() < span {
        sign_in(&mut connection, &account).await?;
        done += 1;
    }
    Ok(Rate::of(done, began.elapsed()))
}

async fn connect(server: SocketAddr) -> Result<SendRequest<Full<Bytes>>> {
    let stream = TcpStream::connect(server).await?;
    stream.set_nodelay(true)?;
    let (sender, connection) = handshake(TokioIo::new(stream)).await?;
    // Its end is seen by the sender: the next request on it fails.
    tokio::spawn(connection);
    Ok(sender)
}

async fn sign_in(connection: &mut SendRequest<Full<Bytes>>, account: &Account) -> Result<()> {
    let mut request = Request::post(account.path.as_str())
        .header("host", account.host.as_str())
        .header("content-type", "application/json")
        .body(Full::from(account.body.clone()))?;
    request.headers_mut().extend(account.headers.clone());
    connection.ready().await?;
    let response = connection.send_request(request).await?;
    let status = response.status();
    let body = response.into_body().collect().await?.to_bytes();
    if status.is_success() {
        return Ok(());
    }
    Err(format!("{} answered {status}: {}", account.host, String::from_utf8_lossy(&body)).into())
}
