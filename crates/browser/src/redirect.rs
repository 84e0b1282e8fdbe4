//! A redirect on this computer that leads to a secret link once.

use crate::launch::OpenError;
use crate::peer;
use crate::request::{self, MAX_HEAD, Path};
use secrecy::{ExposeSecret, SecretString};
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long a link waits to be followed.
pub const LIFETIME: Duration = Duration::from_secs(60);

/// How long one connection may take to say what it wants. Browsers open some that they do not use.
const PATIENCE: Duration = Duration::from_secs(5);

/// Connections that are heard at the same time.
const MAX_CONNECTIONS: usize = 32;

/// How a redirect ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The link was followed.
    Followed,
    /// Nobody followed it in time.
    Expired,
}

/// Listens on 127.0.0.1 and answers one request with the way to a secret link. Ends when dropped.
pub struct Redirect {
    address: String,
    local: SocketAddr,
    state: Arc<State>,
    ended: Receiver<()>,
    deadline: Instant,
}

struct State {
    /// Taken by the first that may have it.
    link: Mutex<Option<SecretString>>,
    path: Path,
    host: String,
    connections: AtomicUsize,
}

impl Redirect {
    /// Waits for a browser, at most for so long.
    ///
    /// # Errors
    /// [`OpenError::Loopback`] when nothing can listen there.
    pub fn start(link: SecretString, lifetime: Duration) -> Result<Self, OpenError> {
        let path = Path::random().map_err(OpenError::Loopback)?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(OpenError::Loopback)?;
        let local = listener.local_addr().map_err(OpenError::Loopback)?;
        let state = Arc::new(State {
            host: local.to_string(),
            link: Mutex::new(Some(link)),
            path,
            connections: AtomicUsize::new(0),
        });
        let (end, ended) = mpsc::channel();
        let serving = Arc::clone(&state);
        std::thread::Builder::new()
            .name("redirect".to_owned())
            .spawn(move || serve(&listener, &serving, &end))
            .map_err(OpenError::Loopback)?;
        Ok(Self {
            address: format!("http://{}{}", state.host, state.path.as_str()),
            local,
            state,
            ended,
            deadline: Instant::now() + lifetime,
        })
    }

    /// What the browser is told. Whoever follows it first gets the link.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Waits until the link was followed or its time is over.
    pub fn wait(self) -> Ending {
        let left = self.deadline.saturating_duration_since(Instant::now());
        match self.ended.recv_timeout(left) {
            Ok(()) => Ending::Followed,
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => Ending::Expired,
        }
    }
}

impl Drop for Redirect {
    fn drop(&mut self) {
        self.state.take_link();
        // Wakes the listener, which then finds that there is nothing left to give.
        drop(TcpStream::connect_timeout(&self.local, PATIENCE));
    }
}

impl State {
    fn link(&self) -> std::sync::MutexGuard<'_, Option<SecretString>> {
        self.link.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take_link(&self) -> Option<SecretString> {
        self.link().take()
    }
}

fn serve(listener: &TcpListener, state: &Arc<State>, end: &Sender<()>) {
    for stream in listener.incoming() {
        if state.link().is_none() {
            return;
        }
        let Ok(stream) = stream else {
            // Out of descriptors, most likely: those in use must end first.
            std::thread::sleep(Duration::from_millis(10));
            continue;
        };
        if state.connections.fetch_add(1, Ordering::Relaxed) >= MAX_CONNECTIONS {
            state.connections.fetch_sub(1, Ordering::Relaxed);
            continue;
        }
        let (heard, end) = (Arc::clone(state), end.clone());
        let started = std::thread::Builder::new()
            .name("redirect-answer".to_owned())
            .spawn(move || {
                // What goes wrong on a connection concerns its client alone.
                if answer(stream, &heard).unwrap_or(false) {
                    let _ = end.send(());
                }
                heard.connections.fetch_sub(1, Ordering::Relaxed);
            });
        if started.is_err() {
            state.connections.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

/// Answers one connection; says whether it was given the link.
fn answer(mut stream: TcpStream, state: &State) -> io::Result<bool> {
    stream.set_write_timeout(Some(PATIENCE))?;
    let head = read_head(&mut stream)?;
    let allowed =
        request::is_allowed(&head, &state.path, &state.host) && peer::is_this_user(&stream);
    let link = if allowed { state.take_link() } else { None };
    let Some(link) = link else {
        stream.write_all(REFUSAL.as_bytes())?;
        return Ok(false);
    };
    let answer: SecretString = format!(
        "HTTP/1.1 303 See Other\r\nLocation: {}\r\n{HEADERS}",
        link.expose_secret()
    )
    .into();
    stream.write_all(answer.expose_secret().as_bytes())?;
    stream.flush()?;
    Ok(true)
}

const HEADERS: &str = "Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\n\
     X-Content-Type-Options: nosniff\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

const REFUSAL: &str = "HTTP/1.1 404 Not Found\r\nCache-Control: no-store\r\nContent-Length: 0\r\n\
     Connection: close\r\n\r\n";

/// The head of a request, which has to be complete in [`PATIENCE`].
fn read_head(stream: &mut TcpStream) -> io::Result<String> {
    let deadline = Instant::now() + PATIENCE;
    let mut head = Vec::new();
    let mut buffer = [0; 2048];
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() || head.len() > MAX_HEAD {
            return Err(io::ErrorKind::InvalidData.into());
        }
        stream.set_read_timeout(Some(left))?;
        match stream.read(&mut buffer)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            length => head.extend_from_slice(&buffer[..length]),
        }
    }
    String::from_utf8(head).map_err(|_| io::ErrorKind::InvalidData.into())
}
