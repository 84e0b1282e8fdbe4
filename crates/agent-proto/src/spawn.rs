//! Starting the agent on demand: whoever needs it first starts it, and exactly one stays.

use crate::address::{Address, VARIABLE};
use crate::again::again;
use crate::client::{Client, ClientError};
use crate::reply::Reply;
use crate::request::{Hello, Request};
use crate::stream::Stream;
use std::ffi::OsString;
use std::fs::{DirBuilder, File, OpenOptions};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How long an agent may take from its start until it listens.
const START_LIMIT: Duration = Duration::from_secs(3);

/// First pause between two tries to connect; later ones are longer.
const FIRST_PAUSE: Duration = Duration::from_millis(4);

/// Longest pause between two tries to connect.
const LONGEST_PAUSE: Duration = Duration::from_millis(60);

/// Longest reason of an agent's that is repeated, in bytes.
const LONGEST_WORDS: u64 = 400;

/// Name of the agent's program.
const PROGRAM: &str = if cfg!(windows) {
    "holdfast-agent.exe"
} else {
    "holdfast-agent"
};

/// Variables that belong to the shell of the first caller and not to an agent that outlives it.
const NOT_INHERITED: &[&str] = &[
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
];

impl Client<Stream> {
    /// Connects, and starts the agent first when it is not running.
    ///
    /// # Errors
    /// [`ClientError::CannotStart`] when the program is missing or ends at once,
    /// [`ClientError::Timeout`] when it does not listen within three seconds; otherwise as for
    /// [`Client::connect`].
    pub fn connect_or_start(address: &Address, hello: &Hello) -> Result<Self, ClientError> {
        match Self::connect(address, hello) {
            Err(ClientError::NotRunning { .. }) => {
                Start::new(address)?.until_it_listens(|| Self::connect(address, hello))
            }
            connected => connected,
        }
    }

    /// Connects, starting the agent when needed, and asks [`again`] when the agent ended before it
    /// answered. `request` is called for each try, because requests hold secrets and have no copies;
    /// use it only for requests that may be repeated.
    ///
    /// # Errors
    /// As for [`Client::connect_or_start`] and [`Client::request`].
    pub fn ask(
        address: &Address,
        hello: &Hello,
        request: impl Fn() -> Request,
    ) -> Result<Reply, ClientError> {
        again(&mut || Self::connect_or_start(address, hello)?.request(request()))
    }
}

/// The program of the agent: beside the running program, else in an absolute folder of `PATH`.
pub fn find_agent() -> Option<PathBuf> {
    let own = std::env::current_exe().and_then(|path| path.canonicalize());
    let beside = own.ok().and_then(|own| own.parent().map(Path::to_owned));
    find_in(beside, std::env::var_os("PATH"))
}

fn find_in(beside: Option<PathBuf>, path: Option<OsString>) -> Option<PathBuf> {
    let path = path.unwrap_or_default();
    let on_path = std::env::split_paths(&path).filter(|folder| folder.is_absolute());
    beside
        .into_iter()
        .chain(on_path)
        .map(|folder| folder.join(PROGRAM))
        .find(|program| program.is_file())
}

/// One try to get an agent running. Of many processes that try at once, one starts the program and
/// the others wait for it.
struct Start<'a> {
    address: &'a Address,
    program: PathBuf,
    turn: File,
    has_turn: bool,
    child: Option<Child>,
}

impl<'a> Start<'a> {
    fn new(address: &'a Address) -> Result<Self, ClientError> {
        let program = find_agent().ok_or_else(|| ClientError::CannotStart {
            path: PathBuf::from(PROGRAM),
            source: io::Error::new(
                io::ErrorKind::NotFound,
                "it is neither beside this program nor on PATH",
            ),
        })?;
        let turn = open_turn(address)?;
        Ok(Self {
            address,
            program,
            turn,
            has_turn: false,
            child: None,
        })
    }

