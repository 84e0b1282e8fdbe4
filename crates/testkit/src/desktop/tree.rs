//! Processes and what they have started: found in /proc, ended by their ids.

use crate::command::{Running, wait_until};
use rustix::process::{Pid, Signal, kill_process};
use std::collections::BTreeMap;
use std::fs;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

/// How long a program may take to end when it is asked to.
const PATIENCE: Duration = Duration::from_secs(2);

/// A program and everything that it starts. Ended together when dropped.
#[derive(Debug)]
pub struct Family {
    eldest: Running,
}

impl Family {
    /// Starts a program.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn start(command: &mut Command) -> Self {
        let eldest = Running::start(command);
        Self { eldest }
    }

    /// Process id of the program that was started.
    pub fn id(&self) -> u32 {
        self.eldest.id()
    }

    /// The program that was started, for its pipes.
    pub fn running(&mut self) -> &mut Running {
        &mut self.eldest
    }

    /// Ids of the program and of everything that it has started and that still runs.
    pub fn pids(&self) -> Vec<u32> {
        let mut pids = vec![self.id()];
        pids.extend(descendants(self.id()));
        pids
    }

    /// Asks the program to end, and makes all of them end that have not soon.
    pub fn end(&mut self) {
        let pids = self.pids();
        send(self.id(), Signal::TERM);
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE && !self.eldest.has_ended() {
            thread::sleep(Duration::from_millis(5));
        }
        self.eldest.kill();
        for pid in &pids[1..] {
            if is_alive(*pid) {
                send(*pid, Signal::KILL);
            }
        }
        if !thread::panicking() {
            wait_until("everything that was started has ended", || {
                !pids.iter().any(|pid| is_alive(*pid))
            });
        }
    }
}

impl Drop for Family {
    fn drop(&mut self) {
        self.end();
    }
}

/// Ids of all processes that this one has started, and they in turn.
pub fn descendants(pid: u32) -> Vec<u32> {
    let mut children: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(child) = entry
            .file_name()
            .to_str()
            .and_then(|name| name.parse().ok())
        else {
            continue;
        };
        if let Some((_, parent)) = state_and_parent(child) {
            children.entry(parent).or_default().push(child);
        }
    }
    let mut found = Vec::new();
    let mut unseen = vec![pid];
    while let Some(pid) = unseen.pop() {
        let next = children.get(&pid).cloned().unwrap_or_default();
        unseen.extend(&next);
        found.extend(next);
    }
    found
}

/// Whether a process exists and has not ended.
pub fn is_alive(pid: u32) -> bool {
    state_and_parent(pid).is_some_and(|(state, _)| !matches!(state, 'Z' | 'X'))
}

fn state_and_parent(pid: u32) -> Option<(char, u32)> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // They stand behind the name, which is in brackets and may hold anything.
    let (_, rest) = stat.rsplit_once(") ")?;
    let mut words = rest.split(' ');
    let state = words.next()?.chars().next()?;
    Some((state, words.next()?.parse().ok()?))
}

/// A process that has ended already needs no signal.
fn send(pid: u32, signal: Signal) {
    if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
        let _ = kill_process(pid, signal);
    }
}

#[cfg(test)]
mod tests {
    use super::{Family, descendants, is_alive};
    use crate::{clean_command, wait_until};

    #[test]
    fn children_of_children_end_too() {
        let mut shell = clean_command("sh");
        let family = Family::start(shell.args(["-c", "sh -c 'sleep 60; true' & wait"]));
        wait_until("both have started", || descendants(family.id()).len() == 2);
        let pids = family.pids();
        assert!(pids.iter().all(|pid| is_alive(*pid)));
        drop(family);
        assert!(!pids.iter().any(|pid| is_alive(*pid)), "{pids:?}");
    }
}
