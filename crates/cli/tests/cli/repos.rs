//! `holdfast repos`.

use crate::environment::Environment;
use crate::fake_agent::{Answer, FakeAgent};
use holdfast_agent_proto::view::RepositoryView;
use holdfast_agent_proto::{Reply, Request};

fn repository(name: &str) -> RepositoryView {
    RepositoryView {
        name: name.to_owned(),
        region: "eu-west-1".to_owned(),
        account_id: "222233334444".to_owned(),
        host: "git-codecommit.eu-west-1.amazonaws.com".to_owned(),
        ..RepositoryView::default()
    }
}

fn start(environment: &Environment, pages: Vec<Vec<RepositoryView>>) -> FakeAgent {
    FakeAgent::start(environment, move |request| match request {
        Request::Repositories { .. } => {
            let last = pages.len() - 1;
            let page = |(at, repositories): (usize, &Vec<RepositoryView>)| Reply::Repositories {
                repositories: repositories.clone(),
                fetched_at: 1_795_174_000,
                more: at < last,
            };
            Answer::Replies(pages.iter().enumerate().map(page).collect())
        }
        _ => Answer::Close,
    })
}

fn described() -> RepositoryView {
    RepositoryView {
        description: Some("The front\u{1b}[31m door".to_owned()),
        default_branch: Some("main".to_owned()),
        last_modified: Some(1_763_600_000),
        ..repository("web")
    }
}

#[test]
fn every_page_of_the_agent_s_answer_is_one_table() {
    let environment = Environment::new();
    let agent = start(
        &environment,
        vec![vec![repository("api")], vec![described()]],
    );
    let shown = environment
        .run(&["repos", "dev", "--region", "eu-west-1"])
        .stdout();
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!(lines.len(), 3, "{shown}");
    assert!(
        lines[0].starts_with("REPOSITORY  BRANCH  CHANGED"),
        "{shown}"
    );
    assert!(lines[1].starts_with("api"), "{shown}");
    assert!(
        lines[2].starts_with("web         main    2025-11-20 00:53"),
        "{shown}"
    );
    assert!(!shown.contains('\u{1b}'), "{shown}");
    assert!(matches!(
        &agent.seen()[0].request,
        Request::Repositories { profile, region: Some(region), refresh: true }
            if profile == "dev" && region == "eu-west-1"
    ));
}

#[test]
fn json_is_what_the_reference_says() {
    let environment = Environment::new();
    let mut view = described();
    view.description = Some("The front door".to_owned());
    let _agent = start(&environment, vec![vec![view]]);
    assert_eq!(
        environment.run(&["repos", "dev", "--json"]).stdout(),
        r#"{
  "profile": "dev",
  "fetched_at": "2026-11-20T11:26:40Z",
  "repositories": [
    {
      "name": "web",
      "description": "The front door",
      "default_branch": "main",
      "last_modified": "2025-11-20T00:53:20Z",
      "region": "eu-west-1",
      "account_id": "222233334444",
      "clone_url": "https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/web"
    }
  ]
}
"#
    );
}

#[test]
fn without_a_profile_the_environment_s_counts() {
    let environment = Environment::new();
    let agent = start(&environment, vec![Vec::new()]);
    let mut command = environment.holdfast(&["repos"]);
    let output = command.env("AWS_PROFILE", "team").output().unwrap();
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "Profile team sees no repository in its region.\n"
    );
    let plain = environment.run(&["repos"]).stdout();
    assert_eq!(plain, "Profile default sees no repository in its region.\n");
    assert_eq!(agent.seen().len(), 2);
}
