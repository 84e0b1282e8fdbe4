//! The remote helper as a process, with an agent and a git that only take note.
#![cfg(unix)]

mod support;

use holdfast_agent_proto::{AgentError, ErrorCode, Reply};
use holdfast_codecommit::git_config::helper_command;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::{Command, Stdio};
use support::*;

const REMOTE_HELPER: &str = env!("CARGO_BIN_EXE_git-remote-codecommit");
const HOST: &str = "git-codecommit.eu-west-1.amazonaws.com";

/// Writes down its arguments and environment, and ends like no other program.
const NOTING_GIT: &str =
    "printf '%s\\0' \"$@\" >\"$HOME/argv\"; env >\"$HOME/environ\"; echo $$ >\"$HOME/pid\"; exit 7";

fn endpoint(host: &'static str, profile: Option<&'static str>) -> Behaviour {
    Behaviour::Reply(Box::new(move || Reply::RepositoryEndpoint {
        host: host.to_owned(),
        profile: profile.map(str::to_owned),
    }))
}

struct Case {
    agent: FakeAgent,
}

impl Case {
    fn new(behaviour: Behaviour) -> Self {
        let agent = FakeAgent::start(behaviour);
        let bin = agent.home.path().join("bin");
        fs::create_dir(&bin).expect("a folder");
        script(&bin.join("git"), NOTING_GIT);
        Self { agent }
    }

    fn home(&self) -> &Path {
        self.agent.home.path()
    }

    fn command<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Command {
        let mut command = Command::new(REMOTE_HELPER);
        with_home(&mut command, self.home());
        let path = format!("{}:/usr/bin:/bin", self.home().join("bin").display());
        command.env("PATH", path).args(arguments);
        command
    }

    /// What git was started with, if it was.
    fn argv(&self) -> Option<Vec<String>> {
        let text = fs::read_to_string(self.home().join("argv")).ok()?;
        Some(text.split_terminator('\0').map(str::to_owned).collect())
    }

    /// Ended before git and agent were asked for anything, with one line.
    fn assert_misused(&self, ran: &Ran, what: &str) {
        assert_refused(ran, 2, what);
        assert_eq!(self.argv(), None, "{what}");
        assert_eq!(self.agent.seen().len(), 0, "{what}");
    }
}

fn assert_refused(ran: &Ran, code: i32, what: &str) {
    assert_eq!(
        (ran.code, &*ran.stdout),
        (code, ""),
        "{what}: {}",
        ran.stderr
    );
    let line = ran.stderr.strip_suffix('\n').unwrap_or_default();
    assert!(line.starts_with("holdfast: "), "{what}: {}", ran.stderr);
    assert!(!line.contains(char::is_control), "{what}: {line:?}");
}

fn expected(host: &str, profile: Option<&str>, remote: &str, path: &str) -> Vec<String> {
    let helper = helper_command(HELPER, profile).expect("no control character");
    [
        "-c",
        &format!("credential.https://{host}.helper="),
        "-c",
        &format!("credential.https://{host}.helper={helper}"),
        "-c",
        &format!("credential.https://{host}.useHttpPath=true"),
        "-c",
        &format!("http.https://{host}.proactiveAuth=basic"),
        "-c",
        &format!("http.https://{host}.emptyAuth=false"),
        "remote-https",
        remote,
        &format!("https://{host}/{path}"),
    ]
    .map(str::to_owned)
    .to_vec()
}

