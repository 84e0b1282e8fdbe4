//! Sign-ins: the one that goes well, and everything that can get in the way.

use super::desk::{Desk, browse};
use holdfast_agent_proto::view::{SessionKind, SessionState, SignInMethod};
use holdfast_agent_proto::{ErrorCode, Reply, Request, SignInTarget};
use holdfast_core::failure::FailureKind;
use std::time::Duration;

/// Addresses of this network namespace that something listens on, as `/proc/net` has them.
#[cfg(target_os = "linux")]
fn listening() -> Vec<String> {
    let listens = |line: &&str| line.split_whitespace().nth(3) == Some("0A");
    let address = |line: &str| line.split_whitespace().nth(1).unwrap().to_owned();
    let mut all = Vec::new();
    for file in ["/proc/self/net/tcp", "/proc/self/net/tcp6"] {
        let table = std::fs::read_to_string(file).unwrap_or_default();
        all.extend(table.lines().filter(listens).map(address));
    }
    all
}

#[tokio::test]
async fn one_sign_in_serves_every_profile_of_the_portal() {
    let mut desk = Desk::new().await;
    let told = desk.credentials("dev").await.unwrap_err();
    assert_eq!(told.code, ErrorCode::SignInRequired);
    assert_eq!(told.portal.as_deref(), Some("corp.awsapps.com"));
    assert_eq!(told.hints, ["holdfast login dev"]);
    let login = |profile: &str| Request::Login {
        profile: profile.to_owned(),
        code: None,
        duration_seconds: None,
    };
    let told = desk.ask(login("dev")).await.err().unwrap();
    assert_eq!(told.code, ErrorCode::SignInRequired);

    desk.sign_in("dev").await;
    assert_eq!(desk.credentials("dev").await.unwrap(), "ASIA111122223333");
    assert_eq!(
        desk.credentials("legacy").await.unwrap(),
        "ASIA444455556666"
    );
    assert!(desk.ask(login("legacy")).await.is_ok());
    let status = desk.status().await;
    assert_eq!(status.sign_ins, []);
    let portal = status
        .sessions
        .iter()
        .find(|it| it.kind == SessionKind::Portal);
    let portal = portal.unwrap();
    assert_eq!(portal.state, SessionState::Valid);
    assert!(portal.renews_itself);
    assert!(portal.opened_by.is_some());
    assert_eq!(
        portal.portal.as_ref().unwrap().start_url,
        "https://corp.awsapps.com/start"
    );
    let world = desk.aws.world();
    assert_eq!((world.registrations, world.refreshes), (1, 0));
}

