//! What the demo says: each command as a person would type it, what it printed, and how long it took.

use anyhow::{Context, Result, bail};
use std::io::IsTerminal;
use std::process::Command;
use std::time::{Duration, Instant};

/// Writes to the terminal, in colour where there is one.
pub(crate) struct Narrator {
    colour: bool,
}

impl Narrator {
    /// For standard output.
    pub(crate) fn new() -> Self {
        let wanted = std::env::var_os("NO_COLOR").is_none();
        Self {
            colour: wanted && std::io::stdout().is_terminal(),
        }
    }

    /// Opens a part of the story.
    pub(crate) fn heading(&self, text: &str) {
        println!("\n{}", self.paint("1", text));
    }

    /// Says something beside the commands.
    pub(crate) fn say(&self, text: &str) {
        for line in text.lines() {
            println!("  {line}");
        }
    }

    /// Does something and says what it was and how long it took.
    pub(crate) fn timed<T>(&self, what: &str, act: impl FnOnce() -> Result<T>) -> Result<T> {
        let start = Instant::now();
        let outcome = act()?;
        self.done(what, start.elapsed());
        Ok(outcome)
    }

    /// Runs a command, shows it and what it printed, and says what happened and how long it took.
    pub(crate) fn run(&self, what: &str, shown: &str, command: &mut Command) -> Result<String> {
        self.show(shown);
        let start = Instant::now();
        let output = command
            .output()
            .with_context(|| format!("{shown} did not start"))?;
        let taken = start.elapsed();
        let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.push_str(&String::from_utf8_lossy(&output.stderr));
        for line in text.trim_end().lines() {
            println!("    {}", self.paint("2", line));
        }
        if !output.status.success() {
            bail!("{shown} failed ({})", output.status);
        }
        self.done(what, taken);
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Shows a command that is about to run.
    pub(crate) fn show(&self, command: &str) {
        println!("  {}", self.paint("36", &format!("$ {command}")));
    }

    /// Says what happened and how long it took.
    pub(crate) fn done(&self, what: &str, taken: Duration) {
        let mark = self.paint("32", "✓");
        let time = self.paint("2", &in_words(taken));
        println!("  {mark} {what}  {time}");
    }

    fn paint(&self, code: &str, text: &str) -> String {
        if self.colour {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }
}

fn in_words(time: Duration) -> String {
    if time < Duration::from_secs(1) {
        format!("{} ms", time.as_millis())
    } else {
        format!("{:.1} s", time.as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_times_are_in_milliseconds() {
        assert_eq!(in_words(Duration::from_millis(999)), "999 ms");
        assert_eq!(in_words(Duration::from_millis(1250)), "1.2 s");
    }
}
