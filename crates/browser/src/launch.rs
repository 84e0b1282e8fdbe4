//! Starting the browser, a file manager or an editor.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
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
    /// There is no such folder.
    #[error("{} is no folder any more", .0.display())]
    NotAFolder(PathBuf),
    /// No file manager can be started.
    #[error("no file manager can be started")]
    NoFileManager(#[source] io::Error),
    /// The program that the person chose cannot be started.
    #[error("{program} cannot be started")]
    NoProgram {
        /// The program.
        program: String,
        /// Why.
        #[source]
        source: io::Error,
    },
}

/// Opens a link in the user's browser and does not wait for it: with the first command in `BROWSER`
/// that can be started, else as the system does.
///
/// # Errors
/// As [`OpenError`] says.
pub fn open(link: &str) -> Result<(), OpenError> {
    open_with(link, std::env::var_os(VARIABLE))
}

/// Opens a folder in the system's file manager, and does not wait for it.
///
/// # Errors
/// [`OpenError::NotAFolder`], and [`OpenError::NoFileManager`] when nothing can be started.
pub fn open_folder(folder: &str) -> Result<(), OpenError> {
    is_a_folder(folder)?;
    open::that_detached(folder).map_err(OpenError::NoFileManager)
}

/// Opens a folder with a program and its arguments, as [`open_by`] does a link.
///
/// # Errors
/// [`OpenError::NotAFolder`] and [`OpenError::NoProgram`].
pub fn open_folder_by(words: &[String], folder: &str) -> Result<(), OpenError> {
    is_a_folder(folder)?;
    start(words, folder)
}

/// Opens a link with a program and its arguments, without a shell in between, and does not wait for it. `%s` in
/// an argument stands for the link, which otherwise comes last.
///
/// # Errors
/// As [`OpenError`] says; no other program is tried in its place.
pub fn open_by(words: &[String], link: &str) -> Result<(), OpenError> {
    if !is_web_page(link) {
        return Err(OpenError::NotAWebPage);
    }
    start(words, link)
}

fn start(words: &[String], what: &str) -> Result<(), OpenError> {
    let program = words.first().cloned().unwrap_or_default();
    let started = match command(words.iter().map(String::as_str), what) {
        Some(mut command) => detach(&mut command),
        None => Err(io::ErrorKind::InvalidInput.into()),
    };
    started.map_err(|source| OpenError::NoProgram { program, source })
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
        .filter_map(|words| command(words.split_whitespace(), link))
        .collect()
}

/// Absolute, so that no name is taken for an option or a link.
fn is_a_folder(path: &str) -> Result<(), OpenError> {
    let path = Path::new(path);
    match path.is_absolute() && path.is_dir() {
        true => Ok(()),
        false => Err(OpenError::NotAFolder(path.to_owned())),
    }
}

/// A command with the link or folder in it; nothing when there is no word.
fn command<'a>(words: impl IntoIterator<Item = &'a str>, what: &str) -> Option<Command> {
    let mut words = words.into_iter();
    let mut command = Command::new(words.next()?);
    let mut named = false;
    for word in words {
        named |= word.contains("%s");
        command.arg(word.replace("%s", what));
    }
    if !named {
        command.arg(what);
    }
    Some(command)
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
            let opened = open_by(&["true".to_owned()], link);
            assert!(matches!(opened, Err(OpenError::NotAWebPage)), "{link}");
        }
    }

    #[test]
    fn only_folders_that_are_there_are_opened() {
        let folder = std::env::temp_dir();
        let file = std::env::current_exe().unwrap();
        let editor = ["holdfast-no-such-editor".to_owned()];
        for path in ["", "-n", "https://example.com/", "/no/such/folder", "tmp"] {
            let opened = open_folder(path);
            assert!(matches!(opened, Err(OpenError::NotAFolder(_))), "{path}");
        }
        let opened = open_folder_by(&editor, file.to_str().unwrap());
        assert!(matches!(opened, Err(OpenError::NotAFolder(_))));
        let opened = open_folder_by(&editor, folder.to_str().unwrap());
        assert!(matches!(opened, Err(OpenError::NoProgram { .. })));
    }

    #[test]
    fn a_chosen_program_is_told_its_words_and_the_link() {
        let link = "https://example.com/?a=b&c=d";
        for (words, expect) in [
            (
                &["firefox", "-P", "at work"][..],
                vec!["-P", "at work", link],
            ),
            (
                &["x", "--app=%s"][..],
                vec!["--app=https://example.com/?a=b&c=d"],
            ),
            // No shell reads what is in a word.
            (&["x", "$(id)", "%s"][..], vec!["$(id)", link]),
        ] {
            let command = command(words.iter().copied(), link).unwrap();
            let told: Vec<_> = command
                .get_args()
                .map(|word| word.to_string_lossy())
                .collect();
            assert_eq!(
                (command.get_program().to_str(), told),
                (Some(words[0]), expect.into_iter().map(Into::into).collect())
            );
        }
    }

    #[test]
    fn a_chosen_program_that_is_not_there_is_named() {
        for words in [&["/nowhere/firefox"][..], &[]] {
            let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
            let error = open_by(&words, "https://example.com/").unwrap_err();
            assert!(
                matches!(error, OpenError::NoProgram { program, .. } if program == words.first().cloned().unwrap_or_default())
            );
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
