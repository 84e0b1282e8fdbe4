//! Lists of repositories: told at once, kept for the next agent, asked for behind the scenes, and added to.

use super::desk::{Answer, Desk};
use holdfast_agent_proto::{AgentError, ErrorCode, Event, Reply, Request};
use holdfast_core::repository::Repository;

const HOST: &str = "git-codecommit.eu-west-1.amazonaws.com";

fn repository(name: &str) -> Repository {
    Repository {
        name: name.to_owned(),
        description: Some("Secret plans".to_owned()),
        default_branch: None,
        last_modified: None,
        account_id: None,
    }
}

fn list(refresh: bool) -> Request {
    Request::Repositories {
        profile: "dev".to_owned(),
        region: Some("eu-west-1".to_owned()),
        refresh,
    }
}

fn create(name: &str) -> Request {
    Request::CreateRepository {
        profile: "dev".to_owned(),
        region: Some("eu-west-1".to_owned()),
        name: name.to_owned(),
        description: None,
    }
}

fn names(answer: Result<Reply, AgentError>) -> Vec<String> {
    match answer {
        Ok(Reply::Repositories { repositories, .. }) => {
            repositories.into_iter().map(|it| it.name).collect()
        }
        Ok(_) => panic!("another answer"),
        Err(error) => panic!("{}", error.message),
    }
}

fn refusal(answer: Result<Reply, AgentError>) -> AgentError {
    answer.err().expect("a refusal")
}

/// A desk that is signed in, where `dev` can list these.
async fn desk(known: &[&str]) -> Desk {
    let mut desk = Desk::new().await;
    desk.aws.world().repositories = known.iter().map(|name| repository(name)).collect();
    desk.sign_in("dev").await;
    desk
}

async fn subscriber(desk: &mut Desk) -> Answer {
    let request = Request::Subscribe {
        prompts: false,
        activity: false,
    };
    let mut events = desk.send(request).await.1;
    assert!(matches!(events.get().await, Ok(Reply::Status(_))));
    events
}

/// The next list that is told to be different.
async fn changed(events: &mut Answer) -> (String, String) {
    loop {
        if let Event::RepositoriesChanged { profile, region } = events.event().await {
            return (profile, region);
        }
    }
}

#[tokio::test]
async fn what_is_known_is_told_at_once_and_asked_for_behind_when_it_is_old() {
    let mut desk = desk(&["api"]).await;
    let mut events = subscriber(&mut desk).await;
    assert_eq!(names(desk.ask(list(false)).await), ["api"]);
    desk.aws.world().repositories.push(repository("web"));
    desk.pass(200);
    assert_eq!(names(desk.ask(list(false)).await), ["api"], "fresh enough");
    assert_eq!(desk.aws.world().lists, 1);
    desk.pass(200);
    assert_eq!(names(desk.ask(list(false)).await), ["api"], "told at once");
    let place = ("dev".to_owned(), "eu-west-1".to_owned());
    assert_eq!(changed(&mut events).await, place);
    assert_eq!(names(desk.ask(list(false)).await), ["api", "web"]);
    assert_eq!(desk.aws.world().lists, 2);
}

#[tokio::test]
async fn lists_outlive_the_agent_sealed_and_not_the_lock() {
    let mut desk = desk(&["api"]).await;
    assert_eq!(names(desk.ask(list(false)).await), ["api"]);
    let file = desk.folder().join("repositories-store");
    desk.until("the list is stored", || file.is_file()).await;
    let bytes = std::fs::read(&file).unwrap();
    for plain in ["api", "Secret plans", "eu-west-1"] {
        let found = bytes.windows(plain.len()).any(|it| it == plain.as_bytes());
        assert!(!found, "{plain} stands in the file");
    }
    let mut desk = desk.restart().await;
    desk.aws.world().offline = true;
    assert_eq!(names(desk.ask(list(false)).await), ["api"]);
    assert_eq!(refusal(desk.ask(list(true)).await).code, ErrorCode::Offline);
    assert_eq!(names(desk.ask(list(false)).await), ["api"], "kept");
    assert!(matches!(desk.ask(Request::Lock).await, Ok(Reply::Done)));
    assert_eq!(refusal(desk.ask(list(false)).await).code, ErrorCode::Locked);
}

#[tokio::test]
async fn lists_and_remembered_profiles_outlive_the_agent_side_by_side() {
    let mut desk = desk(&["api"]).await;
    let remember = |repository: &str| Request::UseProfile {
        host: HOST.to_owned(),
        path: format!("v1/repos/{repository}"),
        profile: Some("dev".to_owned()),
    };
    // Each is written before and after the other.
    assert!(matches!(desk.ask(remember("api")).await, Ok(Reply::Done)));
    assert_eq!(names(desk.ask(list(false)).await), ["api"]);
    assert!(matches!(desk.ask(remember("web")).await, Ok(Reply::Done)));
    assert!(matches!(
        desk.ask(create("web")).await,
        Ok(Reply::RepositoryCreated { .. })
    ));
    let mut desk = desk.restart_well().await;
    desk.aws.world().offline = true;
    assert_eq!(names(desk.ask(list(false)).await), ["api", "web"]);
    for repository in ["api", "web"] {
        let asked = Request::RememberedProfile {
            host: HOST.to_owned(),
            path: format!("v1/repos/{repository}"),
        };
        let Ok(Reply::RememberedProfile { profile }) = desk.ask(asked).await else {
            panic!("another answer");
        };
        assert_eq!(profile.as_deref(), Some("dev"), "{repository}");
    }
}

#[tokio::test]
async fn who_is_asked_to_slow_down_tries_again() {
    let mut desk = desk(&["api"]).await;
    desk.aws.world().throttled = 1;
    assert_eq!(names(desk.ask(list(true)).await), ["api"]);
    assert_eq!(desk.aws.world().lists, 2);
}

#[tokio::test]
async fn nobody_is_asked_to_sign_in_for_a_list() {
    let mut desk = Desk::new().await;
    let refused = refusal(desk.ask(list(false)).await);
    assert_eq!(refused.code, ErrorCode::SignInRequired);
    assert!(desk.status().await.prompts.is_empty());
}

#[tokio::test]
async fn a_new_repository_is_in_the_list_at_once() {
    let mut desk = desk(&["web"]).await;
    let mut events = subscriber(&mut desk).await;
    assert_eq!(names(desk.ask(list(false)).await), ["web"]);
    match desk.ask(create("api")).await {
        Ok(Reply::RepositoryCreated { repository }) => {
            assert_eq!(repository.name, "api");
            assert_eq!(repository.host, HOST);
            assert_eq!(repository.account_id, "111122223333");
        }
        _ => panic!("no repository"),
    }
    changed(&mut events).await;
    assert_eq!(names(desk.ask(list(false)).await), ["api", "web"]);
    assert_eq!(desk.aws.world().lists, 1, "without asking AWS");
    let taken = refusal(desk.ask(create("api")).await);
    assert_eq!(taken.code, ErrorCode::Exists);
    assert_eq!(taken.hints[1], "holdfast clone dev api");
    let long = "x".repeat(101);
    for name in ["", "a b", "..", "web.git", &long] {
        let refused = refusal(desk.ask(create(name)).await);
        assert_eq!(refused.code, ErrorCode::BadRequest, "{name:?}");
    }
    let nowhere = Request::Repositories {
        profile: "dev".to_owned(),
        region: Some("no region".to_owned()),
        refresh: false,
    };
    let refused = refusal(desk.ask(nowhere).await);
    assert_eq!(refused.hints, ["write it like eu-west-1"]);
}
