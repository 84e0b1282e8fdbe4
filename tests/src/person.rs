//! A person who signs in with the browser, at a machine of a test.

use crate::machine_clock::MachineClock;
use crate::process::{self, Ran, Started, run};
use crate::world::{World, program};
use holdfast_aws_sim::{PortalControl, Scenario, sso};
use holdfast_testkit::{wait_for, wait_until};
use std::fs::Permissions;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::ops::Deref;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;
use std::time::Duration;

/// A person at a machine whose browser is under the test's control: pages that a program opens are noted, in `opened`.
pub struct Person {
    world: World,
    clock: Option<MachineClock>,
    slept: Duration,
    awake: Duration,
}

impl Deref for Person {
    type Target = World;

    fn deref(&self) -> &World {
        &self.world
    }
}

impl Person {
    /// The person of [`Scenario::sso`], sessions in the agent's memory.
    pub fn new() -> Self {
        Self::of(Scenario::sso())
    }

    /// The person of another scenario.
    pub fn of(scenario: Scenario) -> Self {
        Self::at(World::of(scenario))
    }

    /// The person at this machine.
    pub fn at(world: World) -> Self {
        let opened = world.path("opened");
        let script = format!(
            "#!/bin/sh\nprintf '%s\\n' \"$1\" >>'{}'\n",
            opened.display()
        );
        let browser = world.home.write("bin/browser", script);
        std::fs::set_permissions(&browser, Permissions::from_mode(0o700)).unwrap();
        Self {
            world: world.with("BROWSER", browser),
            clock: None,
            slept: Duration::ZERO,
            awake: Duration::ZERO,
        }
    }

    /// With a clock that the test moves, at this machine and at AWS.
    #[must_use]
    pub fn with_clock(mut self) -> Self {
        let clock = MachineClock::new(self.world.home.path());
        for (name, value) in clock.variables() {
            self.world = self.world.with(name, value);
        }
        self.clock = Some(clock);
        self
    }

    /// Sets a variable for every program.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl AsRef<std::ffi::OsStr>) -> Self {
        self.world = self.world.with(name, value);
        self
    }

    /// Time passes, here and at AWS, as if the machine had slept.
    pub fn wait(&mut self, time: Duration) {
        self.slept += time;
        self.time_passed(time);
    }

    /// The same as if it had been awake: what waits for this long has waited.
    pub fn wait_awake(&mut self, time: Duration) {
        self.awake += time;
        self.time_passed(time);
    }

    fn time_passed(&self, time: Duration) {
        let clock = self.clock.as_ref().expect("a clock that can be moved");
        clock.set(self.slept, self.awake);
        self.world.sim.clock().advance(time);
    }

    /// The time, here and at AWS.
    pub fn now(&self) -> jiff::Timestamp {
        self.sim.clock().now()
    }

    /// The first portal of the scenario.
    pub fn portal(&self) -> PortalControl {
        self.sim.portal(sso::START_URL).unwrap()
    }

    /// The pages that were opened in the browser, the oldest first.
    pub fn opened(&self) -> Vec<String> {
        let opened = std::fs::read_to_string(self.path("opened")).unwrap_or_default();
        // A line that is still being written has no end.
        let complete = opened.rsplit_once('\n').map_or("", |(lines, _)| lines);
        complete.lines().map(str::to_owned).collect()
    }

    /// Begins a sign-in that opens the browser.
    pub fn begin(&self, profile: &str) -> SignIn<'_> {
        match self.try_begin(profile) {
            Ok(sign_in) => sign_in,
            Err(ended) => panic!("no page was opened: {ended}"),
        }
    }

    /// Begins a sign-in; without a page, answers with how it ended.
    pub fn try_begin(&self, profile: &str) -> Result<SignIn<'_>, Ran> {
        let before = self.opened().len();
        let mut program = self.start(&["login", profile]);
        let page = wait_for("the browser opens, or the program ends", || {
            let opened = self.opened().get(before).cloned();
            opened
                .map(Some)
                .or_else(|| (!program.is_running()).then_some(None))
        });
        match page {
            Some(page) => Ok(SignIn {
                person: self,
                program,
                page,
            }),
            None => Err(program.end()),
        }
    }

    /// Starts `holdfast`.
    pub fn start(&self, arguments: &[&str]) -> Started {
        let mut holdfast = self.command(program("holdfast"));
        process::start(holdfast.args(arguments).stdin(Stdio::null()))
    }

    /// Waits until the agent has noticed that whoever began a sign-in has gone.
    #[track_caller]
    pub fn wait_until_no_sign_in(&self) {
        wait_until("the sign-in is over", || {
            self.status()["sign_ins"] == serde_json::json!([])
        });
    }

    /// Signs in with the browser.
    #[track_caller]
    pub fn sign_in(&self, profile: &str) -> Ran {
        self.begin(profile).allow().ok()
    }

    /// The code with which a device waits at the first portal.
    pub fn user_code(&self) -> String {
        let portal = self.portal();
        wait_for("a device waits for its person", || {
            portal.user_codes().pop()
        })
    }

    /// Who AWS says a profile is, asked with the credentials that Holdfast gives.
    #[track_caller]
    pub fn who(&self, profile: &str) -> Ran {
        let mut exec = self.command(program("holdfast"));
        exec.args(["exec", profile, "--"]).arg(process::aws_cli());
        let ran = run(exec.args([
            "sts",
            "get-caller-identity",
            "--query",
            "Arn",
            "--output",
            "text",
        ]));
        assert!(ran.is_ok() || !ran.err.is_empty(), "{ran}");
        ran
    }

    /// What `holdfast credential-process` says for a profile.
    #[track_caller]
    pub fn credentials(&self, profile: &str) -> Ran {
        self.holdfast(&["credential-process", "--profile", profile])
    }

    /// How often AWS was asked for a token with this grant.
    pub fn grants(&self, grant: &str) -> usize {
        let calls = self.sim.calls();
        let asked = calls.matching(|call| {
            call.operation == "CreateToken" && call.resource.as_deref() == Some(grant)
        });
        asked.len()
    }

    /// Git asks Holdfast for passwords, which come from this profile.
    #[must_use]
    pub fn with_git(self, profile: &str) -> Self {
        let setup = ["git", "setup", "--global", "--profile", profile, "--yes"];
        self.holdfast(&setup).ok();
        self
    }
}

