//! Signing in with the browser, and `holdfast sso`.

use crate::environment::Environment;
use crate::fake_agent::{Answer, FakeAgent, now};
use crate::terminal::OnTerminal;
use holdfast_agent_proto::view::{
    BrowserChoice, PortalSessionView, PortalView, SessionKind, SessionState, SessionView,
    SignInMethod, SignInView, SsoAccountView,
};
use holdfast_agent_proto::{AgentError, ErrorCode, Reply, Request, SignInTarget};
use std::fs;
use std::os::unix::fs::PermissionsExt;

const PAGE: &str = "https://oidc.eu-west-1.amazonaws.com/authorize?state=abc&scopes=sso";

fn portal() -> PortalView {
    PortalView {
        start_url: "https://corp.awsapps.com/start".to_owned(),
        region: "eu-west-1".to_owned(),
        sso_sessions: vec!["corp".to_owned()],
        profiles: vec!["dev".to_owned(), "ops".to_owned()],
        state: SessionState::NeedsSignIn,
    }
}

fn session() -> SessionView {
    SessionView {
        title: "corp.awsapps.com".to_owned(),
        kind: SessionKind::Portal,
        // The token's end, which is nobody's concern.
        expires_at: Some(now() + 3_570),
        profiles: portal().profiles,
        portal: Some(Box::new(PortalSessionView {
            start_url: portal().start_url,
            region: portal().region,
            ends_at: Some(now() + 28_770),
            lasts_seconds: Some(28_800),
        })),
        ..SessionView::default()
    }
}

fn account(id: &str, name: &str, roles: Option<&[&str]>) -> SsoAccountView {
    SsoAccountView {
        account_id: id.to_owned(),
        name: name.to_owned(),
        email: Some(format!("{}@example.com", name.to_lowercase())),
        roles: roles.map(|roles| roles.iter().map(|&role| role.to_owned()).collect()),
    }
}

/// An agent with one portal that needs a sign-in, in the browser that the settings choose.
fn start(environment: &Environment, browser: BrowserChoice) -> FakeAgent {
    let mut signed_in = false;
    FakeAgent::start(environment, move |request| match request {
        Request::Portals => Answer::Reply(Reply::Portals {
            portals: vec![portal()],
        }),
        Request::Login { .. } => Answer::Error(needs_sign_in()),
        Request::SignIn { method, .. } => Answer::Reply(Reply::SignInStarted {
            sign_in: SignInView {
                id: 7,
                title: "corp.awsapps.com".to_owned(),
                method: *method,
                url: match method {
                    SignInMethod::Browser => PAGE.to_owned(),
                    SignInMethod::Device => {
                        "https://device.sso.eu-west-1.amazonaws.com/".to_owned()
                    }
                },
                user_code: (*method == SignInMethod::Device).then(|| "ABCD-EFGH".to_owned()),
                expires_at: now() + 330,
                browser: browser.clone(),
                profiles: portal().profiles,
                ..SignInView::default()
            },
        }),
        Request::AwaitSignIn { sign_in: 7, .. } => {
            signed_in = true;
            Answer::Reply(Reply::LoggedIn { session: session() })
        }
        Request::SsoAccounts { .. } if !signed_in => Answer::Error(needs_sign_in()),
        Request::SsoAccounts { roles, .. } => {
            let names = |names: &'static [&'static str]| roles.then_some(names);
            let part = |accounts, done, more| Reply::SsoAccounts {
                accounts,
                done,
                total: 2,
                fetched_at: 1_795_174_000,
                more,
            };
            Answer::Replies(vec![
                part(
                    vec![account("222222222222", "Shop", names(&["Admin", "Dev"]))],
                    1,
                    true,
                ),
                part(
                    vec![account("333333333333", "Data", names(&["Dev"]))],
                    2,
                    false,
                ),
            ])
        }
        _ => Answer::Close,
    })
}

fn needs_sign_in() -> AgentError {
    let mut error = AgentError::new(
        ErrorCode::SignInRequired,
        "profile dev needs a sign-in to corp.awsapps.com",
    )
    .profile("dev");
    error.portal = Some("corp.awsapps.com".to_owned());
    error
}

/// A program that notes what it was started with.
fn recorder(environment: &Environment) -> String {
    let (script, got) = (environment.at("browser"), environment.at("got"));
    let text = format!(
        "#!/bin/sh\nprintf '%s|' \"$@\" > {0}.new; mv {0}.new {0}\n",
        got.display()
    );
    fs::write(&script, text).unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o700)).unwrap();
    script.display().to_string()
}

fn opened(environment: &Environment) -> String {
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while !environment.at("got").exists() {
        assert!(std::time::Instant::now() < deadline, "a browser was opened");
        std::thread::yield_now();
    }
    environment.read("got")
}

