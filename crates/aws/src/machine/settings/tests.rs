//! Environments and the addresses they lead to.

use super::*;

fn settings(environment: &[(&str, &str)]) -> MachineSettings {
    MachineSettings::resolve(|name| {
        let found = environment.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| (*value).to_owned())
    })
}

/// The address, or the words for why there is none.
fn told(address: Result<Uri, NoAddress>) -> String {
    match address {
        Ok(url) => url.to_string(),
        Err(why) => why.to_string(),
    }
}

#[test]
fn instance_metadata_is_where_the_environment_says() {
    const ENDPOINT: &str = "AWS_EC2_METADATA_SERVICE_ENDPOINT";
    const MODE: &str = "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE";
    const DISABLED: &str = "AWS_EC2_METADATA_DISABLED";
    for (environment, expect) in [
        (vec![], "http://169.254.169.254/"),
        (vec![(ENDPOINT, "")], "http://169.254.169.254/"),
        (vec![(MODE, "IPv6")], "http://[fd00:ec2::254]/"),
        (vec![(MODE, "IPv4")], "http://169.254.169.254/"),
        (
            vec![(ENDPOINT, "http://127.0.0.1:1338/"), (MODE, "IPv6")],
            "http://127.0.0.1:1338/",
        ),
        (
            vec![(ENDPOINT, "http://localhost:1338")],
            "http://localhost:1338/",
        ),
        (vec![(ENDPOINT, "http://[::1]:1338")], "http://[::1]:1338/"),
        (
            vec![(ENDPOINT, "https://metadata.example")],
            "https://metadata.example/",
        ),
        (vec![(DISABLED, "false")], "http://169.254.169.254/"),
        (
            vec![(DISABLED, "True")],
            "switched off by AWS_EC2_METADATA_DISABLED",
        ),
        (
            vec![(ENDPOINT, "http://metadata.example")],
            "names metadata.example, which credentials are not taken from",
        ),
        (vec![(ENDPOINT, "http://192.0.2.1")], "names 192.0.2.1"),
        (vec![(ENDPOINT, "169.254.169.254")], "is not an address"),
        (
            vec![(ENDPOINT, "http://user:word@127.0.0.1/")],
            "is not an address",
        ),
        (vec![(ENDPOINT, "ftp://127.0.0.1/")], "is not an address"),
    ] {
        let actual = told(settings(&environment).metadata());
        assert!(actual.contains(expect), "{environment:?}: {actual}");
    }
}

#[test]
fn a_containers_credentials_come_from_nobody_else_in_plain_text() {
    const RELATIVE: &str = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
    const FULL: &str = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
    for (environment, expect) in [
        (vec![], "this is not a container with a role"),
        (
            vec![(RELATIVE, "/v2/credentials/1?a=b")],
            "http://169.254.170.2/v2/credentials/1?a=b",
        ),
        (
            vec![(RELATIVE, "/r"), (FULL, "http://127.0.0.1/f")],
            "http://169.254.170.2/r",
        ),
        (
            vec![(RELATIVE, "@evil.example/")],
            "RELATIVE_URI in the agent's environment is not an address",
        ),
        (
            vec![(FULL, "http://127.0.0.2:8080/c")],
            "http://127.0.0.2:8080/c",
        ),
        (
            vec![(FULL, "http://169.254.170.23/v1/credentials")],
            "http://169.254.170.23/v1/credentials",
        ),
        (
            vec![(FULL, "http://[fd00:ec2::23]/v1/credentials")],
            "http://[fd00:ec2::23]/v1/credentials",
        ),
        (
            vec![(FULL, "https://credentials.example/c")],
            "https://credentials.example/c",
        ),
        (
            vec![(FULL, "http://169.254.169.254/c")],
            "names 169.254.169.254, which",
        ),
        (
            vec![(FULL, "http://127.0.0.1.example/c")],
            "names 127.0.0.1.example, which",
        ),
        (
            vec![(FULL, "/c")],
            "FULL_URI in the agent's environment is not an address",
        ),
    ] {
        let actual = told(settings(&environment).container());
        assert!(actual.contains(expect), "{environment:?}: {actual}");
    }
}

#[test]
fn limits_are_kept_within_reason() {
    const TIMEOUT: &str = "AWS_METADATA_SERVICE_TIMEOUT";
    const TRIES: &str = "AWS_METADATA_SERVICE_NUM_ATTEMPTS";
    for (environment, seconds, attempts) in [
        (vec![], 1, 1),
        (vec![(TIMEOUT, "3"), (TRIES, "2")], 3, 2),
        (vec![(TIMEOUT, "0"), (TRIES, "0")], 1, 1),
        (vec![(TIMEOUT, "600"), (TRIES, "99")], 10, 5),
        (vec![(TIMEOUT, "soon"), (TRIES, "-1")], 1, 1),
    ] {
        let settings = settings(&environment);
        assert_eq!(
            settings.metadata_timeout.as_secs(),
            seconds,
            "{environment:?}"
        );
        assert_eq!(settings.metadata_attempts, attempts, "{environment:?}");
    }
}

#[test]
fn nothing_shows_the_token() {
    let settings = settings(&[("AWS_CONTAINER_AUTHORIZATION_TOKEN", "the-token")]);
    assert!(!format!("{settings:?}").contains("the-token"));
}
