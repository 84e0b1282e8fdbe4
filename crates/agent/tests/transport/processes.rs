//! What only shows between processes: one agent of many starts, hardening and confinement.
//!
//! A test here runs the test program again, with the name of the test and of a part in the environment;
//! the test then plays that part instead of checking anything.

use crate::support::{PLENTY, Shown, block_on, hello};
use holdfast_agent::dirs::{self, Dirs};
use holdfast_agent::harden::{self, Confinement};
use holdfast_agent::instance::Instance;
use holdfast_agent::listener::{Limits, serve};
use holdfast_agent::peer::UserId;
use holdfast_agent_proto::{Address, Client, Reply, Request};
use rustix::process::{Gid, Uid};
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

const PART: &str = "TEST_PART";
const PLACE: &str = "TEST_PLACE";

/// The part that this process plays, and the folder to play it in.
fn part() -> Option<(String, PathBuf)> {
    let part = std::env::var(PART).ok()?;
    Some((part, PathBuf::from(std::env::var_os(PLACE).unwrap())))
}

/// This program again, for one test and part, with nothing else in its environment.
fn player(program: &Path, test: &str, part: &str, place: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .args(["--exact", &format!("processes::{test}"), "--nocapture"])
        .env_clear()
        .env(PART, part)
        .env(PLACE, place)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}

fn this_program() -> PathBuf {
    std::env::current_exe().unwrap()
}

fn address_in(place: &Path) -> Address {
    Address::new(place.join("run/agent.sock")).unwrap()
}

/// An agent that answers pings, until its standard input ends.
fn be_an_agent(address: Address) -> ! {
    let Some(instance) = Instance::claim(address).unwrap() else {
        std::process::exit(0);
    };
    let (show, _seen) = channel();
    block_on(async {
        let listener = instance.listen().unwrap();
        let own = UserId::own().unwrap();
        let never = std::future::pending();
        serve(
            listener,
            own,
            Shown::new(show),
            Limits::of_this_process(),
            never,
        )
        .await;
    });
    std::process::exit(1);
}

fn ping(address: &Address) -> u32 {
    let mut client = Client::connect(address, &hello()).unwrap();
    let Reply::Pong { pid, .. } = client.request(Request::Ping).unwrap() else {
        panic!("no pong");
    };
    pid
}

/// Children that are ended with the test.
#[derive(Default)]
struct Children(Vec<Child>);

