//! `holdfast git`, with real gits: the one on the PATH and the system's own.

use crate::environment::{Environment, Ran, executable};
use crate::terminal::OnTerminal;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Stdio;

const URL: &str = "https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/one";

/// Environments for every git of this machine, each first on its PATH, with the helper installed.
fn environments() -> Vec<Environment> {
    let mut programs: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PATH").unwrap())
        .chain([PathBuf::from("/usr/bin")])
        .map(|folder| folder.join("git"))
        .filter(|program| program.is_file())
        .filter_map(|program| program.canonicalize().ok())
        .collect();
    programs.sort();
    programs.dedup();
    assert!(!programs.is_empty());
    programs.into_iter().map(environment).collect()
}

fn environment(git: PathBuf) -> Environment {
    let mut environment = Environment::new();
    let bin = environment.bin();
    std::os::unix::fs::symlink(git, bin.join("git")).unwrap();
    environment.install("git-credential-holdfast");
    environment
}

fn helper(environment: &Environment) -> String {
    environment
        .bin()
        .join("git-credential-holdfast")
        .display()
        .to_string()
}

/// The helpers that git runs for a URL, by its own trace.
fn helpers_run(environment: &Environment, url: &str) -> Vec<String> {
    use std::io::Write;
    let mut child = environment
        .program("git")
        .args(["credential", "fill"])
        .env("GIT_TRACE", "1")
        .env("GIT_TERMINAL_PROMPT", "0")
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let request = format!("url={url}\n\n");
    child
        .stdin
        .take()
        .unwrap()
        .write_all(request.as_bytes())
        .unwrap();
    let trace = String::from_utf8(child.wait_with_output().unwrap().stderr).unwrap();
    trace
        .lines()
        .filter_map(|line| {
            line.split_once("trace: run_command: ")?
                .1
                .strip_suffix(" get'")
        })
        .map(|command| command.trim_start_matches('\'').to_owned())
        .collect()
}

