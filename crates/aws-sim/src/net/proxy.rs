//! The proxy: takes `CONNECT` for AWS host names and answers in their place.

use std::convert::Infallible;
use std::io;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::socket::Socket;
use super::{accept, admin, exchange, http};
use crate::endpoint::Endpoint;
use crate::faults::Fault;
use crate::shared::Shared;

/// The largest head of a `CONNECT` request, in bytes.
const HEAD_LIMIT: usize = 16 * 1024;

/// Serves connections for as long as it is polled.
pub(crate) async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    accept::serve(listener, move |stream| {
        connection(stream, Arc::clone(&shared))
    })
    .await;
}

async fn connection(stream: TcpStream, shared: Arc<Shared>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut first = [0];
    if stream.peek(&mut first).await? == 0 {
        return Ok(());
    }
    let mut socket = Socket::new(stream);
    // No other method of HTTP's begins with a C.
    if first[0] == b'C' {
        return connect(socket, shared).await;
    }
    http::serve(&mut socket, move |request| {
        let shared = Arc::clone(&shared);
        async move { Ok::<_, Infallible>(admin::answer(shared, request).await) }
    })
    .await
}

/// A tunnel is asked for: stand in for its far end.
async fn connect(mut socket: Socket, shared: Arc<Shared>) -> io::Result<()> {
    let Some(target) = read_target(&mut socket).await? else {
        return refuse(&mut socket, 400).await;
    };
    let endpoint = target
        .strip_suffix(":443")
        .and_then(Endpoint::of_host)
        .map(Arc::new);
    let Some(endpoint) = endpoint else {
        return refuse(&mut socket, 403).await;
    };
    let authority = match shared.faults.on_connection(&endpoint) {
        Some(Fault::Offline) => {
            socket.breaker().trip();
            return Ok(());
        }
        Some(Fault::Proxy { status }) => return refuse(&mut socket, status).await,
        Some(Fault::Intercept) => &shared.rogue_authority,
        Some(_) | None => &shared.authority,
    };
    let config = authority
        .server_config(&endpoint.host)
        .map_err(io::Error::other)?;
    socket
        .write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")
        .await?;
    let breaker = socket.breaker();
    let mut tls = TlsAcceptor::from(config).accept(socket).await?;
    http::serve(&mut tls, move |request| {
        exchange::answer(
            Arc::clone(&shared),
            Arc::clone(&endpoint),
            breaker.clone(),
            request,
        )
    })
    .await
}

/// The `host:port` of the `CONNECT` request, or nothing when it is not one.
async fn read_target(socket: &mut Socket) -> io::Result<Option<String>> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        // A client has nothing to say beyond the head before it is answered, so this reads no byte of the tunnel's.
        if head.len() > HEAD_LIMIT || socket.read_buf(&mut head).await? == 0 {
            return Ok(None);
        }
    }
    let head = String::from_utf8_lossy(&head);
    let mut words = head.split(' ');
    Ok(match (words.next(), words.next()) {
        (Some("CONNECT"), Some(target)) => Some(target.to_owned()),
        (_, _) => None,
    })
}

async fn refuse(socket: &mut Socket, status: u16) -> io::Result<()> {
    let challenge = match status {
        407 => "Proxy-Authenticate: Basic realm=\"proxy\"\r\n",
        _ => "",
    };
    let answer = format!(
        "HTTP/1.1 {status} Refused\r\n{challenge}Content-Length: 0\r\nConnection: close\r\n\r\n"
    );
    socket.write_all(answer.as_bytes()).await?;
    socket.shutdown().await
}