#[test]
fn it_becomes_git_with_a_clean_url() {
    let case = Case::new(endpoint(HOST, Some("it's dev")));
    let mut command = case.command(&["origin", "eu-west-1://it's%20dev@myRepository"]);
    command
        .env("GIT_CONFIG_COUNT", "1")
        .env("GIT_CONFIG_KEY_0", "credential.helper")
        .env("GIT_CONFIG_VALUE_0", "other");
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let pid = child.id();
    let output = child.wait_with_output().expect("the program ends");

    assert_eq!(
        output.status.code(),
        Some(7),
        "git's exit status is passed on"
    );
    assert_eq!(output.stdout, b"");
    assert_eq!(output.stderr, b"");
    assert_eq!(
        case.argv().expect("git was started"),
        expected(HOST, Some("it's dev"), "origin", "v1/repos/myRepository")
    );
    let git = fs::read_to_string(case.home().join("pid")).expect("git was started");
    assert_eq!(git.trim(), pid.to_string(), "no process is left behind");
    assert_eq!(
        case.agent.only_request(),
        json!({"repository-endpoint": {"repository": "myRepository", "profile": "it's dev", "region": "eu-west-1"}})
    );
    assert_eq!(case.agent.seen()[0].0["client"], "git-remote-codecommit");

    let environment = fs::read_to_string(case.home().join("environ")).expect("git was started");
    let config: Vec<&str> = environment
        .lines()
        .filter(|line| line.starts_with("GIT_CONFIG"))
        .collect();
    assert_eq!(
        config.len(),
        3,
        "the person's own configuration stays: {config:?}"
    );
}

#[test]
fn the_agent_decides_what_the_url_leaves_open() {
    for (url, host, profile, path, asked) in [
        (
            "codecommit://R",
            HOST,
            None,
            "v1/repos/R",
            json!({"repository": "R"}),
        ),
        (
            "codecommit://p@R.git",
            "git-codecommit-fips.us-gov-west-1.amazonaws.com",
            Some("p"),
            "v1/repos/R.git",
            json!({"repository": "R", "profile": "p"}),
        ),
        (
            "cn-north-1://-x%40y@-R/",
            "git-codecommit.cn-north-1.amazonaws.com.cn",
            Some("-x@y"),
            "v1/repos/-R",
            json!({"repository": "-R", "profile": "-x@y", "region": "cn-north-1"}),
        ),
    ] {
        let case = Case::new(endpoint(host, profile));
        // git names the URL where the remote has no name.
        let ran = run(&mut case.command(&[url, url]), b"");
        assert_eq!(ran.code, 7, "{url}: {}", ran.stderr);
        assert_eq!(case.argv().expect(url), expected(host, profile, url, path));
        assert_eq!(case.agent.only_request()["repository-endpoint"], asked);
    }
}

#[test]
fn fips_is_passed_on_as_the_environment_says() {
    for (value, expect) in [
        ("true", json!(true)),
        ("False", json!(false)),
        ("", Value::Null),
        ("1", Value::Null),
    ] {
        let case = Case::new(endpoint(HOST, None));
        let mut command = case.command(&["origin", "codecommit://R"]);
        let ran = run(command.env("AWS_USE_FIPS_ENDPOINT", value), b"");
        assert_eq!(ran.code, 7, "{}", ran.stderr);
        let request = case.agent.only_request();
        assert_eq!(request["repository-endpoint"]["use-fips-endpoint"], expect);
    }
}

#[test]
fn an_endpoint_in_a_vpc_can_be_named() {
    let vpc = "vpce-0a1b-c2.git-codecommit.eu-west-1.vpce.amazonaws.com";
    for url in ["codecommit://R", "eu-west-1://R"] {
        let case = Case::new(endpoint(HOST, None));
        let ran = run(
            case.command(&["origin", url])
                .env("CODE_COMMIT_ENDPOINT", vpc),
            b"",
        );
        assert_eq!(ran.code, 7, "{}", ran.stderr);
        assert_eq!(
            case.argv().expect("git was started"),
            expected(vpc, None, "origin", "v1/repos/R")
        );
        let asked = &case.agent.only_request()["repository-endpoint"]["region"];
        assert_eq!(asked, "eu-west-1", "the host's region counts");
    }
    for (endpoint_host, url) in [
        (vpc, "us-east-1://R"),
        ("evil.example", "codecommit://R"),
        (
            "git-codecommit.eu-west-1.amazonaws.com.evil.example",
            "codecommit://R",
        ),
        (
            "https://git-codecommit.eu-west-1.amazonaws.com",
            "codecommit://R",
        ),
        (
            "user@git-codecommit.eu-west-1.amazonaws.com",
            "codecommit://R",
        ),
    ] {
        let case = Case::new(endpoint(HOST, None));
        let mut command = case.command(&["origin", url]);
        let ran = run(command.env("CODE_COMMIT_ENDPOINT", endpoint_host), b"");
        case.assert_misused(&ran, endpoint_host);
        assert!(!ran.stderr.contains("evil"), "{}", ran.stderr);
    }
}