#[tokio::test]
async fn the_port_is_open_on_this_computer_alone_and_for_the_sign_in_alone() {
    let mut desk = Desk::new().await;
    let begun = desk.begin("dev", SignInMethod::Browser).await.unwrap();
    let landing = desk.aws.allow(&begun.url);
    let port: u16 = landing
        .strip_prefix("http://127.0.0.1:")
        .and_then(|rest| rest.split_once("/oauth/callback?"))
        .and_then(|(port, _)| port.parse().ok())
        .unwrap();
    #[cfg(target_os = "linux")]
    {
        let ending = format!(":{port:04X}");
        let mut ours = listening();
        ours.retain(|address| address.ends_with(&ending));
        assert_eq!(
            ours,
            [format!("0100007F{ending}")],
            "127.0.0.1 and nothing else"
        );
    }
    let (_, mut end) = desk.end_of(begun.id, false).await;
    // Strays of any kind, and then the browser.
    for stray in ["", "favicon.ico", "oauth/callback?error=access_denied"] {
        browse(&format!("http://127.0.0.1:{port}/{stray}")).await;
    }
    browse(&landing.replace("state=", "state=x")).await;
    assert!(!end.is_here());
    assert!(browse(&landing).await.contains("You are signed in"));
    assert!(end.get().await.is_ok());
    for _ in 0..600 {
        if tokio::net::TcpStream::connect(("127.0.0.1", port))
            .await
            .is_err()
        {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the port is still open");
}

#[tokio::test]
async fn who_says_no_in_the_browser_is_not_signed_in() {
    let mut desk = Desk::new().await;
    let begun = desk.begin("dev", SignInMethod::Browser).await.unwrap();
    let (_, mut end) = desk.end_of(begun.id, false).await;
    let landing = desk.aws.allow(&begun.url);
    let (uri, query) = landing.split_once('?').unwrap();
    let state = query.split_once("state=").unwrap().1;
    let page = browse(&format!("{uri}?error=access_denied&state={state}")).await;
    assert!(
        page.contains("You are not signed in to corp.awsapps.com"),
        "{page}"
    );
    let told = end.get().await.err().unwrap();
    assert_eq!(told.code, ErrorCode::SignInCancelled);
    assert_eq!(
        told.message,
        "the sign-in to corp.awsapps.com was refused on its page"
    );
    assert_eq!(told.hints[0], "holdfast login dev");
    // And may try again.
    desk.sign_in("dev").await;
}

#[tokio::test]
async fn a_forgotten_client_is_registered_again_in_the_same_tab() {
    let mut desk = Desk::new().await;
    desk.sign_in("dev").await;
    desk.aws.world().clients.clear();
    let begun = desk.begin("dev", SignInMethod::Browser).await.unwrap();
    let (_, mut end) = desk.end_of(begun.id, false).await;
    let page = browse(&desk.aws.allow(&begun.url)).await;
    assert!(page.starts_with("HTTP/1.1 303 "), "{page}");
    let location = page.split_once("\r\nLocation: ").unwrap().1;
    let url = location.split_once("\r\n").unwrap().0;
    let page = browse(&desk.aws.allow(url)).await;
    assert!(page.contains("You are signed in"), "{page}");
    assert!(end.get().await.is_ok());
    assert_eq!(desk.aws.world().registrations, 2);
    assert_eq!(desk.credentials("dev").await.unwrap(), "ASIA111122223333");
}

#[tokio::test]
async fn one_sign_in_at_a_time_and_whoever_wants_it_joins() {
    let mut desk = Desk::new().await;
    let one = desk.begin("dev", SignInMethod::Browser).await.unwrap();
    let other = desk.begin("legacy", SignInMethod::Browser).await.unwrap();
    assert_eq!(one.id, other.id);
    assert_eq!(one.url, other.url);
    assert_eq!(one.profiles, ["dev", "gone", "legacy"]);
    assert_eq!(desk.status().await.sign_ins.len(), 1);
    let target = SignInTarget::Portal {
        start_url: "https://other.awsapps.com/start/".to_owned(),
        region: "us-east-1".to_owned(),
    };
    let method = SignInMethod::Browser;
    assert!(desk.ask(Request::SignIn { target, method }).await.is_ok());
    let titles: Vec<_> = desk
        .status()
        .await
        .sign_ins
        .into_iter()
        .map(|it| it.title)
        .collect();
    assert_eq!(
        titles,
        ["corp.awsapps.com", "other.awsapps.com"],
        "side by side"
    );

    let (_, mut end) = desk.end_of(one.id, false).await;
    let cancelled = desk.ask(Request::CancelSignIn { sign_in: one.id }).await;
    assert!(matches!(cancelled, Ok(Reply::Done)));
    let told = end.get().await.err().unwrap();
    assert_eq!(told.code, ErrorCode::SignInCancelled);
    assert_eq!(desk.status().await.sign_ins.len(), 1);
    let late = desk
        .end_of(one.id, false)
        .await
        .1
        .get()
        .await
        .err()
        .unwrap();
    assert_eq!(late.code, ErrorCode::SignInCancelled);
    let unknown = desk.end_of(99, false).await.1.get().await.err().unwrap();
    assert_eq!(unknown.code, ErrorCode::NotFound);
}

#[tokio::test]
async fn hanging_up_ends_the_sign_in_only_when_that_was_said() {
    let mut desk = Desk::new().await;
    let begun = desk.begin("dev", SignInMethod::Browser).await.unwrap();
    let (connection, _end) = desk.end_of(begun.id, false).await;
    desk.hang_up(connection).await;
    assert_eq!(desk.status().await.sign_ins.len(), 1);
    let (connection, _end) = desk.end_of(begun.id, true).await;
    desk.hang_up(connection).await;
    assert_eq!(desk.status().await.sign_ins, []);
}

#[tokio::test]
async fn another_device_is_waited_for_and_slowed_down_to() {
    let mut desk = Desk::new().await;
    desk.aws
        .world()
        .device
        .push_back(FailureKind::AuthorizationPending);
    let browser = desk.begin("dev", SignInMethod::Browser).await.unwrap();
    let (_, mut first_end) = desk.end_of(browser.id, false).await;
    let begun = desk.begin("dev", SignInMethod::Device).await.unwrap();
    assert_eq!(begun.user_code.as_deref(), Some("ABCD-EFGH"));
    assert_eq!(begun.url, "https://device.sso.eu-west-1.amazonaws.com/");
    assert!(!begun.url.contains("ABCD"));
    // Who waited for the browser waits for the device now.
    assert!(first_end.get().await.is_ok());
    let (_, mut end) = desk.end_of(begun.id, false).await;
    assert!(end.get().await.is_ok());
    assert_eq!(desk.credentials("dev").await.unwrap(), "ASIA111122223333");
}

#[tokio::test]
async fn the_settings_can_forbid_another_device() {
    let mut desk = Desk::with_settings("[sso]\ndevice-code = 'never'\n").await;
    let told = desk.begin("dev", SignInMethod::Device).await.unwrap_err();
    assert_eq!(told.code, ErrorCode::Denied);
    assert!(told.message.contains("device-code = \"never\""), "{told}");
    assert_eq!(desk.aws.world().registrations, 0);
}

#[tokio::test]
async fn what_cannot_be_signed_in_to_says_why() {
    let mut desk = Desk::new().await;
    let portal = |start_url: &str| Request::SignIn {
        target: SignInTarget::Portal {
            start_url: start_url.to_owned(),
            region: "eu-west-1".to_owned(),
        },
        method: SignInMethod::Browser,
    };
    let told = desk
        .ask(portal("corp.awsapps.com/start"))
        .await
        .err()
        .unwrap();
    assert_eq!(told.code, ErrorCode::BadRequest);
    assert_eq!(told.hints, ["it looks like https://corp.awsapps.com/start"]);
    let told = desk
        .begin("nobody", SignInMethod::Browser)
        .await
        .unwrap_err();
    assert_eq!(told.code, ErrorCode::UnknownProfile);

    desk.aws.world().offline = true;
    let told = desk.begin("dev", SignInMethod::Browser).await.unwrap_err();
    assert_eq!(told.code, ErrorCode::Offline);
    assert!(
        told.hints
            .iter()
            .any(|hint| hint.contains("sso_region (eu-west-1)")),
        "{told:?}"
    );
    assert_eq!(desk.status().await.online, Some(false));
    desk.aws.world().offline = false;

    // A role that nobody has shows at the sign-in.
    let begun = desk.begin("gone", SignInMethod::Browser).await.unwrap();
    let (_, mut end) = desk.end_of(begun.id, false).await;
    browse(&desk.aws.allow(&begun.url)).await;
    let told = end.get().await.err().unwrap();
    assert_eq!(told.code, ErrorCode::Denied);
    assert!(told.hints[0].contains("holdfast sso roles"), "{told:?}");
    assert_eq!(desk.credentials("dev").await.unwrap(), "ASIA111122223333");
}

#[tokio::test]
async fn signing_out_is_told_to_aws_if_it_can_be() {
    let mut desk = Desk::new().await;
    let logout = || Request::Logout { profile: None };
    desk.sign_in("dev").await;
    assert!(desk.ask(logout()).await.is_ok());
    assert_eq!(desk.aws.world().logouts, 1);
    let told = desk.credentials("dev").await.unwrap_err();
    assert_eq!(told.code, ErrorCode::SignInRequired);

    desk.sign_in("dev").await;
    desk.aws.world().offline = true;
    assert!(
        desk.ask(logout()).await.is_ok(),
        "what is forgotten is forgotten"
    );
    let warnings = desk.status().await.warnings;
    assert!(
        warnings[0].starts_with("corp.awsapps.com could not be told that you signed out"),
        "{warnings:?}"
    );
    desk.aws.world().offline = false;
    let told = desk.credentials("dev").await.unwrap_err();
    assert_eq!(told.code, ErrorCode::SignInRequired);
}
