//! `git http-backend`, git's own CGI program, run for one request.

use std::io;
use std::process::Stdio;
use std::sync::Arc;

use http_body_util::{BodyExt, StreamBody};
use hyper::Response;
use hyper::body::{Bytes, Frame, Incoming};
use hyper::header::{HeaderName, HeaderValue};
use hyper::http::request::Parts;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::JoinSet;

use super::Route;
use crate::calls::Call;
use crate::model::Repository;
use crate::net::body::Body;
use crate::repository_folder;
use crate::shared::Shared;

/// The most bytes read from the program at once.
const CHUNK: usize = 64 * 1024;

/// A request being served: dropping it ends the program.
struct Running {
    child: Child,
    output: BufReader<ChildStdout>,
    /// Hands the request's body to the program; ends with it.
    _feeder: JoinSet<()>,
    _permit: OwnedSemaphorePermit,
}

/// Hands the request to git and streams its answer back.
pub(super) async fn run(
    shared: &Arc<Shared>,
    route: &Route,
    repository: &Repository,
    parts: &Parts,
    body: Incoming,
    call: &Call,
) -> io::Result<Response<Body>> {
    let folder = repository.folder.clone();
    tokio::task::spawn_blocking(move || repository_folder::create(&folder))
        .await
        .map_err(io::Error::other)??;
    let permit = Arc::clone(&shared.git_permits)
        .acquire_owned()
        .await
        .map_err(io::Error::other)?;
    let mut child = command(route, repository, parts, call).spawn()?;
    let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(io::Error::other("git http-backend has no pipes"));
    };
    let mut feeder = JoinSet::new();
    feeder.spawn(feed(input, body));
    let mut running = Running {
        child,
        output: BufReader::new(output),
        _feeder: feeder,
        _permit: permit,
    };
    let mut response = Response::builder();
    let mut line = Vec::new();
    loop {
        line.clear();
        if running.output.read_until(b'\n', &mut line).await? == 0 {
            return Err(io::Error::other("git http-backend said nothing"));
        }
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_end();
        if text.is_empty() {
            break;
        }
        let Some((name, value)) = text.split_once(':') else {
            return Err(io::Error::other("git http-backend sent a broken header"));
        };
        if name.eq_ignore_ascii_case("status") {
            let number: String = value
                .trim()
                .chars()
                .take_while(char::is_ascii_digit)
                .collect();
            response = response.status(number.parse::<u16>().map_err(io::Error::other)?);
        } else {
            let name: HeaderName = name.parse().map_err(io::Error::other)?;
            let value: HeaderValue = value.trim().parse().map_err(io::Error::other)?;
            response = response.header(name, value);
        }
    }
    let stream = futures_util::stream::unfold(Some(running), |running| async {
        let mut running = running?;
        match running.next_chunk().await {
            Ok(Some(chunk)) => Some((Ok(Frame::data(chunk)), Some(running))),
            Ok(None) => None,
            Err(error) => Some((Err(error), None)),
        }
    });
    response
        .body(StreamBody::new(stream).boxed_unsync())
        .map_err(io::Error::other)
}

impl Running {
    async fn next_chunk(&mut self) -> io::Result<Option<Bytes>> {
        let mut chunk = Vec::with_capacity(CHUNK);
        if self.output.read_buf(&mut chunk).await? > 0 {
            return Ok(Some(chunk.into()));
        }
        // The end of the answer must not outrun the end of the work: a push is done when the program is.
        self.child.wait().await?;
        Ok(None)
    }
}

fn command(route: &Route, repository: &Repository, parts: &Parts, call: &Call) -> Command {
    let mut command = repository_folder::git();
    let folder_name = repository.folder.file_name().unwrap_or_default();
    command
        .arg("http-backend")
        .env(
            "GIT_PROJECT_ROOT",
            repository.folder.parent().unwrap_or(&repository.folder),
        )
        .env(
            "PATH_INFO",
            format!("/{}/{}", folder_name.to_string_lossy(), route.tail()),
        )
        .env("GIT_HTTP_EXPORT_ALL", "1")
        .env("REQUEST_METHOD", parts.method.as_str())
        .env("QUERY_STRING", parts.uri.query().unwrap_or_default())
        .env("REMOTE_ADDR", "127.0.0.1")
        .env(
            "REMOTE_USER",
            call.principal.as_deref().unwrap_or("unknown"),
        );
    for (variable, header) in [
        ("CONTENT_TYPE", "content-type"),
        ("CONTENT_LENGTH", "content-length"),
        ("HTTP_CONTENT_ENCODING", "content-encoding"),
        ("GIT_PROTOCOL", "git-protocol"),
    ] {
        if let Some(value) = parts
            .headers
            .get(header)
            .and_then(|value| value.to_str().ok())
        {
            command.env(variable, value);
        }
    }
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut command = Command::from(command);
    command.kill_on_drop(true);
    command
}

/// Passes the body on; when either side stops early the program's own answer says so.
async fn feed(mut input: ChildStdin, mut body: Incoming) {
    while let Some(Ok(frame)) = body.frame().await {
        if let Some(data) = frame.data_ref()
            && input.write_all(data).await.is_err()
        {
            return;
        }
    }
}
