//! Which profile opens a repository: asked once, remembered, and everything that can come between.

use super::desk::{Answer, Desk};
use holdfast_agent_proto::view::{ProfileChoiceView, PromptView};
use holdfast_agent_proto::{
    AgentError, CallerContext, EnvironmentKey, ErrorCode, Interaction, Reply, Request,
};
use secrecy::ExposeSecret;
use std::fs;

const CONFIG: &str = "\
[profile one]
region = eu-west-1
[profile two]
region = eu-west-1
[profile far]
region = us-east-2
[profile based]
region = eu-north-1
[profile role]
region = eu-north-1
role_arn = arn:aws:iam::222233334444:role/Role
source_profile = based
[profile tool]
region = eu-west-3
credential_process = /bin/true
[profile broken]
region = eu-west-1
";

const HOST: &str = "git-codecommit.eu-west-1.amazonaws.com";

/// How long nobody is asked again, as the settings have it when they say nothing.
const DECLINED: i64 = 300;

async fn desk() -> Desk {
    let mut desk = Desk::new().await;
    fs::write(desk.folder().join("config"), CONFIG).unwrap();
    let key = |name: &str| {
        let id = format!("ASIA{}", name.to_uppercase());
        format!(
            "[{name}]\naws_access_key_id = {id}\naws_secret_access_key = s\naws_session_token = t\n"
        )
    };
    let credentials: String = ["one", "two", "far", "based"].map(key).concat();
    fs::write(desk.folder().join("credentials"), credentials).unwrap();
    // Until the store is read, git's requests are held back and the status is not.
    assert!(desk.ask(Request::ListKeys).await.is_ok());
    desk
}

/// A desk with a window that can ask.
async fn desk_with_window() -> (Desk, u64) {
    let mut desk = desk().await;
    let window = window(&mut desk).await;
    (desk, window)
}

async fn window(desk: &mut Desk) -> u64 {
    let request = Request::Subscribe {
        prompts: true,
        activity: false,
    };
    let (window, mut answer) = desk.send(request).await;
    assert!(matches!(answer.get().await, Ok(Reply::Status(_))));
    window
}

fn git(host: &str, repository: &str, profile: Option<&str>, wait_seconds: u32) -> Request {
    Request::GitCredential {
        host: host.to_owned(),
        path: format!("v1/repos/{repository}"),
        profile: profile.map(str::to_owned),
        wait_seconds,
    }
}

/// The key id that git is given.
async fn key(answer: &mut Answer) -> Result<String, AgentError> {
    let Reply::GitCredential { username, .. } = answer.get().await? else {
        panic!("no credential");
    };
    let name = username.expose_secret();
    Ok(name.split('%').next().unwrap_or_default().to_owned())
}

/// What git is given without anybody being asked.
async fn at_once(
    desk: &mut Desk,
    context: CallerContext,
    host: &str,
) -> Result<String, AgentError> {
    let request = git(host, "shop", None, 0);
    key(&mut desk.send_from(context, request).await.1).await
}

async fn open(desk: &mut Desk) -> (PromptView, ProfileChoiceView) {
    let mut prompts = desk.status().await.prompts;
    let mut prompt = prompts.pop().expect("a prompt is open");
    assert!(prompts.is_empty(), "one at a time");
    let choice = *prompt.choice.take().expect("it is a choice");
    (prompt, choice)
}

async fn choose(
    desk: &mut Desk,
    prompt: u64,
    profile: &str,
    remember: bool,
) -> Result<(), ErrorCode> {
    let request = Request::ChooseProfile {
        prompt,
        profile: profile.to_owned(),
        remember,
    };
    match desk.ask(request).await {
        Ok(Reply::Done) => Ok(()),
        Ok(_) => panic!("an answer that does not fit"),
        Err(error) => Err(error.code),
    }
}

async fn use_profile(desk: &mut Desk, profile: Option<&str>) -> Result<Reply, AgentError> {
    desk.ask(Request::UseProfile {
        host: HOST.to_owned(),
        path: "v1/repos/shop".to_owned(),
        profile: profile.map(str::to_owned),
    })
    .await
}

