//! Commands that people copy and paste into their shell. None of them holds a secret.

use crate::page::Trouble;
use holdfast_codecommit::shell::QuoteError;
use holdfast_codecommit::{CloneCommand, GitHost, RepositoryName, Shell};
use holdfast_settings::CloneStyle;
use holdfast_setup::git::{as_git_writes, find_credential_helper};
use std::path::{Path, PathBuf};

/// The command of Holdfast.
const CLI: &str = if cfg!(windows) {
    "holdfast.exe"
} else {
    "holdfast"
};

/// The shell of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserShell {
    /// bash, zsh and the like.
    Posix,
    /// fish.
    Fish,
    /// Windows PowerShell and PowerShell.
    PowerShell,
}

impl UserShell {
    /// The one that the variable `SHELL` names, else the system's.
    pub fn of_environment() -> Self {
        Self::named(&std::env::var_os("SHELL").unwrap_or_default())
    }

    fn named(shell: &std::ffi::OsStr) -> Self {
        match Path::new(shell).file_stem().and_then(|name| name.to_str()) {
            Some("fish") => Self::Fish,
            Some("pwsh" | "powershell") => Self::PowerShell,
            None if cfg!(windows) => Self::PowerShell,
            Some(_) | None => Self::Posix,
        }
    }

    fn quote(self, word: &str) -> Result<String, QuoteError> {
        match self {
            Self::Posix => Shell::Posix.quote(word),
            Self::PowerShell => Shell::PowerShell.quote(word),
            Self::Fish => {
                let plain = Shell::Posix.quote(word)?;
                // Within single quotes fish knows two escapes, where other shells know none.
                Ok(match plain == word {
                    true => plain,
                    false => format!("'{}'", word.replace('\\', r"\\").replace('\'', r"\'")),
                })
            }
        }
    }
}

/// The command that gives a shell a profile's credentials, for example `eval "$(holdfast env dev)"`.
///
/// # Errors
/// When the profile's name cannot be written for the shell.
pub fn environment(profile: &str, shell: UserShell) -> Result<String, Trouble> {
    let word = shell.quote(profile).map_err(unquotable)?;
    // A name that starts with a dash would be taken for an option.
    let word = match profile.starts_with('-') {
        true => format!("-- {word}"),
        false => word,
    };
    Ok(match shell {
        UserShell::Posix => format!("eval \"$(holdfast env {word})\""),
        UserShell::Fish => format!("holdfast env {word} | source"),
        UserShell::PowerShell => {
            format!("holdfast env {word} | Out-String | Invoke-Expression")
        }
    })
}

/// The command that clones a repository.
///
/// # Errors
/// When host or name are not CodeCommit's, something cannot be written for the shell, or a program that the
/// https form names is not installed.
pub fn clone(
    profile: &str,
    host: &str,
    repository: &str,
    style: CloneStyle,
    shell: UserShell,
) -> Result<String, Trouble> {
    let command = clone_command(profile, host, repository, style)?;
    let words: Result<Vec<String>, QuoteError> = command
        .arguments()
        .iter()
        .map(|word| shell.quote(word))
        .collect();
    Ok(words.map_err(unquotable)?.join(" "))
}

/// The same as arguments, for the app to run.
///
/// # Errors
/// As for [`clone`].
pub fn clone_command(
    profile: &str,
    host: &str,
    repository: &str,
    style: CloneStyle,
) -> Result<CloneCommand, Trouble> {
    let invalid = |error: &dyn std::fmt::Display| Trouble::new(error.to_string());
    let host = GitHost::parse(host).map_err(|error| invalid(&error))?;
    let repository = RepositoryName::parse(repository).map_err(|error| invalid(&error))?;
    match style {
        CloneStyle::Codecommit => {
            let command = CloneCommand::codecommit(host.region(), profile, &repository);
            Ok(command)
        }
        CloneStyle::Https => {
            let helper = find_credential_helper().map_err(|error| invalid(&error))?;
            let (helper, cli) = (slashes(&helper)?, slashes(&find_cli()?)?);
            CloneCommand::https(&host, profile, &repository, &helper, &cli).map_err(unquotable)
        }
    }
}

/// `holdfast` beside this program, else on the `PATH`.
fn find_cli() -> Result<PathBuf, Trouble> {
    let here = std::env::current_exe().ok();
    let beside = here.and_then(|exe| exe.parent().map(Path::to_path_buf));
    let path = std::env::var_os("PATH").unwrap_or_default();
    beside
        .into_iter()
        .chain(std::env::split_paths(&path).filter(|folder| folder.is_absolute()))
        .map(|folder| folder.join(CLI))
        .find(|file| file.is_file())
        .ok_or_else(|| Trouble::new(format!("{CLI} is neither beside this app nor on the PATH")))
}

fn slashes(path: &Path) -> Result<String, Trouble> {
    let not_unicode = || Trouble::new(format!("{} is not Unicode", path.display()));
    as_git_writes(path).ok_or_else(not_unicode)
}

fn unquotable(error: QuoteError) -> Trouble {
    Trouble::new(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use UserShell::{Fish, Posix, PowerShell};

    const HOST: &str = "git-codecommit.eu-west-1.amazonaws.com";

    #[test]
    fn the_environment_is_asked_for_in_the_words_of_the_shell() {
        for (profile, shell, expect) in [
            ("dev", Posix, r#"eval "$(holdfast env dev)""#),
            ("dev", Fish, "holdfast env dev | source"),
            (
                "dev",
                PowerShell,
                "holdfast env dev | Out-String | Invoke-Expression",
            ),
            ("a b", Posix, r#"eval "$(holdfast env 'a b')""#),
            ("a'$(x)", Posix, r#"eval "$(holdfast env 'a'\''$(x)')""#),
            (r"a'b\", Fish, r"holdfast env 'a\'b\\' | source"),
            ("-x", Posix, r#"eval "$(holdfast env -- '-x')""#),
        ] {
            assert_eq!(environment(profile, shell).unwrap(), expect);
        }
        for shell in [Posix, Fish, PowerShell] {
            assert!(environment("a\nb", shell).is_err());
        }
    }

    #[test]
    fn a_clone_command_names_profile_and_repository() {
        let command = clone("dev", HOST, "Alpha", CloneStyle::Codecommit, Posix).unwrap();
        assert_eq!(command, "git clone codecommit::eu-west-1://dev@Alpha");
        for (host, repository) in [("example.com", "Alpha"), (HOST, "a/b"), (HOST, "")] {
            assert!(clone("dev", host, repository, CloneStyle::Codecommit, Posix).is_err());
        }
    }

    #[test]
    fn the_shell_is_the_one_that_is_named() {
        for (shell, expect) in [
            ("/bin/bash", Posix),
            ("/usr/bin/zsh", Posix),
            ("/usr/bin/fish", Fish),
            ("/opt/microsoft/powershell/7/pwsh", PowerShell),
        ] {
            assert_eq!(UserShell::named(shell.as_ref()), expect);
        }
    }
}
