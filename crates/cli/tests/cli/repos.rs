//! `holdfast repos`.

use crate::environment::Environment;
use crate::fake_agent::{Answer, FakeAgent};
use holdfast_agent_proto::view::{ProfileView, RepositoryView};
use holdfast_agent_proto::{AgentError, ErrorCode, Reply, Request};

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
      "clone_url": "https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/web",
      "profile": "dev"
    }
  ],
  "lists": [
    {
      "profile": "dev",
      "region": "eu-west-1",
      "fetched_at": "2026-11-20T11:26:40Z",
      "error": null
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

/// Profiles of which `dev` and `ops` can list, `closed` may not, and `asleep` needs a person; `broken` has no chain.
fn several(environment: &Environment) -> FakeAgent {
    FakeAgent::start(environment, |request| match request {
        Request::Profiles => {
            let profile = |name: &&str| ProfileView {
                name: (*name).to_owned(),
                chain: if *name == "broken" { "" } else { "access key" }.to_owned(),
                ..ProfileView::default()
            };
            let names = ["asleep", "broken", "closed", "dev", "ops"];
            Answer::Reply(Reply::Profiles {
                profiles: names.iter().map(profile).collect(),
                more: false,
            })
        }
        Request::Repositories {
            profile, region, ..
        } => match profile.as_str() {
            "closed" => Answer::Error(AgentError::new(
                ErrorCode::Denied,
                "role Closed may not perform codecommit:ListRepositories",
            )),
            "asleep" => Answer::Error(AgentError::new(
                ErrorCode::SignInRequired,
                "profile asleep needs a sign-in",
            )),
            _ => {
                let region = region.clone().unwrap_or_else(|| "eu-west-1".to_owned());
                let view = |name: &str| RepositoryView {
                    region: region.clone(),
                    ..repository(&format!("{profile}-{name}"))
                };
                Answer::Reply(Reply::Repositories {
                    repositories: vec![view("api"), view("web")],
                    fetched_at: 1_795_174_000,
                    more: false,
                })
            }
        },
        _ => Answer::Close,
    })
}

#[test]
fn what_one_profile_does_not_give_is_told_beside_what_others_do() {
    let environment = Environment::new();
    let agent = several(&environment);
    let ran = environment.run(&["repos", "--all", "--search", "WEB"]);
    let shown = ran.stdout.clone();
    let lines: Vec<&str> = shown.lines().collect();
    assert!(
        lines[0].starts_with("PROFILE  REGION     REPOSITORY"),
        "{shown}"
    );
    assert!(
        lines[1].starts_with("dev      eu-west-1  dev-web"),
        "{shown}"
    );
    assert!(
        lines[2].starts_with("ops      eu-west-1  ops-web"),
        "{shown}"
    );
    assert_eq!(lines.len(), 3, "{shown}");
    assert_eq!(
        ran.stderr,
        "holdfast: profile closed: role Closed may not perform codecommit:ListRepositories\n\
         Not signed in, so not asked: asleep.\nhint: holdfast login asleep\n"
    );
    assert_eq!(agent.seen().len(), 5, "the profiles, and four of them");
}

#[test]
fn every_profile_is_asked_in_every_region_once() {
    let environment = Environment::new();
    let agent = several(&environment);
    let regions = ["--region", "eu-west-1", "--region", "us-east-1"];
    let ran = environment.run(&[&["repos", "dev", "ops", "dev", "--json"], &regions[..]].concat());
    let document: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(document["profile"], serde_json::Value::Null);
    assert_eq!(document["repositories"].as_array().unwrap().len(), 8);
    let places: Vec<String> = document["lists"]
        .as_array()
        .unwrap()
        .iter()
        .map(|list| {
            assert_eq!(list["error"], serde_json::Value::Null);
            format!(
                "{} {}",
                list["profile"].as_str().unwrap(),
                list["region"].as_str().unwrap()
            )
        })
        .collect();
    assert_eq!(
        places,
        [
            "dev eu-west-1",
            "dev us-east-1",
            "ops eu-west-1",
            "ops us-east-1"
        ]
    );
    assert_eq!(agent.seen().len(), 4);
}

#[test]
fn failures_have_their_place_in_json() {
    let environment = Environment::new();
    let _agent = several(&environment);
    let ran = environment.run(&["repos", "dev", "closed", "asleep", "--json"]);
    let document: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(ran.stderr, "");
    let codes: Vec<&str> = document["lists"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|list| list["error"]["code"].as_str())
        .collect();
    assert_eq!(codes, ["denied", "sign-in-required"]);
}

#[test]
fn when_nothing_comes_the_status_says_why() {
    let environment = Environment::new();
    let _agent = several(&environment);
    let ran = environment.run(&["repos", "closed", "asleep"]);
    assert_eq!(ran.status, 1);
    assert!(ran.stderr.contains("may not perform"), "{}", ran.stderr);
    assert!(ran.stderr.contains("needs a sign-in"), "{}", ran.stderr);
    let ran = environment.run(&["repos", "closed", "--region", "eu-west-3"]);
    let place = "holdfast: profile closed in eu-west-3: ";
    assert!(ran.stderr.starts_with(place), "{}", ran.stderr);
    let ran = environment.run(&["repos", "dev", "--search", "nowhere"]);
    assert_eq!(
        ran.stdout(),
        "Profile dev sees no repository with \"nowhere\" in its region.\n"
    );
}