#[test]
fn hostile_arguments_start_nothing() {
    let case = Case::new(endpoint(HOST, None));
    let long = format!("codecommit://{}", "r".repeat(101));
    let urls: &[&[u8]] = &[
        b"",
        b"-",
        b"--help",
        b"--upload-pack=id",
        b"-c",
        b"codecommit",
        b"github://R",
        b"file:///etc",
        b"ext::sh -c id",
        b"https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/R",
        b"codecommit://",
        b"codecommit://@R",
        b"codecommit://p@",
        b"codecommit://p@..",
        b"codecommit://R/../S",
        b"codecommit://R?x=y",
        b"codecommit://R#x",
        b"codecommit://R S",
        b"codecommit://p%0aq@R",
        b"codecommit://p%00q@R",
        b"codecommit://p\nhost=evil@R",
        b"codecommit://\xff@R",
        b"codecommit://\x1b[2J@R",
        b"eu-west-1.evil.example/://R",
        b"eu-west-1@evil.example://R",
        b"xx-yy://R",
        b"--upload-pack=id-1://R",
        long.as_bytes(),
    ];
    for url in urls {
        let ran = run(
            &mut case.command(&[OsStr::new("origin"), OsStr::from_bytes(url)]),
            b"",
        );
        case.assert_misused(&ran, &String::from_utf8_lossy(url));
        assert!(!ran.stderr.contains("evil"), "{}", ran.stderr);
    }
    let remotes: &[&[u8]] = &[b"", b"-", b"--help", b"-h", b"-c", b"a\nb", b"\x1b[2J"];
    for remote in remotes {
        let ran = run(
            &mut case.command(&[OsStr::from_bytes(remote), OsStr::new("codecommit://R")]),
            b"",
        );
        case.assert_misused(&ran, &String::from_utf8_lossy(remote));
    }
    let counts: &[&[&str]] = &[
        &[],
        &["codecommit://R"],
        &["origin", "codecommit://R", "codecommit://S"],
    ];
    for arguments in counts {
        let ran = run(&mut case.command(arguments), b"");
        case.assert_misused(&ran, &format!("{arguments:?}"));
    }
}

/// Pieces of good and of hostile arguments, to be put together at random.
const PIECES: &[&str] = &[
    "codecommit",
    "eu-west-1",
    "://",
    "::",
    ":",
    "/",
    "@",
    "dev",
    "myRepository",
    ".git",
    "..",
    "-",
    "--",
    "-c",
    "--help",
    "--upload-pack=id",
    "=",
    " ",
    "%",
    "%40",
    "%0a",
    "%00",
    "'",
    "\"",
    "\\",
    "$(id)",
    ";",
    "\n",
    "\t",
    "\u{1b}",
    "é",
    "?",
    "#",
    "https://evil.example/",
];

