//! `holdfast clone`: `git clone`, with a progress bar.

use crate::agent::Agent;
use crate::args::Clone;
use crate::command::clone_command::{at_host, repository_name};
use crate::command::login::signed_in;
use crate::outcome::{Failure, Kind, Result};
use crate::print::text::visible;
use crate::print::{Output, report};
use crate::terminal::Terminal;
use holdfast_clone::{CloneError, Cloning, Event, Progress, Surroundings};
use std::path::PathBuf;

/// Width of the bar, in characters.
const BAR: usize = 24;

/// What git says that the person is told otherwise: that it begins, how it ended, and the server's statistics.
const NEEDLESS: [&str; 3] = ["Cloning into ", "fatal: ", "remote: Total "];

/// Clones.
pub(crate) fn run(args: &Clone, output: &mut Output) -> Result {
    let repository = repository_name(&args.repository)?;
    // The person is asked here, where they look, and not in the middle of git.
    signed_in(&args.profile, |agent| agent.credentials(&args.profile, 0))?;
    let mut agent = Agent::connect_or_start(None)?;
    let region = args.region.clone();
    let host = agent.repository_host(&args.profile, repository.as_str(), region)?;
    let command = at_host(&host, &args.profile, &repository, args.style)?;
    drop(agent);
    let told = |error: CloneError| failure(error, &host, args);
    let folder = args.folder.clone();
    let folder = folder.unwrap_or_else(|| PathBuf::from(repository.as_str()));
    let mut cloning = Cloning::start(&command, &folder, Surroundings::Terminal).map_err(told)?;
    let mut bar = Bar::new();
    while let Some(event) = cloning.next_event() {
        bar.show(&event);
    }
    bar.clear();
    let ending = cloning.finish().map_err(told)?;
    let folder = ending.folder.display().to_string();
    output.line(format!("Cloned into {}.", visible(&folder)))
}

/// One line of the terminal. Where there is none, only what is no progress is shown.
struct Bar {
    terminal: Option<Terminal>,
    shown: bool,
}

impl Bar {
    fn new() -> Self {
        Self {
            terminal: Terminal::open(),
            shown: false,
        }
    }

    fn show(&mut self, event: &Event) {
        match event {
            Event::Progress(progress) => {
                if let Some(terminal) = &mut self.terminal {
                    // Whoever hung up the terminal does not watch.
                    let _ = terminal.show(&format!("\r{}\x1b[K", bar(progress)));
                    self.shown = true;
                }
            }
            Event::Said(line) if NEEDLESS.iter().any(|start| line.starts_with(start)) => {}
            Event::Said(line) => {
                self.clear();
                report::note(&format!("{}\n", visible(line)));
            }
        }
    }

    fn clear(&mut self) {
        if let Some(terminal) = self.terminal.as_mut().filter(|_| self.shown) {
            let _ = terminal.show("\r\x1b[K");
        }
        self.shown = false;
    }
}

fn bar(progress: &Progress) -> String {
    let fraction = progress.fraction();
    let full = (fraction * BAR as f64) as usize;
    let (full, empty) = ("#".repeat(full), "-".repeat(BAR - full.min(BAR)));
    let rate = progress.rate.as_deref().unwrap_or_default();
    let percent = (fraction * 100.0) as u32;
    format!(
        "[{full}{empty}] {percent:>3} %  {}  {rate}",
        progress.stage.words()
    )
}

/// Why it failed. What the server said is said about the repository, the host and the profile.
fn failure(error: CloneError, host: &str, args: &Clone) -> Failure {
    let (kind, is_server_s) = match &error {
        CloneError::FolderTaken(_) => (Kind::Usage, false),
        CloneError::Folder { .. } | CloneError::DiskFull(_) => (Kind::File, false),
        CloneError::Stopped => (Kind::Interrupted, false),
        CloneError::Git(_) | CloneError::Refused(_) => (Kind::Git, false),
        CloneError::NotFound
        | CloneError::Forbidden
        | CloneError::Offline
        | CloneError::Other(_) => (Kind::Git, true),
    };
    let (repository, profile) = (visible(&args.repository), visible(&args.profile));
    let message = match is_server_s {
        true => format!("{repository} at {host} with profile {profile}: {error}"),
        false => error.to_string(),
    };
    let hints = error.hints();
    let failure = Failure::new(kind, message);
    hints.into_iter().fold(failure, Failure::hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_says_what_git_does() {
        let line = "Receiving objects:  50% (50/100), 1.20 MiB | 3.40 MiB/s";
        let progress = Progress::read(line).unwrap();
        assert_eq!(
            bar(&progress),
            "[##########--------------]  42 %  Receiving objects  1.20 MiB | 3.40 MiB/s"
        );
        let done = Progress::read("Updating files: 100% (3/3), done.").unwrap();
        assert_eq!(
            bar(&done),
            "[########################] 100 %  Updating files  "
        );
    }
}
