//! Variables written for a shell, and words quoted for the commands in hints.

use crate::command::env::Shell;
use crate::outcome::{Failure, Kind, Result};

/// One word of a command that a person may copy; spelled out instead where no quoting is safe.
pub(crate) fn word(text: &str) -> String {
    holdfast_codecommit::Shell::Posix
        .quote(text)
        .unwrap_or_else(|_| crate::print::text::visible(text))
}

/// The line that sets a variable, or removes it.
pub(crate) fn assignment(shell: Shell, name: &str, value: Option<&str>) -> Result<String> {
    let Some(value) = value else {
        return Ok(match shell {
            Shell::Bash | Shell::Zsh => format!("unset {name}"),
            Shell::Fish => format!("set -e {name}"),
            Shell::Powershell => format!("Remove-Item -ErrorAction Ignore Env:{name}"),
            Shell::Cmd => format!("set \"{name}=\""),
        });
    };
    let unsafe_for_cmd = shell == Shell::Cmd && value.contains(['"', '%', '!']);
    if value.chars().any(char::is_control) || unsafe_for_cmd {
        return Err(Failure::new(
            Kind::Misconfigured,
            format!("the value of {name} cannot be written for this shell"),
        ));
    }
    Ok(match shell {
        Shell::Bash | Shell::Zsh => format!("export {name}='{}'", value.replace('\'', r"'\''")),
        Shell::Fish => {
            let value = value.replace('\\', r"\\").replace('\'', r"\'");
            format!("set -gx {name} '{value}'")
        }
        Shell::Powershell => {
            let mut quoted = String::with_capacity(value.len() + 2);
            for c in value.chars() {
                // PowerShell takes each of these for a single quote.
                if matches!(c, '\'' | '\u{2018}'..='\u{201b}') {
                    quoted.push(c);
                }
                quoted.push(c);
            }
            format!("$Env:{name} = '{quoted}'")
        }
        Shell::Cmd => format!("set \"{name}={value}\""),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shell_has_its_own_form() {
        for (shell, set, unset) in [
            (Shell::Bash, r"export K='a'\''b'", "unset K"),
            (Shell::Zsh, r"export K='a'\''b'", "unset K"),
            (Shell::Fish, r"set -gx K 'a\'b'", "set -e K"),
            (
                Shell::Powershell,
                "$Env:K = 'a''b'",
                "Remove-Item -ErrorAction Ignore Env:K",
            ),
            (Shell::Cmd, "set \"K=a'b\"", "set \"K=\""),
        ] {
            assert_eq!(assignment(shell, "K", Some("a'b")).unwrap(), set);
            assert_eq!(assignment(shell, "K", None).unwrap(), unset);
        }
    }

    #[test]
    fn what_cannot_be_quoted_is_refused() {
        assert!(assignment(Shell::Bash, "K", Some("a\nb")).is_err());
        assert!(assignment(Shell::Cmd, "K", Some("a\" & calc")).is_err());
        assert!(assignment(Shell::Cmd, "K", Some("%PATH%")).is_err());
    }
}
