//! The helper as git runs it, with every git on this machine and the configuration that the setup writes.
#![cfg(unix)]

mod support;

use holdfast_agent_proto::{AgentError, ErrorCode, Reply};
use holdfast_codecommit::git_config::{helper_command, settings, url_patterns_of};
use holdfast_codecommit::{CloneCommand, GitHost, Partition, Region, RepositoryName, Shell};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use support::*;

const URL: &str = "https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/myRepository";

/// The git on the path and the system's own, which may be of another version.
fn gits() -> Vec<PathBuf> {
    let mut gits: Vec<PathBuf> = [
        "/usr/local/bin/git",
        "/usr/bin/git",
        "/opt/homebrew/bin/git",
    ]
    .iter()
    .map(PathBuf::from)
    .filter(|git| git.is_file())
    .collect();
    gits.dedup_by_key(|git| git.canonicalize().ok());
    assert!(!gits.is_empty(), "no git to test with");
    gits
}

/// A path of the test's own.
fn text(path: &Path) -> &str {
    path.to_str().expect("the path is text")
}

/// A home whose git knows our helper for CodeCommit and a recording one for everything.
struct Setup {
    agent: FakeAgent,
    git: PathBuf,
}

impl Setup {
    fn new(git: &Path, behaviour: Behaviour) -> Self {
        let agent = FakeAgent::start(behaviour);
        let home = agent.home.path();
        let folder = home.join("our programs");
        fs::create_dir(&folder).expect("a folder");
        // Says which operations reach our helper; git runs it by a path with a blank in it.
        let ours = folder.join("git-credential-holdfast");
        script(
            &ours,
            &format!(
                "for operation; do :; done; echo $operation >>\"$HOME/ours\"; exec '{HELPER}' \"$@\""
            ),
        );
        let other = home.join("other-helper");
        script(&other, "cat >/dev/null; echo $1 >>\"$HOME/others\"");
        let setup = Self {
            agent,
            git: git.to_owned(),
        };
        setup.config("credential.helper", text(&other));
        let command = helper_command(text(&ours), Some("it's dev")).expect("no control character");
        for pattern in url_patterns_of(&Partition::ALL) {
            for setting in settings(&pattern, &command) {
                setup.config(&setting.key, &setting.value);
            }
        }
        setup
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.git);
        with_home(&mut command, self.agent.home.path());
        command.env("GIT_CONFIG_NOSYSTEM", "1").args(arguments);
        command
    }

    fn git(&self, arguments: &[&str], input: &str) -> Ran {
        run(&mut self.command(arguments), input.as_bytes())
    }

    fn config(&self, key: &str, value: &str) {
        let ran = self.git(&["config", "--global", "--add", key, value], "");
        assert_eq!(ran.code, 0, "{}", ran.stderr);
    }

    fn fill(&self, url: &str) -> Ran {
        self.git(&["credential", "fill"], &format!("url={url}\n\n"))
    }

    /// Operations that reached `ours` or `others`, in order.
    fn reached(&self, whom: &str) -> String {
        let log = fs::read_to_string(self.agent.home.path().join(whom));
        log.unwrap_or_default()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    }
}

#[test]
fn git_takes_the_answer_and_no_other_helper_hears_of_it() {
    for git in gits() {
        let setup = Setup::new(&git, credential());
        let filled = setup.fill(URL);
        assert_eq!(filled.code, 0, "{}", filled.stderr);
        assert!(
            filled.stdout.contains(&format!("username={USERNAME}\n")),
            "{}",
            filled.stdout
        );
        assert!(filled.stdout.contains(&format!("password={PASSWORD}\n")));
        assert_eq!(
            setup.agent.only_request()["git-credential"]["profile"],
            "it's dev"
        );
        assert_eq!(
            setup.agent.seen()[0].0["context"]["interaction"],
            "background"
        );

        let approved = setup.git(&["credential", "approve"], &filled.stdout);
        approved.assert_silent("approve");
        let rejected = setup.git(&["credential", "reject"], &filled.stdout);
        rejected.assert_silent("reject");
        assert_eq!(setup.reached("ours"), "get store erase", "{git:?}");
        assert_eq!(setup.reached("others"), "", "{git:?}");
        assert!(setup.agent.seen()[1].1["request"]["git-rejected"].is_object());
    }
}

