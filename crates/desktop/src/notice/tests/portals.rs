//! Portals of IAM Identity Center: before they end, and when AWS ended them.

use super::*;
use holdfast_agent_proto::view::{PortalSessionView, SessionKind, SignInKind};

/// A portal session that ends in so many seconds and whose token is renewed within the hour.
fn portal(ends_in: i64) -> SessionView {
    SessionView {
        id: "portal".to_owned(),
        title: "corp.awsapps.com".to_owned(),
        kind: SessionKind::Portal,
        needs_person_at: Some(NOW + ends_in),
        portal: Some(Box::new(PortalSessionView {
            start_url: "https://corp.awsapps.com/start".to_owned(),
            region: "eu-west-1".to_owned(),
            ends_at: Some(NOW + ends_in),
            lasts_seconds: Some(28_800),
        })),
        ..session("portal", NOW + 3_000)
    }
}

fn with_portal(ends_in: i64) -> Day {
    let mut day = Day::with(&[]);
    day.status.sessions = vec![portal(ends_in)];
    assert_eq!(day.look(), []);
    day
}

#[test]
fn the_end_of_a_portal_session_comes_with_its_reason_and_one_click_to_renew() {
    let mut day = with_portal(900);
    day.announce(0);
    let changes = day.look();
    assert_eq!(
        shown(&changes),
        (
            "corp.awsapps.com ends in 15 min",
            "Your administrator limits this to 8 hours. Renewing opens your browser. Without that, programs that use it stop at 10:15.",
            vec!["Renew", "Snooze"]
        )
    );
    let [Change::Show(notice)] = &changes[..] else {
        panic!("one notice");
    };
    let expect = Action::SignInToPortal {
        start_url: "https://corp.awsapps.com/start".to_owned(),
        region: "eu-west-1".to_owned(),
    };
    assert_eq!(notice.buttons[0].answer, Answer::Act(expect));
    // The next token is no news.
    day.status.sessions[0].expires_at = Some(NOW + 6_600);
    assert_eq!(day.after(60), []);
    day.status.sessions[0].needs_person_at = Some(NOW + 29_700);
    assert_eq!(day.after(60), [Change::Close(Kind::Expiry)]);
}

#[test]
fn a_portal_session_that_aws_ended_is_told_with_its_time() {
    let mut day = with_portal(60);
    day.now = NOW + 90;
    let session = &mut day.status.sessions[0];
    session.state = SessionState::NeedsSignIn;
    session.expires_at = None;
    session.error = Some(AgentError::new(ErrorCode::SessionRevoked, "ended"));
    let session = session.clone();
    day.notices.heard(&Event::SignedOut { session });
    assert_eq!(
        shown(&day.look()),
        (
            "Signed out of corp.awsapps.com",
            "AWS ended this portal session at 10:01. Your administrator limits it to 8 hours. Sign in again to go on.",
            vec!["Sign in"]
        )
    );
    let session = &mut day.status.sessions[0];
    session.state = SessionState::Valid;
    session.error = None;
    assert_eq!(day.after(60), [Change::Close(Kind::SignedOut)]);
}

#[test]
fn a_program_in_the_background_that_needs_a_sign_in_is_told() {
    let mut day = Day::with(&[]);
    day.status.prompts.push(PromptView {
        sign_in: SignInKind::Browser,
        portal: Some("corp.awsapps.com".to_owned()),
        profiles: vec!["dev".to_owned(), "prod".to_owned()],
        ..prompt(1)
    });
    assert_eq!(
        shown(&day.look()),
        (
            "git fetch in ProjectAlpha needs you to sign in",
            "It waits for you. Signing in to corp.awsapps.com unlocks dev and 1 more.",
            vec!["Sign in…"]
        )
    );
}
