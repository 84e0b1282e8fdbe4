//! `codecommit://` URLs from end to end: real git and git-remote-codecommit.

mod empty_auth;
mod published;
mod refused;
mod secrets;
mod submodules;
mod transfer;

use crate::world::World;
use holdfast_aws_sim::{Account, Repository, Scenario, User, allow, blog};

/// The repository of the blog's scenario, with the profile of the role.
const URL: &str = "codecommit://MyRepositoryContributor@myRepository";

/// The same with the region in the URL.
const URL_WITH_REGION: &str = "codecommit::us-east-1://MyRepositoryContributor@myRepository";

/// The blog's scenario, signed in; git is not set up, which the remote helper does not need.
fn signed_in() -> World {
    let world = World::in_memory();
    world.login().ok();
    world
}

/// A user whose key opens a repository without a code.
fn without_mfa() -> World {
    let user = User::new("Dev")
        .access_key()
        .policy(allow(&["codecommit:*"], &["*"]));
    let repository = Repository::new(blog::REGION, blog::REPOSITORY).commits(1);
    let account = Account::new(blog::ACCOUNT_A)
        .user(user)
        .repository(repository);
    let scenario = Scenario::new()
        .account(account)
        .config("[profile dev@example.com]\nregion = us-east-1\n")
        .key_profile("dev@example.com", "Dev");
    World::of(scenario)
}
