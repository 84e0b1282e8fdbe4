//! A search for leaks: the real values of every secret, in files, outputs, and what every process was started with.

use holdfast_aws_sim::Sim;
use holdfast_testkit::{Hit, Sentinels, wait_until};
use std::collections::HashSet;
use std::fs;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

/// The secrets that AWS knows so far, and how many there are of each kind.
pub fn sentinels(sim: &Sim) -> Sentinels {
    let mut sentinels = Sentinels::new();
    for (what, secret) in sim.secrets() {
        // Six digits would be found by chance.
        if secret.reveal().len() >= 8 {
            sentinels.watch(what, secret.reveal().as_bytes());
        }
    }
    sentinels
}

/// Looks into the arguments and environment of every process of the machine while `act` runs; into those that ran
/// before, once at the end, so that short-lived ones are met.
pub fn watched<T>(sim: &Sim, act: impl FnOnce() -> T) -> (T, Vec<Hit>, usize) {
    let ended = AtomicBool::new(false);
    let looks = AtomicUsize::new(0);
    let before: HashSet<u32> = processes().into_iter().collect();
    thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            let mut hits = Vec::new();
            let mut known = (0, Sentinels::new());
            while !ended.load(Ordering::Relaxed) {
                let secrets = sim.secrets().len();
                if secrets != known.0 {
                    known = (secrets, sentinels(sim));
                }
                for pid in processes().iter().filter(|pid| !before.contains(pid)) {
                    hits.extend(known.1.scan_process(*pid));
                }
                looks.fetch_add(1, Ordering::Relaxed);
            }
            for pid in before {
                hits.extend(known.1.scan_process(pid));
            }
            hits
        });
        let done = act();
        let enough = looks.load(Ordering::Relaxed) + 1;
        wait_until("another look", || looks.load(Ordering::Relaxed) > enough);
        ended.store(true, Ordering::Relaxed);
        (done, watcher.join().unwrap(), looks.load(Ordering::Relaxed))
    })
}

fn processes() -> Vec<u32> {
    let entries = fs::read_dir("/proc").unwrap().flatten();
    entries
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .collect()
}
