//! What is told of a day's events, and what is not.

mod portals;

use super::*;
use holdfast_agent_proto::view::{
    CallerView, CandidateView, ProfileChoiceView, PromptView, SessionState, SessionView, StatusView,
};
use holdfast_agent_proto::{AgentError, ErrorCode, Event};
use jiff::tz::TimeZone;

const NOW: i64 = 1_795_168_800; // 2026-11-20T10:00:00Z

struct Day {
    notices: Notices,
    status: StatusView,
    now: i64,
}

impl Day {
    /// With sessions that end in so many seconds.
    fn with(ends: &[(&str, i64)]) -> Self {
        let sessions = ends.iter().map(|(id, left)| session(id, NOW + left));
        let mut day = Self {
            notices: Notices::default(),
            status: StatusView {
                sessions: sessions.collect(),
                online: Some(true),
                ..StatusView::default()
            },
            now: NOW,
        };
        assert_eq!(day.look(), []);
        day
    }

    fn look(&mut self) -> Vec<Change> {
        self.notices.changes(&self.status, self.now, &TimeZone::UTC)
    }

    fn after(&mut self, seconds: i64) -> Vec<Change> {
        self.now += seconds;
        self.look()
    }

    fn announce(&mut self, index: usize) {
        let session = self.status.sessions[index].clone();
        self.notices.heard(&Event::ExpiringSoon {
            session,
            seconds_left: 0,
        });
    }

    fn sign_out(&mut self, index: usize) {
        let session = &mut self.status.sessions[index];
        session.state = SessionState::NeedsMfa;
        session.expires_at = None;
        session.error = Some(AgentError::new(
            ErrorCode::SessionRevoked,
            "AWS ended the session of mary",
        ));
        let session = session.clone();
        self.notices.heard(&Event::SignedOut { session });
    }
}

fn session(id: &str, until: i64) -> SessionView {
    SessionView {
        id: id.to_owned(),
        title: format!("{id} with MFA"),
        state: SessionState::Valid,
        expires_at: Some(until),
        opened_at: Some(NOW - 60),
        profiles: vec![format!("{id}-profile")],
        ..SessionView::default()
    }
}

fn prompt(id: u64) -> PromptView {
    PromptView {
        id,
        profiles: vec!["dev".to_owned()],
        asked_by: vec![CallerView {
            program: "git fetch".to_owned(),
            folder: Some("ProjectAlpha".to_owned()),
            from: None,
        }],
        waiting: 1,
        ..PromptView::default()
    }
}

/// Title, body and buttons of the only change, which shows something.
#[track_caller]
fn shown(changes: &[Change]) -> (&str, &str, Vec<&str>) {
    let [Change::Show(notice)] = changes else {
        panic!("one notice: {changes:?}");
    };
    let labels = notice.buttons.iter().map(|button| button.label);
    (&notice.title, &notice.body, labels.collect())
}

#[test]
fn an_end_is_told_at_each_lead_time_in_the_same_place() {
    let mut day = Day::with(&[("mary", 900)]);
    day.announce(0);
    let changes = day.look();
    assert_eq!(
        shown(&changes),
        (
            "mary with MFA ends in 15 min",
            "A new code renews it. Without one, programs that use it stop at 10:15.",
            vec!["Renew…", "Snooze"]
        )
    );
    assert_eq!(day.after(300), []);
    day.now += 300;
    day.announce(0);
    assert_eq!(shown(&day.look()).0, "mary with MFA ends in 5 min");
    assert_eq!(day.after(300), [Change::Close(Kind::Expiry)]);
}

#[test]
fn the_button_renews_with_a_new_code() {
    let mut day = Day::with(&[("mary", 900)]);
    day.announce(0);
    let [Change::Show(notice)] = &day.look()[..] else {
        panic!("a notice");
    };
    let profile = "mary-profile".to_owned();
    let renew = Answer::Act(Action::SignIn { profile });
    assert_eq!(notice.buttons[0].answer, renew);
    assert!(!notice.quiet);
}

#[test]
fn what_was_renewed_or_signed_out_of_is_taken_away() {
    for expires_at in [Some(NOW + 43_200), None] {
        let mut day = Day::with(&[("mary", 900)]);
        day.announce(0);
        day.look();
        day.status.sessions[0].expires_at = expires_at;
        assert_eq!(day.look(), [Change::Close(Kind::Expiry)]);
    }
}

#[test]
fn many_ends_after_a_sleep_are_one_notice() {
    let ends = ["a", "b", "c", "d", "e", "f"].map(|id| (id, 600));
    let mut day = Day::with(&ends);
    for index in 0..6 {
        day.announce(index);
    }
    let changes = day.look();
    let (title, body, _) = shown(&changes);
    assert_eq!(title, "6 sessions end soon");
    assert_eq!(body.lines().count(), 5);
    assert!(body.starts_with("a with MFA: 10:10\n"), "{body}");
    assert!(body.ends_with("\nand 2 more"), "{body}");
}

#[test]
fn later_is_ten_minutes_and_never_past_the_end() {
    for (left, pause) in [
        (900, Some(600)),
        (300, Some(240)),
        (61, Some(1)),
        (60, None),
    ] {
        let mut day = Day::with(&[("mary", left)]);
        day.announce(0);
        day.look();
        day.notices.snooze();
        assert_eq!(day.look(), [], "{left}");
        let Some(pause) = pause else {
            assert_eq!(day.after(left - 1), []);
            continue;
        };
        assert_eq!(day.notices.next(), Some(NOW + pause), "{left}");
        // The next lead time falls into the pause and does not end it.
        day.announce(0);
        assert_eq!(day.after(pause - 1), [], "{left}");
        assert_eq!(shown(&day.after(1)).2.len(), 2, "{left}");
        assert_eq!(day.after(1), [], "{left}");
    }
}

