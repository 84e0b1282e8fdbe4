//! Input that is not what an honest git writes for a CodeCommit repository: silence, and no question to the agent.
#![cfg(unix)]

mod support;

use support::*;

const HOST: &str = "git-codecommit.eu-west-1.amazonaws.com";

/// Marks what must not come back.
const MARK: &str = "m4rk3d-1nput";

/// Inputs for which the helper has to be silent, by what is wrong with them.
fn corpus() -> Vec<(&'static str, Vec<u8>)> {
    let with = |lines: &str| lines.replace("HOST", HOST).into_bytes();
    let good = format!("protocol=https\nhost={HOST}\npath=v1/repos/{MARK}\n");
    let long_line = |key: &str| format!("{key}={}\n", "x".repeat(64 * 1024));
    let mut corpus = vec![
        ("nothing", Vec::new()),
        ("a blank line first", format!("\n{good}").into_bytes()),
        (
            "no key",
            with("protocol=https\nhost=HOST\n=m4rk3d-1nput\npath=v1/repos/r\n"),
        ),
        (
            "no equals sign",
            with("protocol=https\nhost=HOST\nm4rk3d-1nput\npath=v1/repos/r\n"),
        ),
        (
            "JSON",
            with("{\"protocol\":\"https\",\"host\":\"HOST\",\"path\":\"v1/repos/m4rk3d-1nput\"}\n"),
        ),
        // Another protocol.
        (
            "http",
            with("protocol=http\nhost=HOST\npath=v1/repos/m4rk3d-1nput\n"),
        ),
        (
            "no protocol",
            with("host=HOST\npath=v1/repos/m4rk3d-1nput\n"),
        ),
        (
            "an empty protocol",
            with("protocol=\nhost=HOST\npath=v1/repos/m4rk3d-1nput\n"),
        ),
        (
            "protocol in upper case",
            with("protocol=HTTPS\nhost=HOST\npath=v1/repos/m4rk3d-1nput\n"),
        ),
        (
            "protocol with a blank",
            with("protocol=https \nhost=HOST\npath=v1/repos/m4rk3d-1nput\n"),
        ),
        (
            "cert",
            with("protocol=cert\nhost=HOST\npath=v1/repos/m4rk3d-1nput\n"),
        ),
        // Twice.
        (
            "two hosts",
            with("protocol=https\nhost=HOST\nhost=m4rk3d-1nput\npath=v1/repos/r\n"),
        ),
        (
            "two hosts, ours last",
            with("protocol=https\nhost=m4rk3d-1nput\nhost=HOST\npath=v1/repos/r\n"),
        ),
        (
            "the same host twice",
            with("protocol=https\nhost=HOST\nhost=HOST\npath=v1/repos/m4rk3d-1nput\n"),
        ),
        (
            "two protocols",
            with("protocol=https\nprotocol=http\nhost=HOST\npath=v1/repos/m4rk3d-1nput\n"),
        ),
        (
            "two paths",
            with("protocol=https\nhost=HOST\npath=v1/repos/r\npath=v1/repos/m4rk3d-1nput\n"),
        ),
        (
            "a URL beside the parts",
            with("protocol=https\nhost=HOST\npath=v1/repos/r\nurl=https://m4rk3d-1nput/\n"),
        ),
        // Line ends that some readers take for the end of a line, as in CVE-2024-50349, -52006 and -53858.
        ("CRLF", good.replace('\n', "\r\n").into_bytes()),
        (
            "CR behind the host",
            with("protocol=https\nhost=HOST\r\npath=v1/repos/m4rk3d-1nput\n"),
        ),
        (
            "CR in the host",
            with("protocol=https\nhost=m4rk3d-1nput\rhost=HOST\npath=v1/repos/r\n"),
        ),
        (
            "CR in front of a host",
            with("protocol=https\nhost=HOST\rhost=m4rk3d-1nput\npath=v1/repos/r\n"),
        ),
        (
            "CR in the path",
            with("protocol=https\nhost=HOST\npath=v1/repos/r\rhost=m4rk3d-1nput\n"),
        ),
        (
            "CR in the user name",
            with("protocol=https\nhost=HOST\npath=v1/repos/r\nusername=m4rk3d-1nput\rhost=x\n"),
        ),
        (
            "CR in a header",
            with("protocol=https\nhost=HOST\npath=v1/repos/r\nwwwauth[]=x\rhost=m4rk3d-1nput\n"),
        ),
        // A line feed in a URL, as in CVE-2020-5260, becomes a line of its own.
        (
            "LF in the host",
            with("protocol=https\nhost=m4rk3d-1nput\n.HOST\npath=v1/repos/r\n"),
        ),
        (
            "LF and another host",
            with("protocol=https\nhost=m4rk3d-1nput\nhost=HOST\n\npath=v1/repos/r\n"),
        ),
        (
            "NUL in the host",
            with("protocol=https\nhost=HOST\0.m4rk3d-1nput\npath=v1/repos/r\n"),
        ),
        (
            "NUL in the path",
            with("protocol=https\nhost=HOST\npath=v1/repos/r\0m4rk3d-1nput\n"),
        ),
        (
            "NUL elsewhere",
            with("protocol=https\nhost=HOST\npath=v1/repos/r\nx=\0m4rk3d-1nput\n"),
        ),
        (
            "escape sequences",
            with("protocol=https\nhost=HOST\npath=v1/repos/r\nx=\x1b]0;m4rk3d-1nput\x07\n"),
        ),
        (
            "a unicode line separator",
            with("protocol=https\nhost=HOST\u{2028}m4rk3d-1nput\npath=v1/repos/r\n"),
        ),
        // Sizes.
        (
            "a long line",
            format!("{good}{}", long_line("username")).into_bytes(),
        ),
        (
            "a long line first",
            format!("{}{good}", long_line("wwwauth[]")).into_bytes(),
        ),
        (
            "a long host",
            format!(
                "protocol=https\nhost={}.{HOST}\npath=v1/repos/r\n",
                "x".repeat(60_000)
            )
            .into_bytes(),
        ),
        (
            "a long path",
            format!(
                "protocol=https\nhost={HOST}\npath=v1/repos/{}\n",
                "x".repeat(60_000)
            )
            .into_bytes(),
        ),
        (
            "many lines",
            format!("{good}{}", "a=b\n".repeat(20_000)).into_bytes(),
        ),
        ("no end", vec![b'x'; 4 * 1024 * 1024]),
        ("zeros", vec![0; 64 * 1024]),
        ("not text", (0..=255).collect()),
        (
            "not text in the host",
            [
                b"protocol=https\nhost=",
                &[0xff; 9][..],
                HOST.as_bytes(),
                b"\n",
            ]
            .concat(),
        ),
    ];
    for host in [
        "m4rk3d-1nput.example",
        "HOST.m4rk3d-1nput.example",
        "m4rk3d-1nput.HOST",
        "m4rk3d-1nputHOST",
        "HOST.",
        "HOST:80",
        "HOST:8443",
        "HOST:443:443",
        "user@HOST",
        "HOST@m4rk3d-1nput.example",
        "HOST/m4rk3d-1nput",
        "m4rk3d-1nput.example/HOST",
        "m4rk3d-1nput.example#HOST",
        "m4rk3d-1nput.example?HOST",
        "m4rk3d-1nput.example\\HOST",
        "HOST%0d.m4rk3d-1nput.example",
        "HOST%00m4rk3d-1nput.example",
        " HOST",
        "HOST ",
        "amazonaws.com.m4rk3d-1nput.example",
        "m4rk3d-1nput-amazonaws.com",
        "s3.m4rk3d-1nput.amazonaws.com",
        "codecommit.eu-west-1.amazonaws.com",
        "git-codecommit.eu-west-1.amazonaws.com.cn",
        "git-codecommit.cn-north-1.amazonaws.com",
        "git-codecommit.m4rk3d.amazonaws.com",
        "vpce-1.git-codecommit.eu-west-1.amazonaws.com",
        "git-codecommit.eu-west-1.vpce.amazonaws.com",
        "git-codecommit.eu-west-1.\u{430}mazonaws.com",
    ] {
        let host = host.replace("HOST", HOST);
        let input = format!("protocol=https\nhost={host}\npath=v1/repos/{MARK}\n");
        corpus.push(("a host that looks like ours", input.into_bytes()));
    }
    for path in [
        "",
        "/v1/repos/m4rk3d-1nput",
        "v1/repos/",
        "v1/repos/..",
        "v1/repos/../m4rk3d-1nput",
        "v1/repos/m4rk3d-1nput/",
        "v1/repos/m4rk3d-1nput/..",
        "v1/repos/m4rk3d 1nput",
        "v1/repos/m4rk3d%2f1nput",
        "v1/repos/m4rk3d-1nput?x",
        "v1/repos/m4rk3d-1nput/info/refs",
        "v1/repos/m4rk3d-1nput/info/lfs/../..",
        "v2/repos/m4rk3d-1nput",
        "m4rk3d-1nput",
    ] {
        let input = format!("protocol=https\nhost={HOST}\npath={path}\n");
        corpus.push(("a path that is none", input.into_bytes()));
    }
    corpus
}

