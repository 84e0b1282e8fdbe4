//! Portals of IAM Identity Center, and the other places where chains start.

use super::*;
use holdfast_agent_proto::view::{PortalSessionView, PromptView, SignInView};

const START_URL: &str = "https://corp.awsapps.com/start";

fn portal_session(state: SessionState, ends_in: Option<i64>) -> SessionView {
    let ends_at = ends_in.map(|seconds| NOW + seconds);
    SessionView {
        id: "portal".to_owned(),
        kind: SessionKind::Portal,
        state,
        expires_at: (state == SessionState::Valid).then_some(NOW + 3_000),
        renews_itself: true,
        needs_person_at: ends_at,
        portal: Some(Box::new(PortalSessionView {
            start_url: START_URL.to_owned(),
            region: "eu-west-1".to_owned(),
            ends_at,
            lasts_seconds: ends_at.map(|_| 28_800),
        })),
        ..SessionView::default()
    }
}

fn of_portal(name: &str) -> ProfileView {
    let steps = ["sign-in", "AdministratorAccess in 111111111111"];
    ProfileView {
        chain: format!("{START_URL} → sign-in → AdministratorAccess in 111111111111"),
        source: Some(SourceView {
            kind: "portal".to_owned(),
            title: name.to_owned(),
            account_id: None,
        }),
        sign_in: SignInKind::Browser,
        ..profile(name, &["portal", name], &steps)
    }
}

fn group(status: &StatusView, names: &[&str], device_code: DeviceCode) -> SessionGroup {
    let profiles: Vec<ProfileView> = names.iter().map(|name| of_portal(name)).collect();
    let portals = [PortalView {
        start_url: START_URL.to_owned(),
        region: "eu-west-1".to_owned(),
        profiles: names.iter().map(|name| (*name).to_owned()).collect(),
        ..PortalView::default()
    }];
    let page = SessionsPage::new(&State {
        status,
        profiles: &profiles,
        portals: &portals,
        device_code,
        pinned: &[],
        now: NOW,
        zone: &TimeZone::UTC,
    });
    let [group] = &page.groups[..] else {
        panic!("one group: {:?}", page.groups);
    };
    group.clone()
}

/// Mark, state or end, main action, words.
fn check_portal(session: Option<SessionView>, expect: &str) {
    let status = StatusView {
        sessions: session.into_iter().collect(),
        ..StatusView::default()
    };
    let group = group(&status, &["dev", "prod"], DeviceCode::Allow);
    let row = group.portal.expect("the portal has a row");
    let state = match row.until {
        Some(until) => format!("until {}", until - NOW),
        None => row.state.clone(),
    };
    let action = row.action.map_or("-".to_owned(), |action| action.label);
    let told = format!("{:?} | {state} | {action} | {}", row.mark, row.words);
    assert_eq!(told, expect);
}

#[test]
fn a_portal_says_how_its_own_session_is() {
    use SessionState::{Failed, NeedsSignIn, Valid};
    let serves = "One sign-in serves all 2 profiles below.";
    check_portal(None, &format!("Out | Signed out | Sign in | {serves}"));
    check_portal(
        Some(portal_session(Valid, Some(20_000))),
        "Live | until 20000 | - | Your administrator limits this to 8 hours.",
    );
    check_portal(
        Some(portal_session(Valid, None)),
        "Live | Signed in | - | Renewed by itself for as long as AWS allows.",
    );
    check_portal(
        Some(portal_session(Valid, Some(600))),
        "Expiring | until 600 | Renew | Your administrator limits this to 8 hours.",
    );
    let with_error = |state, ends_in, code, message: &str| SessionView {
        error: Some(AgentError::new(code, message).hint("look at it")),
        ..portal_session(state, ends_in)
    };
    let revoked = ErrorCode::SessionRevoked;
    check_portal(
        Some(with_error(NeedsSignIn, Some(-7_080), revoked, "ended")),
        "Needs | Needs you | Sign in | AWS ended this portal session at 08:02. Your administrator limits it to 8 hours.",
    );
    let offline = ErrorCode::Offline;
    check_portal(
        Some(with_error(
            Failed,
            None,
            offline,
            "oidc.eu-west-1.amazonaws.com cannot be reached",
        )),
        "Offline | Could not be renewed | Try again | oidc.eu-west-1.amazonaws.com cannot be reached",
    );
}

