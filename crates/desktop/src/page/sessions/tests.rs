//! The page from what the agent told, as a person reads it.

mod portals;

use super::*;
use holdfast_agent_proto::view::{
    CallerView, ProblemView, RecentRepository, RecentView, SessionKind, SessionState, SessionView,
    SignInKind, SourceView,
};
use holdfast_agent_proto::{AgentError, ErrorCode};

const NOW: i64 = 1_795_168_800; // 2026-11-20T10:00:00Z

fn profile(name: &str, sessions: &[&str], steps: &[&str]) -> ProfileView {
    ProfileView {
        name: name.to_owned(),
        chain: "access key of MyRepositoryUser (keychain)".to_owned(),
        source: Some(SourceView {
            kind: "access-key".to_owned(),
            title: "MyRepositoryUser".to_owned(),
            account_id: Some("111111111111".to_owned()),
        }),
        sessions: sessions.iter().map(|id| (*id).to_owned()).collect(),
        steps: steps.iter().map(|step| (*step).to_owned()).collect(),
        sign_in: match sessions {
            [] => SignInKind::None,
            _ => SignInKind::Mfa,
        },
        ..ProfileView::default()
    }
}

fn mfa(ends_in: Option<i64>) -> SessionView {
    SessionView {
        id: "mfa".to_owned(),
        kind: SessionKind::Mfa,
        state: ends_in.map_or(SessionState::NeedsMfa, |_| SessionState::Valid),
        expires_at: ends_in.map(|seconds| NOW + seconds),
        needs_person_at: ends_in.map(|seconds| NOW + seconds),
        opened_at: ends_in.map(|_| NOW - 1_200),
        opened_by: Some(CallerView {
            program: "git fetch".to_owned(),
            ..CallerView::default()
        }),
        ..SessionView::default()
    }
}

fn role(ends_in: i64, person_in: i64) -> SessionView {
    SessionView {
        id: "role".to_owned(),
        kind: SessionKind::Role,
        renews_itself: true,
        needs_person_at: Some(NOW + person_in),
        ..mfa(Some(ends_in))
    }
}

fn page(status: &StatusView, profiles: &[ProfileView]) -> SessionsPage {
    SessionsPage::new(&State {
        status,
        profiles,
        portals: &[],
        device_code: DeviceCode::Allow,
        pinned: &["dev".to_owned()],
        now: NOW,
        zone: &TimeZone::UTC,
    })
}

/// Mark, state or what is left, main action, words.
fn said(row: &SessionRow) -> String {
    let state = match row.left {
        Some(left) => format!("{} s, renews {}", left.until - NOW, left.renews_itself),
        None => row.state.clone(),
    };
    let action = row.action.as_ref().map_or("-", |action| &action.label);
    format!("{:?} | {state} | {action} | {}", row.mark, row.words)
}

fn check(sessions: Vec<SessionView>, profile: ProfileView, expect: &str) {
    let status = StatusView {
        sessions,
        ..StatusView::default()
    };
    let page = page(&status, &[profile]);
    let row = page
        .broken
        .first()
        .or_else(|| page.groups.first()?.rows.first());
    assert_eq!(said(row.expect("the profile is shown")), expect);
}

#[test]
fn a_row_says_how_a_profile_is_and_offers_one_thing() {
    let user = || profile("dev", &["mfa"], &["MFA session"]);
    let steps = ["MFA session", "MyRole in 222222222222"];
    let dev = || profile("dev", &["mfa", "role"], &steps);
    let chain = "MFA session, then role MyRole in 2222-2222-2222";
    check(vec![], user(), "Out | Signed out | Sign in | MFA session");
    check(
        vec![mfa(Some(9_000))],
        user(),
        "Live | 9000 s, renews false | Copy clone command… | MFA session, asked for at 09:40 by git fetch",
    );
    check(
        vec![mfa(Some(720))],
        user(),
        "Expiring | 720 s, renews false | Renew… | MFA session, asked for at 09:40 by git fetch",
    );
    check(
        vec![mfa(Some(9_000)), role(3_120, 9_000)],
        dev(),
        &format!("Live | 3120 s, renews true | Copy clone command… | {chain}"),
    );
    check(
        vec![mfa(Some(600)), role(3_120, 600)],
        dev(),
        &format!("Expiring | 600 s, renews false | Renew… | {chain}"),
    );
    let refused = |code, message: &str| SessionView {
        state: SessionState::Failed,
        error: Some(AgentError::new(code, message).hint("look at it")),
        ..SessionView::default()
    };
    let failed = |code, message: &str| SessionView {
        id: "role".to_owned(),
        ..refused(code, message)
    };
    check(
        vec![
            mfa(Some(9_000)),
            failed(ErrorCode::Denied, "role MyRole refused"),
        ],
        dev(),
        "Needs | Could not be renewed | Try again | Role MyRole refused",
    );
    check(
        vec![
            mfa(Some(9_000)),
            failed(ErrorCode::Offline, "AWS cannot be reached"),
        ],
        dev(),
        "Offline | Offline | Try again | AWS cannot be reached",
    );
    let revoked = SessionView {
        error: Some(AgentError::new(
            ErrorCode::SessionRevoked,
            "AWS ended this session at 08:02",
        )),
        ..mfa(None)
    };
    check(
        vec![revoked],
        user(),
        "Needs | Needs you | Sign in | AWS ended this session at 08:02",
    );
    check(
        vec![],
        profile("key", &[], &[]),
        "Live | Access key | Copy clone command… | Access key of MyRepositoryUser (keychain)",
    );
}