#[test]
fn a_login_opens_the_browser_and_waits_for_it() {
    let environment = Environment::new();
    let agent = start(&environment, BrowserChoice::Default);
    let mut command = environment.holdfast(&["login", "dev"]);
    command.env("BROWSER", recorder(&environment));
    let output = command.output().unwrap();
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(
        shown.starts_with("Signed in: corp.awsapps.com, until "),
        "{shown}"
    );
    assert!(
        shown.ends_with(" (7 h 59 min left).\nUnlocked: dev, ops.\n"),
        "{shown}"
    );
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(
        told.starts_with("Signing in to corp.awsapps.com. Unlocks dev, ops.\nYour browser opens;"),
        "{told}"
    );
    assert_eq!(opened(&environment), format!("{PAGE}|"));
    let seen = agent.seen();
    let target = seen.iter().find_map(|seen| match &seen.request {
        Request::SignIn { target, method } => Some((target.clone(), *method)),
        _ => None,
    });
    let profile = SignInTarget::Profile("dev".to_owned());
    assert_eq!(target, Some((profile, SignInMethod::Browser)));
    let gives_up = |request: &Request| {
        matches!(
            request,
            Request::AwaitSignIn {
                or_cancel: true,
                ..
            }
        )
    };
    assert!(seen.iter().any(|seen| gives_up(&seen.request)));
}

