//! What running a program costs: processor time of it and its children, and elapsed time.

use anyhow::{Context, Result, ensure};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The cost of one run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Cost {
    /// Processor time in user and kernel mode, in seconds.
    pub(crate) cpu: f64,
    /// Time on the clock, in seconds.
    pub(crate) elapsed: f64,
}

/// Something that is measured: a command made anew for each run, and what it reads.
pub(crate) struct Subject<'a> {
    /// Makes the command.
    pub(crate) command: Box<dyn Fn() -> Command + 'a>,
    /// A file that it reads from, or nothing.
    pub(crate) input: Option<&'a Path>,
    /// Runs in each round; more for what is quick.
    pub(crate) batch: u32,
}

/// Runs every subject in turn, round after round, so that whatever else the machine does meets all
/// of them alike. Answers with one cost per subject and round: the mean of its batch.
pub(crate) fn interleaved<const N: usize>(
    rounds: u32,
    subjects: [Subject<'_>; N],
) -> Result<[Vec<Cost>; N]> {
    let mut costs = [const { Vec::new() }; N];
    for subject in &subjects {
        once(subject)?;
    }
    for _ in 0..rounds {
        for (subject, costs) in subjects.iter().zip(&mut costs) {
            let start = Instant::now();
            let before = children_cpu()?;
            for _ in 0..subject.batch {
                once(subject)?;
            }
            let runs = f64::from(subject.batch);
            costs.push(Cost {
                cpu: (children_cpu()? - before).as_secs_f64() / runs,
                elapsed: start.elapsed().as_secs_f64() / runs,
            });
        }
    }
    Ok(costs)
}

fn once(subject: &Subject<'_>) -> Result<()> {
    let mut command = (subject.command)();
    let stdin = match subject.input {
        Some(file) => Stdio::from(File::open(file)?),
        None => Stdio::null(),
    };
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command
        .stdin(stdin)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .with_context(|| format!("{name} did not start"))?;
    ensure!(status.success(), "{name} failed ({status})");
    Ok(())
}

/// Processor time of all children that have ended.
fn children_cpu() -> Result<Duration> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let micros = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Ok(Duration::from_micros(u64::try_from(micros)?))
}

/// The middle of some numbers.
pub(crate) fn median(numbers: impl IntoIterator<Item = f64>) -> f64 {
    percentile(numbers, 50)
}

/// The number below which so many of a hundred lie.
pub(crate) fn percentile(numbers: impl IntoIterator<Item = f64>, percent: usize) -> f64 {
    let mut sorted: Vec<f64> = numbers.into_iter().collect();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().saturating_sub(1);
    sorted
        .get(last * percent / 100)
        .copied()
        .unwrap_or(f64::NAN)
}

/// The median of the rounds' ratios: both of a round met the same machine.
pub(crate) fn ratio(ours: &[Cost], theirs: &[Cost], of: impl Fn(&Cost) -> f64) -> f64 {
    let pairs = ours.iter().zip(theirs);
    median(pairs.map(|(ours, theirs)| of(ours) / of(theirs)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_taken_from_the_sorted_numbers() {
        let numbers = || (1..=101).rev().map(f64::from);
        assert_eq!(median(numbers()), 51.0);
        assert_eq!(percentile(numbers(), 99), 100.0);
        assert!(median([]).is_nan());
    }

    #[test]
    fn a_ratio_compares_rounds() {
        let cost = |cpu| Cost { cpu, elapsed: 1.0 };
        let ours = [cost(2.0), cost(20.0), cost(4.0)];
        let theirs = [cost(1.0), cost(10.0), cost(1.0)];
        assert_eq!(ratio(&ours, &theirs, |cost| cost.cpu), 2.0);
    }
}
