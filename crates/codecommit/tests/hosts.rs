//! Which hosts are CodeCommit git endpoints, and which merely look like it.

use holdfast_codecommit::{AddressError, GitHost, Partition, Region};

/// host, Region, partition, FIPS, VPC endpoint
const ACCEPTED: &[(&str, &str, Partition, bool, Option<&str>)] = &[
    (
        "git-codecommit.us-east-1.amazonaws.com",
        "us-east-1",
        Partition::Aws,
        false,
        None,
    ),
    (
        "git-codecommit.ap-southeast-5.amazonaws.com",
        "ap-southeast-5",
        Partition::Aws,
        false,
        None,
    ),
    (
        "git-codecommit.il-central-1.amazonaws.com",
        "il-central-1",
        Partition::Aws,
        false,
        None,
    ),
    (
        "git-codecommit.mx-central-10.amazonaws.com",
        "mx-central-10",
        Partition::Aws,
        false,
        None,
    ),
    (
        "git-codecommit-fips.ca-central-1.amazonaws.com",
        "ca-central-1",
        Partition::Aws,
        true,
        None,
    ),
    (
        "git-codecommit.us-gov-west-1.amazonaws.com",
        "us-gov-west-1",
        Partition::AwsUsGov,
        false,
        None,
    ),
    (
        "git-codecommit-fips.us-gov-east-1.amazonaws.com",
        "us-gov-east-1",
        Partition::AwsUsGov,
        true,
        None,
    ),
    (
        "git-codecommit.cn-north-1.amazonaws.com.cn",
        "cn-north-1",
        Partition::AwsCn,
        false,
        None,
    ),
    (
        "git-codecommit.cn-northwest-1.amazonaws.com.cn",
        "cn-northwest-1",
        Partition::AwsCn,
        false,
        None,
    ),
    (
        "git-codecommit.eusc-de-east-1.amazonaws.eu",
        "eusc-de-east-1",
        Partition::AwsEusc,
        false,
        None,
    ),
    (
        "git-codecommit.us-iso-east-1.c2s.ic.gov",
        "us-iso-east-1",
        Partition::AwsIso,
        false,
        None,
    ),
    (
        "git-codecommit.us-isob-east-1.sc2s.sgov.gov",
        "us-isob-east-1",
        Partition::AwsIsoB,
        false,
        None,
    ),
    (
        "git-codecommit.eu-isoe-west-1.cloud.adc-e.uk",
        "eu-isoe-west-1",
        Partition::AwsIsoE,
        false,
        None,
    ),
    (
        "git-codecommit.us-isof-south-1.csp.hci.ic.gov",
        "us-isof-south-1",
        Partition::AwsIsoF,
        false,
        None,
    ),
    (
        "vpce-0b47ea360adebf88a-jkl88hez.git-codecommit.us-east-1.vpce.amazonaws.com",
        "us-east-1",
        Partition::Aws,
        false,
        Some("vpce-0b47ea360adebf88a-jkl88hez"),
    ),
    (
        "vpce-0b47ea360adebf88a-jkl88hez-us-east-1a.git-codecommit-fips.us-east-1.vpce.amazonaws.com",
        "us-east-1",
        Partition::Aws,
        true,
        Some("vpce-0b47ea360adebf88a-jkl88hez-us-east-1a"),
    ),
    (
        "vpce-0b47ea360adebf88a-jkl88hez.git-codecommit.cn-north-1.vpce.amazonaws.com.cn",
        "cn-north-1",
        Partition::AwsCn,
        false,
        Some("vpce-0b47ea360adebf88a-jkl88hez"),
    ),
    // As typed: git does not change the case.
    (
        "GIT-CodeCommit.US-East-1.AmazonAWS.com",
        "us-east-1",
        Partition::Aws,
        false,
        None,
    ),
    (
        "git-codecommit.us-east-1.amazonaws.com:443",
        "us-east-1",
        Partition::Aws,
        false,
        None,
    ),
];

