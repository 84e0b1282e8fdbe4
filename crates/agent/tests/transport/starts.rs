//! Of all that start, exactly one serves, and clients find it.

use crate::parts::{Children, PART, lines_of, part, player, this_program, wait_until};
use crate::support::{Shown, block_on, hello};
use holdfast_agent::dirs;
use holdfast_agent::instance::Instance;
use holdfast_agent::listener::{Limits, serve};
use holdfast_agent::peer::UserId;
use holdfast_agent_proto::{Address, Client, Reply, Request};
use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::Child;
use std::sync::mpsc::channel;
use std::time::Duration;

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
        serve(listener, own, Shown(show), Limits::of_this_process(), never).await;
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
    let test = "starts::of_two_hundred_starts_exactly_one_serves";
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
        let test = "starts::a_killed_agent_is_replaced_by_the_next";
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
    let test = "starts::many_clients_start_one_agent_on_demand";
    let bin = agent_script(place.path(), test);

    let mut children = Children::default();
    for _ in 0..CLIENTS {
        let mut command = player(&this_program(), test, "client", place.path());
        command
            .env("PATH", &bin)
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
    end_agent(agent);
    assert_eq!(folder, Path::new("/"));
    assert!(environment.contains("HOLDFAST_SOCKET="), "{environment}");
    for private in ["AWS_SECRET_ACCESS_KEY", "GIT_DIR"] {
        assert!(!environment.contains(private), "{private} was inherited");
    }
}

#[test]
fn a_client_outwaits_an_agent_that_is_about_to_end() {
    match part() {
        Some((part, place)) if part == "ending" => {
            let _held = Instance::claim(address_in(&place)).unwrap().unwrap();
            println!("\nholding");
            // Until standard input ends.
            io::stdin().read_line(&mut String::new()).unwrap();
            return;
        }
        Some((part, place)) if part == "client" => {
            assert!(Client::connect_or_start(&address_in(&place), &hello()).is_ok());
            std::process::exit(0);
        }
        Some((_, place)) => {
            fs::write(place.join("tried"), "").unwrap();
            let address = Address::from_env().unwrap();
            let Some(instance) = Instance::claim(address).unwrap() else {
                std::process::exit(0);
            };
            fs::write(place.join("agent"), std::process::id().to_string()).unwrap();
            block_on(async {
                let _listener = instance.listen().unwrap();
                std::future::pending::<()>().await;
            });
        }
        None => {}
    }
    let place = tempfile::tempdir().unwrap();
    let test = "starts::a_client_outwaits_an_agent_that_is_about_to_end";
    let bin = agent_script(place.path(), test);
    let mut children = Children::default();
    let mut ending = player(&this_program(), test, "ending", place.path())
        .spawn()
        .unwrap();
    let held = ending.stdin.take();
    let mut heard = lines_of(&mut ending);
    children.0.push(ending);
    assert!(heard.any(|line| line == "holding"));
    let mut client = player(&this_program(), test, "client", place.path());
    children.0.push(client.env("PATH", bin).spawn().unwrap());
    wait_until("an agent was started in vain", || {
        place.path().join("tried").exists()
    });
    drop(held);
    let client = children.0.last_mut().unwrap();
    let served = client.wait().unwrap().success();
    end_agent(
        fs::read_to_string(place.path().join("agent"))
            .unwrap()
            .parse()
            .unwrap(),
    );
    assert!(served);
}

/// A `holdfast-agent` that plays the part `agent` of a test, in a folder for `PATH`.
fn agent_script(place: &Path, test: &str) -> PathBuf {
    let bin = place.join("bin");
    fs::create_dir(&bin).unwrap();
    let script = format!(
        "#!/bin/sh\n{PART}=agent exec '{}' --exact {test} --nocapture\n",
        this_program().display()
    );
    let program = bin.join("holdfast-agent");
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, PermissionsExt::from_mode(0o755)).unwrap();
    bin
}

fn end_agent(pid: u32) {
    let pid = rustix::process::Pid::from_raw(pid.cast_signed()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
}

fn served_by(child: &mut Child) -> u32 {
    let found = lines_of(child).find_map(|line| {
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
    let test = "starts::an_agent_that_cannot_be_started_is_named";
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
    let test = "starts::few_file_descriptors_and_many_slow_callers_stop_nobody";
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
