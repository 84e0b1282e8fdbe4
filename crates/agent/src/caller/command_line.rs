//! What of a command line may be shown: the program's name, and git's subcommand.

use super::{Process, SHELLS, presentable};

const INTERPRETERS: &[&str] = &["bash", "node", "perl", "python", "python3", "ruby", "sh"];

impl Process {
    /// From the arguments that a program was started with, the program's own path first.
    pub(super) fn from_arguments(arguments: &[&str]) -> Option<Self> {
        let (program, rest) = arguments.split_first()?;
        let mut name = base_name(program);
        let passing = SHELLS.contains(&name.as_str()) && rest.first() == Some(&"-c");
        let script = rest.first().filter(|first| !first.starts_with('-'));
        if let Some(script) = script
            && INTERPRETERS
                .contains(&name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.'))
        {
            name = base_name(script);
        }
        let subcommand = (name == "git").then(|| git_subcommand(rest)).flatten();
        Some(Self {
            name,
            subcommand,
            passing,
        })
        .filter(|process| !process.name.is_empty())
    }
}

/// The first argument of git that is no option of git itself, if it looks like a subcommand.
fn git_subcommand(arguments: &[&str]) -> Option<String> {
    const WITH_VALUE: &[&str] = &[
        "-C",
        "-c",
        "--attr-source",
        "--config-env",
        "--exec-path",
        "--git-dir",
        "--namespace",
        "--super-prefix",
        "--work-tree",
    ];
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        if WITH_VALUE.contains(argument) {
            arguments.next();
        } else if !argument.starts_with('-') {
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            let named = argument.len() <= 32 && argument.chars().all(plain);
            return named.then(|| (*argument).to_owned());
        }
    }
    None
}

/// A program's name without its folder and without the dash of a login shell.
fn base_name(program: &str) -> String {
    let name = program.rsplit('/').next().unwrap_or(program);
    presentable(name.trim_start_matches('-'))
}
