//! Starting the browser.

use std::ffi::OsString;
use std::io;
use std::process::{Command, Stdio};

/// Commands to open links with, separated by colons; `%s` stands for the link.
const VARIABLE: &str = "BROWSER";

/// Why a link was not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It is not a link to a web page.
    #[error("only http and https links are opened in the browser")]
    NotAWebPage,
    /// Nothing can listen on this computer's loopback address.
    #[error("the link cannot be passed to the browser on 127.0.0.1")]
    Loopback(#[source] io::Error),
    /// No browser can be started.
    #[error("no browser can be started; name one in the environment variable {VARIABLE}")]
    NoBrowser(#[source] io::Error),
}

/// Opens a link in the user's browser and does not wait for it: with the first command in `BROWSER`
/// that can be started, else as the system does.
///
/// # Errors
/// As [`OpenError`] says.
pub fn open(link: &str) -> Result<(), OpenError> {
    open_with(link, std::env::var_os(VARIABLE))
}

fn open_with(link: &str, browsers: Option<OsString>) -> Result<(), OpenError> {
    if !is_web_page(link) {
        return Err(OpenError::NotAWebPage);
    }
    let browsers = browsers.unwrap_or_default();
    for mut command in commands(&browsers.to_string_lossy(), link) {
        if detach(&mut command).is_ok() {
            return Ok(());
        }
    }
    open::that_detached(link).map_err(OpenError::NoBrowser)
}

/// Nothing else, so that no link can name a program or a file.
fn is_web_page(link: &str) -> bool {
    let rest = link
        .strip_prefix("https://")
        .or_else(|| link.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty())
        && link
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'"')
}

/// The commands in `BROWSER`, without a shell in between.
fn commands(browsers: &str, link: &str) -> Vec<Command> {
    let separator = if cfg!(windows) { ';' } else { ':' };
    browsers
        .split(separator)
        .filter_map(|words| {
            let mut words = words.split_whitespace();
            let mut command = Command::new(words.next()?);
            let mut named = false;
            for word in words {
                named |= word.contains("%s");
                command.arg(word.replace("%s", link));
            }
            if !named {
                command.arg(link);
            }
            Some(command)
        })
        .collect()
}

/// Starts a program that lives on by itself, and lets nobody wait for it.
fn detach(command: &mut Command) -> io::Result<()> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    // A program that has ended and that nobody asked for would stay in the process table.
    std::thread::Builder::new()
        .name("browser".to_owned())
        .spawn(move || drop(child.wait()))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_pages_are_opened() {
        for link in [
            "",
            "https://",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "--new-window",
            "https://example.com/a b",
            "https://example.com/\n",
            "https://example.com/\"",
            "example.com",
        ] {
            let opened = open_with(link, None);
            assert!(matches!(opened, Err(OpenError::NotAWebPage)), "{link}");
        }
    }

    #[test]
    fn the_variable_names_commands_in_order() {
        let link = "https://example.com/?a=b&c=d";
        let told = |browsers: &str| -> Vec<Vec<String>> {
            commands(browsers, link)
                .iter()
                .map(|command| {
                    std::iter::once(command.get_program())
                        .chain(command.get_args())
                        .map(|word| word.to_string_lossy().into_owned())
                        .collect()
                })
                .collect()
        };
        assert_eq!(told(""), Vec::<Vec<String>>::new());
        assert_eq!(told("firefox"), [["firefox", link]]);
        assert_eq!(
            told("firefox --new-tab %s"),
            [["firefox", "--new-tab", link]]
        );
        let separator = if cfg!(windows) { ";" } else { ":" };
        assert_eq!(
            told(&["w3m", " ", "x --url=%s"].join(separator)),
            [vec!["w3m", link], vec!["x", &format!("--url={link}")]]
        );
    }
}
