//! What a hardened or confined process can do, and what can be done to it.

use crate::parts::{Children, lines_of, part, player, this_program};
use holdfast_agent::dirs::Dirs;
use holdfast_agent::harden::{self, Confinement};
use rustix::process::{Gid, Uid};
use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::os::unix::process::CommandExt;
use std::process::Command;

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
    let test = "hardening::a_hardened_process_cannot_be_read_by_its_own_user";
    let mut command = player(&program, test, "victim", place.path());
    if let Some(user) = user {
        command.uid(user.as_raw()).gid(user.as_raw());
    }
    let mut children = Children::default();
    let mut child = command.current_dir("/").spawn().unwrap();
    let mut say = child.stdin.take().unwrap();
    let mut heard = lines_of(&mut child);
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
    let test = "hardening::a_confined_process_writes_only_in_its_folders_and_starts_nothing";
    let output = player(&this_program(), test, "confined", place.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("confined"), "{said}");
}
