//! The launcher itself: orders come in on stdin, answers go out on stdout, and its end is the end of stdin.

use super::cache::Caches;
use super::message::{MAX_BYTES, Numbered, Order, Outcome};
use super::program;
use holdfast_agent_proto::frame;
use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

/// A program that runs, or has ended a moment ago.
struct Running {
    stopped: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

/// The whole process. It sleeps in one read while nothing is ordered.
pub(crate) fn main() -> ExitCode {
    serve(io::stdin().lock(), io::stdout(), Caches::from_env());
    ExitCode::SUCCESS
}

/// Carries orders out until they end.
pub(super) fn serve(mut orders: impl Read, answers: impl Write + Send + 'static, caches: Caches) {
    let answers = Arc::new(Mutex::new(answers));
    let mut running: HashMap<u64, Running> = HashMap::new();
    while let Ok(body) = frame::read(&mut orders, MAX_BYTES) {
        let Ok(Numbered { id, it }) = frame::decode::<Numbered<Order>>(&body) else {
            break;
        };
        drop(body);
        running.retain(|_, running| !running.thread.is_finished());
        match it {
            Order::Cancel => {
                if let Some(running) = running.get(&id) {
                    running.stopped.store(true, Ordering::Relaxed);
                }
            }
            order @ (Order::Run(_) | Order::Cache(_)) => {
                let stopped = Arc::new(AtomicBool::new(false));
                let (told, answers) = (Arc::clone(&stopped), Arc::clone(&answers));
                let caches = caches.clone();
                let thread = thread::spawn(move || {
                    answer(&answers, id, carry_out(order, &caches, &told));
                });
                running.insert(id, Running { stopped, thread });
            }
        }
    }
    // The agent has ended: nobody waits for these programs any more.
    for running in running.values() {
        running.stopped.store(true, Ordering::Relaxed);
    }
    for (_, running) in running {
        let _ = running.thread.join();
    }
}

fn carry_out(order: Order, caches: &Caches, stopped: &AtomicBool) -> Option<Outcome> {
    match order {
        Order::Run(program) => Some(match program::run(&program, stopped) {
            Ok(printed) => Outcome::Printed(printed),
            Err(error) => Outcome::NotRun(error),
        }),
        Order::Cache(order) => Some(match caches.carry_out(order) {
            Ok(done) => Outcome::Cached(done),
            Err(why) => Outcome::NotCached(why),
        }),
        Order::Cancel => None,
    }
}

/// Answers in one write. When nobody reads, stdin has ended too.
fn answer(answers: &Mutex<impl Write>, id: u64, outcome: Option<Outcome>) {
    let frame = outcome.and_then(|it| frame::encode(&Numbered { id, it }, MAX_BYTES).ok());
    if let Some(frame) = frame {
        let mut answers = answers.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = answers.write_all(&frame).and_then(|()| answers.flush());
    }
}
