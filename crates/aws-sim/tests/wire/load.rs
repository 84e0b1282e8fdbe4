//! Many clients at once.

use std::sync::{Arc, Barrier};
use std::thread;

use crate::client::{Connection, STS, empty, trusting};

#[test]
fn a_thousand_connections_are_open_and_answered() {
    const THREADS: usize = 20;
    const EACH: usize = 50;
    let sim = empty();
    let config = trusting(&sim);
    let all_open = Barrier::new(THREADS);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                let mut open: Vec<Connection> = (0..EACH)
                    .map(|_| Connection::open(&sim, STS, Arc::clone(&config)).unwrap())
                    .collect();
                all_open.wait();
                for connection in &mut open {
                    assert_eq!(connection.get(STS).unwrap().status, 403);
                }
            });
        }
    });
    assert_eq!(sim.calls().len(), THREADS * EACH);
}
