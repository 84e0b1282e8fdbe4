//! The bare git repositories behind CodeCommit's, made and read by real git.

use std::ffi::OsStr;
use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use jiff::Timestamp;

/// The branch new repositories start with.
pub(crate) const DEFAULT_BRANCH: &str = "main";

/// Real git in an environment of its own: no configuration of the machine or the user reaches it.
pub(crate) fn git() -> Command {
    let mut command = Command::new("git");
    command.env_clear();
    // What a program needs to be found and to start, on any system.
    for name in ["PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env(
            "GIT_CONFIG_GLOBAL",
            if cfg!(windows) { "NUL" } else { "/dev/null" },
        )
        .env("GIT_TERMINAL_PROMPT", "0")
        .stdin(Stdio::null());
    command
}

/// Makes an empty bare repository, unless there is one already.
pub(crate) fn create(folder: &Path) -> io::Result<()> {
    if folder.join("HEAD").exists() {
        return Ok(());
    }
    if let Some(parent) = folder.parent() {
        std::fs::create_dir_all(parent)?;
    }
    let branch = format!("--initial-branch={DEFAULT_BRANCH}");
    let arguments: [&OsStr; 5] = [
        "init".as_ref(),
        "--bare".as_ref(),
        "--quiet".as_ref(),
        branch.as_ref(),
        folder.as_os_str(),
    ];
    run(git().args(arguments), &[]).map(drop)
}

/// Gives an empty repository `commits` commits on its default branch, the last one made at `now`, an hour apart.
pub(crate) fn import_history(folder: &Path, commits: u32, now: Timestamp) -> io::Result<()> {
    let mut stream = String::new();
    for number in 1..=commits {
        let second = now.as_second() - i64::from(commits - number) * 3600;
        let message = match number {
            1 => "Add README".to_owned(),
            _ => format!("Add note {number}"),
        };
        let (path, content) = match number {
            1 => (
                "README.md".to_owned(),
                "# A repository in CodeCommit\n".to_owned(),
            ),
            _ => (
                format!("notes/{number:04}.md"),
                format!("Note number {number}.\n"),
            ),
        };
        stream.push_str(&format!(
            "commit refs/heads/{DEFAULT_BRANCH}\ncommitter Sim <sim@example.com> {second} +0000\n\
             data {}\n{message}\nM 100644 inline {path}\ndata {}\n{content}\n",
            message.len(),
            content.len()
        ));
    }
    let mut import = git();
    import
        .arg("-C")
        .arg(folder)
        .args(["fast-import", "--quiet"]);
    run(&mut import, stream.as_bytes()).map(drop)
}

/// The branch `HEAD` names, when it has a commit. Read without git, as it is asked for every repository of a list.
pub(crate) fn default_branch(folder: &Path) -> Option<String> {
    let head = std::fs::read_to_string(folder.join("HEAD")).ok()?;
    let reference = head.trim_end().strip_prefix("ref: ")?;
    let packed = std::fs::read_to_string(folder.join("packed-refs")).unwrap_or_default();
    let born = folder.join(reference).exists()
        || packed.lines().any(|line| {
            line.split_once(' ')
                .is_some_and(|(_, name)| name == reference)
        });
    let branch = reference.strip_prefix("refs/heads/")?;
    born.then(|| branch.to_owned())
}

/// The branches and the commits they point at.
pub(crate) fn branches(folder: &Path) -> io::Result<Vec<(String, String)>> {
    create(folder)?;
    let mut list = git();
    list.arg("-C").arg(folder).args([
        "for-each-ref",
        "--format=%(refname:lstrip=2) %(objectname)",
        "refs/heads",
    ]);
    let output = run(&mut list, &[])?;
    Ok(String::from_utf8_lossy(&output)
        .lines()
        .filter_map(|line| line.rsplit_once(' '))
        .map(|(name, commit)| (name.to_owned(), commit.to_owned()))
        .collect())
}

fn run(command: &mut Command, input: &[u8]) -> io::Result<Vec<u8>> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input)?;
    }
    let output = child.wait_with_output()?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    Err(io::Error::other(format!(
        "git ended with {}: {}",
        output.status,
        String::from_utf8_lossy(&output.stderr).trim()
    )))
}
