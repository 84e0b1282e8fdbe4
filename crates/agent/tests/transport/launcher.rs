//! A confined agent, and the launcher that it started before.

use crate::parts::{Children, wait_until};
use holdfast_agent_proto::{
    Address, CallerContext, Client, Hello, PROTOCOL_VERSION, Reply, Request,
};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

const CREDENTIALS: &str =
    r#"{"Version":1,"AccessKeyId":"ASIATOOL","SecretAccessKey":"s","SessionToken":"t"}"#;

/// An agent with a home folder of its own.
struct Home {
    folder: TempDir,
    agent: Children,
}

impl Home {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path();
        fs::create_dir_all(home.join(".aws")).unwrap();
        let mut agent = Children::default();
        let mut command = Command::new(env!("CARGO_BIN_EXE_holdfast-agent"));
        command
            .env_clear()
            .env("HOME", home)
            .env("PATH", "/usr/bin:/bin")
            .env("AWS_PROFILE", "of-another-shell")
            .env("HOLDFAST_SOCKET", home.join("run/agent.sock"))
            .env("HOLDFAST_KEYCHAIN", "memory")
            .stdin(Stdio::null())
            .stderr(Stdio::null());
        agent.0.push(command.spawn().unwrap());
        Self { folder, agent }
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    fn client(&self) -> Client {
        let address = Address::new(self.path("run/agent.sock")).unwrap();
        let hello = Hello {
            protocol: PROTOCOL_VERSION,
            client: "test".to_owned(),
            version: "1".to_owned(),
            context: CallerContext {
                config_file: self.path(".aws/config"),
                credentials_file: self.path(".aws/credentials"),
                ..CallerContext::default()
            },
        };
        let mut client = None;
        wait_until("the agent listens", || {
            client = Client::connect(&address, &hello).ok();
            client.is_some()
        });
        client.unwrap()
    }

    /// Gives profile `tool` this program.
    fn tool(&self, script: &str) {
        let file = self.path("tool.sh");
        fs::write(&file, script).unwrap();
        let config = format!(
            "[profile tool]\ncredential_process = /bin/sh {}\n",
            file.display()
        );
        fs::write(self.path(".aws/config"), config).unwrap();
    }

    fn agent(&self) -> u32 {
        self.agent.0[0].id()
    }

    /// The processes that the agent has started.
    fn children(&self) -> Vec<u32> {
        let list = format!("/proc/{0}/task/{0}/children", self.agent());
        let list = fs::read_to_string(list).unwrap_or_default();
        list.split_whitespace()
            .map(|pid| pid.parse().unwrap())
            .collect()
    }
}

fn wanted() -> Request {
    Request::Credentials {
        profile: "tool".to_owned(),
        wait_seconds: 0,
    }
}

fn is_there(pid: &str) -> bool {
    let stat = Path::new("/proc").join(pid.trim()).join("stat");
    fs::read_to_string(stat).is_ok_and(|stat| !stat.contains(") Z "))
}

#[test]
fn a_confined_agent_has_programs_run() {
    let home = Home::new();
    let folder = home.folder.path().display();
    home.tool(&format!(
        "pwd > {folder}/seen; echo \"${{AWS_PROFILE-none}} $HOLDFAST_CREDENTIAL_PROCESS\" >> {folder}/seen; printf '{CREDENTIALS}'"
    ));
    match home.client().request(wanted()) {
        Ok(Reply::Credentials { access_key_id, .. }) => assert_eq!(access_key_id, "ASIATOOL"),
        other => panic!("{:?}", other.err()),
    }
    let seen = fs::read_to_string(home.path("seen")).unwrap();
    assert_eq!(seen, format!("{folder}\nnone tool\n"));
    let children = home.children();
    let [launcher] = children.as_slice() else {
        panic!("{children:?}");
    };
    let status = fs::read_to_string(format!("/proc/{launcher}/status")).unwrap();
    assert!(status.contains("NoNewPrivs:\t1"), "{status}");
    let limits = fs::read_to_string(format!("/proc/{launcher}/limits")).unwrap();
    let core = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"));
    let core: Vec<&str> = core.unwrap().split_whitespace().collect();
    assert_eq!(core[4..6], ["0", "0"]);
}

#[test]
fn programs_and_the_launcher_end_with_the_agent() {
    let mut home = Home::new();
    let pid = home.path("pid");
    home.tool(&format!(
        "echo $$ > {0}.new; mv {0}.new {0}; exec sleep 600",
        pid.display()
    ));
    let mut client = home.client();
    let waiting = std::thread::spawn(move || client.request(wanted()).map(drop));
    wait_until("the program runs", || pid.exists());
    let children = home.children();
    let program = fs::read_to_string(&pid).unwrap();
    assert!(is_there(&program));
    home.agent.0[0].kill().unwrap();
    assert!(waiting.join().unwrap().is_err());
    wait_until("the program has ended", || !is_there(&program));
    wait_until("the launcher has ended", || {
        children.iter().all(|child| !is_there(&child.to_string()))
    });
}

#[test]
fn without_its_launcher_an_agent_says_so() {
    let home = Home::new();
    home.tool(&format!("printf '{CREDENTIALS}'"));
    let mut client = home.client();
    let children = home.children();
    assert_eq!(children.len(), 1);
    let launcher = rustix::process::Pid::from_raw(children[0].cast_signed()).unwrap();
    rustix::process::kill_process(launcher, rustix::process::Signal::KILL).unwrap();
    wait_until("it has ended", || !is_there(&children[0].to_string()));
    let told = client.request(wanted()).map(drop).unwrap_err().to_string();
    assert!(told.contains("restart the agent"), "{told}");
}
