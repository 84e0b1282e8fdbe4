//! `holdfast completions` and the help texts.

use crate::environment::Environment;

#[test]
fn every_shell_gets_a_script() {
    let environment = Environment::new();
    for (shell, mark) in [
        ("bash", "complete -F _holdfast"),
        ("zsh", "#compdef holdfast"),
        ("fish", "complete -c holdfast"),
        ("powershell", "Register-ArgumentCompleter"),
        ("elvish", "edit:completion"),
    ] {
        let script = environment.run(&["completions", shell]).stdout();
        assert!(script.contains(mark), "{shell}");
    }
    assert_eq!(environment.run(&["completions", "tcsh"]).status, 2);
}

#[test]
fn every_command_explains_itself() {
    let environment = Environment::new();
    let commands: &[&[&str]] = &[
        &[],
        &["status"],
        &["profiles"],
        &["activity"],
        &["login"],
        &["logout"],
        &["lock"],
        &["unlock"],
        &["keys"],
        &["keys", "add"],
        &["keys", "import"],
        &["keys", "list"],
        &["keys", "remove"],
        &["credential-process"],
        &["exec"],
        &["env"],
        &["git"],
        &["git", "setup"],
        &["git", "status"],
        &["git", "undo"],
        &["agent"],
        &["agent", "status"],
        &["agent", "start"],
        &["agent", "stop"],
        &["completions"],
    ];
    for words in commands {
        let mut arguments = words.to_vec();
        arguments.push("--help");
        let help = environment.run(&arguments).stdout();
        let usage = ["Usage: holdfast"].into_iter().chain(words.iter().copied());
        let usage = usage.collect::<Vec<_>>().join(" ");
        assert!(help.contains(&usage), "{usage}: {help}");
        let reference = include_str!("../../../../docs/reference/cli.md");
        if !words.is_empty() {
            let name = format!("holdfast {}", words.join(" "));
            assert!(
                reference.contains(&name),
                "{name} is not in docs/reference/cli.md"
            );
        }
    }
}

#[test]
fn wrong_usage_ends_with_two() {
    let environment = Environment::new();
    for arguments in [
        &["frobnicate"][..],
        &[],
        &["login"],
        &["login", "p", "--duration", "1m"],
        &["exec", "p"],
        &["git", "setup", "--global", "--local"],
        &["git", "setup", "--alias"],
        &["git", "setup", "--host-family", "amazon"],
        &["keys", "import", "--backup-secrets"],
        &["credential-process"],
    ] {
        let ran = environment.run(arguments);
        assert_eq!(
            (ran.status, ran.stdout.as_str()),
            (2, ""),
            "{arguments:?} {ran:?}"
        );
    }
}
