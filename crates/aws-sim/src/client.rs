//! A small blocking client for the admin API of a simulated AWS that runs as a program.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use crate::sim::place_file;

/// How long an answer may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The admin API of a running simulated AWS.
#[derive(Clone, Copy, Debug)]
pub struct Admin {
    address: SocketAddr,
}

impl Admin {
    /// The one that listens at `address`.
    pub fn new(address: SocketAddr) -> Self {
        Self { address }
    }

    /// The one that keeps its state in `folder`.
    pub fn of_folder(folder: &Path) -> io::Result<Self> {
        let text = std::fs::read_to_string(place_file(folder))?;
        let place: Value = serde_json::from_str(&text)?;
        let address = place["address"]
            .as_str()
            .and_then(|address| address.parse().ok())
            .ok_or_else(|| io::Error::other("the state folder names no address"))?;
        Ok(Self { address })
    }

    /// Reads a page, such as `clock`, `calls?operation=AssumeRole` or `totp?serial=…`.
    pub fn get(&self, page: &str) -> io::Result<Value> {
        self.request("GET", page, None)
    }

    /// Sends a change to a page, such as `{"advance_seconds": 60}` to `clock`.
    pub fn post(&self, page: &str, change: &Value) -> io::Result<Value> {
        self.request("POST", page, Some(change))
    }

    /// Clears a page: `calls` or `faults`.
    pub fn delete(&self, page: &str) -> io::Result<Value> {
        self.request("DELETE", page, None)
    }

    /// The six digits the MFA device shows now.
    pub fn totp(&self, serial: &str) -> io::Result<String> {
        let answer = self.get(&format!("totp?serial={serial}"))?;
        answer["code"]
            .as_str()
            .map(str::to_owned)
            .ok_or_else(|| io::Error::other("the answer has no code"))
    }

    fn request(&self, method: &str, page: &str, body: Option<&Value>) -> io::Result<Value> {
        let mut stream = TcpStream::connect_timeout(&self.address, TIMEOUT)?;
        stream.set_read_timeout(Some(TIMEOUT))?;
        let body = body.map(Value::to_string).unwrap_or_default();
        write!(
            stream,
            "{method} /_sim/{page} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (head, body) = answer
            .split_once("\r\n\r\n")
            .ok_or_else(|| io::Error::other("the answer is cut short"))?;
        let value: Value = serde_json::from_str(body)?;
        if head.split(' ').nth(1) == Some("200") {
            return Ok(value);
        }
        Err(io::Error::other(
            value["error"].as_str().unwrap_or("refused").to_owned(),
        ))
    }
}