#[test]
fn a_portal_stands_above_its_profiles_with_every_way_to_sign_in() {
    let labels = |status: &StatusView, device_code| -> Vec<String> {
        let row = group(status, &["dev"], device_code).portal.unwrap();
        row.menu.into_iter().map(|action| action.label).collect()
    };
    let mut status = StatusView::default();
    let first = group(&status, &["dev"], DeviceCode::Allow);
    assert_eq!(
        first.title,
        "corp.awsapps.com, Identity Center in eu-west-1"
    );
    assert_eq!(
        said(&first.rows[0]),
        "Out | Signed out | Sign in | Role AdministratorAccess in 1111-1111-1111"
    );
    assert_eq!(
        labels(&status, DeviceCode::Allow),
        ["Copy link", "Another device…", "Add profiles…"]
    );
    assert_eq!(
        labels(&status, DeviceCode::Never),
        ["Copy link", "Add profiles…"]
    );
    status.sessions = vec![portal_session(SessionState::Valid, Some(20_000))];
    assert_eq!(
        labels(&status, DeviceCode::Never),
        ["Renew now", "Copy link", "Add profiles…", "Sign out"]
    );
    status.sign_ins = vec![SignInView {
        session: "portal".to_owned(),
        ..SignInView::default()
    }];
    let row = group(&status, &["dev"], DeviceCode::Allow).portal.unwrap();
    assert_eq!(row.state, "Waiting for your browser…");
    status.locked = true;
    assert_eq!(labels(&status, DeviceCode::Allow), ["Add profiles…"]);
}

#[test]
fn one_portal_that_is_asked_for_is_the_one_loud_thing() {
    let status = StatusView {
        prompts: vec![PromptView {
            sign_in: SignInKind::Browser,
            profiles: vec!["dev".to_owned(), "prod".to_owned()],
            ..PromptView::default()
        }],
        ..StatusView::default()
    };
    let group = group(&status, &["dev", "prod"], DeviceCode::Allow);
    assert_eq!(group.portal.unwrap().mark, StateMark::Needs);
    for row in &group.rows {
        assert!(said(row).starts_with("Out | Waits for the portal | Sign in"));
    }
}

#[test]
fn every_source_is_told_in_words() {
    for (kind, first, steps, title, words) in [
        (
            "console-login",
            "arn:aws:iam::111111111111:user/jo",
            &["sign-in"][..],
            "Console sign-in",
            "Console sign-in of arn:aws:iam::1111-1111-1111:user/jo",
        ),
        (
            "web-identity-token",
            "web identity token in /run/token",
            &["MyRole in 222222222222"],
            "Web identity",
            "Web identity token in /run/token, then role MyRole in 2222-2222-2222",
        ),
        (
            "credential-process",
            "credential_process of ci",
            &["its credentials"],
            "Credentials of other programs",
            "credential_process of ci",
        ),
        (
            "instance-metadata",
            "EC2 instance",
            &["its credentials", "MyRole in 222222222222"],
            "Credentials of this machine",
            "EC2 instance, then role MyRole in 2222-2222-2222",
        ),
    ] {
        let steps_in_chain = steps.join(" → ");
        let profile = ProfileView {
            chain: format!("{first} → {steps_in_chain}"),
            source: Some(SourceView {
                kind: kind.to_owned(),
                title: "ci".to_owned(),
                account_id: None,
            }),
            sign_in: SignInKind::None,
            ..profile("ci", &["one"], steps)
        };
        let page = page(&StatusView::default(), &[profile]);
        assert_eq!(page.groups[0].title, title);
        assert_eq!(page.groups[0].rows[0].words, words);
    }
}