const REFUSED: &[&str] = &[
    "",
    ".",
    "amazonaws.com",
    "codecommit.us-east-1.amazonaws.com",
    "s3.amazonaws.com",
    "github.com",
    "localhost",
    "127.0.0.1",
    "[::1]",
    // Something in front or behind.
    "git-codecommit.us-east-1.amazonaws.com.evil.example",
    "git-codecommit.us-east-1.amazonaws.com.",
    ".git-codecommit.us-east-1.amazonaws.com",
    "evil.git-codecommit.us-east-1.amazonaws.com",
    "evil-git-codecommit.us-east-1.amazonaws.com",
    "xgit-codecommit.us-east-1.amazonaws.com",
    "git-codecommit.us-east-1.evilamazonaws.com",
    "git-codecommit.us-east-1.amazonaws.comx",
    "git-codecommit.us-east-1.amazonaws.com.cnx",
    "git-codecommit.us-east-1.amazonaws.co",
    "git-codecommit.us-east-1.amazonaws.org",
    "git-codecommit.us-east-1.amazonaws-com.example",
    "git-codecommit.us-east-1.amazon.com",
    "git-codecommit.us-east-1.api.aws",
    "git-codecommit.us-east-1.on.aws",
    "git-codecommit.us-east-1.amazonaws.com/evil.example",
    "evil.example/git-codecommit.us-east-1.amazonaws.com",
    "evil.example#git-codecommit.us-east-1.amazonaws.com",
    "evil.example?git-codecommit.us-east-1.amazonaws.com",
    "evil.example\\git-codecommit.us-east-1.amazonaws.com",
    "user@git-codecommit.us-east-1.amazonaws.com",
    "git-codecommit.us-east-1.amazonaws.com@evil.example",
    // Labels missing, empty, doubled or in another order.
    "git-codecommit.amazonaws.com",
    "git-codecommit..amazonaws.com",
    "git-codecommit.us-east-1..amazonaws.com",
    "git-codecommit.us-east-1",
    "git-codecommit.us-east-1.us-east-2.amazonaws.com",
    "git-codecommit.amazonaws.com.us-east-1",
    "us-east-1.git-codecommit.amazonaws.com",
    "git-codecommit.git-codecommit.us-east-1.amazonaws.com",
    "git-codecommit-fips-fips.us-east-1.amazonaws.com",
    "fips-git-codecommit.us-east-1.amazonaws.com",
    "git-codecommit-.us-east-1.amazonaws.com",
    "git_codecommit.us-east-1.amazonaws.com",
    // Regions that cannot be, or are of another partition.
    "git-codecommit.evil.amazonaws.com",
    "git-codecommit.us-east.amazonaws.com",
    "git-codecommit.us-east-.amazonaws.com",
    "git-codecommit.us--1.amazonaws.com",
    "git-codecommit.-east-1.amazonaws.com",
    "git-codecommit.us-east-1a.amazonaws.com",
    "git-codecommit.us-east-100.amazonaws.com",
    "git-codecommit.us-e_st-1.amazonaws.com",
    "git-codecommit.usa-east-1.amazonaws.com",
    "git-codecommit.us-verymuchtothenorth-1.amazonaws.com",
    "git-codecommit.us-evil-east-1.amazonaws.com",
    "git-codecommit.us-gov-evil-east-1.amazonaws.com",
    "git-codecommit.cn-north-1.amazonaws.com",
    "git-codecommit.us-east-1.amazonaws.com.cn",
    "git-codecommit.us-gov-west-1.amazonaws.com.cn",
    "git-codecommit.us-iso-east-1.amazonaws.com",
    "git-codecommit.us-iso-east-1.sc2s.sgov.gov",
    "git-codecommit.us-isob-east-1.c2s.ic.gov",
    "git-codecommit.us-east-1.c2s.ic.gov",
    "git-codecommit.eusc-de-east-1.amazonaws.com",
    "git-codecommit.eu-west-1.amazonaws.eu",
    "git-codecommit.eusc-east-1.amazonaws.eu",
    // VPC endpoints.
    "vpce-.git-codecommit.us-east-1.vpce.amazonaws.com",
    "vpce.git-codecommit.us-east-1.vpce.amazonaws.com",
    "vpce-1.git-codecommit.us-east-1.amazonaws.com",
    "git-codecommit.us-east-1.vpce.amazonaws.com",
    "vpce-1.evil.git-codecommit.us-east-1.vpce.amazonaws.com",
    "vpce-1--2.git-codecommit.us-east-1.vpce.amazonaws.com",
    "vpce-1-.git-codecommit.us-east-1.vpce.amazonaws.com",
    "vpce-1_2.git-codecommit.us-east-1.vpce.amazonaws.com",
    "vpce-1.git-codecommit.us-east-1.vpcex.amazonaws.com",
    "vpce-1.git-codecommit.us-east-1.xvpce.amazonaws.com",
    "vpce-1.git-codecommit.us-east-1.vpce.vpce.amazonaws.com",
    "vpce-1.vpce-2.git-codecommit.us-east-1.vpce.amazonaws.com",
    "vpce-00000000000000000000000000000000000000000000000000000000000.git-codecommit.us-east-1.vpce.amazonaws.com",
    // White space, controls, encodings.
    " git-codecommit.us-east-1.amazonaws.com",
    "git-codecommit.us-east-1.amazonaws.com ",
    "git-codecommit.us-east-1.amazonaws.com\r",
    "git-codecommit.us-east-1.amazonaws.com\n",
    "git-codecommit.us-east-1.amazonaws.com\0",
    "git-codecommit.us-east-1.amazonaws.com\nevil.example",
    "git-codecommit.us-east-1\t.amazonaws.com",
    "git-codecommit%2eus-east-1.amazonaws.com",
    "git-codecommit.us-east-1.amazonaws.com%00.evil.example",
    // The Kelvin sign and the long s are k and s in lower case, but not in ASCII.
    "git-codecommit.u\u{17f}-east-1.amazonaws.com",
    "git-codecommit.us-ea\u{17f}t-1.amazonaws.com",
    // A Cyrillic letter; fullwidth stops; digits of another script.
    "git-codecommit.us-east-1.am\u{430}zonaws.com",
    "git-codecommit\u{ff0e}us-east-1\u{ff0e}amazonaws\u{ff0e}com",
    "git-codecommit.us-east-\u{661}.amazonaws.com",
    "xn--git-codecommit.us-east-1.amazonaws.com",
];