async fn remembered(desk: &mut Desk) -> Option<String> {
    let request = Request::RememberedProfile {
        host: HOST.to_owned(),
        path: "v1/repos/shop/info/lfs".to_owned(),
    };
    match desk.ask(request).await {
        Ok(Reply::RememberedProfile { profile }) => profile,
        _ => panic!("no answer"),
    }
}

#[tokio::test]
async fn the_only_one_that_fits_is_used_whatever_its_source() {
    let mut desk = desk().await;
    let context = desk.context();
    let far = at_once(
        &mut desk,
        context.clone(),
        "git-codecommit.us-east-2.amazonaws.com",
    )
    .await;
    assert_eq!(far.unwrap(), "ASIAFAR");
    // The source of another profile is no candidate of its own.
    let role = at_once(
        &mut desk,
        context.clone(),
        "git-codecommit.eu-north-1.amazonaws.com",
    )
    .await;
    assert_eq!(role.unwrap(), "ASIARole");
    // A program is asked, though it prints nothing.
    let tool = at_once(
        &mut desk,
        context.clone(),
        "git-codecommit.eu-west-3.amazonaws.com",
    )
    .await;
    assert!(tool.unwrap_err().message.contains("profile tool"));
    let nobody = at_once(&mut desk, context, "git-codecommit.sa-east-1.amazonaws.com").await;
    let nobody = nobody.unwrap_err();
    assert_eq!(nobody.code, ErrorCode::Misconfigured);
    assert!(nobody.message.contains("has region sa-east-1"), "{nobody}");
}

#[tokio::test]
async fn where_nobody_can_be_asked_the_candidates_and_the_command_are_named() {
    let mut desk = desk().await;
    let mut refused = Vec::new();
    let (_, mut waits) = desk.send(git(HOST, "shop", None, 60)).await;
    refused.push(key(&mut waits).await.unwrap_err());
    window(&mut desk).await;
    let context = desk.context();
    refused.push(at_once(&mut desk, context.clone(), HOST).await.unwrap_err());
    let never = CallerContext {
        interaction: Interaction::Never,
        ..context
    };
    let (_, mut waits) = desk.send_from(never, git(HOST, "shop", None, 60)).await;
    refused.push(key(&mut waits).await.unwrap_err());
    for error in refused {
        assert_eq!(error.code, ErrorCode::Misconfigured);
        assert!(error.message.ends_with(": one, two"), "{error}");
        let command = format!("holdfast git use PROFILE --url https://{HOST}/v1/repos/shop");
        assert_eq!(error.hints[0], command);
    }
    assert!(desk.status().await.prompts.is_empty());
}

