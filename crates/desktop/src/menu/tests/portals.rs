//! Portals of IAM Identity Center in the menu.

use super::*;
use holdfast_agent_proto::view::{PortalSessionView, SessionKind, SignInView};

const START_URL: &str = "https://corp.awsapps.com/start";

fn portal_session(ends_in: Option<i64>) -> SessionView {
    let ends_at = ends_in.map(|seconds| NOW + seconds);
    SessionView {
        id: "portal".to_owned(),
        kind: SessionKind::Portal,
        state: SessionState::Valid,
        expires_at: Some(NOW + 3_000),
        renews_itself: true,
        needs_person_at: ends_at,
        profiles: vec!["dev-team".to_owned()],
        portal: Some(Box::new(PortalSessionView {
            start_url: START_URL.to_owned(),
            region: "eu-west-1".to_owned(),
            ends_at,
            lasts_seconds: ends_at.map(|_| 28_800),
        })),
        ..SessionView::default()
    }
}

/// A profile of one portal.
fn with_portal() -> Example {
    let mut example = Example::connected();
    example.profiles.push(ProfileView {
        sessions: vec!["portal".to_owned(), "role".to_owned()],
        sign_in: SignInKind::Browser,
        ..profile("dev-team")
    });
    example.portals.push(PortalView {
        start_url: START_URL.to_owned(),
        region: "eu-west-1".to_owned(),
        profiles: vec!["dev-team".to_owned()],
        ..PortalView::default()
    });
    example.used("dev-team");
    example
}

#[test]
fn a_portal_has_an_end_a_reason_and_a_way_to_renew() {
    let mut example = with_portal();
    example.status.sessions.push(portal_session(Some(25_500)));
    example.check(
        "
        1 live. Next sign-in by 17:05
        --
        dev-team · 50 min, renews itself >
          Sign in…
          Renew now
          --
          Copy clone command >
            All repositories…
          Copy environment
          Open AWS console
          --
          Pin
          Sign out of the portal
        --
        corp.awsapps.com · portal session until 17:05 >
          Your administrator limits this to 8 hours.
          --
          Renew now
          Add profiles…
          --
          Sign out
        --
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
fn a_portal_that_nobody_is_signed_in_to_offers_that() {
    let portal = |example: &Example| -> Vec<String> {
        let lines = lines(&example.menu());
        let from = lines.iter().position(|line| line.starts_with("corp."));
        let rest = lines.into_iter().skip(from.unwrap());
        rest.take_while(|line| line != "--").collect()
    };
    let mut example = with_portal();
    let offered = [
        "corp.awsapps.com · signed out >",
        "  Sign in…",
        "  Add profiles…",
        "  --",
        "  [Sign out]",
    ];
    assert_eq!(portal(&example), offered);
    // A section of the files may name a portal that no profile uses yet.
    example.portals[0].profiles.clear();
    assert_eq!(portal(&example), offered[..3]);
    example.status.sessions.push(portal_session(None));
    example.status.sign_ins.push(SignInView {
        session: "portal".to_owned(),
        ..SignInView::default()
    });
    assert_eq!(
        portal(&example)[0],
        "corp.awsapps.com · waiting for your browser >"
    );
    example.status.locked = true;
    assert_eq!(portal(&example)[1], "  [Sign in…]");
}
