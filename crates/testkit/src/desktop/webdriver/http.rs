//! Requests to a WebDriver (WebKit's or Chromium's): one connection each, JSON in and out.

use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// Longer than anything that the driver is asked to wait for.
const PATIENCE: Duration = Duration::from_secs(40);

/// Sends a request, and answers with what stands under `value`: `Err` holds what went wrong in words.
pub(super) fn request(
    port: u16,
    method: &str,
    path: &str,
    body: Option<&Value>,
) -> Result<Value, String> {
    let body = body.map(Value::to_string).unwrap_or_default();
    let answer = exchange(port, method, path, &body)
        .map_err(|error| format!("the driver does not answer {method} {path}: {error}"))?;
    let text = String::from_utf8_lossy(&answer);
    let (head, body) = text
        .split_once("\r\n\r\n")
        .ok_or_else(|| format!("{method} {path} was answered with half a head"))?;
    let mut answer: Value =
        serde_json::from_str(body).map_err(|error| format!("{method} {path}: {error}: {body}"))?;
    let value = answer["value"].take();
    let status = head.split(' ').nth(1).unwrap_or_default();
    if status == "200" {
        Ok(value)
    } else {
        let what = value["error"].as_str().unwrap_or_default();
        let message = value["message"].as_str().unwrap_or_default();
        Err(format!("{method} {path}: {status} {what}: {message}"))
    }
}

fn exchange(port: u16, method: &str, path: &str, body: &str) -> std::io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes())?;
    let mut stream = BufReader::new(stream);
    let mut answer = Vec::new();
    let mut length = 0;
    loop {
        let begin = answer.len();
        if stream.read_until(b'\n', &mut answer)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let line = String::from_utf8_lossy(&answer[begin..]).to_ascii_lowercase();
        if let Some(number) = line.strip_prefix("content-length:") {
            length = number.trim().parse().unwrap_or(0);
        }
        if line == "\r\n" {
            break;
        }
    }
    // Not to the end of the connection: a browser inherits it from its driver, and keeps it open.
    stream.take(length).read_to_end(&mut answer)?;
    Ok(answer)
}
