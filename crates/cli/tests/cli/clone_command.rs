//! `holdfast clone-command`.

use crate::environment::Environment;
use crate::fake_agent::{Answer, FakeAgent};
use holdfast_agent_proto::{AgentError, ErrorCode, Reply, Request};

/// An agent that finds every repository in the region asked for, else in `us-east-1`.
fn start(environment: &Environment) -> FakeAgent {
    FakeAgent::start(environment, |request| match request {
        Request::RepositoryEndpoint {
            region, profile, ..
        } => {
            let region = region.as_deref().unwrap_or("us-east-1");
            Answer::Reply(Reply::RepositoryEndpoint {
                host: format!("git-codecommit.{region}.amazonaws.com"),
                profile: profile.clone(),
            })
        }
        _ => Answer::Close,
    })
}

#[test]
fn the_codecommit_form_names_region_and_profile() {
    let environment = Environment::new();
    let _agent = start(&environment);
    let cases: [(&[&str], &str); 3] = [
        (
            &["dev", "myRepository"],
            "git clone codecommit::us-east-1://dev@myRepository\n",
        ),
        (
            &["dev", "myRepository", "--region", "eu-west-1"],
            "git clone codecommit::eu-west-1://dev@myRepository\n",
        ),
        (
            &["a b@c", "myRepository"],
            "git clone codecommit::us-east-1://a%20b%40c@myRepository\n",
        ),
    ];
    for (arguments, expect) in cases {
        let arguments = [&["clone-command"], arguments].concat();
        assert_eq!(environment.run(&arguments).stdout(), expect);
    }
}

#[test]
fn the_environment_s_word_on_fips_is_passed_on() {
    let environment = Environment::new();
    let agent = start(&environment);
    for (value, expect) in [("true", Some(true)), ("False", Some(false)), ("yes", None)] {
        let mut command = environment.holdfast(&["clone-command", "dev", "myRepository"]);
        command.env("AWS_USE_FIPS_ENDPOINT", value);
        assert!(command.output().unwrap().status.success());
        let seen = agent.seen();
        let Some(Request::RepositoryEndpoint {
            use_fips_endpoint, ..
        }) = seen.last().map(|it| &it.request)
        else {
            panic!("another request");
        };
        assert_eq!(*use_fips_endpoint, expect, "{value}");
    }
}

#[test]
fn the_https_form_brings_its_configuration_along() {
    let mut environment = Environment::new();
    let helper = environment.install("git-credential-holdfast");
    let _agent = start(&environment);
    let printed = environment
        .run(&["clone-command", "dev", "myRepository", "--style", "https"])
        .stdout();
    let base = "https://git-codecommit.us-east-1.amazonaws.com";
    for part in [
        format!("credential.{base}.helper= "),
        format!(
            "credential.{base}.helper={} --profile dev",
            helper.display()
        ),
        format!("credential.{base}.useHttpPath=true"),
        "login dev".to_owned(),
    ] {
        let unquoted = printed.replace('\'', "");
        assert!(unquoted.contains(&part), "{part} is not in {printed}");
    }
    assert!(printed.ends_with(&format!(" {base}/v1/repos/myRepository\n")));
}

#[test]
fn a_name_that_codecommit_does_not_take_is_refused_before_anybody_is_asked() {
    let environment = Environment::new();
    let agent = start(&environment);
    let ran = environment.run(&["clone-command", "dev", "my/repository"]);
    assert_eq!(ran.status, 2);
    assert!(agent.seen().is_empty());
}

#[test]
fn a_profile_without_a_region_is_told() {
    let environment = Environment::new();
    let error = AgentError::new(ErrorCode::Misconfigured, "profile dev has no region")
        .hint("aws configure set region REGION --profile dev");
    let _agent = FakeAgent::always(&environment, error);
    environment.run(&["clone-command", "dev", "r"]).fails(
        2,
        "holdfast: profile dev has no region\nhint: aws configure set region REGION --profile dev\n",
    );
}
