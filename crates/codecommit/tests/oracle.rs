//! The grammar against an independent statement of it, as regular expressions.

use holdfast_codecommit::RepositoryAddress;
use proptest::prelude::*;
use regex::Regex;
use std::sync::LazyLock;

/// One expression per DNS suffix, over the host in lower case.
static HOSTS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        (r"(?:us-gov|[a-z]{2})-[a-z]{1,16}-[0-9]{1,2}", r"amazonaws\.com"),
        (r"cn-[a-z]{1,16}-[0-9]{1,2}", r"amazonaws\.com\.cn"),
        (r"eusc-[a-z]{2}-[a-z]{1,16}-[0-9]{1,2}", r"amazonaws\.eu"),
        (r"us-iso-[a-z]{1,16}-[0-9]{1,2}", r"c2s\.ic\.gov"),
        (r"us-isob-[a-z]{1,16}-[0-9]{1,2}", r"sc2s\.sgov\.gov"),
        (r"eu-isoe-[a-z]{1,16}-[0-9]{1,2}", r"cloud\.adc-e\.uk"),
        (r"us-isof-[a-z]{1,16}-[0-9]{1,2}", r"csp\.hci\.ic\.gov"),
    ]
    .iter()
    .map(|(region, suffix)| {
        let service = "git-codecommit(?:-fips)?";
        let expression = format!(
            r"\A(?:{service}\.{region}\.{suffix}|vpce(?:-[a-z0-9]+)+\.{service}\.{region}\.vpce\.{suffix})(?::443)?\z"
        );
        Regex::new(&expression).expect("the expression is valid")
    })
    .collect()
});

static PATH: LazyLock<Regex> = LazyLock::new(|| {
    let segment = "[A-Za-z0-9_.-]{1,100}";
    Regex::new(&format!(
        r"\Av1/repos/{segment}(?:/info/lfs(?:/{segment}){{0,8}})?\z"
    ))
    .expect("the expression is valid")
});

/// What the expressions say, with the exceptions that they cannot.
fn expected(host: &str, path: &str) -> bool {
    let lower = host.to_ascii_lowercase();
    let labels_fit = lower.split('.').all(|label| label.len() <= 63);
    let china_elsewhere = lower.contains(".cn-") && !lower.contains(".amazonaws.com.cn");
    let name = path.split('/').nth(2).unwrap_or_default();
    let name = name.strip_suffix(".git").unwrap_or(name);
    HOSTS.iter().any(|host| host.is_match(&lower))
        && labels_fit
        && !china_elsewhere
        && PATH.is_match(path)
        && !path.split('/').any(|segment| matches!(segment, "." | ".."))
        && !matches!(name, "" | "." | "..")
        && !name.ends_with(".git")
}

fn check(host: &str, path: &str) -> Result<(), TestCaseError> {
    let read = RepositoryAddress::from_git(host, path).is_ok();
    prop_assert_eq!(read, expected(host, path), "{:?} {:?}", host, path);
    Ok(())
}

/// Hosts put together from right and nearly right pieces.
fn pieced_host() -> impl Strategy<Value = String> {
    let front = prop::sample::select(vec![
        "",
        "",
        "",
        "vpce-0a-b.",
        "vpce-0a-b-us-east-1a.",
        "vpce-.",
        "vpce.",
        "evil.",
        "x@",
        "VPCE-1.",
    ]);
    let service = prop::sample::select(vec![
        "git-codecommit",
        "git-codecommit",
        "git-codecommit-fips",
        "Git-CodeCommit",
        "codecommit",
        "git-codecommit-",
        "xgit-codecommit",
    ]);
    let region = prop_oneof![
        prop::sample::select(vec![
            "us-east-1",
            "cn-north-1",
            "us-gov-west-1",
            "eusc-de-east-1",
            "us-iso-east-1",
            "us-isob-east-1",
            "eu-isoe-west-1",
            "us-isof-south-1",
            "US-EAST-1",
            "us-east-1a",
            "evil",
            "",
        ])
        .prop_map(str::to_owned),
        "[a-z]{1,3}(-[a-z]{0,5}){0,2}-[0-9]{0,3}",
    ];
    let vpce = prop::sample::select(vec!["", "", "", "vpce.", "vpce.", "vpce.vpce.", "xvpce."]);
    let suffix = prop::sample::select(vec![
        "amazonaws.com",
        "amazonaws.com",
        "amazonaws.com.cn",
        "amazonaws.eu",
        "c2s.ic.gov",
        "sc2s.sgov.gov",
        "cloud.adc-e.uk",
        "csp.hci.ic.gov",
        "amazonaws.com.",
        "amazonaws.com.evil.example",
        "evilamazonaws.com",
        "amazon.com",
        "AMAZONAWS.COM",
        "amazonaws.com\n",
        "amazonaws.com\r",
        "",
    ]);
    let port = prop::sample::select(vec!["", "", "", ":443", ":80", ":", ":443:443"]);
    (front, service, region, vpce, suffix, port).prop_map(
        |(front, service, region, vpce, suffix, port)| {
            format!("{front}{service}.{region}.{vpce}{suffix}{port}")
        },
    )
}

fn pieced_path() -> impl Strategy<Value = String> {
    let front = prop::sample::select(vec![
        "v1/repos/",
        "v1/repos/",
        "/v1/repos/",
        "v1/repos//",
        "v2/repos/",
    ]);
    let name = prop_oneof![
        "[A-Za-z0-9_.-]{1,3}",
        "[A-Za-z0-9_.-]{95,105}",
        "[a-z]{1,3}(\\.git){0,3}",
        "\\PC{0,4}",
    ];
    let behind = prop::sample::select(vec![
        "",
        "",
        "",
        ".git",
        "/info/lfs",
        ".git/info/lfs",
        "/info/lfs/objects/batch",
        "/info/lfs/..",
        "/info/refs",
        "/",
        "?x",
    ]);
    (front, name, behind).prop_map(|(front, name, behind)| format!("{front}{name}{behind}"))
}

/// A text with one character changed, added or taken away.
fn disturbed(text: String) -> impl Strategy<Value = String> {
    let characters: Vec<char> = text.chars().collect();
    (0..=characters.len(), any::<char>(), 0..3_u8).prop_map(move |(at, c, kind)| {
        let mut changed = characters.clone();
        match kind {
            0 => changed.insert(at, c),
            _ if at == changed.len() => {}
            1 => changed[at] = c,
            _ => drop(changed.remove(at)),
        }
        changed.into_iter().collect()
    })
}

/// `PROPTEST_CASES` asks for more.
fn config() -> ProptestConfig {
    let default = ProptestConfig::default();
    ProptestConfig {
        cases: default.cases.max(4096),
        failure_persistence: None,
        ..default
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn pieced_addresses_agree(host in pieced_host(), path in pieced_path()) {
        check(&host, "v1/repos/r")?;
        check("git-codecommit.eu-west-1.amazonaws.com", &path)?;
        check(&host, &path)?;
    }

    #[test]
    fn disturbed_hosts_agree(host in pieced_host().prop_flat_map(disturbed)) {
        check(&host, "v1/repos/r")?;
    }

    #[test]
    fn disturbed_paths_agree(path in pieced_path().prop_flat_map(disturbed)) {
        check("git-codecommit.eu-west-1.amazonaws.com", &path)?;
    }

    #[test]
    fn any_text_agrees(host in "\\PC*", path in "\\PC*") {
        check(&host, &path)?;
    }
}