/// git 2.46 and later pass on that the password is not to be stored; its end is passed on since 2.40.
#[test]
fn git_learns_that_the_password_is_not_to_be_stored() {
    for git in gits() {
        let setup = Setup::new(&git, credential());
        let known = setup.git(&["credential", "capability"], "").stdout;
        // Not as a URL, for which git forgets what was said before.
        let filled = setup.git(&["credential", "fill"], INPUT);
        assert!(filled.stdout.contains(PASSWORD), "{}", filled.stderr);
        assert_eq!(
            filled.stdout.contains("\nephemeral=1\n"),
            known.contains("capability authtype"),
            "{git:?}: {}",
            filled.stdout
        );
        if known.contains("capability authtype") {
            assert!(
                filled.stdout.contains("\npassword_expiry_utc="),
                "{}",
                filled.stdout
            );
        }
    }
}

#[test]
fn the_patterns_cover_every_kind_of_endpoint() {
    let regions = [
        "us-east-1",
        "us-gov-west-1",
        "cn-northwest-1",
        "eusc-de-east-1",
        "us-iso-east-1",
        "us-isob-east-1",
        "eu-isoe-west-1",
        "us-isof-south-1",
    ];
    for git in gits() {
        let setup = Setup::new(&git, credential());
        let mut asked = 0;
        for region in regions.map(|region| Region::parse(region).unwrap()) {
            for host in [
                GitHost::public(region.clone()),
                GitHost::public_fips(region.clone()),
                GitHost::vpc_endpoint(region.clone(), "vpce-0a-b-us-east-1a", false).unwrap(),
                GitHost::vpc_endpoint(region.clone(), "vpce-0a-b", true).unwrap(),
            ] {
                let filled = setup.fill(&format!("https://{host}/v1/repos/r"));
                assert!(
                    filled.stdout.contains(PASSWORD),
                    "{git:?} {host}: {}",
                    filled.stderr
                );
                asked += 1;
            }
        }
        assert_eq!(setup.agent.seen().len(), asked);
        assert_eq!(setup.reached("others"), "");
    }
}

#[test]
fn hosts_of_others_keep_their_helpers() {
    for git in gits() {
        for url in [
            "https://github.com/a/b",
            "https://git-codecommit.eu-west-1.amazonaws.com.evil.example/v1/repos/r",
            "https://codecommit.eu-west-1.amazonaws.com/v1/repos/r",
            "http://git-codecommit.eu-west-1.amazonaws.com/v1/repos/r",
        ] {
            let setup = Setup::new(&git, credential());
            let filled = setup.fill(url);
            assert_ne!(filled.code, 0);
            assert_eq!(filled.stdout, "");
            assert_eq!(setup.reached("others"), "get", "{url}");
            assert_eq!(setup.reached("ours"), "", "{url}");
        }
    }
}

#[test]
fn a_failure_ends_git_without_a_question() {
    for git in gits() {
        let error = AgentError::new(
            ErrorCode::MfaRequired,
            "the MFA session for profile dev has ended",
        );
        let setup = Setup::new(&git, Behaviour::Error(error.hint("holdfast login dev")));
        let filled = setup.fill(URL);
        assert_ne!(filled.code, 0);
        assert_eq!(filled.stdout, "");
        assert!(
            filled.stderr.starts_with(
                "holdfast: repository myRepository in eu-west-1: the MFA session for profile dev has ended; \
                 run: holdfast login dev\nfatal: "
            ),
            "{}",
            filled.stderr
        );
        assert!(
            filled.stderr.contains("told us to quit"),
            "{}",
            filled.stderr
        );
        assert!(!filled.stderr.contains("Username"), "{}", filled.stderr);
        assert_eq!(setup.reached("others"), "");
    }
}

