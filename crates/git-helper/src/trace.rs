//! What the helper did, on standard error, when `HOLDFAST_LOG` asks for it. Never a secret, never the input.

use std::fmt;
use std::io::{self, Write};
use std::time::{Duration, Instant};

/// Writes lines when switched on.
#[derive(Clone, Copy, Debug)]
pub struct Trace {
    program: &'static str,
    since: Option<Instant>,
}

impl Trace {
    /// On when `HOLDFAST_LOG` is set to anything but nothing, `0` or `off`.
    pub fn from_env(program: &'static str) -> Self {
        let asked = std::env::var_os("HOLDFAST_LOG")
            .is_some_and(|value| !["", "0", "off"].iter().any(|off| value == *off));
        Self {
            program,
            since: asked.then(Instant::now),
        }
    }

    /// Name of the program that runs.
    pub fn program(self) -> &'static str {
        self.program
    }

    /// Writes one line.
    pub fn line(self, text: fmt::Arguments<'_>) {
        if let Some(since) = self.since {
            let elapsed: Duration = since.elapsed();
            // Nobody can be told that standard error is closed.
            let _ = writeln!(
                io::stderr().lock(),
                "{} {:>8.3} ms {text}",
                self.program,
                elapsed.as_secs_f64() * 1000.0
            );
        }
    }
}