#[tokio::test]
async fn one_choice_serves_all_who_wait_and_is_remembered() {
    let (mut desk, _) = desk_with_window().await;
    let (_, mut first) = desk.send(git(HOST, "shop", None, 60)).await;
    let (prompt, choice) = open(&mut desk).await;
    assert!(!prompt.interactive, "there is no terminal");
    assert_eq!(
        (choice.repository.as_str(), choice.region.as_str()),
        ("shop", "eu-west-1")
    );
    let names: Vec<&str> = choice
        .candidates
        .iter()
        .map(|it| it.profile.as_str())
        .collect();
    assert_eq!(names, ["one", "two"]);
    let terminal = CallerContext {
        interaction: Interaction::Terminal,
        ..desk.context()
    };
    let (_, mut second) = desk.send_from(terminal, git(HOST, "shop", None, 60)).await;
    let (other, _) = open(&mut desk).await;
    assert_eq!(
        (other.id, other.waiting, other.interactive),
        (prompt.id, 2, true)
    );

    let wrong = choose(&mut desk, prompt.id, "far", true).await;
    assert_eq!(wrong, Err(ErrorCode::BadRequest));
    assert_eq!(choose(&mut desk, prompt.id, "two", true).await, Ok(()));
    assert_eq!(key(&mut first).await.unwrap(), "ASIATWO");
    assert_eq!(key(&mut second).await.unwrap(), "ASIATWO");
    let late = choose(&mut desk, prompt.id, "one", true).await;
    assert_eq!(late, Err(ErrorCode::NotFound));
    assert!(desk.status().await.prompts.is_empty());
    assert_eq!(remembered(&mut desk).await.as_deref(), Some("two"));

    // Above the caller's own profile and key, below one that is named.
    let elsewhere = CallerContext {
        profile: Some("far".to_owned()),
        environment_key: Some(EnvironmentKey {
            access_key_id: "ASIASHELL".to_owned(),
            secret_access_key: "s".into(),
            session_token: Some("t".into()),
        }),
        ..desk.context()
    };
    let mut restarted = desk.restart_well().await;
    let got = at_once(&mut restarted, elsewhere.clone(), HOST).await;
    assert_eq!(got.unwrap(), "ASIATWO");
    let named = git(HOST, "shop", Some("one"), 0);
    let got = key(&mut restarted.send_from(elsewhere.clone(), named).await.1).await;
    assert_eq!(got.unwrap(), "ASIAONE");
    let endpoint = Request::RepositoryEndpoint {
        repository: "shop".to_owned(),
        profile: None,
        region: Some("eu-west-1".to_owned()),
        use_fips_endpoint: None,
    };
    let found = restarted
        .send_from(elsewhere.clone(), endpoint)
        .await
        .1
        .get()
        .await;
    let Ok(Reply::RepositoryEndpoint { profile, .. }) = found else {
        panic!("no endpoint");
    };
    assert_eq!(profile.as_deref(), Some("two"));

    // A URL that names neither: the Region is the remembered one.
    let named_nothing = Request::RepositoryEndpoint {
        repository: "shop".to_owned(),
        profile: None,
        region: None,
        use_fips_endpoint: None,
    };
    let (_, mut found) = restarted.send_from(elsewhere.clone(), named_nothing).await;
    let Ok(Reply::RepositoryEndpoint { host, profile }) = found.get().await else {
        panic!("no endpoint");
    };
    assert_eq!((host.as_str(), profile.as_deref()), (HOST, Some("two")));

    assert!(use_profile(&mut restarted, None).await.is_ok());
    assert_eq!(remembered(&mut restarted).await, None);
    let got = at_once(&mut restarted, elsewhere, HOST).await;
    assert_eq!(got.unwrap(), "ASIAFAR");
}

#[tokio::test]
async fn what_is_not_to_be_remembered_is_asked_again() {
    let (mut desk, _) = desk_with_window().await;
    for profile in ["one", "two"] {
        let (_, mut git) = desk.send(git(HOST, "shop", None, 60)).await;
        let (prompt, _) = open(&mut desk).await;
        assert_eq!(choose(&mut desk, prompt.id, profile, false).await, Ok(()));
        let expect = format!("ASIA{}", profile.to_uppercase());
        assert_eq!(key(&mut git).await.unwrap(), expect);
    }
    assert_eq!(remembered(&mut desk).await, None);
}

#[tokio::test]
async fn repositories_are_asked_for_one_after_the_other() {
    let (mut desk, _) = desk_with_window().await;
    let (_, mut shop) = desk.send(git(HOST, "shop", None, 60)).await;
    let (_, mut depot) = desk.send(git(HOST, "depot", None, 60)).await;
    let (prompt, choice) = open(&mut desk).await;
    assert_eq!(choice.repository, "shop");
    choose(&mut desk, prompt.id, "one", true).await.unwrap();
    let (prompt, choice) = open(&mut desk).await;
    assert_eq!(choice.repository, "depot");
    choose(&mut desk, prompt.id, "two", true).await.unwrap();
    assert_eq!(key(&mut shop).await.unwrap(), "ASIAONE");
    assert_eq!(key(&mut depot).await.unwrap(), "ASIATWO");
}

#[tokio::test]
async fn who_hangs_up_takes_the_choice_away() {
    let (mut desk, window) = desk_with_window().await;
    let (first, _gone) = desk.send(git(HOST, "shop", None, 60)).await;
    let (second, _also_gone) = desk.send(git(HOST, "shop", None, 60)).await;
    desk.hang_up(first).await;
    assert_eq!(open(&mut desk).await.0.waiting, 1);
    desk.hang_up(second).await;
    assert!(desk.status().await.prompts.is_empty());
    // With the window, everybody who could be asked is gone.
    let (_, mut third) = desk.send(git(HOST, "shop", None, 60)).await;
    desk.hang_up(window).await;
    assert_eq!(
        key(&mut third).await.unwrap_err().code,
        ErrorCode::Misconfigured
    );
}

