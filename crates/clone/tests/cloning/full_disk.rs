//! Clones onto disks that are too small, each a file system of its own in a mount namespace of its own.

use crate::place::{Place, place_of_part, run_part, serving, start};
use holdfast_clone::CloneError;
use std::fs;
use std::process::Command;

/// Size of the repository's only file. It cannot be compressed, so that the clone needs the same once more for what
/// is received.
const FILE: usize = 3 << 20;

/// Disks with room for less and less, in KiB: without the files, without what is received, and without git's own.
const DISKS: [u32; 3] = [4096, 1024, 16];

/// Bytes that no program makes shorter.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    std::iter::repeat_with(&mut next)
        .flatten()
        .take(length)
        .collect()
}

/// Runs a part of a test as root of a mount namespace.
fn with_mounts(place: &Place, test: &str) {
    let mut command = Command::new("unshare");
    if !rustix::process::geteuid().is_root() {
        command.args(["--user", "--map-root-user"]);
    }
    command.arg("--mount").arg(std::env::current_exe().unwrap());
    let path = std::env::var("PATH").unwrap();
    command.env("PATH", format!("{}:{path}", place.path("bin").display()));
    run_part(&mut command, place, test);
}

#[test]
fn a_full_disk_is_named_and_nothing_is_left_on_it() {
    let Some(place) = place_of_part() else {
        let place = Place::with_file(&noise(FILE));
        serving(&place);
        return with_mounts(
            &place,
            "full_disk::a_full_disk_is_named_and_nothing_is_left_on_it",
        );
    };
    for size in DISKS {
        let disk = place.join(format!("disk-{size}"));
        fs::create_dir(&disk).unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={size}k"), "tmpfs"]);
        assert!(mount.arg(&disk).status().unwrap().success());
        let was_there = disk.join("was-there");
        fs::create_dir(&was_there).unwrap();
        for folder in [disk.join("new"), was_there.clone()] {
            let error = start(&folder).unwrap().finish().unwrap_err();
            assert!(
                matches!(&error, CloneError::DiskFull(named) if *named == folder),
                "{size} KiB: {error}"
            );
        }
        assert!(!disk.join("new").exists(), "{size} KiB");
        let left = fs::read_dir(&was_there).unwrap().count();
        assert_eq!(left, 0, "{size} KiB");
    }
}
