//! `holdfast status` and `holdfast profiles`.

use crate::environment::Environment;
use crate::fake_agent::{Answer, FakeAgent, now, session, status};
use holdfast_agent_proto::view::{
    CallerView, KeychainState, ProblemView, ProfileView, PromptView, SessionKind, SessionState,
    StatusView,
};
use holdfast_agent_proto::{AgentError, ErrorCode, Reply};

fn with_status(view: StatusView) -> (Environment, FakeAgent) {
    let environment = Environment::new();
    let agent = FakeAgent::start(&environment, move |_| {
        Answer::Reply(Reply::Status(view.clone()))
    });
    (environment, agent)
}

fn with_profiles(pages: Vec<Vec<ProfileView>>) -> (Environment, FakeAgent) {
    let environment = Environment::new();
    let agent = FakeAgent::start(&environment, move |_| {
        let last = pages.len() - 1;
        let page = |(at, profiles): (usize, &Vec<ProfileView>)| Reply::Profiles {
            profiles: profiles.clone(),
            more: at < last,
        };
        Answer::Replies(pages.iter().enumerate().map(page).collect())
    });
    (environment, agent)
}

fn profile(name: &str) -> ProfileView {
    ProfileView {
        name: name.to_owned(),
        chain: format!("access key of {name} (keychain)"),
        ..ProfileView::default()
    }
}

#[test]
fn a_first_look_says_how_to_begin() {
    let (environment, _agent) = with_status(status());
    assert_eq!(
        environment.run(&["status"]).stdout(),
        "No session yet. To sign in, run: holdfast login PROFILE\n"
    );
}

#[test]
fn sessions_stand_in_a_table_and_troubles_below() {
    let mut view = status();
    view.sessions = vec![session(now() + 43_190), {
        let mut failed = session(now() - 5);
        failed.title = "Deploy in 222233334444".to_owned();
        failed.state = SessionState::Failed;
        failed.profiles = ["a", "b", "c", "d", "e"].map(str::to_owned).to_vec();
        failed.error =
            Some(AgentError::new(ErrorCode::Denied, "the role does not trust user/x").hint("ask"));
        failed
    }];
    view.prompts = vec![PromptView {
        id: 1,
        serial: "arn:aws:iam::111122223333:mfa/x".to_owned(),
        profiles: vec!["it's".to_owned()],
        duration_seconds: 3600,
        asked_by: vec![CallerView {
            program: "git push".to_owned(),
            folder: Some("ProjectAlpha".to_owned()),
            from: None,
        }],
        waiting: 1,
        interactive: true,
        ..PromptView::default()
    }];
    view.locked = true;
    view.online = Some(false);
    view.clock_offset_seconds = 1_200;
    view.keychain.state = KeychainState::Hung;
    view.keychain.message = Some("it has not answered for 3 s".to_owned());
    view.warnings = vec!["the disk is full".to_owned()];
    let (environment, _agent) = with_status(view);
    let shown = environment.run(&["status"]).stdout();
    let lines: Vec<&str> = shown.lines().collect();
    assert!(
        lines[0].starts_with("SESSION                    STATE   LEFT"),
        "{shown}"
    );
    assert!(
        lines[1].starts_with("MyRepositoryUser with MFA  live    11 h 59 min left  "),
        "{shown}"
    );
    assert!(
        lines[1].ends_with("  MyRepositoryContributor, MyRepositoryUser"),
        "{shown}"
    );
    assert!(
        lines[2].starts_with("Deploy in 222233334444     failed  ended "),
        "{shown}"
    );
    assert!(lines[2].ends_with("  a, b, c and 2 more"), "{shown}");
    assert_eq!(
        lines[3..],
        [
            "Holdfast is locked. To serve again, run: holdfast unlock",
            r"git push in ProjectAlpha waits for the MFA code of arn:aws:iam::111122223333:mfa/x. To give it, run: holdfast login 'it'\''s'",
            "Deploy in 222233334444: the role does not trust user/x (ask)",
            "Keychain (os): it has not answered for 3 s",
            "AWS cannot be reached. Your sessions are kept.",
            "The clock of this machine is 20 min behind AWS's. Holdfast corrects for it; other programs do not.",
            "the disk is full",
        ]
    );
}