#[tokio::test]
async fn declined_and_ignored_ones_do_not_come_back_at_once() {
    let (mut desk, _) = desk_with_window().await;
    let (_, mut first) = desk.send(git(HOST, "shop", None, 60)).await;
    let (prompt, _) = open(&mut desk).await;
    let request = Request::DeclinePrompt { prompt: prompt.id };
    assert!(matches!(desk.ask(request).await, Ok(Reply::Done)));
    for mut refused in [first.get().await.err(), {
        let (_, mut again) = desk.send(git(HOST, "shop", None, 60)).await;
        again.get().await.err()
    }] {
        let error = refused.take().expect("refused");
        assert_eq!(error.code, ErrorCode::Declined);
        assert!(error.hints[0].starts_with("holdfast git use PROFILE"));
    }
    desk.pass(DECLINED);
    let (_, mut late) = desk.send(git(HOST, "shop", None, 60)).await;
    open(&mut desk).await;
    // A person who says it in a terminal answers the window.
    assert!(use_profile(&mut desk, Some("one")).await.is_ok());
    assert_eq!(key(&mut late).await.unwrap(), "ASIAONE");
    assert!(desk.status().await.prompts.is_empty());

    let (_, mut ignored) = desk.send(git(HOST, "depot", None, 1)).await;
    open(&mut desk).await;
    desk.pass(2);
    assert_eq!(
        key(&mut ignored).await.unwrap_err().code,
        ErrorCode::PromptTimeout
    );
    let (_, mut again) = desk.send(git(HOST, "depot", None, 60)).await;
    assert_eq!(key(&mut again).await.unwrap_err().code, ErrorCode::Declined);
}

#[tokio::test]
async fn a_remembered_profile_that_is_gone_is_forgotten_with_a_word() {
    let (mut desk, _) = desk_with_window().await;
    assert!(use_profile(&mut desk, Some("nobody")).await.is_err());
    assert!(use_profile(&mut desk, Some("two")).await.is_ok());
    // Other files have profiles of their own, and say nothing about this one.
    let other = CallerContext {
        config_file: desk.folder().join("none"),
        credentials_file: desk.folder().join("none"),
        ..desk.context()
    };
    assert!(at_once(&mut desk, other, HOST).await.is_err());
    assert_eq!(remembered(&mut desk).await.as_deref(), Some("two"));
    let renamed = |file: &str| {
        let file = desk.folder().join(file);
        let text = fs::read_to_string(&file).unwrap();
        let text = text
            .replace("profile two]", "profile new]")
            .replace("[two]", "[new]");
        fs::write(file, text).unwrap();
    };
    renamed("config");
    renamed("credentials");
    let context = desk.context();
    let error = at_once(&mut desk, context.clone(), HOST).await.unwrap_err();
    assert!(
        error
            .hints
            .last()
            .unwrap()
            .starts_with("profile two, which was remembered")
    );
    assert_eq!(remembered(&mut desk).await, None);
}

#[tokio::test]
async fn a_locked_agent_asks_nothing() {
    let (mut desk, _) = desk_with_window().await;
    let (_, mut waits) = desk.send(git(HOST, "shop", None, 60)).await;
    open(&mut desk).await;
    assert!(matches!(desk.ask(Request::Lock).await, Ok(Reply::Done)));
    assert_eq!(key(&mut waits).await.unwrap_err().code, ErrorCode::Locked);
    assert_eq!(
        use_profile(&mut desk, Some("one"))
            .await
            .err()
            .unwrap()
            .code,
        ErrorCode::Locked
    );
    let (_, mut again) = desk.send(git(HOST, "shop", None, 60)).await;
    assert_eq!(key(&mut again).await.unwrap_err().code, ErrorCode::Locked);
}