fn argument() -> impl Strategy<Value = String> {
    let pieces = prop::collection::vec(prop::sample::select(PIECES), 0..6);
    let url = (
        prop::option::of(prop::sample::select(PIECES)),
        prop::sample::select(PIECES),
    );
    prop_oneof![
        pieces.prop_map(|pieces| pieces.concat()),
        // One that is good, but for one or two pieces.
        url.prop_map(|(profile, repository)| match profile {
            Some(profile) => format!("eu-west-1://{profile}@{repository}"),
            None => format!("codecommit://{repository}"),
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_argument_becomes_an_option(remote in argument(), url in argument()) {
        let case = Case::new(endpoint(HOST, Some("dev")));
        let ran = run(&mut case.command(&[&remote, &url]), b"");
        let Some(argv) = case.argv() else {
            case.assert_misused(&ran, &url);
            return Ok(());
        };
        let (repository, fixed) = argv.split_last().expect("git has arguments");
        let expect = expected(HOST, Some("dev"), &remote, "");
        prop_assert_eq!(fixed, &expect[..expect.len() - 1]);
        let repository = repository.strip_prefix(&*format!("https://{HOST}/v1/repos/"));
        let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        prop_assert!(repository.is_some_and(|name| name.chars().all(plain)), "{:?}", argv);
        prop_assert!(!remote.starts_with('-') && !remote.contains(char::is_control));
    }
}

#[test]
fn what_the_agent_says_becomes_one_line() {
    let unknown = AgentError::new(ErrorCode::UnknownProfile, "there is no profile p")
        .hint("did you mean P?")
        .hint("holdfast profiles");
    let case = Case::new(Behaviour::Error(unknown));
    let ran = run(&mut case.command(&["origin", "codecommit://p@R"]), b"");
    assert_refused(&ran, 1, "unknown profile");
    assert_eq!(
        ran.stderr,
        "holdfast: repository R: there is no profile p; run: holdfast profiles\n"
    );
    assert_eq!(case.argv(), None);
}

#[test]
fn only_codecommit_is_gone_to() {
    for host in [
        "evil.example",
        "",
        "-c",
        "git-codecommit.eu-west-1.amazonaws.com:8443",
        "a/b",
        "git-codecommit.eu-west-1.amazonaws.com/x",
    ] {
        let case = Case::new(endpoint(host, None));
        let ran = run(&mut case.command(&["origin", "codecommit://R"]), b"");
        assert_refused(&ran, 1, host);
        assert_eq!(case.argv(), None, "{host}");
    }
    let case = Case::new(credential());
    let ran = run(&mut case.command(&["origin", "codecommit://R"]), b"");
    assert_refused(&ran, 1, "another answer");
}

#[test]
fn programs_of_the_working_folder_are_not_run() {
    for path in [".", "", "bin", "./bin", ".:bin:"] {
        let case = Case::new(endpoint(HOST, None));
        script(&case.home().join("git"), NOTING_GIT);
        let ran = run(
            case.command(&["origin", "codecommit://R"])
                .env("PATH", path),
            b"",
        );
        assert_refused(&ran, 1, path);
        assert!(
            ran.stderr.contains("no absolute folder of PATH"),
            "{}",
            ran.stderr
        );
        assert_eq!(case.argv(), None, "{path:?}");
    }
}

#[test]
fn a_git_that_cannot_be_run_is_passed_over_or_named() {
    let case = Case::new(endpoint(HOST, None));
    let first = case.home().join("first");
    fs::create_dir(&first).expect("a folder");
    fs::write(first.join("git"), "no program").expect("a file");
    let path = format!("{}:{}", first.display(), case.home().join("bin").display());
    let mut command = case.command(&["origin", "codecommit://R"]);
    // The script's own programs are not on this PATH; that it was run is what counts.
    let ran = run(command.env("PATH", &path), b"");
    assert_eq!(ran.code, 7, "{}", ran.stderr);
    assert!(case.argv().is_some());

    let broken = Case::new(endpoint(HOST, None));
    let git = broken.home().join("bin/git");
    script(&git, "");
    fs::write(&git, "#!/nowhere/interpreter\n").expect("a file");
    let ran = run(&mut broken.command(&["origin", "codecommit://R"]), b"");
    assert_refused(&ran, 1, "broken git");
    assert!(
        ran.stderr
            .contains(&format!("cannot run {}", git.display())),
        "{}",
        ran.stderr
    );
}

#[test]
fn an_incomplete_installation_is_told() {
    let case = Case::new(endpoint(HOST, None));
    let alone = case.home().join("alone");
    fs::create_dir(&alone).expect("a folder");
    let copy = alone.join("git-remote-codecommit");
    fs::copy(REMOTE_HELPER, &copy).expect("a copy");
    let mut command = Command::new(&copy);
    with_home(&mut command, case.home());
    command.env("PATH", case.home().join("bin"));
    let ran = run(command.args(["origin", "codecommit://R"]), b"");
    assert_refused(&ran, 1, "no credential helper");
    assert!(
        ran.stderr
            .contains("git-credential-holdfast is neither beside"),
        "{}",
        ran.stderr
    );
    assert_eq!(case.argv(), None);
}
