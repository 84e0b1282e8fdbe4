//! A fake agent that speaks the real frames, and the helper as a process in an environment made from nothing.

#![allow(dead_code, reason = "each test file uses a part of it")]

use holdfast_agent_proto::frame::{self, MAX_REPLY_BYTES, MAX_REQUEST_BYTES};
use holdfast_agent_proto::{AgentError, Reply, ServerMessage};
use serde_json::Value;
use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{SystemTime, UNIX_EPOCH};
use tempfile::TempDir;

/// The helper's program.
pub(crate) const HELPER: &str = env!("CARGO_BIN_EXE_git-credential-holdfast");

/// What git sends for a repository.
pub(crate) const INPUT: &str = "capability[]=authtype\ncapability[]=state\nprotocol=https\n\
    host=git-codecommit.eu-west-1.amazonaws.com\npath=v1/repos/myRepository\nwwwauth[]=Basic realm=\"x\"\n";

pub(crate) const USERNAME: &str = "ASIAEXAMPLE%dG9rZW4/dG9rZW4+dG9rZW4=";
pub(crate) const PASSWORD: &str = "20261120T120000Zfake-signature";

/// How the fake agent treats a connection, after it has read hello and request.
pub(crate) enum Behaviour {
    /// Answers as asked.
    Reply(Box<dyn Fn() -> Reply + Send>),
    /// Answers with an error.
    Error(AgentError),
    /// Sends these bytes and closes.
    Raw(Vec<u8>),
    /// Says nothing and keeps the connection.
    Hang,
    /// Closes the first connection, and behaves on the later ones.
    GoneOnce(Box<Behaviour>),
}

/// An hour from now.
pub(crate) fn later() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    i64::try_from(since.expect("a clock after 1970").as_secs()).expect("a clock before the end")
        + 3600
}

/// The answer that the helper wants.
pub(crate) fn credential() -> Behaviour {
    credential_until(later())
}

pub(crate) fn credential_until(expires_at: i64) -> Behaviour {
    Behaviour::Reply(Box::new(move || Reply::GitCredential {
        username: USERNAME.into(),
        password: PASSWORD.into(),
        expires_at,
    }))
}