#[test]
fn endpoints_are_read() {
    for &(text, region, partition, fips, vpc_endpoint) in ACCEPTED {
        let host = GitHost::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(host.region().as_str(), region, "{text}");
        assert_eq!(host.partition(), partition, "{text}");
        assert_eq!(host.is_fips(), fips, "{text}");
        assert_eq!(host.vpc_endpoint_id(), vpc_endpoint, "{text}");
        let typed = text.strip_suffix(":443").unwrap_or(text);
        assert_eq!(host.as_typed(), typed);
        assert_eq!(host.canonical(), typed.to_ascii_lowercase());
    }
}

#[test]
fn endpoints_are_built_as_they_are_read() {
    for &(text, region, _, fips, vpc_endpoint) in ACCEPTED {
        let region = Region::parse(region).unwrap();
        let built = match (vpc_endpoint, fips) {
            (None, false) => GitHost::public(region),
            (None, true) => GitHost::public_fips(region),
            (Some(id), fips) => GitHost::vpc_endpoint(region, id, fips).unwrap(),
        };
        let read = GitHost::parse(text).unwrap();
        assert_eq!(built, read, "{text}");
        assert_eq!(GitHost::parse(built.canonical()).as_ref(), Ok(&read));
    }
}

#[test]
fn everything_else_is_refused() {
    for text in REFUSED {
        let result = GitHost::parse(text);
        assert!(
            matches!(result, Err(AddressError::Host | AddressError::Port)),
            "{text:?}"
        );
        let upper = text.to_ascii_uppercase();
        assert!(GitHost::parse(&upper).is_err(), "{upper:?}");
    }
}

#[test]
fn only_port_443_is_served() {
    for port in [
        "", "80", "8443", "0443", "443 ", "443:443", "+443", "44", "4433",
    ] {
        let text = format!("git-codecommit.us-east-1.amazonaws.com:{port}");
        assert_eq!(GitHost::parse(&text), Err(AddressError::Port), "{text}");
    }
}

#[test]
fn no_change_of_one_byte_makes_another_host_of_the_same_region_acceptable() {
    let host = "git-codecommit.us-east-1.amazonaws.com";
    for at in 0..host.len() {
        for byte in 0..=127_u8 {
            let mut changed = host.as_bytes().to_vec();
            changed[at] = byte;
            let changed = String::from_utf8(changed).unwrap();
            if let Ok(accepted) = GitHost::parse(&changed) {
                let region = accepted.region();
                let rebuilt = format!("git-codecommit.{region}.amazonaws.com");
                assert_eq!(changed.to_ascii_lowercase(), rebuilt);
            }
        }
    }
}
