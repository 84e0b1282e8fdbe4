//! Real git with the AWS CLI's own credential helper against the simulated CodeCommit.

use crate::home::Home;
use holdfast_aws_sim::{Scenario, Sim, blog};

#[test]
fn clone_push_and_fetch() {
    let home = Home::new(Sim::start(Scenario::blog()).unwrap());
    home.sign_in();
    home.use_credential_helper("Contributor");
    home.git(&["clone", "--quiet", blog::CLONE_URL, "work"])
        .ok();
    assert_eq!(
        home.git(&["-C", "work", "rev-list", "--count", "HEAD"])
            .ok()
            .out,
        "12\n"
    );
    home.git(&[
        "-C",
        "work",
        "commit",
        "--quiet",
        "--allow-empty",
        "-m",
        "Mine",
    ])
    .ok();
    home.git(&["-C", "work", "push", "--quiet"]).ok();
    home.git(&["-C", "work", "fetch", "--quiet"]).ok();
    let folder = home
        .sim
        .repository_folder(blog::ACCOUNT_B, blog::REGION, blog::REPOSITORY)
        .unwrap();
    let subject = home
        .git(&["-C", folder.to_str().unwrap(), "log", "-1", "--format=%s"])
        .ok()
        .out;
    assert_eq!(subject, "Mine\n");
}
