//! The cases that AWS's git-remote-codecommit is tested with, and where ours differs on purpose.

use crate::process::{Ran, run};
use crate::world::{World, program};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt;

/// A machine whose git only writes down its arguments.
struct Machine {
    world: World,
}

impl Machine {
    fn new() -> Self {
        let world = super::without_mfa();
        let git = world.home.write(
            "fake/git",
            "#!/bin/sh\nprintf '%s\\n' \"$@\" >\"$HOME/argv\"\n",
        );
        fs::set_permissions(git, fs::Permissions::from_mode(0o755)).unwrap();
        Self { world }
    }

    fn remote_helper(&self, url: Option<&str>, variables: &[(&str, &str)]) -> Ran {
        let _ = fs::remove_file(self.world.path("argv"));
        let mut command = self.world.command(program("git-remote-codecommit"));
        let path = format!("{}:/usr/bin:/bin", self.world.path("fake").display());
        command
            .env("PATH", path)
            .env("AWS_CONFIG_FILE", self.world.path("case/config"))
            .env(
                "AWS_SHARED_CREDENTIALS_FILE",
                self.world.path("case/credentials"),
            )
            .envs(variables.iter().copied());
        run(command.arg("origin").args(url))
    }

    /// The URL that git was started with.
    fn https_url(&self) -> Option<String> {
        let argv = fs::read_to_string(self.world.path("argv")).ok()?;
        argv.lines().last().map(str::to_owned)
    }

    /// The files that stand for what the published tests pretend.
    fn write_files(&self, region: Option<&str>, profiles: &[&str], credentials: bool) {
        let region = region.map(|region| format!("region = {region}\n"));
        let region = region.unwrap_or_default();
        let mut config = format!("[default]\n{region}");
        let mut keys = String::new();
        for profile in profiles {
            config.push_str(&format!("[profile {profile}]\n{region}"));
        }
        for profile in profiles.iter().chain(&["default"]).filter(|_| credentials) {
            keys.push_str(&format!(
                "[{profile}]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n"
            ));
        }
        self.world.home.write("case/config", config);
        self.world.home.write("case/credentials", keys);
    }
}

fn data() -> Value {
    serde_json::from_str(include_str!("published.json")).unwrap()
}

fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value[key].as_str()
}

#[test]
fn urls_and_files_mean_what_they_mean_to_aws() {
    let machine = Machine::new();
    let data = data();
    let cases = data["context"].as_array().unwrap();
    assert_eq!(cases.len(), 23);
    for case in cases {
        let profiles = case["profiles"].as_array().unwrap();
        let profiles: Vec<&str> = profiles.iter().filter_map(Value::as_str).collect();
        let credentials = case["credentials"] == true;
        machine.write_files(text(case, "config_region"), &profiles, credentials);
        let ran = machine.remote_helper(text(case, "url"), &[]);
        let expect = case.get("ours").unwrap_or(&case["expect"]);
        match text(expect, "error") {
            None => {
                ran.ok();
                let region = text(expect, "region").unwrap();
                let repository = text(expect, "repository").unwrap();
                assert_eq!(
                    machine.https_url(),
                    Some(format!(
                        "https://git-codecommit.{region}.amazonaws.com/v1/repos/{repository}"
                    )),
                    "{case}"
                );
            }
            Some(error) => {
                let (status, words): (i32, &[&str]) = match error {
                    "FormatError" => (2, &["write codecommit://PROFILE@REPOSITORY"]),
                    "ProfileNotFound" => (
                        1,
                        &["there is no profile missing_profile", "holdfast profiles"],
                    ),
                    "RegionNotFound" => (
                        1,
                        &["profile default has no region", "repository test_repo"],
                    ),
                    other => panic!("no words for {other}"),
                };
                let ran = ran.exits(status).says(words);
                assert_eq!(ran.helper_lines().len(), 1, "{case}: {ran}");
                assert_eq!(ran.err.lines().count(), 1, "{case}: {ran}");
                assert_eq!(machine.https_url(), None, "{case}");
            }
        }
    }
}

#[test]
fn the_url_is_the_published_one_without_the_password() {
    let machine = Machine::new();
    machine.write_files(None, &[], true);
    let data = data();
    let cases = data["url"].as_array().unwrap();
    assert_eq!(cases.len(), 3);
    for case in cases {
        let url = format!("codecommit://{}", text(case, "repository").unwrap());
        let region = text(case, "region").unwrap();
        let endpoint = text(case, "endpoint").unwrap_or_default();
        let variables = [("AWS_REGION", region), ("CODE_COMMIT_ENDPOINT", endpoint)];
        let ran = machine.remote_helper(Some(&url), &variables);
        if case["refused"] == true {
            ran.exits(2).says(&["CODE_COMMIT_ENDPOINT"]);
            assert_eq!(machine.https_url(), None, "{case}");
            continue;
        }
        ran.ok();
        let published = text(case, "expect_url").unwrap();
        let (_, behind) = published.split_once('@').unwrap();
        assert_eq!(
            machine.https_url(),
            Some(format!("https://{behind}")),
            "{case}"
        );
    }
}

#[test]
fn the_region_of_the_url_then_of_the_environment_then_of_the_profile_counts() {
    let machine = Machine::new();
    machine.write_files(Some("eu-west-1"), &["p"], true);
    let both = [
        ("AWS_REGION", "eu-west-2"),
        ("AWS_DEFAULT_REGION", "eu-west-3"),
    ];
    for (url, variables, region) in [
        ("codecommit://p@R", &[][..], "eu-west-1"),
        ("codecommit://p@R", &both[1..], "eu-west-3"),
        ("codecommit://p@R", &both[..], "eu-west-2"),
        ("eu-central-1://p@R", &both[..], "eu-central-1"),
        ("eu-central-1://R", &[][..], "eu-central-1"),
        ("codecommit://R", &[("AWS_PROFILE", "p")][..], "eu-west-1"),
    ] {
        machine.remote_helper(Some(url), variables).ok();
        let expect = format!("https://git-codecommit.{region}.amazonaws.com/v1/repos/R");
        assert_eq!(machine.https_url(), Some(expect), "{url} {variables:?}");
    }
    let absent = [("AWS_PROFILE", "absent")];
    let ran = machine.remote_helper(Some("codecommit://R"), &absent);
    ran.exits(1).says(&["there is no profile absent"]);
}