    fn until_it_listens<T>(
        mut self,
        connect: impl Fn() -> Result<T, ClientError>,
    ) -> Result<T, ClientError> {
        let give_up = Instant::now() + START_LIMIT;
        let mut pause = FIRST_PAUSE;
        loop {
            self.has_turn = self.has_turn || self.turn.try_lock().is_ok();
            if self.has_turn && self.child.is_none() {
                // Whoever had the turn before may have succeeded since the last look.
                match connect() {
                    Err(ClientError::NotRunning { .. }) => self.child = Some(self.start()?),
                    connected => return connected,
                }
            }
            thread::sleep(jittered(pause));
            match connect() {
                Err(ClientError::NotRunning { .. }) => {}
                connected => return connected,
            }
            self.check_child()?;
            if Instant::now() >= give_up {
                return Err(ClientError::Timeout);
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Starts the program without a terminal, and without what is private to this process.
    fn start(&self) -> Result<Child, ClientError> {
        let mut command = Command::new(&self.program);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            // Says why it ends, if it does at once; the pipe is closed when it listens.
            .stderr(Stdio::piped())
            .env(VARIABLE, self.address.path());
        for name in NOT_INHERITED {
            command.env_remove(name);
        }
        for (name, _) in std::env::vars_os() {
            if name.as_encoded_bytes().starts_with(b"GIT_") {
                command.env_remove(name);
            }
        }
        detach(&mut command);
        command.spawn().map_err(|source| self.cannot_start(source))
    }

    /// An agent that fails says so by its exit code. One that ends well has met another, which may be
    /// about to end: then the next round starts a new one.
    fn check_child(&mut self) -> Result<(), ClientError> {
        let Some(child) = &mut self.child else {
            return Ok(());
        };
        match child.try_wait() {
            Ok(None) => Ok(()),
            Ok(Some(status)) if status.success() => {
                self.child = None;
                Ok(())
            }
            Ok(Some(status)) => {
                let why = child.stderr.take().map(last_words).unwrap_or_default();
                let told = format!("it ended with {status}{why}");
                Err(self.cannot_start(io::Error::other(told)))
            }
            Err(error) => Err(self.cannot_start(error)),
        }
    }

    fn cannot_start(&self, source: io::Error) -> ClientError {
        ClientError::CannotStart {
            path: self.program.clone(),
            source,
        }
    }
}

/// The first line of what a program that has ended had to say, behind a colon.
fn last_words(stderr: impl Read) -> String {
    let mut said = Vec::new();
    // Part of a line is better than none.
    let _ = stderr.take(LONGEST_WORDS).read_to_end(&mut said);
    let said = String::from_utf8_lossy(&said);
    let line = said.lines().next().unwrap_or_default();
    let line = line.strip_prefix("holdfast-agent: ").unwrap_or(line);
    if line.is_empty() {
        return String::new();
    }
    let printable = |c: char| if c.is_control() { ' ' } else { c };
    format!(": {}", line.chars().map(printable).collect::<String>())
}

/// Opens the lock that decides whose turn it is to start the agent.
fn open_turn(address: &Address) -> Result<File, ClientError> {
    let folder = address.folder()?;
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    private(&mut builder);
    builder.create(&folder)?;
    address.verify()?;
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    private_file(&mut options);
    Ok(options.open(address.beside("start")?)?)
}

#[cfg(unix)]
fn private(builder: &mut DirBuilder) {
    use std::os::unix::fs::DirBuilderExt;
    builder.mode(0o700);
}

#[cfg(unix)]
fn private_file(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(0o600);
}

/// A user's folders are private to the user by inheritance.
#[cfg(windows)]
fn private(_builder: &mut DirBuilder) {}

/// Files take over the access list of their folder.
#[cfg(windows)]
fn private_file(_options: &mut OpenOptions) {}

/// The agent leaves the caller's session by itself; here it only leaves the caller's folder.
#[cfg(unix)]
fn detach(command: &mut Command) {
    command.current_dir("/");
}

#[cfg(windows)]
fn detach(command: &mut Command) {
    use std::os::windows::process::CommandExt;
    use windows_sys::Win32::System::Threading::{CREATE_NEW_PROCESS_GROUP, DETACHED_PROCESS};
    command.creation_flags(DETACHED_PROCESS | CREATE_NEW_PROCESS_GROUP);
    if let Some(root) = std::env::var_os("SystemRoot") {
        command.current_dir(root);
    }
}

/// Between half of a pause and the whole of it, so that many waiters do not come at one moment.
fn jittered(pause: Duration) -> Duration {
    let random = RandomState::new().build_hasher().finish() % 512;
    pause * (512 + random as u32) / 1024
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    #[test]
    fn only_absolute_folders_are_searched() {
        let place = tempfile::tempdir().unwrap();
        let beside = place.path().join("beside");
        let on_path = place.path().join("bin");
        for folder in [&beside, &on_path] {
            std::fs::create_dir(folder).unwrap();
        }
        std::fs::write(on_path.join(PROGRAM), "").unwrap();
        let path = std::env::join_paths(["", ".", on_path.to_str().unwrap()]).unwrap();

        assert_eq!(
            find_in(Some(beside.clone()), Some(path.clone())),
            Some(on_path.join(PROGRAM))
        );
        std::fs::write(beside.join(PROGRAM), "").unwrap();
        assert_eq!(
            find_in(Some(beside.clone()), Some(path)),
            Some(beside.join(PROGRAM))
        );
        assert_eq!(find_in(None, Some(OsString::from(".:"))), None);
    }

    #[test]
    fn the_reason_is_one_printable_line() {
        for (said, expect) in [
            ("", ""),
            ("holdfast-agent: no folder\nmore", ": no folder"),
            ("odd\u{1b}[2J", ": odd [2J"),
        ] {
            assert_eq!(last_words(said.as_bytes()), expect);
        }
        assert_eq!(last_words(io::repeat(b'x')).len(), 402);
    }

    #[test]
    fn pauses_vary_within_their_half() {
        for _ in 0..100 {
            let pause = jittered(LONGEST_PAUSE);
            assert!(pause >= LONGEST_PAUSE / 2 && pause <= LONGEST_PAUSE);
        }
    }
}
