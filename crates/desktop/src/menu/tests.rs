//! Menus for many states, as values.

mod portals;
mod repositories;

use super::*;
use crate::favourite::Favourite;
use crate::page::PageName;
use crate::standing::Link;
use holdfast_agent_proto::view::{
    KeychainState, PortalView, ProblemView, ProfileView, PromptView, RecentProfile,
    RecentRepository, SessionState, SessionView, SignInKind, StatusView,
};
use jiff::tz::TimeZone;

const NOW: i64 = 1_795_168_800; // 2026-11-20T10:00:00Z

/// A state to change.
struct Example {
    link: Link,
    status: StatusView,
    profiles: Vec<ProfileView>,
    portals: Vec<PortalView>,
    pinned: Vec<String>,
    favourites: Vec<Favourite>,
}

impl Example {
    /// An agent that has nothing to tell.
    fn connected() -> Self {
        Self {
            link: Link::Connected,
            status: StatusView {
                online: Some(true),
                ..StatusView::default()
            },
            profiles: Vec::new(),
            portals: Vec::new(),
            pinned: Vec::new(),
            favourites: Vec::new(),
        }
    }

    /// One role behind an MFA session, used lately.
    fn signed_in() -> Self {
        let mut example = Self::connected();
        example.profiles.push(profile("contributor"));
        example.status.sessions = vec![mfa(27_600), role(3_120, 27_600)];
        example.used("contributor");
        example.status.recent.repositories.push(RecentRepository {
            profile: "contributor".to_owned(),
            region: "eu-west-1".to_owned(),
            host: "git-codecommit.eu-west-1.amazonaws.com".to_owned(),
            name: "ProjectAlpha".to_owned(),
            used_at: NOW - 60,
        });
        example
    }

    fn used(&mut self, profile: &str) {
        self.status.recent.profiles.push(RecentProfile {
            profile: profile.to_owned(),
            used_at: NOW - 60,
        });
    }

    fn menu(&self) -> Menu {
        self.menu_at(NOW)
    }

    fn menu_at(&self, now: i64) -> Menu {
        build(&State {
            link: &self.link,
            status: &self.status,
            profiles: &self.profiles,
            profiles_known: true,
            portals: &self.portals,
            pinned: &self.pinned,
            favourites: &self.favourites,
            now,
            zone: &TimeZone::UTC,
        })
    }

    fn check(&self, expect: &str) {
        let expect: Vec<&str> = expect.lines().map(str::trim_end).collect();
        let indent = |line: &&&str| line.len() - line.trim_start().len();
        let least = expect.iter().filter(|line| !line.trim().is_empty());
        let least = least.map(|line| indent(&line)).min().unwrap_or(0);
        let expect: Vec<&str> = expect
            .iter()
            .filter(|line| !line.trim().is_empty())
            .map(|line| &line[least..])
            .collect();
        assert_eq!(lines(&self.menu()).join("\n"), expect.join("\n"));
    }
}

fn profile(name: &str) -> ProfileView {
    ProfileView {
        name: name.to_owned(),
        sessions: vec!["mfa".to_owned(), format!("role-{name}")],
        sign_in: SignInKind::Mfa,
        ..ProfileView::default()
    }
}

fn mfa(ends_in: i64) -> SessionView {
    SessionView {
        id: "mfa".to_owned(),
        state: SessionState::Valid,
        expires_at: Some(NOW + ends_in),
        needs_person_at: Some(NOW + ends_in),
        profiles: vec!["contributor".to_owned()],
        ..SessionView::default()
    }
}

fn role(ends_in: i64, person_in: i64) -> SessionView {
    SessionView {
        id: "role-contributor".to_owned(),
        renews_itself: true,
        needs_person_at: Some(NOW + person_in),
        ..mfa(ends_in)
    }
}

/// The menu as lines; what cannot be clicked is in brackets.
fn lines(menu: &Menu) -> Vec<String> {
    fn add(entries: &[Entry], indent: usize, lines: &mut Vec<String>) {
        for entry in entries {
            let margin = "  ".repeat(indent);
            match entry {
                Entry::Separator => lines.push(format!("{margin}--")),
                Entry::Item(item) if item.enabled => lines.push(format!("{margin}{}", item.label)),
                Entry::Item(item) => lines.push(format!("{margin}[{}]", item.label)),
                Entry::Submenu { label, entries } => {
                    lines.push(format!("{margin}{label} >"));
                    add(entries, indent + 1, lines);
                }
            }
        }
    }
    let mut all = Vec::new();
    add(&menu.entries, 0, &mut all);
    all
}

fn top(menu: &Menu) -> Vec<String> {
    let all = lines(menu);
    all.into_iter()
        .filter(|line| !line.starts_with(' '))
        .collect()
}

fn first_line(example: &Example) -> String {
    top(&example.menu()).remove(0)
}

