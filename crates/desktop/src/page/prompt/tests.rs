//! The popup from its start to its end.

use super::{Next, Popup, PromptNoticeKind, PromptPhase};
use crate::agent::Told;
use holdfast_agent_proto::frame::FrameError;
use holdfast_agent_proto::view::{
    CallerView, CandidateView, ProfileChoiceView, PromptView, SignInKind, SignInView, StatusView,
};
use holdfast_agent_proto::{AgentError, ClientError, ErrorCode, Event};
use holdfast_settings::Settings;
use std::path::Path;

fn prompt(id: u64) -> PromptView {
    PromptView {
        id,
        asked_by: vec![CallerView {
            program: "git push".to_owned(),
            ..CallerView::default()
        }],
        waiting: 1,
        ..PromptView::default()
    }
}

fn connected(prompts: &[PromptView]) -> Told {
    Told::Connected(StatusView {
        prompts: prompts.to_vec(),
        ..StatusView::default()
    })
}

fn gone() -> ClientError {
    ClientError::Frame(FrameError::Closed)
}

fn refused(code: ErrorCode) -> Result<(), ClientError> {
    let error = AgentError::new(code, "why").hint("what to do");
    Err(ClientError::Refused(Box::new(error)))
}

fn open() -> Popup {
    let mut popup = Popup::new(Settings::default());
    assert_eq!(popup.told(connected(&[prompt(7)])), Next::Show);
    popup
}

fn phase(popup: &Popup) -> PromptPhase {
    popup.page().unwrap().phase
}

fn kind(popup: &Popup) -> Option<PromptNoticeKind> {
    popup.page().unwrap().notice.map(|notice| notice.kind)
}

#[test]
fn without_a_question_it_goes_away() {
    let mut popup = Popup::new(Settings::default());
    assert_eq!(popup.page(), None);
    assert_eq!(popup.told(connected(&[])), Next::Close);
    assert_eq!(
        Popup::new(Settings::default()).told(Told::Lost(gone())),
        Next::Close
    );
}

#[test]
fn it_ends_with_its_prompt() {
    let mut popup = open();
    assert_eq!((phase(&popup), kind(&popup)), (PromptPhase::Asking, None));
    let other = Event::PromptClosed { prompt: 6 };
    assert_eq!(popup.told(Told::Event(other)), Next::Wait);
    let joined = PromptView {
        waiting: 2,
        ..prompt(7)
    };
    let joined = Event::PromptChanged(joined);
    assert_eq!(popup.told(Told::Event(joined)), Next::Show);
    assert_eq!(popup.page().unwrap().question.whence, "1 more waits");
    let closed = Event::PromptClosed { prompt: 7 };
    assert_eq!(popup.told(Told::Event(closed)), Next::Close);
}

fn choice(id: u64) -> PromptView {
    PromptView {
        sign_in: SignInKind::None,
        choice: Some(Box::new(ProfileChoiceView {
            host: "git-codecommit.eu-west-1.amazonaws.com".to_owned(),
            region: "eu-west-1".to_owned(),
            repository: "shop".to_owned(),
            candidates: vec![CandidateView {
                profile: "dev".to_owned(),
                chain: "access key of dev".to_owned(),
                account_id: Some("111122223333".to_owned()),
            }],
            forgotten: Some("old".to_owned()),
        })),
        ..prompt(id)
    }
}

/// A popup whose choice was just sent.
fn choosing() -> Popup {
    let mut popup = Popup::new(Settings::default());
    assert_eq!(popup.told(connected(&[choice(7)])), Next::Show);
    assert_eq!(popup.answering(), Some(7));
    popup
}

#[test]
fn a_choice_names_repository_and_profiles() {
    let mut popup = Popup::new(Settings::default());
    assert_eq!(popup.told(connected(&[choice(7)])), Next::Show);
    let page = popup.page().unwrap();
    assert_eq!(page.sign_in, None);
    let choice = page.choice.unwrap();
    assert_eq!(choice.repository, "shop");
    assert_eq!(
        choice.candidates[0].account.as_deref(),
        Some("1111-2222-3333")
    );
    assert_eq!(choice.forgotten.as_deref(), Some("old"));
}

