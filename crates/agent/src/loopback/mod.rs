//! The port of 127.0.0.1 that a browser comes back to at the end of a sign-in (RFC 8252, section 7.3). It is open
//! during the sign-in only, and only the browser of this very sign-in changes anything.

mod connection;
mod page;
mod request;

pub(crate) use page::Ending;
pub(crate) use request::Returned;

use connection::Connections;
use request::PATH;
use secrecy::SecretString;
use std::io;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::{oneshot, watch};

/// How long a browser that asks twice still finds the page, after the sign-in has ended.
const LINGER: Duration = Duration::from_secs(3);

/// Pause after the system refused to accept a connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// A port that is open, but not yet served.
pub(crate) struct Loopback {
    listener: TcpListener,
    host: String,
}

/// The sign-in's end of the port. When it is dropped the port closes.
pub(crate) struct Callback {
    returned: oneshot::Receiver<Returned>,
    ending: watch::Sender<Option<Ending>>,
}

/// What connections share.
struct Shared {
    host: String,
    state: SecretString,
    /// Taken by the first request of the sign-in's browser.
    returned: Mutex<Option<oneshot::Sender<Returned>>>,
    ending: watch::Receiver<Option<Ending>>,
}

impl Loopback {
    /// Opens a port that nobody else has.
    ///
    /// # Errors
    /// When the system gives none.
    pub(crate) async fn open() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let host = listener.local_addr()?.to_string();
        Ok(Self { listener, host })
    }

    /// Where the browser is to come back to.
    pub(crate) fn redirect_uri(&self) -> String {
        format!("http://{}{PATH}", self.host)
    }

    /// Waits for the browser that brings this state. The future serves the port, until a little after the sign-in
    /// has ended.
    pub(crate) fn expect(
        self,
        state: SecretString,
    ) -> (Callback, impl Future<Output = ()> + Send + 'static) {
        let (return_to, returned) = oneshot::channel();
        let (end, ending) = watch::channel(None);
        let shared = Arc::new(Shared {
            host: self.host,
            state,
            returned: Mutex::new(Some(return_to)),
            ending,
        });
        let callback = Callback {
            returned,
            ending: end,
        };
        (callback, serve(self.listener, shared))
    }
}

impl Callback {
    /// What the browser brings; `None` when the port was closed.
    pub(crate) async fn returned(&mut self) -> Option<Returned> {
        (&mut self.returned).await.ok()
    }

    /// The sign-in has ended: the browser is told how.
    pub(crate) fn end(self, ending: Ending) {
        self.ending.send_replace(Some(ending));
    }
}

impl Shared {
    /// Hands on what the sign-in's browser brought; only the first time.
    fn hand_on(&self, returned: Returned) {
        let waiting = self
            .returned
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(waiting) = waiting {
            let _ = waiting.send(returned);
        }
    }
}

async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = Connections::default();
    let mut ending = shared.ending.clone();
    let ended = async move {
        let told = ending.wait_for(Option::is_some).await.is_ok();
        if told {
            tokio::time::sleep(LINGER).await;
        }
    };
    tokio::pin!(ended);
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => connections.serve(stream, &shared),
                Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
            },
            () = connections.finished() => {}
            () = &mut ended => break,
        }
    }
    drop(listener);
    connections.close().await;
}

#[cfg(test)]
mod tests;
