//! Companies with Kerberos set `http.emptyAuth` for all hosts. CodeCommit refuses a password that is empty, and git asks
//! no helper after that; so the setting is turned off where CodeCommit is.

use super::{URL, signed_in};
use crate::process::{gits, run};
use holdfast_aws_sim::{Service, blog};

#[test]
fn a_company_s_empty_password_does_not_reach_codecommit() {
    for program in gits() {
        let world = signed_in();
        world.git_setup();
        let git = |arguments: &[&str]| run(world.command(&program).args(arguments));
        let refused = || {
            let calls = world.sim.calls();
            let refused = calls.matching(|it| it.service == Service::Git && it.status == Some(403));
            refused.len()
        };
        git(&["config", "--global", "http.emptyAuth", "true"]).ok();
        for url in [URL, blog::CLONE_URL] {
            git(&["ls-remote", url]).ok().says(&["refs/heads/main"]);
        }
        assert_eq!(refused(), 0, "{}", program.display());

        // What it would do here: these are more specific than what is set up.
        let scoped = |key: &str, value: &str| format!("http.{}.{key}={value}", blog::CLONE_URL);
        let control = [
            "-c",
            &scoped("emptyAuth", "true"),
            "-c",
            &scoped("proactiveAuth", "none"),
            "ls-remote",
            blog::CLONE_URL,
        ];
        git(&control).failed().says(&["403"]);
        assert_eq!(refused(), 1, "{}", program.display());
    }
}
