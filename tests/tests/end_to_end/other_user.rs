//! Other users of the machine: they get no answer from the agent and see nothing of it.

use crate::process::{Ran, run};
use crate::world::{World, bin_dir};
use holdfast_testkit::wait_until;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Two users that nobody is.
const OWNER: &str = "64242";
const OTHER: &str = "64243";

/// Sends the first frames of a client and prints what comes back.
const ASK: &str = r#"
use Socket;
socket(my $agent, PF_UNIX, SOCK_STREAM, 0) or die "socket: $!";
connect($agent, pack_sockaddr_un($ARGV[0])) or die "connect: $!";
my $hello = '{"protocol":1,"client":"x","version":"0","context":{"config-file":"/x","credentials-file":"/x"}}';
my $ping = '{"id":1,"request":"ping"}';
$SIG{PIPE} = 'IGNORE';
syswrite $agent, pack('N', length $_) . $_ for $hello, $ping;
alarm 30;
my $answer = '';
while (sysread $agent, my $piece, 4096) {
    $answer .= $piece;
    last if $answer =~ /}$/;
}
print $answer || "closed\n";
"#;

/// An agent of a user who is not the one that runs the tests.
struct Machine {
    world: World,
    /// The programs, where that user may run them.
    bin: tempfile::TempDir,
    socket: PathBuf,
    pid: u32,
}

impl Machine {
    fn start() -> Self {
        let world = World::in_memory();
        let bin = tempfile::Builder::new()
            .prefix("hf-bin-")
            .tempdir()
            .unwrap();
        open_to_all(bin.path());
        for name in ["holdfast", "holdfast-agent"] {
            fs::copy(bin_dir().join(name), bin.path().join(name)).unwrap();
        }
        run(privileged(&world, "chown")
            .args(["-R", OWNER])
            .arg(world.home.path()))
        .ok();
        let mut machine = Self {
            socket: world.path("run/holdfast/agent.sock"),
            world,
            bin,
            pid: 0,
        };
        let told = machine.by(OWNER, "holdfast", &["agent", "start"]).ok();
        let pid = told
            .out
            .split("process ")
            .nth(1)
            .and_then(|rest| rest.split(')').next());
        machine.pid = pid.unwrap().parse().unwrap();
        machine
    }

    /// One of the programs, or another, run by this user.
    #[track_caller]
    fn by(&self, user: &str, name: &str, arguments: &[&str]) -> Ran {
        let ours = self.bin.path().join(name);
        let program = if ours.exists() {
            ours
        } else {
            PathBuf::from(name)
        };
        let mut command = privileged(&self.world, "setpriv");
        command.args([
            &format!("--reuid={user}"),
            &format!("--regid={user}"),
            "--clear-groups",
        ]);
        run(command.arg(program).args(arguments))
    }

    /// What the agent answers to the socket's bare protocol.
    #[track_caller]
    fn ask_as(&self, user: &str) -> Ran {
        self.by(user, "perl", &["-e", ASK, self.socket.to_str().unwrap()])
    }

    /// Opens the folders of the socket to everybody, which nobody does: what is left is the agent's own look at its peers.
    fn open_the_way(&self) {
        let mut paths = vec![self.world.home.path().to_owned()];
        paths.extend([
            self.world.path("run"),
            self.world.path("run/holdfast"),
            self.socket.clone(),
        ]);
        for path in paths {
            run(privileged(&self.world, "chmod").arg("0777").arg(path)).ok();
        }
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        let mut kill = privileged(&self.world, "kill");
        let _ = kill.arg(self.pid.to_string()).output();
        let pid = self.pid;
        if !std::thread::panicking() {
            wait_until("the agent is gone", || !crate::world::is_alive(pid));
        }
        let _ = privileged(&self.world, "chown")
            .args(["-R", &rustix::process::getuid().as_raw().to_string()])
            .arg(self.world.home.path())
            .output();
    }
}

/// A command of root's: only root can be another user.
fn privileged(world: &World, program: impl AsRef<OsStr>) -> Command {
    if rustix::process::geteuid().is_root() {
        return world.command(program);
    }
    let sudo = crate::process::find("sudo");
    let mut command =
        world.command(sudo.expect("another user takes root, or sudo without a password"));
    command
        .args(["--non-interactive", "--preserve-env"])
        .arg(program);
    command
}

fn open_to_all(folder: &Path) {
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn only_the_owner_is_answered() {
    let machine = Machine::start();
    machine.ask_as(OWNER).ok().says(&["pong"]);
    machine
        .ask_as(OTHER)
        .failed()
        .says(&["connect: Permission denied"]);
    machine
        .by(OTHER, "holdfast", &["status"])
        .failed()
        .never_says(&["SESSION"]);

    machine.open_the_way();
    machine.ask_as(OWNER).ok().says(&["pong"]);
    for user in [OTHER, "0"] {
        let told = machine.ask_as(user).ok();
        told.says(&["closed"]).never_says(&["pong", "version"]);
    }
    assert!(crate::world::is_alive(machine.pid));
}

#[test]
fn clients_do_not_talk_to_a_socket_that_others_can_replace() {
    let machine = Machine::start();
    machine.open_the_way();
    let told = machine.by(OWNER, "holdfast", &["status"]);
    told.exits(4).says(&["not private"]);
}

#[test]
fn the_agents_environment_and_memory_are_closed() {
    let machine = Machine::start();
    let pid = machine.pid;
    for file in ["environ", "mem", "maps"] {
        let path = format!("/proc/{pid}/{file}");
        // Not even other programs of the same user may look.
        for user in [OWNER, OTHER] {
            machine
                .by(user, "head", &["-c", "1", &path])
                .failed()
                .says(&["Permission denied"]);
        }
    }
    // What is denied here is allowed for an ordinary program.
    machine
        .by(OWNER, "head", &["-c", "1", "/proc/self/environ"])
        .ok();
    let dumps = fs::read_to_string(format!("/proc/{pid}/limits")).unwrap();
    let core = dumps
        .lines()
        .find(|line| line.starts_with("Max core file size"))
        .unwrap();
    let words: Vec<&str> = core.split_whitespace().collect();
    assert_eq!(words[4..6], ["0", "0"], "{core}");
}
