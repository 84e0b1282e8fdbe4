//! The tray with a world that only writes down what is asked of it.

use super::*;
use crate::menu::{Change, Entry};
use crate::notice;
use holdfast_agent_proto::view::{PromptView, SessionState, SessionView};
use holdfast_agent_proto::{AgentError, ClientError};

const NOW: i64 = 1_795_168_800;

/// Everything that the tray did, in words.
#[derive(Default)]
struct Diary {
    lines: Vec<String>,
    window_is_deaf: bool,
}

impl Diary {
    fn note(&mut self, line: impl Into<String>) {
        self.lines.push(line.into());
    }
}

impl Outside for Diary {
    fn show_menu(&mut self, menu: &Menu) {
        self.note(format!("menu of {}", menu.entries.len()));
    }

    fn change_menu(&mut self, changes: &[Change], _: &Menu) {
        self.note(format!("{} changes", changes.len()));
    }

    fn set_icon(&mut self, icon: Icon) {
        self.note(icon.name());
    }

    fn start_window(&mut self, page: PageName, profile: Option<&str>) -> bool {
        self.note(format!("window {page:?} {}", profile.unwrap_or("-")));
        true
    }

    fn order_window(&mut self, page: PageName, profile: Option<&str>) -> bool {
        self.note(format!("order {page:?} {}", profile.unwrap_or("-")));
        !self.window_is_deaf
    }

    fn start_prompt(&mut self) -> bool {
        self.note("popup");
        true
    }

    fn start(&mut self, task: Task) {
        self.note(format!("{task:?}"));
    }

    fn change_notice(&mut self, change: notice::Change) {
        self.note(match change {
            notice::Change::Show(notice) => format!("notice: {}", notice.title),
            notice::Change::Close(kind) => format!("no notice: {kind:?}"),
        });
    }

    fn quit(&mut self) {
        self.note("quit");
    }
}

fn tray() -> Tray<Diary> {
    Tray::new(Diary::default(), false, TimeZone::UTC)
}

/// A tray that knows an agent with one profile.
fn at_work() -> Tray<Diary> {
    let mut tray = tray();
    tray.handle(connected(StatusView::default()));
    tray.handle(Message::Profiles(vec![ProfileView {
        name: "dev".to_owned(),
        ..ProfileView::default()
    }]));
    tray.outside.lines.clear();
    tray
}

fn connected(status: StatusView) -> Message {
    Message::Agent(Box::new(Told::Connected(status)))
}

fn event(event: Event) -> Message {
    Message::Agent(Box::new(Told::Event(event)))
}

fn prompt(id: u64, interactive: bool) -> PromptView {
    PromptView {
        id,
        interactive,
        profiles: vec!["dev".to_owned()],
        ..PromptView::default()
    }
}

fn opened(id: u64) -> Message {
    event(Event::PromptOpened(prompt(id, true)))
}

const fn popup_ended(crashed: bool) -> Message {
    Message::PromptEnded { crashed }
}

#[track_caller]
fn check(mut tray: Tray<Diary>, messages: Vec<Message>, expect: &[&str]) {
    for message in messages {
        tray.handle(message);
    }
    assert_eq!(tray.outside.lines, expect);
}

#[test]
fn the_popup_opens_for_a_person_who_waits_and_never_twice() {
    check(at_work(), vec![opened(1), opened(1)], &["popup"]);
    let background = event(Event::PromptOpened(prompt(1, false)));
    let clicked = event(Event::PromptChanged(prompt(1, true)));
    check(at_work(), vec![background], &[]);
    let background = event(Event::PromptOpened(prompt(1, false)));
    check(at_work(), vec![background, clicked], &["popup"]);
    let status = StatusView {
        prompts: vec![prompt(1, true)],
        ..StatusView::default()
    };
    let fetched = ["FetchProfiles", "FetchPreferences", "popup"];
    check(at_work(), vec![connected(status)], &fetched);
}

#[test]
fn a_popup_that_a_person_closed_stays_closed() {
    let still_open = Message::Prompts(vec![prompt(1, true)]);
    let messages = vec![opened(1), popup_ended(false), still_open];
    check(at_work(), messages, &["popup", "FetchPrompts"]);
    let next = Message::Prompts(vec![prompt(2, true)]);
    let messages = vec![opened(1), popup_ended(false), next];
    check(at_work(), messages, &["popup", "FetchPrompts", "popup"]);
}

#[test]
fn who_clicks_gets_the_popup_again() {
    let sign_in = Message::Clicked(Action::SignIn {
        profile: "dev".to_owned(),
    });
    let changed = event(Event::PromptChanged(prompt(1, true)));
    check(
        at_work(),
        vec![opened(1), popup_ended(false), sign_in, changed],
        &[
            "popup",
            "FetchPrompts",
            "SignIn { profile: \"dev\" }",
            "popup",
        ],
    );
}

