//! The editor that opens a clone: the one of the settings, else one that is found.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// Editors with windows that open a folder: what people call them, and their program.
const KNOWN: [(&str, &str); 10] = [
    ("Visual Studio Code", "code"),
    ("VSCodium", "codium"),
    ("Cursor", "cursor"),
    ("Zed", "zed"),
    ("Zed", "zeditor"),
    ("Sublime Text", "subl"),
    ("IntelliJ IDEA", "idea"),
    ("PyCharm", "pycharm"),
    ("Kate", "kate"),
    ("GNOME Builder", "gnome-builder"),
];

/// Endings of programs.
const ENDINGS: &[&str] = if cfg!(windows) {
    &["exe", "cmd"]
} else {
    &[""]
};

/// An editor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Editor {
    /// What people call it.
    pub name: String,
    /// The program and its arguments.
    pub command: Vec<String>,
}

impl Editor {
    /// The one that the settings name; else, of those that are known, the one that `VISUAL` names or the first on
    /// the `PATH`.
    pub fn find(settings: &[String]) -> Option<Self> {
        let var = |name| std::env::var_os(name).unwrap_or_default();
        Self::among(settings, &var("VISUAL"), &var("PATH"))
    }

    fn among(settings: &[String], visual: &OsStr, path: &OsStr) -> Option<Self> {
        if let Some(program) = settings.first() {
            let stem = Path::new(program).file_stem();
            let stem = stem.map_or(program.into(), OsStr::to_string_lossy);
            return Some(Self {
                name: title(&stem).unwrap_or(&stem).to_owned(),
                command: settings.to_vec(),
            });
        }
        // Its arguments are for who waits until a file is edited.
        let visual = visual.to_string_lossy();
        let visual = visual.split_whitespace().next().unwrap_or_default();
        let visual = Path::new(visual).file_stem().unwrap_or_default();
        let mut known = KNOWN;
        known.sort_by_key(|(_, program)| OsStr::new(program) != visual);
        known.into_iter().find_map(|(name, program)| {
            let file = on_path(program, path)?;
            Some(Self {
                name: name.to_owned(),
                command: vec![file.to_str()?.to_owned()],
            })
        })
    }
}

fn title(program: &str) -> Option<&'static str> {
    let mut known = KNOWN.into_iter();
    known.find_map(|(name, known)| (known == program).then_some(name))
}

fn on_path(program: &str, path: &OsStr) -> Option<PathBuf> {
    let folders = std::env::split_paths(path).filter(|folder| folder.is_absolute());
    folders
        .flat_map(|folder| {
            ENDINGS
                .iter()
                .map(move |ending| folder.join(program).with_extension(ending))
        })
        .find(|file| file.is_file())
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    #[test]
    fn the_settings_decide_then_visual_then_the_path() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().as_os_str();
        let find = |settings: &[&str], visual: &str| {
            let settings: Vec<String> = settings.iter().map(|&word| word.to_owned()).collect();
            let found = Editor::among(&settings, visual.as_ref(), path);
            found.map(|it| (it.name, it.command.join(" ")))
        };
        let of = |name: &str, command: &str| Some((name.to_owned(), command.to_owned()));
        let in_path = |program: &str| folder.path().join(program).display().to_string();
        assert_eq!(find(&[], "code --wait"), None);
        for program in ["vim", "zed", "code", "kate"] {
            std::fs::write(folder.path().join(program), "").unwrap();
        }
        for (settings, visual, expect) in [
            (&[][..], "", of("Visual Studio Code", &in_path("code"))),
            (&[], "vim", of("Visual Studio Code", &in_path("code"))),
            (&[], "kate --block", of("Kate", &in_path("kate"))),
            (&[], "/usr/bin/zed --wait", of("Zed", &in_path("zed"))),
            (&[], "subl", of("Visual Studio Code", &in_path("code"))),
            (
                &["/opt/x/code", "-n"],
                "kate",
                of("Visual Studio Code", "/opt/x/code -n"),
            ),
            (&["gvim"], "", of("gvim", "gvim")),
        ] {
            assert_eq!(find(settings, visual), expect, "{settings:?} {visual}");
        }
    }
}
