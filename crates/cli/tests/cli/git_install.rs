//! `holdfast git install` and `holdfast git uninstall`.

use crate::environment::{Environment, executable};
use crate::terminal::OnTerminal;
use std::fs;

/// Puts the programs beside `holdfast` that are installed with it.
fn put_programs_beside(environment: &Environment) {
    let folder = environment.executable().parent().unwrap().to_owned();
    for program in [
        "git-credential-holdfast",
        "git-remote-codecommit",
        "holdfast-agent",
    ] {
        fs::write(folder.join(program), "#!/bin/sh\n").unwrap();
        executable(&folder.join(program));
    }
}

#[test]
fn aws_s_remote_helper_is_taken_the_place_of_only_when_the_person_agrees() {
    for (answer, installed, said) in [
        ("n", false, "The others go on running"),
        ("y", true, "To make git ask Holdfast"),
    ] {
        let mut environment = Environment::new();
        put_programs_beside(&environment);
        let aws = environment.write("venv/git-remote-codecommit", "#!/bin/sh\n");
        executable(&aws);
        environment.prefer(aws.parent().unwrap());
        let bin = environment.at(".local/bin");
        environment.prefer(&bin);
        let ours = bin.join("git-remote-codecommit");
        let announced = format!(
            "{} runs now; {} would run in its place.",
            aws.display(),
            ours.display()
        );
        let shown = environment.run(&["git", "install", "--dry-run"]).stdout();
        assert!(shown.contains(&announced), "{shown}");

        let mut terminal = OnTerminal::start(&environment, &["git", "install"]);
        terminal
            .expect(&announced)
            .expect("Install these programs? [y/N]")
            .enter("y\n")
            .expect("run in place of the others? [y/N]")
            .enter(&format!("{answer}\n"))
            .expect(said);
        assert_eq!(terminal.end().0, 0);
        assert_eq!(ours.exists(), installed);
        assert!(bin.join("git-credential-holdfast").exists());
        let json = environment.run(&["git", "status", "--json"]).stdout();
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json["remote_helpers"][0]["holdfast"], installed, "{json}");
    }
}

#[test]
fn programs_are_installed_for_one_user_and_removed_again() {
    let mut environment = Environment::new();
    put_programs_beside(&environment);
    let bin = environment.at(".local/bin");
    let helper = bin.join("git-credential-holdfast");

    let shown = environment.run(&["git", "install", "--dry-run"]).stdout();
    assert!(
        shown.contains(&format!("+ {}\n", helper.display())),
        "{shown}"
    );
    assert!(!bin.exists());

    let shown = environment.run(&["git", "install", "--yes"]).stdout();
    assert!(
        shown.contains("is not on the PATH. Add this line to "),
        "{shown}"
    );
    environment.prefer(&bin);
    let shown = environment.run(&["git", "install", "--yes"]).stdout();
    assert!(
        shown.ends_with("are up to date; nothing was changed.\n"),
        "{shown}"
    );

    environment.run(&["git", "setup", "--yes"]).stdout();
    let written = environment.read(".gitconfig");
    assert!(
        written.contains(&format!("helper = {}\n", helper.display())),
        "{written}"
    );
    let json = environment.run(&["git", "status", "--json"]).stdout();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["remote_helpers"][0]["holdfast"], true);

    fs::write(bin.join("git-remote-codecommit"), "mine\n").unwrap();
    let shown = environment.run(&["git", "uninstall", "--yes"]).stdout();
    assert!(
        shown.contains("git-remote-codecommit was changed since"),
        "{shown}"
    );
    assert_eq!(environment.names(".local/bin"), ["git-remote-codecommit"]);
    let shown = environment.run(&["git", "uninstall", "--yes"]).stdout();
    assert!(shown.ends_with("nothing was changed.\n"), "{shown}");
}
