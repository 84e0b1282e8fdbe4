//! The real AWS CLI with CodeCommit: lists page by page, repositories and branches.

use holdfast_aws_sim::{Account, Repository, Scenario, Sim, User, allow, blog};

use crate::home::{Home, Ran};

/// Accounts with many repositories, and a user who may do everything with them.
fn many_repositories() -> Home {
    let mut account = Account::new(blog::ACCOUNT_A).user(
        User::new("Admin")
            .access_key()
            .policy(allow(&["*"], &["*"])),
    );
    for number in 0..10 {
        account = account.repository(Repository::new("us-east-1", &format!("repo-{number}")));
    }
    account = account.repository(Repository::new("eu-west-1", "elsewhere"));
    let scenario = Scenario::new()
        .account(account)
        .page_size(4)
        .config("[profile admin]\nregion = us-east-1\n")
        .key_profile("admin", "Admin");
    Home::new(Sim::start(scenario).unwrap())
}

fn codecommit(home: &Home, arguments: &[&str]) -> Ran {
    let mut all = vec!["codecommit"];
    all.extend(arguments);
    all.extend(["--profile", "admin"]);
    home.aws(&all)
}

#[test]
fn repositories_are_listed_page_by_page() {
    let home = many_repositories();
    let all = codecommit(&home, &["list-repositories"]).json();
    assert_eq!(all["repositories"].as_array().unwrap().len(), 10);
    assert_eq!(home.sim.calls().count("ListRepositories"), 3);
    let first = codecommit(&home, &["list-repositories", "--max-items", "6"]).json();
    assert_eq!(first["repositories"].as_array().unwrap().len(), 6);
    let token = first["NextToken"].as_str().unwrap();
    let rest = codecommit(&home, &["list-repositories", "--starting-token", token]).json();
    assert_eq!(rest["repositories"][0]["repositoryName"], "repo-6");
    assert_eq!(rest["repositories"].as_array().unwrap().len(), 4);
    let down = [
        "list-repositories",
        "--sort-by",
        "repositoryName",
        "--order",
        "descending",
    ];
    assert_eq!(
        codecommit(&home, &down).json()["repositories"][0]["repositoryName"],
        "repo-9"
    );
    let there = codecommit(&home, &["list-repositories", "--region", "eu-west-1"]).json();
    assert_eq!(there["repositories"][0]["repositoryName"], "elsewhere");
    let error = codecommit(&home, &["list-repositories", "--next-token", "x"]).failed();
    assert!(
        error.contains("(InvalidContinuationTokenException)"),
        "{error}"
    );
}

#[test]
fn repositories_are_made_found_and_deleted() {
    let home = many_repositories();
    let create = [
        "create-repository",
        "--repository-name",
        "new",
        "--repository-description",
        "d",
    ];
    let made = codecommit(&home, &create).json();
    let metadata = &made["repositoryMetadata"];
    assert_eq!(
        metadata["Arn"],
        "arn:aws:codecommit:us-east-1:111122223333:new"
    );
    let url = "https://git-codecommit.us-east-1.amazonaws.com/v1/repos/new";
    assert_eq!(metadata["cloneUrlHttp"], url);
    let error = codecommit(&home, &create).failed();
    assert!(error.contains("(RepositoryNameExistsException)"), "{error}");
    let get = ["get-repository", "--repository-name", "new"];
    assert_eq!(
        codecommit(&home, &get).json()["repositoryMetadata"]["repositoryDescription"],
        "d"
    );
    let batch = [
        "batch-get-repositories",
        "--repository-names",
        "new",
        "repo-1",
        "none",
    ];
    let found = codecommit(&home, &batch).json();
    assert_eq!(found["repositories"].as_array().unwrap().len(), 2);
    assert_eq!(found["repositoriesNotFound"][0], "none");
    codecommit(&home, &["delete-repository", "--repository-name", "new"]).ok();
    let error = codecommit(&home, &get).failed();
    assert!(
        error.contains("(RepositoryDoesNotExistException)"),
        "{error}"
    );
    let error = codecommit(&home, &["get-repository", "--repository-name", "a b"]).failed();
    assert!(
        error.contains("(InvalidRepositoryNameException)"),
        "{error}"
    );
}

#[test]
fn branches_of_a_repository_with_history() {
    let home = Home::new(Sim::start(Scenario::blog()).unwrap());
    home.sign_in();
    let ask = |arguments: &[&str]| {
        let mut all = vec!["codecommit"];
        all.extend(arguments);
        all.extend([
            "--repository-name",
            blog::REPOSITORY,
            "--profile",
            "Contributor",
        ]);
        home.aws(&all).json()
    };
    assert_eq!(
        ask(&["get-repository"])["repositoryMetadata"]["defaultBranch"],
        "main"
    );
    assert_eq!(ask(&["list-branches"])["branches"][0], "main");
    let commit = ask(&["get-branch", "--branch-name", "main"])["branch"]["commitId"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(commit.len(), 40);
}
