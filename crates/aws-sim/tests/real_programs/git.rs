//! Real git with the AWS CLI's own credential helper.

use std::time::Duration;

use holdfast_aws_sim::{Calls, Scenario, Service, Sim, blog};
use rstest::rstest;

use crate::home::{Home, aws_cli, run};

fn signed_in() -> Home {
    let home = Home::new(Sim::start(Scenario::blog()).unwrap());
    home.sign_in();
    home.use_credential_helper("Contributor");
    home
}

/// What git asked, and how it was answered.
fn seen(calls: &Calls) -> Vec<(String, u16)> {
    calls
        .matching(|call| call.service == Service::Git)
        .into_iter()
        .map(|call| (call.operation, call.status.unwrap()))
        .collect()
}

fn expect(list: &[(&str, u16)]) -> Vec<(String, u16)> {
    list.iter()
        .map(|(operation, status)| ((*operation).to_owned(), *status))
        .collect()
}

#[test]
fn clone_push_and_fetch() {
    let home = signed_in();
    let calls = home.sim.calls();
    home.git(&["clone", "--quiet", blog::CLONE_URL, "work"])
        .ok();
    assert_eq!(
        seen(calls),
        expect(&[
            ("info/refs git-upload-pack", 401),
            ("info/refs git-upload-pack", 200),
            ("git-upload-pack", 200),
            ("git-upload-pack", 200),
        ])
    );
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
    calls.clear();
    home.git(&["-C", "work", "push", "--quiet"]).ok();
    assert_eq!(
        seen(calls),
        expect(&[
            ("info/refs git-receive-pack", 401),
            ("info/refs git-receive-pack", 200),
            ("git-receive-pack", 200),
        ])
    );
    let call = calls.last().unwrap();
    assert!(
        call.principal
            .unwrap()
            .contains("assumed-role/MyRepositoryContributorRole")
    );
    assert_eq!(call.resource.as_deref(), Some(blog::REPOSITORY));
    home.git(&["-C", "work", "fetch", "--quiet"]).ok();
    let folder = home
        .sim
        .repository_folder(blog::ACCOUNT_B, blog::REGION, blog::REPOSITORY)
        .unwrap();
    let subject = ["-C", folder.to_str().unwrap(), "log", "-1", "--format=%s"];
    assert_eq!(home.git(&subject).ok().out, "Mine\n");
}

#[test]
fn large_pushes_come_in_chunks_and_long_negotiations_compressed() {
    let home = signed_in();
    home.git(&["clone", "--quiet", blog::CLONE_URL, "work"])
        .ok();
    // Bytes that do not compress, beyond what git sends in one piece.
    let noise: Vec<u8> = (0..3_000_000_u64)
        .map(|n| (n.wrapping_mul(n) >> 7) as u8)
        .collect();
    std::fs::write(home.path().join("work/noise"), noise).unwrap();
    home.git(&["-C", "work", "add", "noise"]).ok();
    home.git(&[
        "-C",
        "work",
        "-c",
        "core.compression=0",
        "commit",
        "--quiet",
        "-m",
        "Noise",
    ])
    .ok();
    home.git(&["-C", "work", "-c", "core.compression=0", "push", "--quiet"])
        .ok();
    home.git(&["clone", "--quiet", blog::CLONE_URL, "other"])
        .ok();
    assert_eq!(
        home.git(&["-C", "other", "log", "-1", "--format=%s"])
            .ok()
            .out,
        "Noise\n"
    );
    // So many commits the server does not have that git compresses the list of them.
    for number in 0..40 {
        let message = number.to_string();
        home.git(&[
            "-C",
            "other",
            "commit",
            "--quiet",
            "--allow-empty",
            "-m",
            &message,
        ])
        .ok();
    }
    home.git(&[
        "-C",
        "work",
        "commit",
        "--quiet",
        "--allow-empty",
        "-m",
        "More",
    ])
    .ok();
    home.git(&["-C", "work", "push", "--quiet"]).ok();
    home.git(&["-C", "other", "fetch", "--quiet"]).ok();
    assert_eq!(
        home.git(&["-C", "other", "log", "-1", "--format=%s", "origin/main"])
            .ok()
            .out,
        "More\n"
    );
}

