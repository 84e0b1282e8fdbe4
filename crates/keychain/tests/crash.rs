//! A process that is killed, or whose disk fails, at any system call of a save leaves a store that loads.
//!
//! The program runs itself under `strace`, which kills it or fails a call at each point in turn.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[cfg(target_os = "linux")]
#[path = "crash/points.rs"]
mod points;

#[cfg(target_os = "linux")]
fn main() {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() == Some(points::ARGUMENT) {
        return points::save(arguments.next().unwrap().as_ref());
    }
    let cases: [(&str, fn()); 2] = [
        (
            "killed_at_any_call_the_old_or_the_new_contents_load",
            points::kill_everywhere,
        ),
        (
            "a_failing_disk_is_told_and_loses_nothing",
            points::fail_everywhere,
        ),
    ];
    let tests = cases.into_iter().map(|(name, case)| {
        libtest_mimic::Trial::test(name, move || {
            case();
            Ok(())
        })
    });
    libtest_mimic::run(&libtest_mimic::Arguments::from_args(), tests.collect()).exit();
}

/// Only Linux can inject faults into system calls.
#[cfg(not(target_os = "linux"))]
fn main() {
    libtest_mimic::run(&libtest_mimic::Arguments::from_args(), Vec::new()).exit();
}