#[test]
fn the_corpus_is_met_with_silence() {
    let agent = FakeAgent::start(credential());
    for (what, input) in corpus() {
        let shown = String::from_utf8_lossy(&input[..input.len().min(200)]).into_owned();
        for operation in ["get", "erase", "store", "rotate"] {
            let ran = agent.run(&["--profile", "dev", operation], &input);
            ran.assert_silent(&format!("{what}: {operation}: {shown:?}"));
        }
    }
    assert!(agent.seen().is_empty(), "{:?}", agent.seen());
}

#[test]
fn nothing_of_the_corpus_is_traced() {
    let agent = FakeAgent::start(credential());
    for (what, input) in corpus() {
        let mut helper = helper(agent.home.path());
        let ran = run(helper.arg("get").env("HOLDFAST_LOG", "trace"), &input);
        assert_eq!(ran.stdout, "", "{what}");
        assert!(ran.stderr.contains(" ms "), "{what}");
        assert!(!ran.stderr.contains("m4rk3d"), "{what}: {}", ran.stderr);
        assert!(!ran.stderr.contains(HOST), "{what}: {}", ran.stderr);
    }
}

/// The corpus is refused for what is wrong with it, and not by accident.
#[test]
fn the_same_without_the_fault_is_answered() {
    let agent = FakeAgent::start(credential());
    let input = format!(
        "protocol=https\nhost={HOST}\npath=v1/repos/{MARK}\nusername={MARK}\npassword={MARK}\nx={}\n",
        "y".repeat(60_000)
    );
    let ran = agent.run(&["get"], input.as_bytes());
    assert!(ran.stdout.contains(PASSWORD), "{}", ran.stderr);
    assert!(!ran.stdout.contains(MARK) && !ran.stderr.contains(MARK));
}