impl Default for Person {
    fn default() -> Self {
        Self::new()
    }
}

/// A sign-in that waits for its person.
pub struct SignIn<'a> {
    person: &'a Person,
    /// What began it, and waits.
    pub program: Started,
    /// The page that was opened.
    pub page: String,
}

impl SignIn<'_> {
    /// Allows it on the page, and comes back with the browser.
    #[track_caller]
    pub fn allow(self) -> Ran {
        let back = self.person.sim.allow(&self.page).unwrap();
        self.come_back(&back)
    }

    /// Denies it on the page, and comes back with the browser.
    #[track_caller]
    pub fn deny(self) -> Ran {
        let back = self.person.sim.deny(&self.page).unwrap();
        self.come_back(&back)
    }

    /// Comes back to an address with the browser, and waits for the end.
    #[track_caller]
    pub fn come_back(self, address: &str) -> Ran {
        visit(address);
        self.program.end()
    }

    /// The port of this computer that the browser comes back to.
    pub fn port(&self) -> u16 {
        let (_, rest) = self.page.split_once("127.0.0.1%3A").unwrap();
        rest.split('%').next().unwrap().parse().unwrap()
    }

    /// Closes the tab; what began it goes on waiting.
    pub fn close_tab(self) -> Started {
        self.program
    }

    /// Waits until the program has told its end.
    pub fn end(self) -> Ran {
        self.program.end()
    }

    /// Hangs up, as Ctrl-C does.
    pub fn interrupt(self) {
        crate::world::signal(self.program.child.id(), rustix::process::Signal::INT);
        self.program.end().failed();
    }
}

/// What a browser gets at an address of this computer: the whole answer.
pub fn visit(address: &str) -> String {
    let rest = address.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_once('/').unwrap();
    let request = format!("GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    let mut stream = TcpStream::connect(host).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// A Python with the newest boto3.
///
/// # Panics
/// When it is not there.
pub fn python() -> std::path::PathBuf {
    let tests = std::env::current_exe().unwrap();
    let built = tests.ancestors().nth(3).unwrap();
    let python = built.join("tools/boto3/bin/python");
    assert!(
        python.is_file(),
        "boto3 is not in {}; run the tests with: cargo xtask test",
        python.display()
    );
    python
}

/// The addresses that TCP ports of this computer are listened on at, by processes of this id.
pub fn listening(pid: u32) -> Vec<String> {
    let sockets = sockets_of(pid);
    let mut found = Vec::new();
    for table in ["tcp", "tcp6"] {
        let text = std::fs::read_to_string(format!("/proc/{pid}/net/{table}")).unwrap();
        for line in text.lines().skip(1) {
            let words: Vec<&str> = line.split_whitespace().collect();
            // Local address, state (0A is LISTEN), inode.
            if words[3] == "0A" && sockets.contains(&words[9].to_owned()) {
                found.push(words[1].to_owned());
            }
        }
    }
    found
}

fn sockets_of(pid: u32) -> Vec<String> {
    let descriptors = std::fs::read_dir(format!("/proc/{pid}/fd")).unwrap();
    let links = descriptors.filter_map(|entry| std::fs::read_link(entry.unwrap().path()).ok());
    links
        .filter_map(|link| {
            let link = link.to_str()?.strip_prefix("socket:[")?;
            Some(link.strip_suffix(']')?.to_owned())
        })
        .collect()
}

/// Waits until a process listens on no TCP port.
pub fn wait_until_nothing_listens(pid: u32) {
    wait_until("nothing listens", || listening(pid).is_empty());
}
