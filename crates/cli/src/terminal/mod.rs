//! The terminal of the person, wherever standard input and output go.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
use unix as platform;
#[cfg(windows)]
use windows as platform;
#[cfg(windows)]
pub(crate) use windows::outlive_interrupts;

use crate::outcome::{Failure, Kind, Result};
use std::fs::File;
use std::io::{self, Read, Write};
use zeroize::Zeroizing;

/// Longest line that is read, in bytes.
const MAX_LINE: usize = 4096;

/// The controlling terminal.
pub(crate) struct Terminal {
    input: File,
    output: File,
}

impl Terminal {
    /// The terminal of this process, if it has one.
    pub(crate) fn open() -> Option<Self> {
        let (input, output) = platform::open().ok()?;
        Some(Self { input, output })
    }

    /// The terminal, or a failure that says what needed it and what to do without.
    pub(crate) fn required(purpose: &str, hint: &str) -> Result<Self> {
        Self::open().ok_or_else(|| {
            Failure::new(
                Kind::NoTerminal,
                format!("{purpose}, and there is no terminal to ask on"),
            )
            .hint(hint)
        })
    }

    /// Shows a text as it is.
    pub(crate) fn show(&mut self, text: &str) -> Result {
        self.output
            .write_all(text.as_bytes())
            .and_then(|()| self.output.flush())
            .map_err(failed)
    }

    /// Asks for a line and shows what is typed.
    pub(crate) fn ask(&mut self, question: &str) -> Result<Zeroizing<String>> {
        self.show(question)?;
        let mut line = Zeroizing::new(Vec::with_capacity(MAX_LINE));
        loop {
            match self.read_byte()? {
                None if line.is_empty() => return Err(interrupted()),
                None | Some(b'\n') => break,
                Some(byte) => keep(&mut line, byte)?,
            }
        }
        text(line)
    }

    /// Asks for a line without showing what is typed. The echo comes back whatever happens.
    pub(crate) fn ask_secret(&mut self, question: &str) -> Result<Zeroizing<String>> {
        // Before the question, at the sight of which people begin to type.
        let silence = platform::Silence::begin(&self.input).map_err(failed)?;
        self.show(question)?;
        let mut line = Zeroizing::new(Vec::with_capacity(MAX_LINE));
        let read = loop {
            match self.read_byte() {
                Err(failure) => break Err(failure),
                Ok(None | Some(CTRL_C)) => break Err(interrupted()),
                Ok(Some(CTRL_D)) if line.is_empty() => break Err(interrupted()),
                Ok(Some(b'\n' | b'\r')) => break Ok(()),
                Ok(Some(BACKSPACE | DELETE)) => drop_last_character(&mut line),
                Ok(Some(CTRL_U)) => line.clear(),
                Ok(Some(byte)) => {
                    if let Err(failure) = keep(&mut line, byte) {
                        break Err(failure);
                    }
                }
            }
        };
        drop(silence);
        self.show("\n")?;
        read?;
        text(line)
    }

    /// Asks a question whose answer is yes or no; anything but yes is no.
    pub(crate) fn confirm(&mut self, question: &str) -> Result<bool> {
        let answer = self.ask(&format!("{question} [y/N] "))?;
        Ok(matches!(
            answer.trim().to_ascii_lowercase().as_str(),
            "y" | "yes"
        ))
    }

    fn read_byte(&mut self) -> Result<Option<u8>> {
        let mut byte = [0];
        loop {
            match self.input.read(&mut byte) {
                Ok(0) => return Ok(None),
                Ok(_) => return Ok(Some(byte[0])),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(failed(error)),
            }
        }
    }
}

const CTRL_C: u8 = 0x03;
const CTRL_D: u8 = 0x04;
const BACKSPACE: u8 = 0x08;
const CTRL_U: u8 = 0x15;
const DELETE: u8 = 0x7f;

/// Within the capacity, so that no copy of a secret stays behind in a smaller buffer.
fn keep(line: &mut Zeroizing<Vec<u8>>, byte: u8) -> Result {
    if line.len() == MAX_LINE {
        return Err(Failure::new(Kind::Usage, "the line is too long"));
    }
    line.push(byte);
    Ok(())
}

fn drop_last_character(line: &mut Zeroizing<Vec<u8>>) {
    while line.pop().is_some_and(|byte| byte & 0xc0 == 0x80) {}
}

fn text(mut line: Zeroizing<Vec<u8>>) -> Result<Zeroizing<String>> {
    while line.last() == Some(&b'\r') {
        line.pop();
    }
    match std::str::from_utf8(&line) {
        Ok(text) => Ok(Zeroizing::new(text.to_owned())),
        Err(_) => Err(Failure::new(Kind::Usage, "what was typed is not UTF-8")),
    }
}

fn interrupted() -> Failure {
    Failure::new(Kind::Interrupted, "interrupted; nothing was sent")
}

fn failed(error: io::Error) -> Failure {
    Failure::new(Kind::NoTerminal, "the terminal cannot be used").source(error)
}
