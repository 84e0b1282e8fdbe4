//! Processes that a test starts, each with a deadline, and what they said.

use crate::world::World;
use holdfast_testkit::wait_until;
use serde_json::Value;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// Longest that any program may take, on a machine that is busy with other tests.
const PATIENCE: Duration = Duration::from_secs(120);

/// What a program has written so far.
pub type Output = Arc<Mutex<Vec<u8>>>;

/// What a program did.
#[derive(Debug)]
pub struct Ran {
    name: String,
    status: ExitStatus,
    /// Its standard output.
    pub out: String,
    /// Its standard error.
    pub err: String,
}

impl Ran {
    /// Itself, when the program succeeded.
    #[track_caller]
    pub fn ok(self) -> Self {
        self.exits(0)
    }

    /// Itself, when the program ended with this status.
    #[track_caller]
    pub fn exits(self, status: i32) -> Self {
        assert_eq!(self.status.code(), Some(status), "{self}");
        self
    }

    /// Itself, when the program failed, with whatever status.
    #[track_caller]
    pub fn failed(self) -> Self {
        assert!(!self.status.success(), "{self}");
        self
    }

    /// Itself, when both outputs together hold all these words.
    #[track_caller]
    pub fn says(self, words: &[&str]) -> Self {
        for word in words {
            let said = self.out.contains(word) || self.err.contains(word);
            assert!(said, "not said: {word}\n{self}");
        }
        self
    }

    /// Itself, when neither output holds any of these words.
    #[track_caller]
    pub fn never_says(self, words: &[&str]) -> Self {
        for word in words {
            let said = self.out.contains(word) || self.err.contains(word);
            assert!(!said, "said: {word}\n{self}");
        }
        self
    }

    /// Whether the program succeeded.
    pub fn is_ok(&self) -> bool {
        self.status.success()
    }

    /// Its standard output as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}\n{self}"))
    }

    /// Lines of standard error that Holdfast wrote into git's.
    pub fn helper_lines(&self) -> Vec<&str> {
        let lines = self.err.lines();
        lines
            .filter(|line| line.starts_with("holdfast: "))
            .collect()
    }
}

impl std::fmt::Display for Ran {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            name,
            status,
            out,
            err,
        } = self;
        write!(f, "{name}: {status}\n--- out\n{out}\n--- err\n{err}")
    }
}

/// A program that runs.
pub struct Started {
    name: String,
    /// The process, for its pipes and its id.
    pub child: Child,
    out: JoinHandle<Vec<u8>>,
    err: JoinHandle<Vec<u8>>,
}

impl Started {
    /// Waits for its end.
    ///
    /// # Panics
    /// When it has not ended in time; it is ended then.
    #[track_caller]
    pub fn end(mut self) -> Ran {
        drop(self.child.stdin.take());
        let begun = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            if begun.elapsed() > PATIENCE {
                let _ = self.child.kill();
                let _ = self.child.wait();
                panic!("{} did not end in {PATIENCE:?}", self.name);
            }
            thread::sleep(Duration::from_millis(2));
        };
        let text = |bytes: JoinHandle<Vec<u8>>| {
            String::from_utf8_lossy(&bytes.join().unwrap()).into_owned()
        };
        Ran {
            name: self.name,
            status,
            out: text(self.out),
            err: text(self.err),
        }
    }

    /// Whether it still runs.
    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }
}

/// Starts a program with its own pipes.
#[track_caller]
pub fn start(command: &mut Command) -> Started {
    start_with(command, Arc::default())
}

/// Starts a program whose standard output can be read while it runs.
#[track_caller]
pub fn start_with(command: &mut Command, screen: Output) -> Started {
    let name = words(command);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command
        .spawn()
        .unwrap_or_else(|error| panic!("{name} does not start: {error}"));
    let out = collect(child.stdout.take().unwrap(), screen);
    let err = collect(child.stderr.take().unwrap(), Arc::default());
    Started {
        name,
        child,
        out,
        err,
    }
}

/// Runs a program to its end, with nothing on its standard input.
#[track_caller]
pub fn run(command: &mut Command) -> Ran {
    start(command.stdin(Stdio::null())).end()
}

/// Runs a program to its end, with this text on its standard input.
#[track_caller]
pub fn run_with_input(command: &mut Command, text: &str) -> Ran {
    let mut started = start(command.stdin(Stdio::piped()));
    // A program that fails early does not read, which is not what the test is about.
    let _ = started
        .child
        .stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes());
    started.end()
}

/// Starts a program many times as fast as the machine can, with files instead of pipes. Returns each one's outputs.
pub fn many(
    world: &World,
    number: usize,
    input: &str,
    command: impl Fn() -> Command,
) -> Vec<(bool, String, String)> {
    let input = world.home.write("input", input);
    let file = |kind: &str, index: usize| world.path(&format!("tmp/{kind}{index}"));
    let start = |index: usize| -> Child {
        let mut command = command();
        command.stdin(File::open(&input).unwrap());
        command.stdout(File::create(file("out", index)).unwrap());
        command.stderr(File::create(file("err", index)).unwrap());
        command.spawn().unwrap()
    };
    let children: Vec<Child> = (0..number).map(start).collect();
    let end = |(index, mut child): (usize, Child)| {
        let mut status = None;
        wait_until("the program ends", || {
            status = child.try_wait().unwrap();
            status.is_some()
        });
        let text = |kind: &str| fs::read_to_string(file(kind, index)).unwrap();
        (
            status.is_some_and(|status| status.success()),
            text("out"),
            text("err"),
        )
    };
    children.into_iter().enumerate().map(end).collect()
}

/// Where a program of this name is on the path of the tests.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|path| path.is_file())
}

/// Every git of the machine that differs: the one on the path, and the distribution's.
pub fn gits() -> Vec<PathBuf> {
    let on_path = find("git").expect("git is installed");
    let mut gits = vec![on_path.canonicalize().unwrap()];
    if let Ok(git) = Path::new("/usr/bin/git").canonicalize()
        && !gits.contains(&git)
    {
        gits.push(git);
    }
    gits
}

/// The distribution's AWS CLI, else the one on the path.
pub fn aws_cli() -> PathBuf {
    let distribution = PathBuf::from("/usr/bin/aws");
    if distribution.is_file() {
        return distribution;
    }
    find("aws").expect("no AWS CLI; install the package awscli, or run: cargo xtask test")
}

fn collect(mut pipe: impl Read + Send + 'static, into: Output) -> JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut piece = [0; 4096];
        // What was read before an error is what counts.
        while let Ok(length @ 1..) = pipe.read(&mut piece) {
            into.lock().unwrap().extend_from_slice(&piece[..length]);
        }
        into.lock().unwrap().clone()
    })
}

fn words(command: &Command) -> String {
    let arguments = command
        .get_args()
        .map(|word| word.to_string_lossy().into_owned());
    arguments.collect::<Vec<_>>().join(" ")
}
