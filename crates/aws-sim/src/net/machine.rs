//! What a machine at AWS finds on its own network, by plain HTTP: instance metadata and container credentials.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::{TcpListener, TcpStream};

use super::socket::Socket;
use super::{accept, exchange, http};
use crate::endpoint::{Endpoint, Service};
use crate::shared::Shared;

/// Where instance metadata begins; everything else is the container endpoint's.
const METADATA: &str = "/latest";

/// The two endpoints, which share an address.
#[derive(Clone)]
struct Endpoints {
    metadata: Arc<Endpoint>,
    container: Arc<Endpoint>,
}

/// Serves connections for as long as it is polled.
pub(crate) async fn serve(listener: TcpListener, address: SocketAddr, shared: Arc<Shared>) {
    let endpoints = Endpoints {
        metadata: Arc::new(Endpoint::of_machine(Service::InstanceMetadata, address)),
        container: Arc::new(Endpoint::of_machine(Service::Container, address)),
    };
    accept::serve(listener, move |stream| {
        connection(stream, Arc::clone(&shared), endpoints.clone())
    })
    .await;
}

async fn connection(
    stream: TcpStream,
    shared: Arc<Shared>,
    endpoints: Endpoints,
) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut socket = Socket::new(stream);
    let breaker = socket.breaker();
    http::serve(&mut socket, move |request| {
        let endpoint = if request.uri().path().starts_with(METADATA) {
            &endpoints.metadata
        } else {
            &endpoints.container
        };
        let (shared, endpoint) = (Arc::clone(&shared), Arc::clone(endpoint));
        exchange::answer(shared, endpoint, breaker.clone(), request)
    })
    .await
}
