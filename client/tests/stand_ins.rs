//! Doorwards that are not: they answer what a test wants.

use crate::stage::PATIENCE;
use axum::body::Body;
use doorward_client::Client;
use doorward_web::Response;
use http::Request;
use std::convert::Infallible;

/// One that gives the same answer to everything.
pub(crate) fn answering(
    status: u16,
    headers: &[(&'static str, &'static str)],
    body: &str,
) -> doorward_testkit::Client {
    let (headers, body) = (headers.to_vec(), body.to_owned());
    doorward_testkit::Client::of(tower::service_fn(move |_: Request<Body>| {
        let mut response = Response::new(Body::from(body.clone()));
        *response.status_mut() = status.try_into().unwrap();
        for (name, value) in &headers {
            response.headers_mut().insert(*name, value.parse().unwrap());
        }
        async move { Ok::<_, Infallible>(response) }
    }))
}

/// A client of one.
pub(crate) fn client_of(stand_in: &doorward_testkit::Client) -> Client {
    Client::builder(format!("http://{}", stand_in.address())).timeout(PATIENCE).build().unwrap()
}

/// An address of this machine where nobody listens.
pub(crate) fn nowhere() -> String {
    let socket = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    format!("http://{}", socket.local_addr().unwrap())
}