#[test]
fn the_settings_and_the_command_line_decide_how_the_page_is_opened() {
    let chosen = |environment: &Environment| {
        let words = [&recorder(environment), "-P", "at work"].map(str::to_owned);
        BrowserChoice::Command(words.to_vec())
    };
    let environment = Environment::new();
    let _agent = start(&environment, chosen(&environment));
    let ran = environment.run(&["login", "dev"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert_eq!(opened(&environment), format!("-P|at work|{PAGE}|"));

    let shows_the_page = |environment: &Environment, arguments: &[&str]| {
        let ran = environment.run(arguments);
        assert_eq!(ran.status, 0, "{ran:?}");
        assert!(ran.stderr.contains(&format!("\n{PAGE}\n")), "{ran:?}");
        assert!(!environment.at("got").exists());
    };
    let environment = Environment::new();
    let _agent = start(&environment, BrowserChoice::CopyLink);
    shows_the_page(&environment, &["login", "dev"]);
    let environment = Environment::new();
    let _agent = start(&environment, chosen(&environment));
    shows_the_page(&environment, &["login", "dev", "--no-browser"]);
}

#[test]
fn a_browser_that_does_not_start_leaves_the_address() {
    let environment = Environment::new();
    let missing = environment.at("none").display().to_string();
    let _agent = start(&environment, BrowserChoice::Command(vec![missing.clone()]));
    let ran = environment.run(&["login", "dev"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(ran.stderr.contains(&missing), "{ran:?}");
    assert!(ran.stderr.contains(PAGE), "{ran:?}");
}

#[test]
fn another_device_shows_the_code_and_opens_nothing() {
    let environment = Environment::new();
    let _agent = start(&environment, BrowserChoice::Default);
    let mut command = environment.holdfast(&["login", "dev", "--device"]);
    command.env("BROWSER", recorder(&environment));
    let told = String::from_utf8(command.output().unwrap().stderr).unwrap();
    for part in [
        "    https://device.sso.eu-west-1.amazonaws.com/\n",
        "    ABCD-EFGH\n",
        "Only confirm it there because you began it here",
    ] {
        assert!(told.contains(part), "{part} in {told}");
    }
    assert!(!environment.at("got").exists());
}

#[test]
fn no_browser_opens_for_a_program() {
    let environment = Environment::new();
    let agent = FakeAgent::always(&environment, needs_sign_in());
    for arguments in [
        &["env", "dev"][..],
        &["credential-process", "--profile", "dev"],
    ] {
        let ran = environment.run(arguments);
        ran.fails(
            3,
            "holdfast: profile dev needs a sign-in to corp.awsapps.com\nhint: holdfast login dev\n",
        );
    }
    let began = |request: &Request| matches!(request, Request::SignIn { .. });
    assert!(!agent.seen().iter().any(|seen| began(&seen.request)));
}

#[test]
fn ways_to_sign_in_that_exclude_each_other_are_refused() {
    let environment = Environment::new();
    for option in ["--device", "--no-browser"] {
        let ran = environment.run(&["login", "dev", option, "--code", "123456"]);
        assert_eq!(ran.status, 2, "{ran:?}");
    }
}

#[test]
fn portals_are_listed() {
    let environment = Environment::new();
    let _agent = start(&environment, BrowserChoice::Default);
    let shown = environment.run(&["sso", "portals"]).stdout();
    assert!(
        shown.contains(
            "https://corp.awsapps.com/start  eu-west-1  needs sign-in  corp         dev, ops"
        ),
        "{shown}"
    );
    let shown = environment.run(&["sso", "portals", "--json"]).stdout();
    assert!(shown.contains("\"state\": \"needs-sign-in\""), "{shown}");
}

#[test]
fn a_portal_that_nothing_names_yet_can_be_signed_in_to() {
    let environment = Environment::new();
    let agent = start(&environment, BrowserChoice::CopyLink);
    let arguments = [
        "sso",
        "login",
        "https://new.awsapps.com/start/",
        "--sso-region",
        "eu-north-1",
    ];
    let ran = environment.run(&arguments);
    assert_eq!(ran.status, 0, "{ran:?}");
    let target = SignInTarget::Portal {
        start_url: "https://new.awsapps.com/start".to_owned(),
        region: "eu-north-1".to_owned(),
    };
    let meant = |request: &Request| matches!(request, Request::SignIn { target: asked, .. } if *asked == target);
    assert!(agent.seen().iter().any(|seen| meant(&seen.request)));
}

#[test]
fn a_listing_without_a_sign_in_says_what_to_do() {
    let environment = Environment::new();
    let _agent = start(&environment, BrowserChoice::Default);
    environment.run(&["sso", "accounts"]).fails(
        3,
        "holdfast: profile dev needs a sign-in to corp.awsapps.com\nhint: holdfast login dev\n",
    );
}

#[test]
fn accounts_and_roles_are_listed_after_signing_in_on_the_terminal() {
    let environment = Environment::new();
    let _agent = start(&environment, BrowserChoice::CopyLink);
    let mut terminal = OnTerminal::start(&environment, &["sso", "roles", "--search", "dev"]);
    terminal
        .expect("Signing in to corp.awsapps.com")
        .expect("Signed in: corp.awsapps.com")
        .expect("Accounts: 1 of 2")
        .expect("ACCOUNT       NAME  ROLE")
        .expect("333333333333  Data  Dev")
        .expect("222222222222  Shop  Dev");
    assert_eq!(terminal.end().0, 0);
    let shown = environment.run(&["sso", "accounts"]).stdout();
    assert_eq!(
        shown,
        "ACCOUNT       NAME  E-MAIL\n\
         333333333333  Data  data@example.com\n\
         222222222222  Shop  shop@example.com\n"
    );
    let shown = environment.run(&["sso", "roles", "--json"]).stdout();
    assert!(
        shown.contains("\"roles\": [\n        \"Admin\",\n        \"Dev\"\n      ]"),
        "{shown}"
    );
}

#[test]
fn profiles_are_shown_written_and_taken_back() {
    let environment = Environment::new();
    let _agent = start(&environment, BrowserChoice::CopyLink);
    assert_eq!(environment.run(&["sso", "login"]).status, 0);
    let before = "[default]\nregion = eu-west-1\n";
    environment.write(".aws/config", before);

    let dry = environment.run(&["sso", "add-profiles", "--role", "Dev", "--dry-run"]);
    let shown = dry.stdout();
    assert!(shown.contains("+[profile shop-dev]"), "{shown}");
    assert!(shown.contains("+sso_account_id = 222222222222"), "{shown}");
    assert_eq!(environment.read(".aws/config"), before);

    let add = [
        "sso",
        "add-profiles",
        "--role",
        "Dev",
        "--region",
        "eu-west-1",
        "--yes",
    ];
    let shown = environment.run(&add).stdout();
    assert!(shown.contains("Added: data-dev, shop-dev.\n"), "{shown}");
    let config = environment.read(".aws/config");
    assert!(config.starts_with(before), "{config}");
    assert!(
        config.contains("sso_start_url = https://corp.awsapps.com/start"),
        "{config}"
    );
    let shown = environment.run(&add).stdout();
    assert!(
        shown.contains("There already: data-dev, shop-dev.\n"),
        "{shown}"
    );
    assert!(shown.ends_with("nothing was changed.\n"), "{shown}");

    let shown = environment.run(&["sso", "undo", "--yes"]).stdout();
    assert!(shown.contains("Removed: data-dev, shop-dev.\n"), "{shown}");
    assert_eq!(environment.read(".aws/config"), before);
    let shown = environment.run(&["sso", "undo", "--yes"]).stdout();
    assert!(shown.ends_with("nothing was changed.\n"), "{shown}");
}

#[test]
fn names_that_collide_are_named_and_nothing_is_written() {
    let environment = Environment::new();
    let _agent = start(&environment, BrowserChoice::CopyLink);
    assert_eq!(environment.run(&["sso", "login"]).status, 0);
    let before = "[profile shop-dev]\nregion = eu-west-1\n";
    environment.write(".aws/config", before);
    let ran = environment.run(&["sso", "add-profiles", "--role", "Dev", "--yes"]);
    assert_eq!(ran.status, 2, "{ran:?}");
    assert!(
        ran.stdout
            .contains("shop-dev for Dev in 222222222222: there is a profile of this name already"),
        "{ran:?}"
    );
    assert!(ran.stderr.contains("nothing was changed"), "{ran:?}");
    assert_eq!(environment.read(".aws/config"), before);
    for (arguments, expect) in [
        (&["sso", "add-profiles"][..], "no role was chosen"),
        (
            &["sso", "add-profiles", "--role", "Nobody"],
            "no role of https://corp.awsapps.com/start fits",
        ),
        (
            &["sso", "add-profiles", "--all", "--name", "same"],
            "the name template needs a placeholder",
        ),
    ] {
        let ran = environment.run(arguments);
        assert_eq!(ran.status, 2, "{ran:?}");
        assert!(ran.stderr.contains(expect), "{ran:?}");
    }
}
