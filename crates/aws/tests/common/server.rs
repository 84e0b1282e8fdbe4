//! A stand-in for AWS: an HTTP proxy that ends TLS itself and answers as it is told.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use serde::Deserialize;
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

/// What the stand-in does with one request.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Act {
    /// Sends these bytes, then closes when they do not say how long the answer is.
    Answer(String),
    /// Reads the request and closes the connection.
    Close,
    /// Reads the request and never answers.
    Hang,
    /// Refuses to connect, as a proxy, with this status.
    RefuseConnect(u16),
    /// Talks plain text where TLS is expected.
    Plaintext,
    /// Presents a certificate for this name.
    CertificateFor(String),
    /// Presents a certificate that ended long ago.
    ExpiredCertificate,
}

/// A running stand-in.
pub(crate) struct Server {
    address: SocketAddr,
    folder: TempDir,
    requests: Arc<Mutex<Vec<String>>>,
    connections: Arc<AtomicUsize>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts one that does these things in turn, the last one for ever.
    pub(crate) fn start(acts: Vec<Act>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let authority = Authority::new();
        std::fs::write(folder.path().join("ca.pem"), authority.0.pem()).unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let connections = Arc::new(AtomicUsize::new(0));
        let state = Arc::new(State {
            connections: Arc::clone(&connections),
            acts: Mutex::new(acts.into()),
            authority,
            requests: Arc::clone(&requests),
        });
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            super::run(async move {
                let listener = TcpListener::from_std(listener).unwrap();
                tokio::select! {
                    () = accept(listener, state) => {}
                    _ = stopped => {}
                }
            });
        });
        Self {
            address,
            folder,
            requests,
            connections,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// PEM file of the authority that signed its certificates.
    pub(crate) fn ca_bundle(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// Heads and bodies of the requests so far.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// Connections made so far.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

struct State {
    connections: Arc<AtomicUsize>,
    acts: Mutex<VecDeque<Act>>,
    authority: Authority,
    requests: Arc<Mutex<Vec<String>>>,
}

impl State {
    fn act(&self) -> Act {
        self.acts.lock().unwrap()[0].clone()
    }

    fn next(&self) {
        let mut acts = self.acts.lock().unwrap();
        if acts.len() > 1 {
            acts.pop_front();
        }
    }
}

async fn accept(listener: TcpListener, state: Arc<State>) {
    while let Ok((stream, _)) = listener.accept().await {
        state.connections.fetch_add(1, Ordering::Relaxed);
        let state = Arc::clone(&state);
        tokio::spawn(async move { serve(stream, &state).await });
    }
}

/// Serves one connection; errors are the client's to notice.
async fn serve(mut stream: TcpStream, state: &State) -> Option<()> {
    let head = read_request(&mut stream).await?;
    if !head.starts_with("CONNECT ") {
        return answer_all(&mut stream, state, head).await;
    }
    let host = head.strip_prefix("CONNECT ")?.split(':').next()?.to_owned();
    if let Act::RefuseConnect(status) = state.act() {
        let refusal = format!("HTTP/1.1 {status} No\r\ncontent-length: 0\r\n\r\n");
        stream.write_all(refusal.as_bytes()).await.ok()?;
        return None;
    }
    stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.ok()?;
    let config = match state.act() {
        Act::Plaintext => {
            let mut hello = [0; 16];
            stream.read_exact(&mut hello).await.ok()?;
            let refusal = b"HTTP/1.1 400 Bad Request\r\n\r\n";
            stream.write_all(refusal).await.ok()?;
            tokio::io::copy(&mut stream, &mut tokio::io::sink())
                .await
                .ok()?;
            return None;
        }
        Act::CertificateFor(name) => state.authority.server(&name, false),
        Act::ExpiredCertificate => state.authority.server(&host, true),
        Act::Answer(_) | Act::Close | Act::Hang | Act::RefuseConnect(_) => {
            state.authority.server(&host, false)
        }
    };
    let mut stream = TlsAcceptor::from(config).accept(stream).await.ok()?;
    let first = read_request(&mut stream).await?;
    answer_all(&mut stream, state, first).await
}

async fn answer_all(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
    state: &State,
    mut request: String,
) -> Option<()> {
    loop {
        state.requests.lock().unwrap().push(request);
        let act = state.act();
        state.next();
        let Act::Answer(answer) = act else {
            if matches!(act, Act::Hang) {
                std::future::pending::<()>().await;
            }
            return None;
        };
        stream.write_all(answer.as_bytes()).await.ok()?;
        stream.flush().await.ok()?;
        if !is_whole(&answer) {
            stream.shutdown().await.ok()?;
            return None;
        }
        request = read_request(stream).await?;
    }
}

async fn read_request(stream: &mut (impl AsyncRead + AsyncWrite + Unpin)) -> Option<String> {
    let mut request = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&request).into_owned();
        if is_whole(&text) {
            return Some(text);
        }
        let mut part = [0; 4096];
        let length = stream
            .read(&mut part)
            .await
            .ok()
            .filter(|length| *length > 0)?;
        request.extend_from_slice(&part[..length]);
    }
}

/// Whether a message is there with as much body as its head announces.
fn is_whole(message: &str) -> bool {
    let Some((head, body)) = message.split_once("\r\n\r\n") else {
        return false;
    };
    let announced = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse::<usize>().unwrap())
    });
    body.len() >= announced.unwrap_or(0)
}

struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    fn server(&self, name: &str, expired: bool) -> Arc<ServerConfig> {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        if expired {
            params.not_before = rcgen::date_time_ymd(2001, 1, 1);
            params.not_after = rcgen::date_time_ymd(2001, 2, 1);
        }
        let certificate = params.signed_by(&key, &self.0).unwrap();
        let private = PrivateKeyDer::Pkcs8(key.serialize_der().into());
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], private);
        Arc::new(config.unwrap())
    }
}