#[test]
fn who_clicks_a_notice_gets_the_popup_for_a_program_in_the_background() {
    let background = || event(Event::PromptOpened(prompt(1, false)));
    let show = || Message::Clicked(Action::ShowPrompt);
    check(at_work(), vec![background(), show()], &["popup"]);
    check(at_work(), vec![background(), show(), show()], &["popup"]);
    let again = vec![background(), show(), popup_ended(false), show()];
    check(at_work(), again, &["popup", "FetchPrompts", "popup"]);
    check(at_work(), vec![show()], &[]);
}

#[test]
fn a_popup_that_crashed_is_opened_once_more() {
    let closed = event(Event::PromptClosed { prompt: 1 });
    let messages = vec![opened(1), closed, popup_ended(true)];
    check(at_work(), messages, &["popup"]);
    let messages = vec![opened(1), popup_ended(true), popup_ended(true), opened(1)];
    check(
        at_work(),
        messages,
        &[
            "popup",
            "popup",
            "notice: The window for the MFA code does not work here",
        ],
    );
}

#[test]
fn the_window_is_started_once_and_then_ordered() {
    let show = |page| Message::Clicked(Action::Show(page));
    let repositories = || {
        Message::Clicked(Action::ShowRepositories {
            profile: "dev".to_owned(),
        })
    };
    check(
        at_work(),
        vec![
            show(PageName::Activity),
            Message::StartedAgain,
            repositories(),
            Message::WindowEnded,
            repositories(),
        ],
        &[
            "window Activity -",
            "order Sessions -",
            "order Repositories dev",
            "window Repositories dev",
        ],
    );
    let mut deaf = at_work();
    deaf.outside.window_is_deaf = true;
    check(
        deaf,
        vec![show(PageName::Activity), show(PageName::Settings)],
        &["window Activity -", "order Settings -", "window Settings -"],
    );
}

#[test]
fn who_has_no_profile_is_led_to_the_first_and_not_at_login() {
    let nobody = || Message::Profiles(Vec::new());
    check(tray(), vec![nobody(), nobody()], &["window AddProfile -"]);
    let at_login = Tray::new(Diary::default(), true, TimeZone::UTC);
    check(at_login, vec![nobody()], &[]);
    let messages = vec![nobody(), Message::WindowEnded, Message::StartedAgain];
    check(
        tray(),
        messages,
        &["window AddProfile -", "window AddProfile -"],
    );
}

#[test]
fn a_desktop_without_a_tray_is_told_once_and_gets_the_window() {
    let told = "notice: This desktop shows no tray icons";
    check(
        at_work(),
        vec![
            Message::TrayHost(false),
            Message::TrayHost(false),
            Message::WindowEnded,
        ],
        &[told, "window Sessions -", "quit"],
    );
    let appears = vec![
        Message::TrayHost(false),
        Message::TrayHost(true),
        Message::WindowEnded,
    ];
    check(at_work(), appears, &[told, "window Sessions -"]);
    let mut at_login = at_work();
    at_login.at_login = true;
    let messages = vec![
        Message::TrayHost(false),
        Message::StartedAgain,
        Message::WindowEnded,
    ];
    check(at_login, messages, &[told, "window Sessions -"]);
    check(at_work(), vec![Message::TrayHost(true)], &[]);
}

#[test]
fn clicks_become_tasks_and_tasks_words() {
    let renew = || Task::Renew {
        profile: "dev".to_owned(),
    };
    let refused = |code: &str| {
        let mut trouble = Trouble::new("AWS cannot be reached");
        trouble.code = Some(code.to_owned());
        Err(trouble)
    };
    check(
        at_work(),
        vec![
            Message::Clicked(Action::Renew {
                profile: "dev".to_owned(),
            }),
            Message::Done(renew(), Ok(())),
            Message::Done(renew(), refused("offline")),
            Message::Done(renew(), refused("declined")),
            Message::Done(Task::FetchProfiles, refused("offline")),
            Message::Clicked(Action::Quit),
        ],
        &[
            "Renew { profile: \"dev\" }",
            "notice: Renewed dev",
            "notice: dev was not renewed",
            "quit",
        ],
    );
}

#[test]
fn a_portal_is_signed_in_to_by_one_click_and_told_only_when_that_failed() {
    let action = Action::SignInToPortal {
        start_url: "https://corp.awsapps.com/start".to_owned(),
        region: "eu-west-1".to_owned(),
    };
    let task = Task::SignInToPortal {
        start_url: "https://corp.awsapps.com/start".to_owned(),
        region: "eu-west-1".to_owned(),
    };
    let begun = format!("{task:?}");
    let failed = |code| {
        let trouble = Trouble {
            code: Some(code),
            ..Trouble::new("why")
        };
        Message::Done(task.clone(), Err(trouble))
    };
    check(
        at_work(),
        vec![
            Message::Clicked(action),
            Message::LinkCopied {
                portal: "corp.awsapps.com".to_owned(),
            },
            Message::Done(task.clone(), Ok(())),
            // The person saw that in the browser.
            failed("sign-in-cancelled".to_owned()),
            failed("offline".to_owned()),
        ],
        &[
            &begun,
            "notice: The link to corp.awsapps.com is copied",
            "notice: Not signed in to corp.awsapps.com",
        ],
    );
}

