//! The Secret Service of a real GNOME Keyring: present, locked, absent, stuck, started later, restarted.
//!
//! The keyring is found through the environment of the process, so each case talks to a second
//! process of this program that holds the handle and does what it is told line by line.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[cfg(all(unix, not(target_vendor = "apple")))]
#[path = "secret_service/cases.rs"]
mod cases;
#[cfg(all(unix, not(target_vendor = "apple")))]
#[path = "secret_service/holder.rs"]
mod holder;

#[cfg(all(unix, not(target_vendor = "apple")))]
fn main() {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() == Some(holder::ARGUMENT) {
        let deadline = arguments.next().unwrap().parse().unwrap();
        return holder::hold(deadline, arguments.next());
    }
    let tests = cases::all().into_iter().map(|(name, case)| {
        libtest_mimic::Trial::test(name, move || {
            case();
            Ok(())
        })
    });
    libtest_mimic::run(&libtest_mimic::Arguments::from_args(), tests.collect()).exit();
}

/// Other systems have no Secret Service.
#[cfg(not(all(unix, not(target_vendor = "apple"))))]
fn main() {
    libtest_mimic::run(&libtest_mimic::Arguments::from_args(), Vec::new()).exit();
}
