//! A bare HTTPS client behind a proxy, which hides nothing of what comes.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use holdfast_aws_sim::{Scenario, Sim};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

pub(crate) const STS: &str = "sts.us-east-1.amazonaws.com";

/// A simulated AWS without any account: enough for what happens before anybody is known.
pub(crate) fn empty() -> Sim {
    Sim::start(Scenario::new()).unwrap()
}

/// An answer, as it came.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}

/// One TLS connection through the proxy.
pub(crate) struct Connection(StreamOwned<ClientConnection, TcpStream>);

/// The configuration that trusts the CA of `sim` alone.
pub(crate) fn trusting(sim: &Sim) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_file(sim.ca_pem_path()).unwrap())
        .unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    Arc::new(config)
}

/// Sends raw text to the proxy itself and reads to the end.
pub(crate) fn raw(sim: &Sim, text: &str) -> io::Result<Answer> {
    let mut stream = tcp(sim)?;
    stream.write_all(text.as_bytes())?;
    read_answer(&mut stream)
}

impl Connection {
    pub(crate) fn open(sim: &Sim, host: &str, config: Arc<ClientConfig>) -> io::Result<Self> {
        let mut stream = tcp(sim)?;
        write!(
            stream,
            "CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\n\r\n"
        )?;
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte)?;
            head.push(byte[0]);
        }
        let head = String::from_utf8(head).unwrap();
        if !head.starts_with("HTTP/1.1 200") {
            return Err(io::Error::other(head));
        }
        let name = ServerName::try_from(host.to_owned()).unwrap();
        let session = ClientConnection::new(config, name).unwrap();
        let mut tls = StreamOwned::new(session, stream);
        tls.conn.complete_io(&mut tls.sock)?;
        Ok(Self(tls))
    }

    /// Limits how long an answer is waited for.
    pub(crate) fn timeout(&self, limit: Duration) {
        self.0.sock.set_read_timeout(Some(limit)).unwrap();
    }

    /// Asks for `/` and reads to the end of the connection.
    pub(crate) fn get(&mut self, host: &str) -> io::Result<Answer> {
        self.ask(host, "/", "")
    }

    /// Asks for a page, with further headers, and reads to the end of the connection.
    pub(crate) fn ask(&mut self, host: &str, target: &str, headers: &str) -> io::Result<Answer> {
        write!(
            self.0,
            "GET {target} HTTP/1.1\r\nHost: {host}\r\n{headers}Connection: close\r\n\r\n"
        )?;
        read_answer(&mut self.0)
    }
}

/// One `POST` over a connection of its own, with further headers.
pub(crate) fn post(
    sim: &Sim,
    host: &str,
    target: &str,
    headers: &str,
    body: &str,
) -> io::Result<Answer> {
    let Connection(mut tls) = Connection::open(sim, host, trusting(sim))?;
    write!(
        tls,
        "POST {target} HTTP/1.1\r\nHost: {host}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )?;
    read_answer(&mut tls)
}

/// One request over a connection of its own.
pub(crate) fn get(sim: &Sim, host: &str) -> io::Result<Answer> {
    Connection::open(sim, host, trusting(sim))?.get(host)
}

fn tcp(sim: &Sim) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(sim.address())?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    Ok(stream)
}

pub(crate) fn read_answer(stream: &mut impl Read) -> io::Result<Answer> {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let text = String::from_utf8(bytes).unwrap();
    let (head, body) = text
        .split_once("\r\n\r\n")
        .ok_or(io::ErrorKind::UnexpectedEof)?;
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|number| number.parse().ok());
    let answer = Answer {
        status: status.ok_or(io::ErrorKind::InvalidData)?,
        head: head.to_owned(),
        body: body.to_owned(),
    };
    let announced = answer
        .header("content-length")
        .map(|text| text.parse::<usize>().unwrap());
    if announced.is_some_and(|length| length > answer.body.len()) {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(answer)
}