#[test]
fn pinning_changes_the_menu_at_once_and_the_settings_after() {
    let mut tray = at_work();
    tray.refresh(NOW);
    tray.outside.lines.clear();
    let pin = |pinned| {
        Message::Clicked(Action::Pin {
            profile: "dev".to_owned(),
            pinned,
        })
    };
    for pinned in [true, true, false] {
        tray.handle(pin(pinned));
        let names = tray.preferences.pinned.len();
        assert_eq!(names, usize::from(pinned));
        let task = format!("Pin {{ profile: \"dev\", pinned: {pinned} }}");
        assert_eq!(tray.outside.lines.pop(), Some(task));
    }
}

fn live(ends_in: i64) -> StatusView {
    StatusView {
        sessions: vec![SessionView {
            id: "mfa".to_owned(),
            state: SessionState::Valid,
            expires_at: Some(NOW + ends_in),
            needs_person_at: Some(NOW + ends_in),
            ..SessionView::default()
        }],
        ..StatusView::default()
    }
}

#[test]
fn what_is_shown_changes_as_little_as_possible() {
    let mut tray = at_work();
    tray.refresh(NOW);
    tray.refresh(NOW);
    assert_eq!(tray.outside.lines, ["menu of 14"]);
    tray.outside.lines.clear();
    tray.handle(event(Event::Status(live(800))));
    tray.refresh(NOW);
    assert_eq!(tray.outside.lines, ["1 changes", "expiring"]);
    tray.outside.lines.clear();
    let gone = ClientError::Refused(Box::new(AgentError::new(
        holdfast_agent_proto::ErrorCode::Internal,
        "gone",
    )));
    tray.handle(Message::Agent(Box::new(Told::Lost(gone))));
    tray.refresh(NOW);
    assert_eq!(tray.outside.lines, ["menu of 16", "offline"]);
}

#[test]
fn an_idle_tray_is_not_woken_and_a_live_one_about_once_a_minute() {
    let mut tray = at_work();
    assert_eq!(tray.next_tick(NOW), None);
    tray.handle(event(Event::Status(live(3_930))));
    assert_eq!(tray.next_tick(NOW), Some(Duration::from_secs(31)));
    tray.handle(event(Event::Status(live(3_601))));
    assert_eq!(tray.next_tick(NOW), Some(Duration::from_secs(20)));
    assert_eq!(tray.next_tick(NOW + 4_000), None);
}

#[test]
fn the_first_menu_can_be_used() {
    let menu = Tray::<Diary>::first_menu(&TimeZone::UTC);
    let Some(Entry::Item(last)) = menu.entries.last() else {
        panic!("an item");
    };
    assert_eq!((last.action.clone(), last.enabled), (Action::Quit, true));
}

#[test]
fn notices_are_told_of_an_agent_that_is_there_and_their_buttons_are_the_menus() {
    let mut tray = at_work();
    tray.handle(event(Event::Status(live(800))));
    tray.refresh(NOW);
    tray.outside.lines.clear();
    let session = live(800).sessions.remove(0);
    tray.handle(event(Event::ExpiringSoon {
        session,
        seconds_left: 800,
    }));
    tray.refresh(NOW);
    assert_eq!(tray.outside.lines, ["notice:  ends in 13 min"]);
    tray.outside.lines.clear();

    let kind = Some(notice::Kind::Expiry);
    let answer = notice::Answer::Snooze;
    tray.handle(Message::NoticeAnswered { kind, answer });
    tray.refresh(NOW);
    tray.refresh(NOW + 599);
    assert!(
        !tray
            .outside
            .lines
            .iter()
            .any(|line| line.contains("notice"))
    );
    assert_eq!(tray.next_tick(NOW + 599), Some(Duration::from_secs(1)));
    tray.refresh(NOW + 600);
    assert!(
        tray.outside
            .lines
            .contains(&"notice:  ends in 3 min".to_owned())
    );
    tray.outside.lines.clear();

    let sign_in = Action::SignIn {
        profile: "dev".to_owned(),
    };
    let answer = notice::Answer::Act(sign_in);
    tray.handle(Message::NoticeAnswered { kind, answer });
    assert_eq!(tray.outside.lines, ["SignIn { profile: \"dev\" }"]);
}
