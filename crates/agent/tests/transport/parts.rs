//! Tests that need several processes run the test program again, with the name of the test and of a part
//! in the environment; the test then plays that part instead of checking anything.

use crate::support::PLENTY;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

pub(crate) const PART: &str = "TEST_PART";

pub(crate) const PLACE: &str = "TEST_PLACE";

/// The part that this process plays, and the folder to play it in.
pub(crate) fn part() -> Option<(String, PathBuf)> {
    let part = std::env::var(PART).ok()?;
    Some((part, PathBuf::from(std::env::var_os(PLACE).unwrap())))
}

/// This program again, for one test and part, with nothing else in its environment.
pub(crate) fn player(program: &Path, test: &str, part: &str, place: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .args(["--exact", test, "--nocapture"])
        .env_clear()
        .env(PART, part)
        .env(PLACE, place)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}

pub(crate) fn this_program() -> PathBuf {
    std::env::current_exe().unwrap()
}

/// Children that are ended with the test.
#[derive(Default)]
pub(crate) struct Children(pub(crate) Vec<Child>);

impl Drop for Children {
    fn drop(&mut self) {
        for child in &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Runs the clock until something is so.
pub(crate) fn wait_until(what: &str, mut so: impl FnMut() -> bool) {
    let give_up = Instant::now() + PLENTY;
    while !so() {
        assert!(Instant::now() < give_up, "{what}");
        std::thread::yield_now();
    }
}

pub(crate) fn lines_of(child: &mut Child) -> impl Iterator<Item = String> + use<> {
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    lines.map_while(Result::ok)
}
