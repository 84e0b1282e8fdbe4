//! What a process that does nothing costs: memory and wakeups, read from /proc.

use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;

/// Proportional set size, which only root may read of a process that cannot be dumped; else the
/// resident set, which is larger.
pub(super) fn memory_kib(pid: u64) -> Result<(f64, &'static str)> {
    if let Ok(rollup) = fs::read_to_string(format!("/proc/{pid}/smaps_rollup"))
        && let Some(pss) = kib(&rollup, "Pss:")
    {
        return Ok((pss, "PSS"));
    }
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let resident = kib(&status, "VmRSS:").context("its memory cannot be read")?;
    Ok((resident, "RSS, an upper bound of PSS"))
}

fn kib(text: &str, name: &str) -> Option<f64> {
    let line = text.lines().find(|line| line.starts_with(name))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Counts by the id of the thread, with its name.
pub(super) struct Wakeups(BTreeMap<OsString, (String, u64)>);

impl Wakeups {
    /// What has come since an earlier count.
    pub(super) fn minus(&self, earlier: &Self) -> Self {
        let since = |(id, (name, count)): (&OsString, &(String, u64))| {
            let before = earlier.0.get(id).map_or(0, |(_, count)| *count);
            (id.clone(), (name.clone(), count - before))
        };
        Self(self.0.iter().map(since).collect())
    }

    pub(super) fn total(&self) -> u64 {
        self.0.values().map(|(_, count)| count).sum()
    }

    pub(super) fn in_words(&self) -> String {
        let threads = self.0.values().filter(|(_, count)| *count > 0);
        threads
            .map(|(name, count)| format!("{name} {count}"))
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// Voluntary context switches of all threads so far.
pub(super) fn wakeups(pid: u64) -> Result<Wakeups> {
    let mut all = BTreeMap::new();
    for thread in fs::read_dir(format!("/proc/{pid}/task"))? {
        let thread = thread?;
        let status = fs::read_to_string(thread.path().join("status"))?;
        let value = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            line.map(str::trim)
                .context("a thread's wakeups cannot be read")
        };
        let name = value("Name:")?.to_owned();
        let count = value("voluntary_ctxt_switches:")?.parse()?;
        all.insert(thread.file_name(), (name, count));
    }
    Ok(Wakeups(all))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wakeups_are_counted_by_thread() {
        let count = |id: &str, name: &str, count| (id.into(), (name.to_owned(), count));
        let before = Wakeups([count("1", "agent", 10)].into());
        let after = Wakeups([count("1", "agent", 12), count("2", "timer", 3)].into());
        let since = after.minus(&before);
        assert_eq!(since.total(), 5);
        assert_eq!(since.in_words(), "agent 2, timer 3");
    }

    #[test]
    fn memory_is_read_from_the_line_of_that_name() {
        let text = "Rss:       2048 kB\nPss:        1024 kB\nPss_Anon:  12 kB\n";
        assert_eq!(kib(text, "Pss:"), Some(1024.0));
        assert_eq!(kib(text, "Swap:"), None);
    }
}