#[test]
fn json_is_what_the_reference_says() {
    let mut view = status();
    view.sessions = vec![session(1_795_212_000)];
    let (environment, _agent) = with_status(view);
    assert_eq!(
        environment.run(&["status", "--json"]).stdout(),
        r#"{
  "running": true,
  "version": "0.1.0",
  "pid": 4242,
  "locked": false,
  "keychain": {
    "kind": "os",
    "state": "ready",
    "message": null
  },
  "online": true,
  "clock_offset_seconds": 0,
  "sessions": [
    {
      "id": "s1",
      "title": "MyRepositoryUser with MFA",
      "kind": "mfa",
      "state": "valid",
      "expires_at": "2026-11-20T22:00:00Z",
      "profiles": [
        "MyRepositoryContributor",
        "MyRepositoryUser"
      ],
      "error": null
    }
  ],
  "prompts": [],
  "sign_ins": [],
  "warnings": []
}
"#
    );
}

#[test]
fn profiles_stand_in_a_table_with_their_problems_below() {
    let mut broken = profile("broken");
    broken.chain = "source_profile nobody".to_owned();
    broken.problems = vec![ProblemView {
        file: Some("/home/x/.aws/config".into()),
        line: Some(7),
        message: "there is no profile nobody".to_owned(),
    }];
    let mut live = profile("東京");
    live.state = Some(SessionState::Valid);
    live.expires_at = Some(now() + 3_630);
    let (environment, _agent) = with_profiles(vec![vec![broken], vec![live]]);
    assert_eq!(
        environment.run(&["profiles"]).stdout(),
        "\
PROFILE  STATE    LEFT      CHAIN
broken   problem            source_profile nobody
東京     live     1 h left  access key of 東京 (keychain)

profile broken: there is no profile nobody (/home/x/.aws/config line 7)
"
    );
    let json = environment.run(&["profiles", "--json"]).stdout();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["profiles"][0]["problems"][0]["line"], 7);
    assert_eq!(json["profiles"][1]["name"], "東京");
    assert_eq!(json["profiles"][1]["state"], "valid");
}

#[test]
fn names_from_files_cannot_steer_the_terminal() {
    let (environment, _agent) = with_profiles(vec![vec![profile("a\x1b]0;title\x07\nb")]]);
    let shown = environment.run(&["profiles"]).stdout();
    assert!(
        !shown.contains('\x1b') && shown.lines().count() == 2,
        "{shown:?}"
    );
    assert!(shown.contains(r"a\u{1b}]0;title\u{7}\u{a}b"), "{shown:?}");
}

#[test]
fn no_profile_names_the_files_that_were_read() {
    let (environment, _agent) = with_profiles(vec![Vec::new()]);
    let shown = environment.run(&["profiles"]).stdout();
    assert_eq!(
        environment.normalise(&shown),
        "There is no profile in [HOME]/.aws/config or [HOME]/.aws/credentials.\n"
    );
}

#[test]
fn ten_thousand_profiles_arrive_in_pages_and_a_closed_pipe_is_no_error() {
    let names = (0..10_000).map(|number| profile(&format!("profile-{number:05}")));
    let all: Vec<ProfileView> = names.collect();
    let (environment, _agent) = with_profiles(all.chunks(300).map(<[_]>::to_vec).collect());
    let shown = environment.run(&["profiles"]).stdout();
    assert_eq!(shown.lines().count(), 10_001);
    assert!(shown.lines().last().unwrap().starts_with("profile-09999 "));

    let script = r#""$0" profiles | head -n 1; echo "${PIPESTATUS[0]}" "#;
    let output = environment
        .program("bash")
        .args(["-c", script])
        .arg(environment.executable())
        .output()
        .unwrap();
    let shown = String::from_utf8(output.stdout).unwrap();
    assert_eq!(shown, "PROFILE        STATE  LEFT  CHAIN\n0\n");
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}

#[test]
fn a_portal_session_ends_with_its_sign_in_and_not_with_its_token() {
    let mut view = status();
    let mut portal = session(now() + 3_000);
    portal.title = "corp.awsapps.com".to_owned();
    portal.kind = SessionKind::Portal;
    portal.renews_itself = true;
    portal.portal = Some(Box::default());
    let mut known = portal.clone();
    known.title = "lab.awsapps.com".to_owned();
    known.portal.as_mut().unwrap().ends_at = Some(now() + 7_230);
    view.sessions = vec![portal, known];
    let (environment, _agent) = with_status(view);
    let shown = environment.run(&["status"]).stdout();
    let lines: Vec<&str> = shown.lines().collect();
    assert!(
        lines[1].starts_with("corp.awsapps.com  live   renews itself"),
        "{shown}"
    );
    assert!(
        lines[2].starts_with("lab.awsapps.com   live   2 h left"),
        "{shown}"
    );
}
