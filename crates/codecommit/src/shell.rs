//! Quoting of arguments for the shells that people paste commands into.

use std::error::Error;
use std::fmt;

/// A shell that a command line is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shell {
    /// `sh`, `bash`, `zsh`, `dash` and the like.
    Posix,
    /// Windows PowerShell and PowerShell.
    PowerShell,
}

/// An argument cannot be written safely for the shell. Does not quote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuoteError {
    /// It holds a control character, which a terminal may act on when the command is pasted.
    ControlCharacter,
    /// It holds a double quote or ends in a backslash: Windows PowerShell hands such arguments to programs
    /// in another form.
    NotForPowerShell,
}

impl fmt::Display for QuoteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ControlCharacter => "a control character cannot be part of a command to paste",
            Self::NotForPowerShell => {
                "a double quote or a trailing backslash cannot be part of a command for PowerShell"
            }
        })
    }
}

impl Error for QuoteError {}

impl Shell {
    /// One argument, quoted where the shell would otherwise change it.
    ///
    /// # Errors
    /// When no quoting is safe.
    pub fn quote(self, argument: &str) -> Result<String, QuoteError> {
        if argument.chars().any(char::is_control) {
            return Err(QuoteError::ControlCharacter);
        }
        if self == Self::PowerShell && (argument.contains('"') || argument.ends_with('\\')) {
            return Err(QuoteError::NotForPowerShell);
        }
        if is_plain(argument) {
            return Ok(argument.to_owned());
        }
        let mut quoted = String::with_capacity(argument.len() + 2);
        quoted.push('\'');
        for c in argument.chars() {
            match (self, c) {
                (Self::Posix, '\'') => quoted.push_str("'\\''"),
                // PowerShell takes each of these for a single quote.
                (Self::PowerShell, '\'' | '\u{2018}'..='\u{201b}') => quoted.extend([c, c]),
                _ => quoted.push(c),
            }
        }
        quoted.push('\'');
        Ok(quoted)
    }

    /// A command line of several arguments.
    ///
    /// # Errors
    /// When one of the arguments cannot be quoted.
    pub fn join<'a>(
        self,
        arguments: impl IntoIterator<Item = &'a str>,
    ) -> Result<String, QuoteError> {
        let mut line = String::new();
        for argument in arguments {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(&self.quote(argument)?);
        }
        Ok(line)
    }
}

/// A word of the POSIX shell's language for one argument, with backslashes and without quotes.
///
/// git takes a helper for a program's path when it starts with `/` or a drive letter, which a quote in front
/// would hide.
///
/// # Errors
/// When it holds a control character.
pub fn escape_posix(argument: &str) -> Result<String, QuoteError> {
    if argument.chars().any(char::is_control) {
        return Err(QuoteError::ControlCharacter);
    }
    if argument.is_empty() {
        return Ok("''".to_owned());
    }
    let mut escaped = String::with_capacity(argument.len());
    for c in argument.chars() {
        if c.is_ascii() && !is_plain_char(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    Ok(escaped)
}

/// Nothing in it has a meaning to any of the shells, at any place of a word.
fn is_plain(argument: &str) -> bool {
    argument.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '_'))
        && argument.chars().all(is_plain_char)
        || is_option(argument)
}

/// An option such as `--config`.
fn is_option(argument: &str) -> bool {
    argument
        .strip_prefix("--")
        .is_some_and(|name| !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase()))
}

fn is_plain_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '_' | '-' | ':' | '@' | '%' | '=' | '+')
}
