//! Starting with the session, as freedesktop's autostart specification has it.
//!
//! The common crate for this writes paths with spaces as several words, and does not know
//! `XDG_CONFIG_HOME`.

use super::ARGUMENT;
use holdfast_desktop::page::Trouble;
use std::io;
use std::path::{Path, PathBuf};
use tauri::{AppHandle, Builder, Wry};

/// Name of the entry.
const FILE: &str = "dev.holdfast.tray.desktop";

pub(super) fn prepare(builder: Builder<Wry>) -> Builder<Wry> {
    builder
}

pub(super) fn is_enabled(_: &AppHandle) -> Result<bool, Trouble> {
    let file = file()?;
    match std::fs::read_to_string(&file) {
        Ok(entry) => Ok(is_on(&entry)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(trouble(&file, &error)),
    }
}

pub(super) fn set(_: &AppHandle, enabled: bool) -> Result<(), Trouble> {
    let file = file()?;
    let done = match enabled {
        true => write(&file),
        false => match std::fs::remove_file(&file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => removed,
        },
    };
    done.map_err(|error| trouble(&file, &error))
}

fn write(file: &Path) -> io::Result<()> {
    // Inside an AppImage the program's own path is gone with the mount.
    let program = match std::env::var_os("APPIMAGE") {
        Some(image) => PathBuf::from(image),
        None => std::env::current_exe()?,
    };
    let not_unicode = || io::Error::other("the path of this program is not Unicode");
    let entry = entry(program.to_str().ok_or_else(not_unicode)?);
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(file, entry)
}

fn entry(program: &str) -> String {
    format!(
        "[Desktop Entry]\nType=Application\nName=Holdfast\nComment=Keeps AWS sessions alive\nExec={} {ARGUMENT}\nTerminal=false\n",
        quoted(program)
    )
}

/// One argument of an `Exec` line: quoted as in a shell, then escaped as a string of the file.
fn quoted(argument: &str) -> String {
    let mut word = String::from("\"");
    for c in argument.chars() {
        match c {
            '"' | '`' | '$' => word.extend(['\\', '\\', c]),
            '\\' => word.push_str(r"\\\\"),
            '%' => word.push_str("%%"),
            _ => word.push(c),
        }
    }
    word.push('"');
    word
}

/// Desktops switch an entry off by one of these lines.
fn is_on(entry: &str) -> bool {
    let off = ["Hidden=true", "X-GNOME-Autostart-enabled=false"];
    !entry.lines().any(|line| off.contains(&line.trim()))
}

fn file() -> Result<PathBuf, Trouble> {
    let set = std::env::var_os("XDG_CONFIG_HOME").map(PathBuf::from);
    let folder = set
        .filter(|folder| folder.is_absolute())
        .or_else(|| std::env::home_dir().map(|home| home.join(".config")));
    let folder = folder.ok_or_else(|| Trouble::new("this user has no home folder"))?;
    Ok(folder.join("autostart").join(FILE))
}

fn trouble(file: &Path, error: &io::Error) -> Trouble {
    Trouble::new(format!("{}: {error}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_one_word_to_the_desktop() {
        for (path, expect) in [
            ("/usr/bin/holdfast-tray", r#""/usr/bin/holdfast-tray""#),
            ("/opt/My Apps/x", r#""/opt/My Apps/x""#),
            ("/a\"b$c`d", r#""/a\\"b\\$c\\`d""#),
            (r"/a\b", r#""/a\\\\b""#),
            ("/100%", r#""/100%%""#),
        ] {
            assert_eq!(quoted(path), expect);
        }
        assert!(entry("/x").contains("\nExec=\"/x\" --login\n"));
    }

    #[test]
    fn an_entry_that_the_desktop_switched_off_is_off() {
        let entry = entry("/x");
        assert!(is_on(&entry));
        assert!(!is_on(&format!("{entry}Hidden=true\n")));
        assert!(!is_on(&format!("{entry}X-GNOME-Autostart-enabled=false\n")));
    }
}