#[test]
fn everything_is_reachable_from_the_menu_alone() {
    Example::signed_in().check(
        "
        2 live. Next sign-in by 17:40
        --
        contributor · 50 min, renews itself >
          Enter MFA code…
          Renew now
          --
          Copy clone command >
            ProjectAlpha · eu-west-1
            --
            All repositories…
          Copy environment
          Open AWS console
          --
          Pin
          Sign out
        --
        Copy clone command >
          ProjectAlpha · eu-west-1 · contributor
          --
          All repositories…
        Repositories…
        Sessions…
        Activity…
        Add profile…
        Git helper…
        Doctor…
        --
        Lock
        Settings…
        Quit
        ",
    );
}

#[test]
fn an_agent_that_is_gone_is_told_with_what_to_do() {
    let mut example = Example::signed_in();
    example.link = Link::Lost("cannot start holdfast-agent".to_owned());
    example.check(
        "
        The agent is not running
        Agent: cannot start holdfast-agent
        Try to reach the agent again
        --
        contributor · 50 min, renews itself >
          [Enter MFA code…]
          [Renew now]
          --
          Copy clone command >
            ProjectAlpha · eu-west-1
            --
            All repositories…
          Copy environment
          [Open AWS console]
          --
          Pin
          [Sign out]
        --
        Copy clone command >
          ProjectAlpha · eu-west-1 · contributor
          --
          All repositories…
        Repositories…
        Sessions…
        Activity…
        Add profile…
        Git helper…
        Doctor…
        --
        [Lock]
        Settings…
        Quit
        ",
    );
}

#[test]
fn the_first_start_offers_to_set_up() {
    let example = Example::connected();
    let menu = example.menu();
    assert_eq!(
        top(&menu)[..4],
        ["Signed out", "--", "Set up Holdfast…", "--"]
    );
    let Entry::Item(item) = &menu.entries[2] else {
        panic!("an item");
    };
    assert_eq!(item.action, Action::Show(PageName::AddProfile));
}

#[test]
fn a_locked_agent_can_be_unlocked_and_nothing_else_is_asked_of_it() {
    let mut example = Example::signed_in();
    example.status.locked = true;
    let all = lines(&example.menu());
    assert_eq!(all[0], "Locked: nothing is served");
    for line in [
        "Unlock",
        "  [Enter MFA code…]",
        "  [Renew now]",
        "  Copy environment",
    ] {
        assert!(all.iter().any(|found| found == line), "{line}: {all:#?}");
    }
}

#[test]
fn the_summary_says_how_everything_is() {
    let mut example = Example::connected();
    assert_eq!(first_line(&example), "Signed out");
    example.status.sessions.push(mfa(50_000));
    assert_eq!(first_line(&example), "1 live. Next sign-in by 23:53");
    example.status.sessions[0].needs_person_at = Some(NOW + 60_000);
    assert_eq!(
        first_line(&example),
        "1 live. Next sign-in by tomorrow 02:40"
    );
    example.status.prompts.push(PromptView::default());
    example.status.sessions.clear();
    assert_eq!(first_line(&example), "1 needs you");
    example.link = Link::Connecting;
    assert_eq!(first_line(&example), "Starting…");
}

#[test]
fn problems_stand_under_the_summary_and_say_what_to_do() {
    let shown = |change: fn(&mut StatusView)| {
        let mut example = Example::connected();
        change(&mut example.status);
        top(&example.menu())[1].clone()
    };
    for (change, expect) in [
        (
            (|s| s.keychain.state = KeychainState::Locked) as fn(&mut StatusView),
            "The keychain is locked: unlock it…",
        ),
        (
            |s| {
                s.keychain.state = KeychainState::Locked;
                s.keychain.kind = "file".to_owned();
            },
            "The key file is locked: run holdfast unlock in a terminal",
        ),
        (
            |s| s.keychain.state = KeychainState::Absent,
            "There is no keychain: sessions are kept in memory only",
        ),
        (
            |s| s.keychain.state = KeychainState::Hung,
            "The keychain does not answer: look for its window",
        ),
        (
            |s| s.online = Some(false),
            "AWS cannot be reached. Your sessions are kept.",
        ),
        (
            |s| s.warnings.push("the disk is full".to_owned()),
            "the disk is full",
        ),
        (|s| s.keychain.state = KeychainState::Ready, "--"),
    ] {
        assert_eq!(shown(change), expect);
    }
}

#[test]
fn what_needs_a_person_stands_first_then_the_pinned_then_the_others_by_name() {
    let mut example = Example::connected();
    for name in ["a", "b", "c", "d", "e"] {
        example.profiles.push(profile(name));
    }
    example.pinned = vec!["d".to_owned(), "b".to_owned(), "gone".to_owned()];
    example.used("c");
    example.status.prompts.push(PromptView {
        profiles: vec!["e".to_owned()],
        ..PromptView::default()
    });
    let names: Vec<String> = top(&example.menu())[2..7].to_vec();
    assert_eq!(
        names,
        [
            "e · needs you >",
            "d · signed out >",
            "b · signed out >",
            "a · signed out >",
            "c · signed out >"
        ]
    );
}

