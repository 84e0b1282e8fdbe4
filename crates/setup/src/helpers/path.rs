//! Whether shells find programs in a folder, and the line that makes them.

use super::Places;
use std::path::{Path, PathBuf};

/// What to do so that shells find the installed programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathAdvice {
    /// The file that the line belongs into; nothing when the line is a command to run once.
    pub file: Option<PathBuf>,
    /// The line.
    pub line: String,
}

/// The advice for the user's shell; nothing when the folder is on the PATH.
pub(crate) fn advice(places: &Places) -> Option<PathAdvice> {
    if places.path.contains(&places.bin) {
        return None;
    }
    if cfg!(windows) {
        let folder = places.bin.display().to_string().replace('\'', "''");
        return Some(PathAdvice {
            file: None,
            line: format!(
                "[Environment]::SetEnvironmentVariable('Path', '{folder};' + [Environment]::GetEnvironmentVariable('Path', 'User'), 'User')"
            ),
        });
    }
    let shell = places.shell.as_deref().map(Path::new);
    let name = shell
        .and_then(Path::file_name)
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    let in_home = |file: &str| Some(places.home.join(file));
    let bin = quoted(places);
    Some(match name {
        "fish" => PathAdvice {
            file: in_home(".config/fish/config.fish"),
            line: format!("fish_add_path --prepend {bin}"),
        },
        "zsh" => PathAdvice {
            file: in_home(".zshrc"),
            line: format!("export PATH={bin}:\"$PATH\""),
        },
        "bash" => PathAdvice {
            file: in_home(".bashrc"),
            line: format!("export PATH={bin}:\"$PATH\""),
        },
        _ => PathAdvice {
            file: in_home(".profile"),
            line: format!("export PATH={bin}:\"$PATH\""),
        },
    })
}

/// The folder as a word that all of these shells read alike.
fn quoted(places: &Places) -> String {
    let text = places.bin.to_string_lossy();
    match places.bin.strip_prefix(&places.home) {
        Ok(inside) if inside == Path::new(".local/bin") => "\"$HOME/.local/bin\"".to_owned(),
        Ok(_) | Err(_) => format!("'{}'", text.replace('\'', r"'\''")),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn places(path: &[&str], shell: Option<&str>) -> Places {
        Places {
            from: "/opt/holdfast".into(),
            bin: "/home/mary/.local/bin".into(),
            manifest: "/home/mary/.local/state/holdfast/installed-programs.json".into(),
            home: "/home/mary".into(),
            path: path.iter().map(PathBuf::from).collect(),
            shell: shell.map(Into::into),
        }
    }

    #[test]
    fn each_shell_gets_the_line_of_its_own() {
        let export = "export PATH=\"$HOME/.local/bin\":\"$PATH\"";
        for (shell, file, line) in [
            (Some("/bin/bash"), ".bashrc", export),
            (Some("/usr/bin/zsh"), ".zshrc", export),
            (
                Some("/usr/bin/fish"),
                ".config/fish/config.fish",
                "fish_add_path --prepend \"$HOME/.local/bin\"",
            ),
            (Some("/bin/dash"), ".profile", export),
            (None, ".profile", export),
        ] {
            let advice = advice(&places(&["/usr/bin"], shell)).unwrap();
            assert_eq!(advice.file, Some(Path::new("/home/mary").join(file)));
            assert_eq!(advice.line, line);
        }
    }

    #[test]
    fn a_folder_on_the_path_needs_nothing() {
        let path = ["/usr/bin", "/home/mary/.local/bin/"];
        assert_eq!(advice(&places(&path, Some("/bin/bash"))), None);
    }
}
