//! `holdfast create-repo`.

use crate::environment::Environment;
use crate::fake_agent::{Answer, FakeAgent};
use holdfast_agent_proto::view::RepositoryView;
use holdfast_agent_proto::{AgentError, ErrorCode, Reply, Request};

fn start(environment: &Environment) -> FakeAgent {
    FakeAgent::start(environment, |request| match request {
        Request::CreateRepository { name, .. } if name == "taken" => Answer::Error(
            AgentError::new(
                ErrorCode::Exists,
                "there is a repository taken in eu-west-1 already",
            )
            .hint("choose another name"),
        ),
        Request::CreateRepository {
            name, description, ..
        } => Answer::Reply(Reply::RepositoryCreated {
            repository: RepositoryView {
                name: name.clone(),
                description: description.clone(),
                region: "eu-west-1".to_owned(),
                account_id: "222233334444".to_owned(),
                host: "git-codecommit.eu-west-1.amazonaws.com".to_owned(),
                ..RepositoryView::default()
            },
        }),
        _ => Answer::Close,
    })
}

#[test]
fn a_new_repository_comes_with_the_command_that_clones_it() {
    let environment = Environment::new();
    let agent = start(&environment);
    let ran = environment.run(&[
        "create-repo",
        "dev",
        "web",
        "--description",
        "The front door",
        "--region",
        "eu-west-1",
    ]);
    assert_eq!(
        ran.stdout(),
        "Created web in eu-west-1 of account 222233334444. Clone it with:\n\
         git clone codecommit::eu-west-1://dev@web\n"
    );
    assert!(matches!(
        &agent.seen()[0].request,
        Request::CreateRepository { profile, region: Some(region), name, description: Some(text) }
            if profile == "dev" && region == "eu-west-1" && name == "web" && text == "The front door"
    ));
}

#[test]
fn what_is_wrong_with_a_name_is_said_before_anybody_is_asked() {
    let environment = Environment::new();
    let agent = start(&environment);
    let long = "x".repeat(101);
    for (name, words) in [
        ("", "needs a name"),
        ("my web", "holds no spaces"),
        ("..", "cannot be named"),
        ("web.git", "does not end in .git"),
        (long.as_str(), "has 101 characters"),
        ("a/b", "only letters"),
    ] {
        let ran = environment.run(&["create-repo", "dev", "--", name]);
        assert_eq!(ran.status, 2, "{name}");
        assert!(ran.stderr.contains(words), "{name}: {}", ran.stderr);
    }
    assert_eq!(agent.seen().len(), 0);
}

#[test]
fn a_name_that_is_taken_is_told_with_what_to_do() {
    let environment = Environment::new();
    let _agent = start(&environment);
    let ran = environment.run(&["create-repo", "dev", "taken"]);
    assert_eq!(ran.status, 1);
    assert_eq!(
        ran.stderr,
        "holdfast: profile dev: there is a repository taken in eu-west-1 already\nhint: choose another name\n"
    );
}