#[test]
fn a_choice_closes_it_when_nothing_more_is_needed() {
    let closed = || Told::Event(Event::PromptClosed { prompt: 7 });
    let mut popup = choosing();
    assert_eq!(popup.told(closed()), Next::Wait);
    assert_eq!(popup.chosen(7, Ok(Vec::new())), Next::Close);
    // Word of its end may come later than the answer.
    let mut popup = choosing();
    assert_eq!(popup.chosen(7, Ok(vec![choice(7)])), Next::Close);
    assert!(popup.is_done());
}

#[test]
fn what_the_chosen_profile_needs_is_asked_for_in_the_same_window() {
    let opened = || Told::Event(Event::PromptOpened(prompt(8)));
    let closed = || Told::Event(Event::PromptClosed { prompt: 7 });
    let check = |before: &[fn() -> Told], prompts: Vec<PromptView>, after: &[fn() -> Told]| {
        let mut popup = choosing();
        for told in before {
            popup.told(told());
        }
        assert_eq!(popup.chosen(7, Ok(prompts)), Next::Show);
        for told in after {
            assert_ne!(popup.told(told()), Next::Close);
        }
        assert_eq!(phase(&popup), PromptPhase::Asking);
        assert_eq!(popup.page().unwrap().choice, None);
        assert_eq!(popup.declining(), Some(8));
        assert_eq!(popup.answering(), Some(8));
        assert_eq!(popup.answered(Ok(())), Next::Close);
    };
    // Events come on a connection of their own, earlier or later than the answer.
    check(&[closed, opened], vec![prompt(8)], &[]);
    check(&[closed, opened], Vec::new(), &[]);
    check(&[closed], vec![prompt(8)], &[opened]);
    check(&[], vec![prompt(8)], &[closed, opened]);
}

#[test]
fn a_choice_that_came_too_late_closes_it() {
    let mut popup = choosing();
    let error = AgentError::new(ErrorCode::NotFound, "nobody waits");
    let error = ClientError::Refused(Box::new(error));
    assert_eq!(popup.chosen(7, Err(error)), Next::Close);
    let mut popup = choosing();
    let error = ClientError::Refused(Box::new(AgentError::new(ErrorCode::BadRequest, "why")));
    assert_eq!(popup.chosen(7, Err(error)), Next::Show);
}

#[test]
fn a_good_code_closes_it() {
    let mut popup = open();
    assert_eq!(popup.answering(), Some(7));
    assert_eq!(phase(&popup), PromptPhase::Checking);
    assert_eq!(popup.answering(), None, "one code at a time");
    let closed = Event::PromptClosed { prompt: 7 };
    assert_eq!(popup.told(Told::Event(closed)), Next::Wait);
    assert_eq!(popup.answered(Ok(())), Next::Close);
}

#[test]
fn a_refused_code_can_be_followed_by_another() {
    for (code, expect) in [
        (ErrorCode::WrongCode, PromptNoticeKind::WrongCode),
        (ErrorCode::CodeUsed, PromptNoticeKind::CodeUsed),
        (ErrorCode::Offline, PromptNoticeKind::Retry),
        (ErrorCode::Throttled, PromptNoticeKind::Retry),
    ] {
        let mut popup = open();
        popup.answering();
        // What others do meanwhile takes nothing away.
        popup.told(Told::Event(Event::PromptChanged(prompt(7))));
        assert_eq!(popup.answered(refused(code)), Next::Show);
        assert_eq!(
            (phase(&popup), kind(&popup)),
            (PromptPhase::Asking, Some(expect))
        );
        assert_eq!(popup.answering(), Some(7));
        assert_eq!(kind(&popup), None, "the old notice is not about this code");
    }
}

