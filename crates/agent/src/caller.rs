//! Who asks, in words a person recognises: `git push in ProjectAlpha, from VS Code`.
//!
//! Of command lines only the names of programs and git's subcommand are used; other arguments may hold
//! anything. The words are a courtesy to the person and never a reason to trust a caller.

use crate::listener::Caller;
use holdfast_agent_proto::view::CallerView;
use std::path::Path;

#[cfg(any(test, target_os = "linux"))]
#[path = "caller/command_line.rs"]
mod command_line;
#[cfg(target_os = "linux")]
#[path = "caller/linux.rs"]
mod platform;
#[cfg(not(target_os = "linux"))]
#[path = "caller/other.rs"]
mod platform;

/// Ancestors looked at; real chains are about six long.
const DEPTH: usize = 16;

/// Longest name shown, in characters.
const NAME_LENGTH: usize = 40;

/// Programs that stand between a person's command and its credentials.
const BETWEEN: &[&str] = &[
    "holdfast",
    "git-credential-holdfast",
    "git-remote-codecommit",
    "git-remote-http",
    "git-remote-https",
    "git-lfs",
    "env",
    "sudo",
    "timeout",
    "xargs",
];

/// Subcommands that git runs by itself.
const GIT_INTERNAL: &[&str] = &[
    "credential",
    "credential-holdfast",
    "fetch-pack",
    "http-fetch",
    "http-push",
    "lfs",
    "remote-codecommit",
    "remote-http",
    "remote-https",
    "send-pack",
];

const SHELLS: &[&str] = &[
    "bash", "dash", "elvish", "fish", "ksh", "nu", "pwsh", "sh", "tcsh", "xonsh", "zsh",
];

/// Editors and terminals by the name of their program.
const PLACES: &[(&str, &str)] = &[
    ("alacritty", "Alacritty"),
    ("clion", "CLion"),
    ("code", "VS Code"),
    ("code-insiders", "VS Code Insiders"),
    ("codium", "VSCodium"),
    ("cursor", "Cursor"),
    ("emacs", "Emacs"),
    ("foot", "foot"),
    ("ghostty", "Ghostty"),
    ("gnome-terminal-server", "GNOME Terminal"),
    ("goland", "GoLand"),
    ("idea", "IntelliJ IDEA"),
    ("kgx", "Console"),
    ("kitty", "kitty"),
    ("konsole", "Konsole"),
    ("nvim", "Neovim"),
    ("ptyxis-agent", "Ptyxis"),
    ("pycharm", "PyCharm"),
    ("rider", "Rider"),
    ("rustrover", "RustRover"),
    ("screen", "screen"),
    ("sshd", "ssh"),
    ("sublime_text", "Sublime Text"),
    ("tilix", "Tilix"),
    ("tmux: server", "tmux"),
    ("vim", "Vim"),
    ("webstorm", "WebStorm"),
    ("wezterm-gui", "WezTerm"),
    ("xfce4-terminal", "Xfce Terminal"),
    ("xterm", "xterm"),
    ("zed-editor", "Zed"),
];

/// One process among a caller's ancestors, as far as it may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Process {
    /// Name of the program or script.
    name: String,
    /// Git's subcommand.
    subcommand: Option<String>,
    /// A shell that only runs one command line for another program.
    passing: bool,
}

/// Who asks, in words. Reads the process table at the first time, so it is not called on the way to an answer.
pub fn view(caller: &Caller) -> CallerView {
    caller.view.get_or_init(|| look(caller)).clone()
}

/// Notes the parent of a caller that waits for its answer. Once it has that, it is soon gone, but what it was started
/// by mostly stays.
pub(crate) fn meet(caller: &Caller) {
    caller
        .parent
        .get_or_init(|| platform::parent(caller.peer.pid?));
}

fn look(caller: &Caller) -> CallerView {
    let ancestry = ancestry(caller.peer.pid, caller.parent.get().copied().flatten());
    describe(
        &ancestry,
        &caller.client,
        caller.context.working_dir.as_deref(),
    )
}

/// The caller's process, if it is still there, and those above it.
fn ancestry(pid: Option<u32>, parent: Option<u32>) -> Vec<Process> {
    match (pid, parent) {
        (Some(pid), Some(parent)) => {
            let own = if platform::parent(pid) == Some(parent) {
                platform::ancestry(pid, 1)
            } else {
                Vec::new()
            };
            own.into_iter()
                .chain(platform::ancestry(parent, DEPTH - 1))
                .collect()
        }
        (Some(pid), None) => platform::ancestry(pid, DEPTH),
        (None, _) => Vec::new(),
    }
}

fn describe(ancestry: &[Process], client: &str, folder: Option<&Path>) -> CallerView {
    let asking = ancestry.iter().position(|process| !is_between(process));
    let program = match asking.and_then(|at| ancestry.get(at)) {
        Some(process) if !is_shell(process) && place(process).is_none() => command(process),
        // The person ran our own program, or git by hand in an unusual way.
        _ => match outermost_own(ancestry, asking) {
            Some(process) => command(process),
            None => presentable(client),
        },
    };
    let folder = folder
        .and_then(Path::file_name)
        .and_then(|name| name.to_str());
    let beyond = ancestry.get(asking.unwrap_or(ancestry.len())..);
    CallerView {
        program: if program.is_empty() {
            "a program".to_owned()
        } else {
            program
        },
        folder: folder.map(presentable).filter(|name| !name.is_empty()),
        from: beyond.and_then(origin),
    }
}