#[rstest]
#[case::fips("git-codecommit-fips.us-east-1.amazonaws.com")]
#[case::vpc("vpce-0b47ea360adebf88a-jkl88hez.git-codecommit.us-east-1.vpce.amazonaws.com")]
fn other_hosts_of_the_region(#[case] host: &str) {
    let home = signed_in();
    let url = format!("https://{host}/v1/repos/{}", blog::REPOSITORY);
    let refs = home.git(&["ls-remote", &url]).ok().out;
    assert!(refs.contains("refs/heads/main"), "{refs}");
}

#[test]
fn without_credentials_git_is_asked_for_them() {
    let home = Home::new(Sim::start(Scenario::blog()).unwrap());
    let error = home.git(&["ls-remote", blog::CLONE_URL]).failed();
    assert!(error.contains("could not read Username"), "{error}");
    assert_eq!(
        seen(home.sim.calls()),
        expect(&[("info/refs git-upload-pack", 401)])
    );
}

#[test]
fn a_wrong_password_is_forbidden() {
    let home = signed_in();
    home.append(
        ".gitconfig",
        "\thelper =\n\thelper = \"!f() { echo username=AKIAX; echo password=x; }; f\"\n",
    );
    let error = home.git(&["ls-remote", blog::CLONE_URL]).failed();
    assert!(
        error.contains("The requested URL returned error: 403"),
        "{error}"
    );
    let last = home.sim.calls().last().unwrap();
    assert_eq!(last.error.as_deref(), Some("UnrecognizedClientException"));
    assert_eq!((last.principal, last.access_key_id), (None, None));
}

/// The answer of the AWS CLI's helper, kept and given out again later as a keychain would.
#[test]
fn a_stale_password_is_forbidden() {
    let home = signed_in();
    let request =
        "protocol=https\nhost=git-codecommit.us-east-1.amazonaws.com\npath=v1/repos/myRepository\n";
    std::fs::write(home.path().join("request"), request).unwrap();
    let helper = format!(
        "{} --profile Contributor codecommit credential-helper get < request > answer",
        aws_cli().display()
    );
    run(home.command("sh").args(["-c", &helper])).ok();
    home.append(
        ".gitconfig",
        "\thelper =\n\thelper = \"!f() { cat \\\"$HOME/answer\\\"; }; f\"\n",
    );
    home.git(&["ls-remote", blog::CLONE_URL]).ok();
    home.sim.clock().advance(Duration::from_secs(14 * 60));
    home.git(&["ls-remote", blog::CLONE_URL]).ok();
    home.sim.clock().advance(Duration::from_secs(2 * 60));
    let error = home.git(&["ls-remote", blog::CLONE_URL]).failed();
    assert!(
        error.contains("The requested URL returned error: 403"),
        "{error}"
    );
    let last = home.sim.calls().last().unwrap();
    assert_eq!(last.error.as_deref(), Some("InvalidSignatureException"));
    let other = blog::CLONE_URL.replace("myRepository", "other");
    assert!(home.git(&["ls-remote", &other]).failed().contains("403"));
}

#[test]
fn the_password_of_an_expired_session_is_forbidden() {
    let home = signed_in();
    home.git(&["ls-remote", blog::CLONE_URL]).ok();
    home.sim.expire_all_sessions();
    let error = home.git(&["ls-remote", blog::CLONE_URL]).failed();
    assert!(error.contains("403"), "{error}");
    let last = home.sim.calls().last().unwrap();
    assert_eq!(last.error.as_deref(), Some("ExpiredTokenException"));
}

#[rstest]
#[case::missing("Contributor", "us-east-1", 404, "RepositoryDoesNotExistException")]
#[case::other_region("Contributor", "eu-west-1", 404, "RepositoryDoesNotExistException")]
#[case::not_allowed(blog::KEY_PROFILE, "us-east-1", 403, "AccessDeniedException")]
fn repositories_out_of_reach(
    #[case] profile: &str,
    #[case] region: &str,
    #[case] status: u16,
    #[case] code: &str,
) {
    let home = Home::new(Sim::start(Scenario::blog()).unwrap());
    home.sign_in();
    home.use_credential_helper(profile);
    let url = format!("https://git-codecommit.{region}.amazonaws.com/v1/repos/nothing-here");
    home.git(&["ls-remote", &url]).failed();
    let last = home.sim.calls().last().unwrap();
    assert_eq!(
        (last.status, last.error.as_deref()),
        (Some(status), Some(code))
    );
}
