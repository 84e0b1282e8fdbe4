//! The loop that takes connections, one task each.

use std::io;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// How long to wait when a connection cannot be accepted.
const ACCEPT_PAUSE: Duration = Duration::from_millis(10);

/// Serves connections for as long as it is polled; those under way end with it.
pub(super) async fn serve<F, R>(listener: TcpListener, connection: F)
where
    F: Fn(TcpStream) -> R,
    R: Future<Output = io::Result<()>> + Send + 'static,
{
    let mut connections = JoinSet::new();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                let serving = connection(stream);
                // What goes wrong on a connection concerns its client alone.
                connections.spawn(async move { drop(serving.await) });
            }
            // Out of descriptors, most likely: those in use must end first.
            Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
        }
        while connections.try_join_next().is_some() {}
    }
}