#[test]
fn a_broken_profile_stands_at_the_end_with_file_and_line() {
    let mut broken = profile("broken", &[], &[]);
    broken.problems.push(ProblemView {
        file: Some("/home/me/.aws/config".into()),
        line: Some(12),
        message: "source_profile names itself".to_owned(),
    });
    let general = ProfileView {
        problems: broken.problems.clone(),
        ..ProfileView::default()
    };
    let page = page(&StatusView::default(), &[general, broken]);
    let problem = &page.broken[0].problems[0];
    assert_eq!(
        problem.place.as_deref(),
        Some("/home/me/.aws/config, line 12")
    );
    assert_eq!(page.broken[0].action, None);
    assert_eq!(page.problems, page.broken[0].problems);
    assert!(page.groups.is_empty());
}

#[test]
fn the_repository_used_last_is_copied_and_the_menu_has_the_rest() {
    let status = StatusView {
        sessions: vec![mfa(Some(9_000))],
        recent: RecentView {
            repositories: ["one", "two"]
                .map(|name| RecentRepository {
                    profile: "dev".to_owned(),
                    region: "eu-west-1".to_owned(),
                    host: "git-codecommit.eu-west-1.amazonaws.com".to_owned(),
                    name: name.to_owned(),
                    used_at: NOW,
                })
                .into(),
            ..RecentView::default()
        },
        ..StatusView::default()
    };
    let page = page(&status, &[profile("dev", &["mfa"], &["MFA session"])]);
    let row = &page.groups[0].rows[0];
    assert_eq!(row.action.as_ref().unwrap().label, "Copy clone command");
    let labels: Vec<&str> = row
        .menu
        .iter()
        .map(|action| action.label.as_str())
        .collect();
    assert_eq!(
        labels,
        [
            "Renew now",
            "Renew with a new code…",
            "Copy clone command of two",
            "Repositories…",
            "Copy environment",
            "Open AWS console",
            "Unpin",
            "Sign out",
        ]
    );
    assert_eq!(
        page.groups[0].title,
        "MyRepositoryUser, IAM user in 1111-1111-1111"
    );
    assert_eq!((page.live, page.needing, page.can_sign_out), (1, 0, true));
}

#[test]
fn a_locked_agent_offers_nothing_that_it_would_refuse() {
    let status = StatusView {
        locked: true,
        ..StatusView::default()
    };
    let page = page(&status, &[profile("dev", &["mfa"], &["MFA session"])]);
    let row = &page.groups[0].rows[0];
    let labels: Vec<&str> = row
        .menu
        .iter()
        .map(|action| action.label.as_str())
        .collect();
    assert_eq!(labels, ["Copy environment", "Unpin"]);
}

#[test]
fn a_thousand_profiles_are_made_at_once() {
    let sessions = (0..1_000).map(|n| SessionView {
        id: format!("mfa{n}"),
        ..mfa(Some(9_000))
    });
    let status = StatusView {
        sessions: sessions.collect(),
        ..StatusView::default()
    };
    let profiles: Vec<ProfileView> = (0..1_000)
        .map(|n| {
            profile(
                &format!("profile-{n:04}"),
                &[&format!("mfa{n}")],
                &["MFA session"],
            )
        })
        .collect();
    let page = page(&status, &profiles);
    assert_eq!(page.groups[0].rows.len(), 1_000);
    assert_eq!(page.live, 1_000);
}