pub(crate) struct FakeAgent {
    /// The home of the helper, with the socket in it.
    pub(crate) home: TempDir,
    seen: Arc<Mutex<Vec<(Value, Value)>>>,
    end: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl FakeAgent {
    pub(crate) fn start(behaviour: Behaviour) -> Self {
        let home = home();
        let listener = UnixListener::bind(home.path().join("agent.sock")).expect("a socket");
        let seen = Arc::new(Mutex::new(Vec::new()));
        let end = Arc::new(AtomicBool::new(false));
        let thread = thread::spawn({
            let (seen, end) = (Arc::clone(&seen), Arc::clone(&end));
            move || serve(&listener, behaviour, &seen, &end)
        });
        Self {
            home,
            seen,
            end,
            thread: Some(thread),
        }
    }

    /// Hello and request of every connection so far.
    pub(crate) fn seen(&self) -> Vec<(Value, Value)> {
        self.seen.lock().expect("no panic").clone()
    }

    /// The only request so far.
    pub(crate) fn only_request(&self) -> Value {
        let seen = self.seen();
        assert_eq!(seen.len(), 1, "{seen:?}");
        seen[0].1["request"].clone()
    }

    pub(crate) fn run(&self, arguments: &[&str], input: &[u8]) -> Ran {
        run(helper(self.home.path()).args(arguments), input)
    }
}

impl Drop for FakeAgent {
    fn drop(&mut self) {
        self.end.store(true, Ordering::Relaxed);
        let _ = UnixStream::connect(self.home.path().join("agent.sock"));
        if let Some(thread) = self.thread.take() {
            thread.join().expect("the fake agent does not panic");
        }
    }
}

fn serve(
    listener: &UnixListener,
    mut behaviour: Behaviour,
    seen: &Mutex<Vec<(Value, Value)>>,
    end: &AtomicBool,
) {
    let mut kept = Vec::new();
    loop {
        let (mut stream, _) = listener.accept().expect("a connection");
        if end.load(Ordering::Relaxed) {
            return;
        }
        let mut next = || frame::decode::<Value>(&frame::read(&mut stream, MAX_REQUEST_BYTES)?);
        let Ok((hello, message)) = next().and_then(|hello| Ok((hello, next()?))) else {
            continue;
        };
        let id = message["id"].as_u64().expect("a number");
        seen.lock().expect("no panic").push((hello, message));
        let bytes = match behaviour {
            Behaviour::GoneOnce(later) => {
                behaviour = *later;
                continue;
            }
            Behaviour::Hang => {
                kept.push(stream);
                continue;
            }
            Behaviour::Raw(ref bytes) => bytes.clone(),
            Behaviour::Reply(ref reply) => encode(&ServerMessage::Reply { id, reply: reply() }),
            Behaviour::Error(ref error) => encode(&ServerMessage::Error {
                id,
                error: error.clone(),
            }),
        };
        // The helper may have given up on an answer that is too large.
        let _ = stream.write_all(&bytes);
    }
}

pub(crate) fn encode(message: &ServerMessage) -> Vec<u8> {
    frame::encode(message, MAX_REPLY_BYTES)
        .expect("a frame")
        .to_vec()
}

/// An empty private folder.
pub(crate) fn home() -> TempDir {
    let home = tempfile::tempdir().expect("a folder");
    fs::set_permissions(home.path(), fs::Permissions::from_mode(0o700)).expect("private");
    home
}

/// The helper, with nothing in its environment but what it needs.
pub(crate) fn helper(home: &Path) -> Command {
    let mut command = Command::new(HELPER);
    with_home(&mut command, home);
    command
}

pub(crate) fn with_home(command: &mut Command, home: &Path) {
    command
        .env_clear()
        .env("HOME", home)
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .env("HOLDFAST_SOCKET", home.join("agent.sock"))
        // Whoever runs the tests may sit at a terminal.
        .env("GIT_TERMINAL_PROMPT", "0")
        .current_dir(home);
}

/// A copy of the helper with another program beside it that is called like the agent.
pub(crate) fn helper_beside(agent: &str, home: &Path) -> PathBuf {
    let folder = home.join("bin");
    fs::create_dir(&folder).expect("a folder");
    let helper = folder.join("git-credential-holdfast");
    fs::copy(HELPER, &helper).expect("a copy");
    if !agent.is_empty() {
        script(&folder.join("holdfast-agent"), agent);
    }
    helper
}

/// Writes a shell script.
pub(crate) fn script(path: &Path, text: &str) {
    fs::write(path, format!("#!/bin/sh\n{text}\n")).expect("a script");
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("executable");
}

/// What a program did.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    /// Nothing was printed, and it ended well.
    pub(crate) fn assert_silent(&self, what: &str) {
        assert_eq!(
            (self.code, &*self.stdout, &*self.stderr),
            (0, "", ""),
            "{what}"
        );
    }

    /// It ended git's search, with this line.
    pub(crate) fn assert_quit(&self, line: &str) {
        assert_eq!(
            (self.code, &*self.stdout, &*self.stderr),
            (0, "quit=1\n", &*format!("holdfast: {line}\n"))
        );
    }
}

pub(crate) fn run(command: &mut Command, input: &[u8]) -> Ran {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = input.to_owned();
    // The program may end without reading.
    let writer = thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().expect("the program ends");
    writer.join().expect("no panic");
    ran(output)
}

fn ran(output: Output) -> Ran {
    Ran {
        code: output.status.code().expect("not killed"),
        stdout: String::from_utf8(output.stdout).expect("text"),
        stderr: String::from_utf8(output.stderr).expect("text"),
    }
}