impl Drop for Children {
    fn drop(&mut self) {
        for child in &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Runs the clock until something is so.
fn wait_until(what: &str, mut so: impl FnMut() -> bool) {
    let give_up = Instant::now() + PLENTY;
    while !so() {
        assert!(Instant::now() < give_up, "{what}");
        std::thread::yield_now();
    }
}

#[test]
fn of_two_hundred_starts_exactly_one_serves() {
    const STARTS: usize = 200;
    if let Some((_, place)) = part() {
        be_an_agent(address_in(&place));
    }
    let place = tempfile::tempdir().unwrap();
    let address = address_in(place.path());
    // A socket that was left behind by an agent that was killed.
    dirs::private(&address.folder().unwrap()).unwrap();
    drop(UnixListener::bind(address.path()).unwrap());

    let mut children = Children::default();
    let test = "of_two_hundred_starts_exactly_one_serves";
    for _ in 0..STARTS {
        let mut command = player(&this_program(), test, "agent", place.path());
        children.0.push(command.spawn().unwrap());
    }
    let mut ended = 0;
    wait_until("all but one have ended", || {
        let count = |child: &mut Child| {
            child.try_wait().unwrap().is_some_and(|status| {
                assert!(status.success(), "a loser failed");
                true
            })
        };
        ended = children
            .0
            .iter_mut()
            .map(count)
            .filter(|done| *done)
            .count();
        ended == STARTS - 1
    });
    let serving = |child: &mut Child| child.try_wait().unwrap().is_none();
    let server = children
        .0
        .iter_mut()
        .find_map(|child| serving(child).then(|| child.id()));
    wait_until("the one that stayed answers", || {
        Client::connect(&address, &hello()).is_ok()
    });
    assert_eq!(Some(ping(&address)), server);
}

#[test]
fn a_killed_agent_is_replaced_by_the_next() {
    if let Some((_, place)) = part() {
        be_an_agent(address_in(&place));
    }
    let place = tempfile::tempdir().unwrap();
    let address = address_in(place.path());
    let mut served_by = Vec::new();
    for _ in 0..3 {
        let test = "a_killed_agent_is_replaced_by_the_next";
        let mut children = Children::default();
        let child = player(&this_program(), test, "agent", place.path())
            .spawn()
            .unwrap();
        served_by.push(child.id());
        children.0.push(child);
        wait_until("it listens", || Client::connect(&address, &hello()).is_ok());
        assert_eq!(Some(&ping(&address)), served_by.last());
    }
}

#[test]
fn many_clients_start_one_agent_on_demand() {
    const CLIENTS: usize = 30;
    match part() {
        Some((part, place)) if part == "client" => {
            let mut client = Client::connect_or_start(&address_in(&place), &hello()).unwrap();
            let Reply::Pong { pid, .. } = client.request(Request::Ping).unwrap() else {
                panic!("no pong");
            };
            println!("\nserved by {pid}");
            std::process::exit(0);
        }
        Some(_) => be_an_agent(Address::from_env().unwrap()),
        None => {}
    }
    let place = tempfile::tempdir().unwrap();
    let test = "many_clients_start_one_agent_on_demand";
    let program = place.path().join("bin/holdfast-agent");
    fs::create_dir(place.path().join("bin")).unwrap();
    let script = format!(
        "#!/bin/sh\n{PART}=agent exec '{}' --exact processes::{test} --nocapture\n",
        this_program().display()
    );
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, PermissionsExt::from_mode(0o755)).unwrap();

    let mut children = Children::default();
    for _ in 0..CLIENTS {
        let mut command = player(&this_program(), test, "client", place.path());
        command
            .env("PATH", program.parent().unwrap())
            .env(
                "AWS_SECRET_ACCESS_KEY",
                "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            )
            .env("GIT_DIR", "/nowhere");
        children.0.push(command.spawn().unwrap());
    }
    let mut agents: Vec<u32> = children.0.iter_mut().map(served_by).collect();
    agents.dedup();
    let [agent] = agents[..] else {
        panic!("served by {agents:?}");
    };
    let environment = fs::read(format!("/proc/{agent}/environ")).unwrap();
    let environment = String::from_utf8_lossy(&environment);
    let folder = fs::read_link(format!("/proc/{agent}/cwd")).unwrap();
    let agent = rustix::process::Pid::from_raw(agent.cast_signed()).unwrap();
    rustix::process::kill_process(agent, rustix::process::Signal::KILL).unwrap();
    assert_eq!(folder, Path::new("/"));
    assert!(environment.contains("HOLDFAST_SOCKET="), "{environment}");
    for private in ["AWS_SECRET_ACCESS_KEY", "GIT_DIR"] {
        assert!(!environment.contains(private), "{private} was inherited");
    }
}

fn served_by(child: &mut Child) -> u32 {
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let found = lines.map_while(Result::ok).find_map(|line| {
        line.strip_prefix("served by ")
            .map(|pid| pid.parse().unwrap())
    });
    found.expect("a client was not served")
}

#[test]
fn an_agent_that_cannot_be_started_is_named() {
    if let Some((part, place)) = part() {
        let error = Client::connect_or_start(&address_in(&place), &hello())
            .err()
            .unwrap();
        let mut words = format!("{part}: {error}");
        if let Some(source) = std::error::Error::source(&error) {
            words.push_str(&format!(": {source}"));
        }
        println!("\nserved by nobody: {words}");
        std::process::exit(0);
    }
    let place = tempfile::tempdir().unwrap();
    let bin = place.path().join("bin");
    fs::create_dir(&bin).unwrap();
    let test = "an_agent_that_cannot_be_started_is_named";
    let run = |part: &str| {
        let mut command = player(&this_program(), test, part, place.path());
        let output = command.env("PATH", &bin).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let absent = run("absent");
    assert!(
        absent.contains("absent: cannot start holdfast-agent"),
        "{absent}"
    );

    let program = bin.join("holdfast-agent");
    fs::write(&program, "#!/bin/sh\nexit 7\n").unwrap();
    fs::set_permissions(&program, PermissionsExt::from_mode(0o755)).unwrap();
    let failing = run("failing");
    assert!(failing.contains(program.to_str().unwrap()), "{failing}");
    assert!(failing.contains("exit status: 7"), "{failing}");
}

/// Opens a file as the given user, on a thread that gives up the superuser's rights for good.
fn open_as(user: Option<Uid>, path: String) -> io::Result<File> {
    let opening = std::thread::spawn(move || {
        if let Some(user) = user {
            let group = Gid::from_raw(user.as_raw());
            rustix::thread::set_thread_res_gid(group, group, group).unwrap();
            rustix::thread::set_thread_res_uid(user, user, user).unwrap();
        }
        File::open(path)
    });
    opening.join().unwrap()
}

#[test]
fn a_hardened_process_cannot_be_read_by_its_own_user() {
    if part().is_some() {
        let mut said = String::new();
        println!("\nstarted");
        std::io::stdin().read_line(&mut said).unwrap();
        assert!(harden::harden().is_empty());
        let status = fs::read_to_string("/proc/thread-self/status").unwrap();
        assert!(status.contains("NoNewPrivs:\t1"), "{status}");
        println!("hardened");
        std::io::stdin().read_line(&mut said).unwrap();
        std::process::exit(0);
    }
    // The superuser may read everything, so another user has to play both parts.
    let is_root = rustix::process::geteuid().is_root();
    let user = is_root.then(|| Uid::from_raw(65534));
    let place = tempfile::tempdir().unwrap();
    fs::set_permissions(place.path(), PermissionsExt::from_mode(0o755)).unwrap();
    let program = place.path().join("program");
    fs::copy(this_program(), &program).unwrap();
    fs::set_permissions(&program, PermissionsExt::from_mode(0o755)).unwrap();
    let test = "a_hardened_process_cannot_be_read_by_its_own_user";
    let mut command = player(&program, test, "victim", place.path());
    if let Some(user) = user {
        command.uid(user.as_raw()).gid(user.as_raw());
    }
    let mut children = Children::default();
    let mut child = command.current_dir("/").spawn().unwrap();
    let mut say = child.stdin.take().unwrap();
    let mut heard = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok);
    let pid = child.id();
    children.0.push(child);

    assert!(heard.any(|line| line == "started"));
    let closed_afterwards = ["environ", "maps", "mem"];
    for file in closed_afterwards {
        let opened = open_as(user, format!("/proc/{pid}/{file}"));
        assert!(opened.is_ok(), "{file} was closed from the start");
    }

    say.write_all(b"go\n").unwrap();
    assert!(heard.any(|line| line == "hardened"));
    for file in closed_afterwards {
        let opened = open_as(user, format!("/proc/{pid}/{file}"));
        assert!(opened.is_err(), "{file} can be read");
    }
    let limits = fs::read_to_string(format!("/proc/{pid}/limits")).unwrap();
    let core = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"))
        .unwrap();
    assert_eq!(
        core.split_whitespace()
            .filter(|field| *field == "0")
            .count(),
        2,
        "{core}"
    );
}

#[test]
fn a_confined_process_writes_only_in_its_folders_and_starts_nothing() {
    if let Some((_, place)) = part() {
        let dirs = Dirs {
            state: place.join("state"),
            config: place.join("config"),
            runtime: place.join("run"),
        };
        assert_eq!(harden::confine(&dirs).unwrap(), Confinement::Full);
        assert!(fs::read(place.join("home/.aws/config")).is_ok());
        for folder in [&dirs.state, &dirs.config, &dirs.runtime] {
            fs::write(folder.join("new"), "x").unwrap();
            fs::rename(folder.join("new"), folder.join("renamed")).unwrap();
            fs::remove_file(folder.join("renamed")).unwrap();
        }
        UnixStream::connect(place.join("home/bus")).unwrap();
        for forbidden in ["home/x", "home/.aws/config", "x"] {
            assert!(
                fs::write(place.join(forbidden), "x").is_err(),
                "{forbidden}"
            );
        }
        assert!(fs::remove_file(place.join("home/.aws/config")).is_err());
        assert!(fs::create_dir(place.join("home/y")).is_err());
        assert!(
            Command::new("/bin/sh")
                .args(["-c", "exit 0"])
                .status()
                .is_err()
        );
        println!("\nconfined");
        std::process::exit(0);
    }
    let place = tempfile::tempdir().unwrap();
    for folder in ["state", "config", "run", "home/.aws"] {
        fs::create_dir_all(place.path().join(folder)).unwrap();
    }
    fs::write(place.path().join("home/.aws/config"), "[default]\n").unwrap();
    let _bus = UnixListener::bind(place.path().join("home/bus")).unwrap();
    let test = "a_confined_process_writes_only_in_its_folders_and_starts_nothing";
    let output = player(&this_program(), test, "confined", place.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("confined"), "{said}");
}

#[test]
fn few_file_descriptors_and_many_slow_callers_stop_nobody() {
    const SLOW: usize = 300;
    if let Some((part, place)) = part() {
        if part == "client" {
            // Less than the time after which slow callers are cut off.
            let patience = Duration::from_secs(3);
            let mut client = Client::connect(&address_in(&place), &hello()).unwrap();
            let answered = client.request_within(Request::Ping, patience).is_ok();
            std::process::exit(i32::from(!answered));
        }
        let few = rustix::process::Rlimit {
            current: Some(64),
            maximum: Some(64),
        };
        rustix::process::setrlimit(rustix::process::Resource::Nofile, few).unwrap();
        be_an_agent(address_in(&place));
    }
    let place = tempfile::tempdir().unwrap();
    let address = address_in(place.path());
    let test = "few_file_descriptors_and_many_slow_callers_stop_nobody";
    let mut children = Children::default();
    children.0.push(
        player(&this_program(), test, "agent", place.path())
            .spawn()
            .unwrap(),
    );
    wait_until("it listens", || Client::connect(&address, &hello()).is_ok());
    let slow: Vec<UnixStream> = (0..SLOW)
        .map(|_| UnixStream::connect(address.path()).unwrap())
        .collect();
    // Another process is another peer, whose share is its own.
    for _ in 0..5 {
        let mut healthy = player(&this_program(), test, "client", place.path());
        assert!(healthy.status().unwrap().success(), "was not answered");
    }
    drop(slow);
}