/// Payloads in URLs, with git's own guard against them off.
#[test]
fn urls_with_line_ends_get_nothing() {
    let host = "git-codecommit.eu-west-1.amazonaws.com";
    for git in gits() {
        let setup = Setup::new(&git, credential());
        for url in [
            format!("https://{host}%0d/v1/repos/r"),
            format!("https://{host}%0d%0a/v1/repos/r"),
            format!("https://{host}%0ahost=evil.example/v1/repos/r"),
            format!("https://evil.example%0dhost={host}/v1/repos/r"),
            format!("https://evil.example%0d%0ahost={host}%0d%0a/v1/repos/r"),
            format!("https://evil.example%00.{host}/v1/repos/r"),
            format!("https://{host}%00.evil.example/v1/repos/r"),
            format!("https://{host}/v1/repos/r%0dhost=evil.example"),
            format!("https://user%0dhost=evil.example@{host}/v1/repos/r"),
            format!("https://evil.example%2f@{host}.evil.example/v1/repos/r"),
            format!("https://evil.example%23.{host}/v1/repos/r"),
            format!("https://evil.example%3f.{host}/v1/repos/r"),
        ] {
            // Every helper is ours, for every host.
            let mut command = setup.command(&[
                "-c",
                "credential.protectProtocol=false",
                "-c",
                "credential.helper=",
                "-c",
                &format!("credential.helper={HELPER}"),
                "-c",
                "credential.useHttpPath=true",
                "credential",
                "fill",
            ]);
            let filled = run(&mut command, format!("url={url}\n\n").as_bytes());
            assert_ne!(filled.code, 0, "{url}: {}", filled.stdout);
            assert!(!filled.stdout.contains(PASSWORD), "{url}");
        }
        assert!(setup.agent.seen().is_empty(), "{:?}", setup.agent.seen());
    }
}

#[test]
fn the_https_clone_command_brings_its_own_configuration() {
    for git in gits() {
        let setup = Setup::new(&git, Behaviour::Reply(Box::new(|| Reply::Done)));
        let home = setup.agent.home.path();
        let clone = CloneCommand::https(
            &GitHost::public(Region::parse("eu-west-1").unwrap()),
            "it's $dev",
            &RepositoryName::parse("myRepository").unwrap(),
            "/no such folder/git-credential-holdfast",
            home.join("our programs/holdfast").to_str().unwrap(),
        )
        .unwrap();
        script(&home.join("our programs/holdfast"), "printf '<%s>' \"$@\"");
        let line = clone.text(Shell::Posix).unwrap();
        // An empty repository stands in for the one at AWS.
        let line = line.replace(URL, "\"$HOME/upstream\" clone");
        let git = git.display().to_string();
        let line = line.strip_prefix("git ").unwrap();
        let mut shell = Command::new("/bin/sh");
        with_home(&mut shell, home);
        shell.env("GIT_CONFIG_NOSYSTEM", "1").args([
            "-ec",
            &format!("\"$0\" init -q --bare upstream; \"$0\" {line}; cd clone; \"$0\" mfa"),
            &git,
        ]);
        let ran = run(&mut shell, b"");
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert_eq!(ran.stdout, "<login><it's $dev>");
        let read = |key: &str| {
            let arguments = ["-C", "clone", "config", "--get-urlmatch", key, URL];
            setup.git(&arguments, "").stdout
        };
        assert_eq!(
            read("credential.helper"),
            "/no\\ such\\ folder/git-credential-holdfast --profile it\\'s\\ \\$dev\n"
        );
        assert_eq!(read("credential.useHttpPath"), "true\n");
        assert_eq!(read("http.proactiveAuth"), "basic\n");
        assert_eq!(read("http.emptyAuth"), "false\n");
    }
}