fn config(environment: &Environment, arguments: &[&str]) -> String {
    let output = environment
        .program("git")
        .arg("config")
        .args(arguments)
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

const USERS: &str = "\
[user]
\tname = Mary # inline
; a comment
[credential]
\thelper = store
[credential \"https://github.com\"]
\thelper = \"!gh auth git-credential\"
[alias]
\tst = status";

#[test]
fn the_lines_are_shown_then_written_then_undone_byte_for_byte() {
    for environment in environments() {
        for original in [
            USERS.to_owned(),
            format!("{USERS}\n"),
            String::new(),
            "[user]\r\n\tname = x\r\n".to_owned(),
            // What git counts as belonging to the section behind it.
            format!("{USERS}\n\n\n"),
            format!("{USERS}\n  \n"),
            format!("{USERS}\n# the end\n"),
            format!("{USERS}\n; the end"),
            format!("{USERS}\n\n# the end\n\n"),
        ] {
            environment.write(".gitconfig", &original);
            let mode = fs::Permissions::from_mode(0o640);
            fs::set_permissions(environment.at(".gitconfig"), mode).unwrap();

            let shown = environment.run(&["git", "setup", "--dry-run"]).stdout();
            assert!(
                shown.contains("\n+[credential \"https://git-codecommit.*.amazonaws.com\"]\n"),
                "{shown}"
            );
            assert!(
                shown.ends_with("Nothing was changed (--dry-run).\n"),
                "{shown}"
            );
            assert_eq!(environment.read(".gitconfig"), original);

            let shown = environment.run(&["git", "setup", "--yes"]).stdout();
            assert!(
                shown.contains("git asks Holdfast, and nobody else, about CodeCommit."),
                "{shown}"
            );
            let written = environment.read(".gitconfig");
            let added = written.strip_prefix(original.as_str()).unwrap();
            assert_eq!(
                config(
                    &environment,
                    &[
                        "--get-all",
                        "credential.https://git-codecommit.*.amazonaws.com.helper"
                    ]
                ),
                format!("\n{}\n", helper(&environment)),
            );
            assert_eq!(added.matches("useHttpPath = true").count(), 4);
            assert_eq!(helpers_run(&environment, URL), [helper(&environment)]);

            assert_eq!(
                environment.normalise(&environment.run(&["git", "setup", "--yes"]).stdout()),
                "[HOME]/.gitconfig is set up already; nothing was changed.\n"
            );
            assert_eq!(environment.read(".gitconfig"), written);

            environment.run(&["git", "undo", "--yes"]).stdout();
            assert_eq!(environment.read(".gitconfig"), original);
            let mode = environment
                .at(".gitconfig")
                .metadata()
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o640);
            assert_eq!(environment.names("."), [".aws", ".gitconfig"]);
        }
    }
}

#[test]
fn a_file_that_was_not_there_is_gone_after_undoing() {
    for environment in environments() {
        environment.run(&["git", "setup", "--yes"]).stdout();
        assert!(environment.at(".gitconfig").exists());
        environment.run(&["git", "undo", "--yes"]).stdout();
        assert!(!environment.at(".gitconfig").exists());
        assert_eq!(
            environment.normalise(&environment.run(&["git", "undo"]).stdout()),
            "[HOME]/.gitconfig holds nothing of Holdfast; nothing was changed.\n"
        );
    }
}

#[test]
fn what_the_user_adds_meanwhile_stays() {
    for environment in environments() {
        environment.write(".gitconfig", USERS);
        environment.run(&["git", "setup", "--yes"]).stdout();
        let ours = "credential.https://git-codecommit.*.amazonaws.com";
        config(
            &environment,
            &["--global", &format!("{ours}.username"), "bob"],
        );
        config(&environment, &["--global", "core.pager", "less"]);
        environment.run(&["git", "undo", "--yes"]).stdout();
        let left = environment.read(".gitconfig");
        assert_eq!(
            left,
            format!(
                "{USERS}\n[credential \"https://git-codecommit.*.amazonaws.com\"]\n\tusername = bob\n[core]\n\tpager = less\n"
            )
        );
    }
}

#[test]
fn sections_for_the_same_hosts_stay_the_users_own() {
    let users = "\
[credential \"https://git-codecommit.*.amazonaws.com\"]
\thelper = !aws codecommit credential-helper $@
\tUseHttpPath = true
[http \"https://git-codecommit.*.amazonaws.com/\"]
\tproactiveAuth = basic
";
    for environment in environments() {
        environment.write(".gitconfig", users);
        environment.run(&["git", "setup", "--yes"]).stdout();
        assert!(environment.read(".gitconfig").starts_with(users));
        assert_eq!(helpers_run(&environment, URL), [helper(&environment)]);
        let again = environment.run(&["git", "setup", "--yes"]).stdout();
        assert!(again.contains("set up already"), "{again}");
        environment.run(&["git", "undo", "--yes"]).stdout();
        assert_eq!(environment.read(".gitconfig"), users);
    }
}

#[test]
fn a_helper_configured_later_is_noticed_and_mended() {
    for environment in environments() {
        environment.run(&["git", "setup", "--yes"]).stdout();
        config(&environment, &["--global", "credential.helper", "store"]);
        assert_eq!(helpers_run(&environment, URL).len(), 2);
        let shown = environment.run(&["git", "status"]).stdout();
        assert!(
            shown.contains("store is configured behind Holdfast and is handed its passwords to store; run: holdfast git setup\n"),
            "{shown}"
        );
        environment.run(&["git", "setup", "--yes"]).stdout();
        assert_eq!(helpers_run(&environment, URL), [helper(&environment)]);
        assert_eq!(
            helpers_run(&environment, "https://github.com/a/b"),
            ["git credential-store"]
        );
    }
}

#[test]
fn an_older_set_up_is_brought_up_to_date() {
    for environment in environments() {
        environment
            .run(&["git", "setup", "--yes", "--profile", "old one"])
            .stdout();
        assert_eq!(
            helpers_run(&environment, URL),
            [format!("{} --profile old\\ one", helper(&environment))]
        );
        environment
            .run(&["git", "setup", "--yes", "--host-family", "aws-cn"])
            .stdout();
        for url in [
            URL,
            "https://git-codecommit.cn-north-1.amazonaws.com.cn/v1/repos/one",
        ] {
            assert_eq!(helpers_run(&environment, url), [helper(&environment)]);
        }
        environment.run(&["git", "undo", "--yes"]).stdout();
        assert!(!environment.at(".gitconfig").exists());
    }
}

#[test]
fn hostile_profile_names_stay_one_argument() {
    for environment in environments() {
        let name = "a b; touch \"$HOME/owned\" 'x' $(touch ~/owned) é";
        let program = environment.bin().join("git-credential-holdfast");
        fs::write(
            &program,
            "#!/bin/sh\nprintf '%s|' \"$@\" > \"$HOME/arguments\"\n",
        )
        .unwrap();
        environment
            .run(&["git", "setup", "--yes", "--alias", "--profile", name])
            .stdout();
        helpers_run(&environment, URL);
        assert_eq!(
            environment.read("arguments"),
            format!("--profile|{name}|get|")
        );
        assert!(!environment.at("owned").exists());

        let holdfast = environment.bin().join("holdfast");
        fs::write(
            &holdfast,
            "#!/bin/sh\nprintf '%s|' \"$@\" > \"$HOME/arguments\"\n",
        )
        .unwrap();
        executable(&holdfast);
        assert!(
            environment
                .program("git")
                .arg("mfa")
                .status()
                .unwrap()
                .success()
        );
        assert_eq!(environment.read("arguments"), format!("login|{name}|"));
        environment.run(&["git", "undo", "--yes"]).stdout();
        assert!(!environment.at(".gitconfig").exists());

        let ran = environment.run(&["git", "setup", "--yes", "--profile", "a\nb"]);
        assert_eq!(ran.status, 2, "{ran:?}");
    }
}

#[test]
fn an_alias_of_the_users_own_is_left() {
    for environment in environments() {
        environment.write(".gitconfig", "[alias]\n\tmfa = !mine\n");
        let shown = environment
            .run(&["git", "setup", "--yes", "--alias", "--profile", "p"])
            .stdout();
        assert!(
            shown.starts_with("git mfa is already an alias for !mine; it is left as it is.\n"),
            "{shown}"
        );
        environment.run(&["git", "undo", "--yes"]).stdout();
        assert_eq!(environment.read(".gitconfig"), "[alias]\n\tmfa = !mine\n");
    }
}

#[test]
fn a_helper_in_a_folder_with_a_blank_is_run() {
    for mut environment in environments() {
        let folder = environment.at("my apps");
        fs::create_dir(&folder).unwrap();
        let program = folder.join("git-credential-holdfast");
        fs::rename(environment.bin().join("git-credential-holdfast"), &program).unwrap();
        fs::write(&program, "#!/bin/sh\ntouch \"$HOME/ran\"\n").unwrap();
        environment.prefer(&folder);
        environment.run(&["git", "setup", "--yes"]).stdout();
        helpers_run(&environment, URL);
        assert!(environment.at("ran").exists());
    }
}

#[test]
fn one_repository_can_have_its_own_profile() {
    for environment in environments() {
        environment.run(&["git", "setup", "--local"]).fails(
            2,
            "holdfast: the working folder is not in a git repository\n\
             hint: change into the repository, or leave --local out\n",
        );
        let repository = environment.at("repository/sub");
        fs::create_dir_all(&repository).unwrap();
        let mut init = environment.program("git");
        init.args(["init", "-q", ".."]).current_dir(&repository);
        assert!(init.status().unwrap().success());
        let before = environment.read("repository/.git/config");
        let run = |arguments: &[&str]| {
            let mut command = environment.holdfast(arguments);
            Ran::of(command.current_dir(&repository).output().unwrap())
        };
        run(&["git", "setup", "--local", "--profile", "one", "--yes"]).stdout();
        assert!(!environment.at(".gitconfig").exists());
        assert!(
            environment
                .read("repository/.git/config")
                .contains("--profile one")
        );
        run(&["git", "undo", "--local", "--yes"]).stdout();
        assert_eq!(environment.read("repository/.git/config"), before);
    }
}

#[test]
fn regions_of_the_config_bring_their_partitions() {
    for environment in environments() {
        environment.write(
            ".aws/config",
            "[profile a]\nregion = cn-north-1\n[profile b]\nregion = us-gov-west-1\n",
        );
        environment.run(&["git", "setup", "--yes"]).stdout();
        let written = environment.read(".gitconfig");
        assert_eq!(written.matches("[credential ").count(), 8, "{written}");
        assert!(
            written.contains("https://*.git-codecommit.*.vpce.amazonaws.com.cn\""),
            "{written}"
        );
    }
}

#[test]
fn links_stay_links_and_a_change_meanwhile_is_kept() {
    for environment in environments() {
        environment.write("dotfiles/gitconfig", USERS);
        std::os::unix::fs::symlink(
            environment.at("dotfiles/gitconfig"),
            environment.at(".gitconfig"),
        )
        .unwrap();
        environment.run(&["git", "setup", "--yes"]).stdout();
        assert!(environment.at(".gitconfig").is_symlink());
        assert!(environment.read("dotfiles/gitconfig").contains("holdfast"));
        environment.run(&["git", "undo", "--yes"]).stdout();
        assert_eq!(environment.read("dotfiles/gitconfig"), USERS);

        let mut run = OnTerminal::start(&environment, &["git", "setup"]);
        run.expect("[y/N] ");
        environment.write("dotfiles/gitconfig", "[user]\n\tname = other\n");
        run.enter("y\n")
            .expect("changed meanwhile; nothing was written");
        assert_eq!(run.end().0, 1);
        assert_eq!(
            environment.read("dotfiles/gitconfig"),
            "[user]\n\tname = other\n"
        );

        environment.write("dotfiles/gitconfig.lock", "");
        let ran = environment.run(&["git", "setup", "--yes"]);
        assert_eq!(ran.status, 1);
        assert!(
            ran.stderr.contains("another program is changing "),
            "{ran:?}"
        );
    }
}

#[test]
fn a_broken_configuration_is_reported_as_git_reports_it() {
    for environment in environments() {
        environment.write(".gitconfig", "[user\n");
        let ran = environment.run(&["git", "setup", "--yes"]);
        assert_eq!(ran.status, 1, "{ran:?}");
        assert_eq!(
            environment.normalise(&ran.stderr),
            "holdfast: git failed: bad config line 1 in file [HOME]/.gitconfig\n"
        );
    }
}

#[test]
fn a_place_that_cannot_be_written_is_named() {
    for environment in environments() {
        let file = environment.write("file", "");
        let mut command = environment.holdfast(&["git", "setup", "--yes"]);
        command.env("GIT_CONFIG_GLOBAL", file.join("gitconfig"));
        let ran = Ran::of(command.output().unwrap());
        assert_eq!(ran.status, 1, "{ran:?}");
        assert!(
            environment
                .normalise(&ran.stderr)
                .starts_with("holdfast: cannot "),
            "{ran:?}"
        );
    }
}

#[test]
fn without_a_terminal_a_confirmation_cannot_be_asked_for() {
    for environment in environments() {
        let ran = environment.run(&["git", "setup"]);
        assert_eq!(ran.status, 3);
        assert!(
            ran.stderr
                .contains("hint: look at the change, then run the same command with --yes\n")
        );
        assert!(!environment.at(".gitconfig").exists());
    }
}

#[test]
fn status_names_who_answers() {
    for environment in environments() {
        let shown = environment.run(&["git", "status"]).stdout();
        assert!(
            shown.contains("git-codecommit.REGION.amazonaws.com"),
            "{shown}"
        );
        assert!(shown.contains("nobody"), "{shown}");
        assert!(
            shown.ends_with("To let Holdfast answer, run: holdfast git setup\n"),
            "{shown}"
        );

        environment.write(
            ".gitconfig",
            "[credential]\n\thelper = !aws codecommit credential-helper $@\n",
        );
        let json = environment.run(&["git", "status", "--json"]).stdout();
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json["families"][0]["answer"], "other");

        environment.run(&["git", "setup", "--yes"]).stdout();
        let json = environment.run(&["git", "status", "--json"]).stdout();
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        let family = &json["families"][0];
        assert_eq!(family["pattern"], "https://git-codecommit.*.amazonaws.com");
        assert_eq!(family["answer"], "holdfast");
        assert_eq!(family["use_http_path"], true);
        assert_eq!(family["helpers"][0]["helper"], helper(&environment));
        assert_eq!(family["proactive_auth"], json["knows_proactive_auth"]);
        assert_eq!(family["problems"].as_array().unwrap().len(), 0);

        fs::remove_file(environment.bin().join("git-credential-holdfast")).unwrap();
        let shown = environment.run(&["git", "status"]).stdout();
        assert!(
            shown.contains("git-credential-holdfast is not there; run: holdfast git setup\n"),
            "{shown}"
        );
        let ran = environment.run(&["git", "setup", "--yes"]);
        assert_eq!(ran.status, 2, "{ran:?}");
    }
}

#[test]
fn status_names_who_serves_codecommit_urls() {
    for mut environment in environments() {
        let status = |environment: &Environment| {
            let json = environment.run(&["git", "status", "--json"]).stdout();
            serde_json::from_str::<serde_json::Value>(&json).unwrap()
        };
        let before = status(&environment)["remote_helpers"]
            .as_array()
            .unwrap()
            .len();
        let others = environment.install("git-remote-codecommit");
        let ours = environment
            .executable()
            .with_file_name("git-remote-codecommit");
        fs::write(&ours, "#!/bin/sh\n").unwrap();
        executable(&ours);

        let shown = environment.run(&["git", "status"]).stdout();
        let line = format!("served by {} (not Holdfast)\n", others.display());
        assert!(shown.contains(&line), "{shown}");
        assert!(!shown.contains("protocol.codecommit.allow"), "{shown}");

        environment.prefer(ours.parent().unwrap());
        let json = status(&environment);
        assert_eq!(json["remote_helpers"].as_array().unwrap().len(), before + 2);
        assert_eq!(json["remote_helpers"][0]["holdfast"], true);
        assert_eq!(json["remote_helpers"][1]["path"], others.to_str().unwrap());
        assert_eq!(json["remote_helpers"][1]["holdfast"], false);
        assert_eq!(json["codecommit_submodules"], false);
        let shown = environment.run(&["git", "status"]).stdout();
        assert!(shown.contains("(Holdfast)\n"), "{shown}");
        let allow = "git config --global protocol.codecommit.allow always";
        assert!(shown.contains(allow), "{shown}");

        config(
            &environment,
            &["--global", "protocol.codecommit.allow", "always"],
        );
        assert_eq!(status(&environment)["codecommit_submodules"], true);
        let shown = environment.run(&["git", "status"]).stdout();
        assert!(!shown.contains(allow), "{shown}");

        let bin = environment.bin();
        environment.prefer(&bin);
        let shown = environment.run(&["git", "status"]).stdout();
        let advice = format!("put the folder of {} first on the PATH", ours.display());
        assert!(shown.contains(&advice), "{shown}");
    }
}
