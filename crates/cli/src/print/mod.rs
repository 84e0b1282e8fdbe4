//! Everything that is printed: text for people, JSON for programs, lines for shells.

pub(crate) mod diff;
pub(crate) mod json;
pub(crate) mod report;
pub(crate) mod shell;
pub(crate) mod table;
pub(crate) mod text;
pub(crate) mod time;

use crate::outcome::{Failure, Result};
use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};

/// Standard output, written at once at the end.
pub(crate) struct Output {
    writer: BufWriter<StdoutLock<'static>>,
    /// How text is dressed.
    pub(crate) style: Style,
}

/// How text is dressed: with colours on a terminal that has not declined them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Style {
    colours: bool,
}

/// What a colour stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// All is well.
    Live,
    /// Ends soon.
    Ending,
    /// A person is needed, or something failed.
    Needed,
    /// Not of interest now.
    Quiet,
    /// Heading.
    Heading,
    /// Text as it is.
    Plain,
}

impl Style {
    /// For a stream: colours when it is a terminal, unless `NO_COLOR` is set or the terminal is dumb.
    pub(crate) fn of(stream: &impl IsTerminal) -> Self {
        let declined = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
            || std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        Self {
            colours: stream.is_terminal() && !declined && !cfg!(windows),
        }
    }

    /// Without any dressing.
    #[cfg(test)]
    pub(crate) const PLAIN: Self = Self { colours: false };

    /// Text in the colour of a tone.
    pub(crate) fn paint(self, tone: Tone, text: &str) -> String {
        let code = match tone {
            Tone::Live => "32",
            Tone::Ending => "33",
            Tone::Needed => "1;31",
            Tone::Quiet => "2",
            Tone::Heading => "1",
            Tone::Plain => return text.to_owned(),
        };
        if self.colours {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }
}

impl Output {
    /// Takes standard output for the rest of the program.
    pub(crate) fn new() -> Self {
        let stdout = io::stdout();
        Self {
            style: Style::of(&stdout),
            writer: BufWriter::with_capacity(64 * 1024, stdout.lock()),
        }
    }

    /// One line of text.
    pub(crate) fn line(&mut self, text: impl AsRef<str>) -> Result {
        writeln!(self.writer, "{}", text.as_ref()).map_err(Failure::output)
    }

    /// Text as it is.
    pub(crate) fn raw(&mut self, text: &[u8]) -> Result {
        self.writer.write_all(text).map_err(Failure::output)
    }

    /// One JSON document.
    pub(crate) fn json(&mut self, document: &impl serde::Serialize) -> Result {
        serde_json::to_writer_pretty(&mut self.writer, document)
            .map_err(|error| Failure::output(error.into()))?;
        self.line("")
    }

    /// Shows what has been written so far, before asking or waiting.
    pub(crate) fn flush(&mut self) -> Result {
        self.writer.flush().map_err(Failure::output)
    }
}
