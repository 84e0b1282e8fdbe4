//! Ancestors of a process from `/proc` (proc(5): `stat` and `cmdline`).

use super::Process;
use std::fs::File;
use std::io::Read;

/// Bytes read of a command line; git's options before its subcommand fit.
const COMMAND_LINE: u64 = 4096;

/// A process and its ancestors, nearest first, as far as they can be read.
pub(super) fn ancestry(pid: u32, depth: usize) -> Vec<Process> {
    let mut found = Vec::new();
    let mut next = Some(pid);
    for _ in 0..depth {
        let Some(pid) = next.filter(|&pid| pid > 1) else {
            break;
        };
        found.extend(process(pid));
        next = parent(pid);
    }
    found
}

fn process(pid: u32) -> Option<Process> {
    let line = read(pid, "cmdline")?;
    let line = String::from_utf8_lossy(&line);
    let arguments: Vec<&str> = line.trim_end_matches('\0').split('\0').collect();
    Process::from_arguments(&arguments)
}

/// The parent's number is the second field behind the name, which is in parentheses and may itself
/// contain any character.
pub(super) fn parent(pid: u32) -> Option<u32> {
    let stat = read(pid, "stat")?;
    let behind_name = stat.iter().rposition(|&byte| byte == b')')? + 1;
    let fields = std::str::from_utf8(stat.get(behind_name..)?).ok()?;
    fields.split_ascii_whitespace().nth(1)?.parse().ok()
}

fn read(pid: u32, name: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = File::open(format!("/proc/{pid}/{name}")).ok()?;
    file.take(COMMAND_LINE).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_has_ancestors() {
        let own = ancestry(std::process::id(), 16);
        let parent_alone = ancestry(std::os::unix::process::parent_id(), 16);
        assert!(!own.is_empty());
        assert_eq!(own[1..], parent_alone);
        assert_eq!(ancestry(std::process::id(), 1).len(), 1);
        assert!(ancestry(u32::MAX, 16).is_empty());
    }
}