/// The last of our own or git's programs before somebody else's.
fn outermost_own(ancestry: &[Process], asking: Option<usize>) -> Option<&Process> {
    let own = &ancestry[..asking.unwrap_or(ancestry.len())];
    own.iter().rev().find(|process| !process.passing)
}

/// The editor or terminal, else the shell.
fn origin(ancestors: &[Process]) -> Option<String> {
    let known = ancestors.iter().find_map(place);
    let shell = || ancestors.iter().find(|process| is_shell(process));
    known
        .map(str::to_owned)
        .or_else(|| shell().map(|shell| shell.name.clone()))
}

fn command(process: &Process) -> String {
    match &process.subcommand {
        Some(subcommand) => format!("{} {subcommand}", process.name),
        None => process.name.clone(),
    }
}

fn is_between(process: &Process) -> bool {
    let internal = |name: &String| GIT_INTERNAL.contains(&name.as_str());
    process.passing
        || BETWEEN.contains(&process.name.as_str())
        || (process.name == "git" && process.subcommand.as_ref().is_some_and(internal))
}

fn is_shell(process: &Process) -> bool {
    !process.passing && SHELLS.contains(&process.name.as_str())
}

fn place(process: &Process) -> Option<&'static str> {
    let found = PLACES.iter().find(|(name, _)| *name == process.name);
    found.map(|(_, words)| *words)
}

/// Text that is safe to show: no control characters, no marks that turn the direction of text, not long.
fn presentable(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    let kept: String = text
        .chars()
        .filter(|&c| !c.is_control() && !turns(c))
        .take(NAME_LENGTH)
        .collect();
    kept.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(lines: &[&[&str]], folder: Option<&str>, expect: &str) {
        let ancestry: Vec<Process> = lines
            .iter()
            .filter_map(|line| Process::from_arguments(line))
            .collect();
        let got = describe(&ancestry, "git-credential-holdfast", folder.map(Path::new));
        assert_eq!(got.to_string(), expect);
    }

    #[test]
    fn git_is_named_by_the_command_that_the_person_gave() {
        let helper: &[&str] = &["/usr/bin/git-credential-holdfast", "get"];
        let remote: &[&str] = &[
            "/usr/lib/git-core/git-remote-https",
            "origin",
            "https://secret",
        ];
        let internal: &[&str] = &["/usr/lib/git-core/git", "remote-https", "origin"];
        check(
            &[
                helper,
                &["sh", "-c", "git-credential-holdfast get"],
                remote,
                internal,
                &[
                    "git",
                    "-c",
                    "a.b=secret",
                    "--no-pager",
                    "push",
                    "https://secret@host",
                ],
                &["-zsh"],
                &["/usr/share/code/code", "--type=utility"],
            ],
            Some("/home/mary/ProjectAlpha"),
            "git push in ProjectAlpha, from VS Code",
        );
        check(
            &[
                helper,
                remote,
                internal,
                &["git", "fetch"],
                &["zsh"],
                &["login"],
            ],
            Some("/"),
            "git fetch, from zsh",
        );
        check(
            &[
                helper,
                &["git", "credential", "fill"],
                &["bash"],
                &["kitty"],
            ],
            None,
            "git credential, from kitty",
        );
    }

    #[test]
    fn other_programs_are_named_without_their_arguments() {
        let ours: &[&str] = &["holdfast", "credential-process", "--profile", "dev"];
        check(
            &[
                ours,
                &["sh", "-c", "holdfast credential-process"],
                &["python3.11", "/usr/bin/aws", "s3", "ls"],
                &["fish"],
            ],
            Some("/srv/data"),
            "aws in data, from fish",
        );
        check(
            &[ours, &["terraform", "apply", "-var=x"]],
            None,
            "terraform",
        );
        check(&[ours, &["bash"]], None, "holdfast, from bash");
        check(
            &[ours, &["bash", "/x/deploy.sh"], &["bash"]],
            None,
            "deploy.sh, from bash",
        );
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_caller_that_is_gone_is_known_by_its_parent() {
        let (own, parent) = (std::process::id(), std::os::unix::process::parent_id());
        let whole = ancestry(Some(own), None);
        assert_eq!(ancestry(Some(own), Some(parent)), whole);
        assert_eq!(ancestry(Some(u32::MAX), Some(own)), whole);
        assert_eq!(
            ancestry(Some(parent), Some(own)),
            whole,
            "the number was given to another"
        );
        assert_eq!(ancestry(None, Some(own)), []);
    }

    #[test]
    fn nothing_odd_is_shown() {
        check(&[], None, "git-credential-holdfast");
        check(&[&["\u{1b}[2Jrm\u{202e}"]], Some("/a/b\nc"), "[2Jrm in bc");
        check(&[&["git", "push; rm"]], None, "git");
        let long = "x".repeat(500);
        check(&[&[&long]], None, &"x".repeat(NAME_LENGTH));
        check(&[&["\u{7}"]], None, "git-credential-holdfast");
    }
}