#[test]
fn what_no_code_can_mend_is_told_before_it_goes() {
    let mut popup = open();
    popup.answering();
    popup.told(Told::Event(Event::PromptClosed { prompt: 7 }));
    assert_eq!(popup.answered(refused(ErrorCode::KeyInactive)), Next::Show);
    let notice = popup.page().unwrap().notice.unwrap();
    assert_eq!(phase(&popup), PromptPhase::Over);
    assert_eq!(notice.message, "Why.");
    assert_eq!(notice.detail.as_deref(), Some("What to do."));
    assert_eq!(popup.declining(), None);
    for code in [ErrorCode::Declined, ErrorCode::NotFound] {
        let mut popup = open();
        popup.answering();
        assert_eq!(popup.answered(refused(code)), Next::Close);
    }
}

#[test]
fn an_agent_that_is_gone_is_waited_for() {
    let mut popup = open();
    assert_eq!(popup.declining(), Some(7));
    assert_eq!(popup.told(Told::Lost(gone())), Next::Show);
    assert_eq!(
        (phase(&popup), kind(&popup)),
        (PromptPhase::Lost, Some(PromptNoticeKind::Lost))
    );
    assert_eq!((popup.answering(), popup.declining()), (None, None));
    // Nobody asks the new one, until somebody does.
    assert_eq!(popup.told(connected(&[])), Next::Show);
    let notice = popup.page().unwrap().notice.unwrap();
    assert_eq!(phase(&popup), PromptPhase::Over);
    assert!(
        notice.message.ends_with("Run git push again."),
        "{notice:?}"
    );
    assert_eq!(popup.answering(), None);
    popup.told(Told::Event(Event::PromptOpened(prompt(1))));
    assert_eq!((phase(&popup), kind(&popup)), (PromptPhase::Asking, None));
    assert_eq!(popup.answering(), Some(1));
}

#[test]
fn a_code_that_was_under_way_when_the_agent_ended_can_be_sent_again() {
    let mut popup = open();
    popup.answering();
    popup.told(Told::Lost(gone()));
    assert_eq!(popup.answered(Err(gone())), Next::Show);
    popup.told(connected(&[prompt(1)]));
    assert_eq!(popup.answering(), Some(1));
}

fn browser_prompt(under_way: Option<u64>) -> PromptView {
    PromptView {
        sign_in: SignInKind::Browser,
        portal: Some("corp.awsapps.com".to_owned()),
        under_way: under_way.map(sign_in),
        ..prompt(7)
    }
}

fn sign_in(id: u64) -> SignInView {
    SignInView {
        id,
        title: "corp.awsapps.com".to_owned(),
        ..SignInView::default()
    }
}

/// A popup whose sign-in number 3 is under way.
fn waiting() -> Popup {
    let mut popup = Popup::new(Settings::default());
    popup.told(connected(&[browser_prompt(None)]));
    assert_eq!(phase(&popup), PromptPhase::Asking);
    assert_eq!(popup.answering(), Some(7));
    assert_eq!(phase(&popup), PromptPhase::Checking);
    assert_eq!(popup.started(Ok(sign_in(3))), Next::Show);
    assert_eq!(popup.opened(false), Next::Show);
    assert_eq!(phase(&popup), PromptPhase::Waiting);
    popup
}

fn message(popup: &Popup) -> Option<String> {
    popup.page().unwrap().notice.map(|notice| notice.message)
}

#[test]
fn a_sign_in_that_is_done_closes_it() {
    let mut popup = waiting();
    assert_eq!(popup.answering(), None, "one at a time");
    let changed = Event::PromptChanged(browser_prompt(Some(3)));
    assert_eq!(popup.told(Told::Event(changed)), Next::Show);
    let closed = Event::PromptClosed { prompt: 7 };
    assert_eq!(popup.told(Told::Event(closed)), Next::Wait);
    assert_eq!(popup.signed_in(3, Ok(())), Next::Close);
    assert!(popup.is_done());
}