#[test]
fn a_choice_in_the_background_is_told_of() {
    let mut day = Day::with(&[]);
    let choice = ProfileChoiceView {
        region: "eu-west-1".to_owned(),
        repository: "shop".to_owned(),
        candidates: vec![CandidateView::default(), CandidateView::default()],
        ..ProfileChoiceView::default()
    };
    day.status.prompts = vec![PromptView {
        choice: Some(Box::new(choice)),
        ..prompt(1)
    }];
    let changes = day.look();
    let (title, body, buttons) = shown(&changes);
    assert_eq!(title, "git fetch in ProjectAlpha needs a profile");
    assert_eq!(body, "2 profiles fit repository shop in eu-west-1.");
    assert_eq!(buttons, ["Choose…"]);
}

#[test]
fn background_callers_are_told_of_once() {
    let mut day = Day::with(&[]);
    day.status.prompts = vec![prompt(1)];
    let changes = day.look();
    assert_eq!(
        shown(&changes),
        (
            "git fetch in ProjectAlpha needs an MFA code",
            "It waits for you. The code unlocks dev.",
            vec!["Enter code…"]
        )
    );
    assert_eq!(day.look(), []);
    day.status.prompts[0].waiting = 3;
    let changes = day.look();
    assert!(shown(&changes).1.starts_with("3 programs wait for you."));

    day.notices.closed(Kind::NeedsYou);
    day.status.prompts[0].waiting = 4;
    assert_eq!(day.look(), [], "the person took it away");
    day.status.prompts = vec![prompt(2)];
    assert_eq!(day.look().len(), 1, "another prompt");
    day.status.prompts[0].interactive = true;
    assert_eq!(
        day.look(),
        [Change::Close(Kind::NeedsYou)],
        "the popup is there"
    );
}

#[test]
fn a_session_that_aws_ended_is_told_with_the_reason() {
    let mut day = Day::with(&[("mary", 9_000), ("ann", 9_000)]);
    day.sign_out(0);
    let changes = day.look();
    assert_eq!(
        shown(&changes),
        (
            "AWS ended mary with MFA",
            "AWS ended the session of mary. Sign in again to go on.",
            vec!["Sign in…"]
        )
    );
    assert_eq!(day.look(), []);
    day.sign_out(1);
    let changes = day.look();
    assert_eq!(shown(&changes).0, "AWS ended 2 sessions");
    for session in &mut day.status.sessions {
        session.state = SessionState::Valid;
    }
    assert_eq!(day.look(), [Change::Close(Kind::SignedOut)]);
}

#[test]
fn renewals_are_told_to_those_who_want_it() {
    let renewed = |day: &mut Day| {
        day.status.sessions[0].opened_at = Some(day.now);
        day.status.sessions[0].expires_at = Some(day.now + 7_200);
        day.look()
    };
    let mut day = Day::with(&[("mary", 900)]);
    assert_eq!(renewed(&mut day), [], "off unless wanted");
    day.notices.set_levels(NotificationSettings {
        renewed: Level::Normal,
        ..NotificationSettings::default()
    });
    day.now += 60;
    let changes = renewed(&mut day);
    assert_eq!(
        shown(&changes),
        ("mary with MFA was renewed", "It lives until 12:01.", vec![])
    );
    day.now += 60;
    day.notices.connected();
    assert_eq!(
        renewed(&mut day),
        [],
        "an agent that was away tells no news"
    );
}

#[test]
fn a_network_that_blinks_is_not_told_of() {
    let mut day = Day::with(&[]);
    day.status.online = Some(false);
    assert_eq!(day.look(), []);
    assert_eq!(day.notices.next(), Some(NOW + 30));
    day.status.online = Some(true);
    assert_eq!(day.after(29), []);

    day.status.online = Some(false);
    assert_eq!(day.look(), []);
    let changes = day.after(30);
    assert_eq!(shown(&changes).0, "AWS cannot be reached");
    assert!(matches!(&changes[..], [Change::Show(notice)] if notice.quiet));
    assert_eq!(day.after(600), []);
    day.status.online = Some(true);
    assert_eq!(shown(&day.look()).0, "AWS can be reached again");
}

#[test]
fn what_is_off_is_neither_shown_nor_taken_away() {
    let mut day = Day::with(&[("mary", 900)]);
    day.notices.set_levels(NotificationSettings {
        needs_you: Level::Off,
        expiry: Level::Off,
        renewed: Level::Off,
        signed_out: Level::Off,
        network: Level::Off,
    });
    day.announce(0);
    day.status.prompts = vec![prompt(1)];
    day.status.online = Some(false);
    assert_eq!(day.look(), []);
    day.sign_out(0);
    assert_eq!(day.after(60), []);
    day.status = StatusView::default();
    assert_eq!(day.look(), []);
}

#[test]
fn hostile_names_stay_in_their_line() {
    let mut day = Day::with(&[("mary", 900)]);
    day.status.sessions[0].title = format!("\u{202e}<b>\n{}", "x".repeat(300));
    day.announce(0);
    let changes = day.look();
    let (title, ..) = shown(&changes);
    assert!(!title.contains(['\n', '\u{202e}']), "{title:?}");
    assert!(title.chars().count() < 80, "{title:?}");
}