#[test]
fn a_profile_with_a_problem_says_which_and_one_without_mfa_asks_for_none() {
    let mut example = Example::connected();
    example.profiles.push(ProfileView {
        name: "broken".to_owned(),
        problems: vec![ProblemView {
            file: None,
            line: Some(4),
            message: "source_profile names a profile that is not there".to_owned(),
        }],
        ..ProfileView::default()
    });
    example.profiles.push(ProfileView {
        name: "plain".to_owned(),
        ..ProfileView::default()
    });
    let all = lines(&example.menu());
    assert_eq!(
        all[2..8],
        [
            "broken · has a problem >",
            "  source_profile names a profile that is not there",
            "  --",
            "  [Renew now]",
            "  --",
            "  Copy clone command >"
        ]
    );
    assert!(all.contains(&"plain · access key >".to_owned()));
    assert!(!all.iter().any(|line| line.contains("MFA")));
}

#[test]
fn names_of_others_keep_to_their_place() {
    for (name, expect) in [
        ("a_b & c", "a_b & c · signed out >"),
        (
            "<img src=x onerror=alert(1)>",
            "<img src=x onerror=alert(1)> · signed out >",
        ),
        ("פרופיל", "\u{2068}פרופיל\u{2069} · signed out >"),
        ("👩‍💻 dev", "\u{2068}👩‍💻 dev\u{2069} · signed out >"),
        ("a\u{202e}b", "\u{2068}a�b\u{2069} · signed out >"),
    ] {
        let mut example = Example::connected();
        example.profiles.push(profile(name));
        assert_eq!(top(&example.menu())[2], expect);
    }
    let mut example = Example::connected();
    example.profiles.push(profile(&"x".repeat(200)));
    let line = &top(&example.menu())[2];
    assert!(line.contains('…') && line.chars().count() < 60, "{line}");
}

#[test]
fn a_thousand_profiles_fit() {
    let mut example = Example::connected();
    for number in 0..1_000 {
        let name = format!("profile-{number:04}");
        example.profiles.push(profile(&name));
        let mut session = role(3_000, 40_000);
        session.id = format!("role-{name}");
        session.profiles = vec![name.clone()];
        example.status.sessions.push(session);
        example.pinned.push(name);
    }
    let menu = example.menu();
    assert!(most_entries(&menu.entries) <= MAX_ENTRIES);
    assert!(top(&menu).contains(&"More profiles (990)…".to_owned()));
}

fn most_entries(entries: &[Entry]) -> usize {
    let below = entries.iter().map(|entry| match entry {
        Entry::Submenu { entries, .. } => most_entries(entries),
        Entry::Item(_) | Entry::Separator => 0,
    });
    below.max().unwrap_or(0).max(entries.len())
}

#[test]
fn some_minutes_later_only_labels_change() {
    let example = Example::signed_in();
    let change = update(&example.menu(), &example.menu_at(NOW + 300));
    let label = |path: &[usize], label: &str| Change::Label {
        path: path.to_vec(),
        label: label.to_owned(),
    };
    assert_eq!(
        change,
        Update::InPlace(vec![label(&[2], "contributor · 45 min, renews itself")])
    );
    assert_eq!(
        update(&example.menu(), &example.menu_at(NOW + 1)),
        Update::InPlace(Vec::new())
    );
}

#[test]
fn signing_out_changes_labels_and_what_can_be_clicked() {
    let before = Example::signed_in();
    let mut after = Example::signed_in();
    after.status.sessions.clear();
    let Update::InPlace(changes) = update(&before.menu(), &after.menu()) else {
        panic!("the structure is the same");
    };
    assert_eq!(
        changes,
        [
            Change::Label {
                path: vec![0],
                label: "Signed out".to_owned()
            },
            Change::Label {
                path: vec![2],
                label: "contributor · signed out".to_owned()
            },
            Change::Enabled {
                path: vec![2, 8],
                enabled: false
            },
        ]
    );
}

#[test]
fn a_menu_whose_entries_mean_something_else_is_made_anew() {
    let before = Example::signed_in();
    let changes: [fn(&mut Example); 4] = [
        |example| example.status.locked = true,
        |example| example.pinned.push("contributor".to_owned()),
        |example| example.profiles.push(profile("another")),
        |example| example.status.recent.repositories[0].name = "ProjectBeta".to_owned(),
    ];
    for change in changes {
        let mut after = Example::signed_in();
        change(&mut after);
        assert_eq!(update(&before.menu(), &after.menu()), Update::Rebuild);
    }
    assert_eq!(
        update(&before.menu(), &Example::signed_in().menu()),
        Update::InPlace(Vec::new())
    );
}
