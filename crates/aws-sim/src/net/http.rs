//! HTTP/1.1 over any stream.

use std::io;

use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};

use super::body::Body;

/// Answers the requests of one connection.
pub(super) async fn serve<S, F, R, E>(stream: S, answer: F) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
    F: Fn(Request<Incoming>) -> R,
    R: Future<Output = Result<Response<Body>, E>>,
    E: std::error::Error + Send + Sync + 'static,
{
    http1::Builder::new()
        .auto_date_header(false)
        .serve_connection(TokioIo::new(stream), service_fn(answer))
        .await
        .map_err(io::Error::other)
}