#[test]
fn a_sign_in_that_failed_can_be_begun_again() {
    for (code, expect) in [
        (
            ErrorCode::SignInCancelled,
            "The sign-in was refused in the browser. If that was not you, choose “Not now”.",
        ),
        (
            ErrorCode::PromptTimeout,
            "Nobody signed in while AWS was waiting. Open the browser again when you are ready.",
        ),
        (
            ErrorCode::Offline,
            "This network answers in AWS's place (sign-in page or proxy). Your sessions are kept.",
        ),
        (ErrorCode::Misconfigured, "Why."),
    ] {
        let mut popup = waiting();
        assert_eq!(popup.signed_in(3, refused(code)), Next::Show);
        assert_eq!(phase(&popup), PromptPhase::Asking);
        assert_eq!(message(&popup).as_deref(), Some(expect));
        assert_eq!(popup.answering(), Some(7));
        assert_eq!(message(&popup), None, "that was about the one before");
    }
}

/// The agent closes the prompt then, and the one may be told before the other.
#[test]
fn what_was_refused_in_the_browser_is_said_until_it_is_closed() {
    let closed = || Told::Event(Event::PromptClosed { prompt: 7 });
    let cancelled = || refused(ErrorCode::SignInCancelled);
    let mut first = waiting();
    assert_eq!(first.signed_in(3, cancelled()), Next::Show);
    assert_eq!(first.told(closed()), Next::Show);
    let mut last = waiting();
    assert_eq!(last.told(closed()), Next::Wait);
    assert_eq!(last.signed_in(3, cancelled()), Next::Show);
    for popup in [first, last] {
        assert_eq!(phase(&popup), PromptPhase::Over);
        assert!(message(&popup).unwrap().contains("refused in the browser"));
        assert_eq!(popup.declining(), None);
    }
    // Nobody waits any more, for another reason.
    let mut offline = waiting();
    offline.signed_in(3, refused(ErrorCode::Offline));
    assert_eq!(offline.told(closed()), Next::Close);
}

#[test]
fn who_cancels_is_asked_again_without_a_word() {
    let mut popup = waiting();
    assert_eq!(popup.cancelling(), Some(3));
    let told = PromptView {
        error: Some(AgentError::new(ErrorCode::SignInCancelled, "cancelled")),
        ..browser_prompt(None)
    };
    popup.told(Told::Event(Event::PromptChanged(told)));
    assert_eq!(
        popup.signed_in(3, refused(ErrorCode::SignInCancelled)),
        Next::Show
    );
    assert_eq!(
        (phase(&popup), message(&popup)),
        (PromptPhase::Asking, None)
    );
    assert_eq!(popup.cancelling(), None);
}

#[test]
fn a_sign_in_that_others_began_is_joined() {
    let mut popup = Popup::new(Settings::default());
    popup.told(connected(&[browser_prompt(Some(9))]));
    assert_eq!(phase(&popup), PromptPhase::Waiting);
    assert_eq!(popup.signed_in(8, refused(ErrorCode::Offline)), Next::Wait);
    assert_eq!(phase(&popup), PromptPhase::Waiting);
    // Nothing more is to come from here.
    let closed = Event::PromptClosed { prompt: 7 };
    assert_eq!(popup.told(Told::Event(closed)), Next::Close);
}

#[test]
fn a_browser_that_cannot_be_started_leaves_the_link() {
    let mut popup = waiting();
    popup.not_opened("firefox cannot be started to open the page");
    assert_eq!(phase(&popup), PromptPhase::Waiting);
    let expect = "Firefox cannot be started to open the page. Copy the link and open it yourself.";
    assert_eq!(message(&popup).as_deref(), Some(expect));
    popup.opened(true);
    assert_eq!(message(&popup), None);
    assert!(popup.page().unwrap().sign_in.unwrap().copied);
}

#[test]
fn what_the_settings_say_decides_the_buttons() {
    let text = "[sso]\ndevice-code = \"never\"\n[portals.\"https://corp.awsapps.com/start\"]\nbrowser = \"copy-link\"\n";
    for (text, copies_link, device_allowed) in [("", false, true), (text, true, false)] {
        let mut popup = Popup::new(Settings::parse(Path::new("config.toml"), text).unwrap());
        popup.told(connected(&[browser_prompt(None)]));
        let shown = popup.page().unwrap().sign_in.unwrap();
        assert_eq!(
            (shown.copies_link, shown.device_allowed),
            (copies_link, device_allowed)
        );
    }
}
