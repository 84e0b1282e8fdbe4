//! Every partition, and AWS's order of precedence.

use super::*;

fn target(
    endpoints: &Endpoints,
    region: Option<&str>,
    arn: Option<&str>,
) -> Result<Target, EndpointError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(endpoints.sts(region, arn))
}

#[test]
fn addresses() {
    let plain = Endpoints::default();
    let fips = Endpoints {
        fips: true,
        ..Endpoints::default()
    };
    let legacy = Endpoints {
        legacy_global: true,
        ..Endpoints::default()
    };
    let own = Endpoints {
        sts_url: Some("http://localhost:4566".to_owned()),
        ..Endpoints::default()
    };
    let china = Some("arn:aws-cn:iam::111122223333:mfa/alice");
    let government = Some("arn:aws-us-gov:iam::111122223333:role/R");
    let world = Some("arn:aws:iam::111122223333:role/R");
    let cases = [
        (
            &plain,
            None,
            None,
            "https://sts.us-east-1.amazonaws.com",
            "us-east-1",
        ),
        (
            &plain,
            Some(""),
            world,
            "https://sts.us-east-1.amazonaws.com",
            "us-east-1",
        ),
        (
            &plain,
            None,
            china,
            "https://sts.cn-north-1.amazonaws.com.cn",
            "cn-north-1",
        ),
        (
            &plain,
            None,
            government,
            "https://sts.us-gov-west-1.amazonaws.com",
            "us-gov-west-1",
        ),
        (
            &plain,
            Some("eu-west-1"),
            china,
            "https://sts.eu-west-1.amazonaws.com",
            "eu-west-1",
        ),
        (
            &plain,
            Some("cn-northwest-1"),
            None,
            "https://sts.cn-northwest-1.amazonaws.com.cn",
            "cn-northwest-1",
        ),
        (
            &plain,
            Some("us-iso-east-1"),
            None,
            "https://sts.us-iso-east-1.c2s.ic.gov",
            "us-iso-east-1",
        ),
        (
            &plain,
            Some("us-isob-east-1"),
            None,
            "https://sts.us-isob-east-1.sc2s.sgov.gov",
            "us-isob-east-1",
        ),
        (
            &plain,
            Some("eusc-de-east-1"),
            None,
            "https://sts.eusc-de-east-1.amazonaws.eu",
            "eusc-de-east-1",
        ),
        (
            &plain,
            Some("aws-global"),
            None,
            "https://sts.amazonaws.com",
            "us-east-1",
        ),
        (
            &fips,
            Some("us-east-2"),
            None,
            "https://sts-fips.us-east-2.amazonaws.com",
            "us-east-2",
        ),
        (
            &legacy,
            Some("eu-west-1"),
            None,
            "https://sts.amazonaws.com",
            "us-east-1",
        ),
        (
            &legacy,
            Some("eu-south-1"),
            None,
            "https://sts.eu-south-1.amazonaws.com",
            "eu-south-1",
        ),
        (
            &legacy,
            Some("cn-north-1"),
            None,
            "https://sts.cn-north-1.amazonaws.com.cn",
            "cn-north-1",
        ),
        (
            &own,
            Some("eu-west-1"),
            None,
            "http://localhost:4566",
            "eu-west-1",
        ),
    ];
    for (endpoints, region, arn, url, signing) in cases {
        let target = target(endpoints, region, arn).unwrap();
        assert_eq!(
            (target.url.as_str(), target.region.as_str()),
            (url, signing),
            "{region:?} {arn:?}"
        );
    }
}

/// The addresses of the portal and of the OIDC service.
fn sso(endpoints: &Endpoints, region: &str) -> [Result<String, EndpointError>; 2] {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let targets = [
        runtime.block_on(endpoints.sso(region)),
        runtime.block_on(endpoints.sso_oidc(region)),
    ];
    targets.map(|target| target.map(|target| target.url))
}

#[test]
fn addresses_of_iam_identity_center() {
    let plain = Endpoints::default();
    let fips = Endpoints {
        fips: true,
        ..Endpoints::default()
    };
    let dual_stack = Endpoints {
        dual_stack: true,
        ..Endpoints::default()
    };
    let own = Endpoints {
        sso_url: Some("http://localhost:4566".to_owned()),
        sso_oidc_url: Some("http://localhost:4567/".to_owned()),
        ..Endpoints::default()
    };
    let cases = [
        (
            &plain,
            "eu-central-1",
            "https://portal.sso.eu-central-1.amazonaws.com",
            "https://oidc.eu-central-1.amazonaws.com",
        ),
        (
            &plain,
            "cn-north-1",
            "https://portal.sso.cn-north-1.amazonaws.com.cn",
            "https://oidc.cn-north-1.amazonaws.com.cn",
        ),
        (
            &plain,
            "us-gov-west-1",
            "https://portal.sso.us-gov-west-1.amazonaws.com",
            "https://oidc.us-gov-west-1.amazonaws.com",
        ),
        (
            &plain,
            "eusc-de-east-1",
            "https://portal.sso.eusc-de-east-1.amazonaws.eu",
            "https://oidc.eusc-de-east-1.amazonaws.eu",
        ),
        (
            &fips,
            "us-gov-east-1",
            "https://portal.sso.us-gov-east-1.amazonaws.com",
            "https://oidc.us-gov-east-1.amazonaws.com",
        ),
        (
            &fips,
            "us-east-2",
            "https://portal.sso-fips.us-east-2.amazonaws.com",
            "https://oidc-fips.us-east-2.amazonaws.com",
        ),
        (
            &dual_stack,
            "eu-central-1",
            "https://portal.sso.eu-central-1.api.aws",
            "https://oidc.eu-central-1.api.aws",
        ),
        (
            &own,
            "eu-central-1",
            "http://localhost:4566",
            "http://localhost:4567/",
        ),
    ];
    for (endpoints, region, portal, oidc) in cases {
        let expected = [Ok(portal.to_owned()), Ok(oidc.to_owned())];
        assert_eq!(sso(endpoints, region), expected, "{region}");
    }
    for region in ["", "eu-central-1.evil.example/", "EU-CENTRAL-1"] {
        let [portal, oidc] = sso(&plain, region);
        assert_eq!(portal, Err(EndpointError::NotARegion), "{region}");
        assert_eq!(oidc, Err(EndpointError::NotARegion), "{region}");
    }
}

#[test]
fn every_partition_has_a_region() {
    for (partition, region) in PARTITION_REGIONS {
        let arn = format!("arn:{partition}:iam::111122223333:role/R");
        let target = target(&Endpoints::default(), None, Some(&arn)).unwrap();
        assert!(
            target.host.starts_with(&format!("sts.{region}.")),
            "{}",
            target.host
        );
    }
}

#[test]
fn what_is_no_address() {
    for region in [
        "EU-WEST-1",
        "eu_west_1",
        "-eu",
        "eu-",
        "a.b",
        "eu-west-1/x",
        "eu west",
        &"e".repeat(64),
    ] {
        let result = target(&Endpoints::default(), Some(region), None);
        assert_eq!(result, Err(EndpointError::NotARegion), "{region}");
    }
    for url in [
        "",
        "sts.example.com",
        "file:///etc/passwd",
        "https://user:pw@sts.example.com",
        "https://",
    ] {
        let endpoints = Endpoints {
            sts_url: Some(url.to_owned()),
            ..Endpoints::default()
        };
        let result = target(&endpoints, None, None);
        assert_eq!(
            result,
            Err(EndpointError::NotAUrl { service: "STS" }),
            "{url}"
        );
    }
}

/// `(environment, profile, expected URL)`, weakest first.
#[test]
fn precedence() {
    type Pairs<'a> = &'a [(&'a str, &'a str)];
    let cases: [(Pairs<'_>, Pairs<'_>, Option<&str>); 7] = [
        (&[], &[], None),
        (&[], &[("endpoint_url", "p")], Some("p")),
        (
            &[],
            &[("endpoint_url", "p"), (SERVICES_STS_ENDPOINT_URL, "s")],
            Some("s"),
        ),
        (
            &[("AWS_ENDPOINT_URL", "e")],
            &[(SERVICES_STS_ENDPOINT_URL, "s")],
            Some("e"),
        ),
        (
            &[("AWS_ENDPOINT_URL", "e"), ("AWS_ENDPOINT_URL_STS", "t")],
            &[],
            Some("t"),
        ),
        (
            &[("AWS_ENDPOINT_URL_STS", "")],
            &[("endpoint_url", "p")],
            Some("p"),
        ),
        (
            &[
                ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"),
                ("AWS_ENDPOINT_URL", "e"),
            ],
            &[("endpoint_url", "p")],
            None,
        ),
    ];
    let in_pairs = |pairs: Pairs<'_>, key: &str| {
        let found = pairs.iter().find(|(name, _)| *name == key);
        found.map(|(_, value)| (*value).to_owned())
    };
    for (environment, profile, expected) in cases {
        let endpoints = Endpoints::resolve(
            |name| in_pairs(environment, name),
            |key| in_pairs(profile, key),
        );
        assert_eq!(
            endpoints.sts_url.as_deref(),
            expected,
            "{environment:?} {profile:?}"
        );
    }
}

#[test]
fn every_service_has_its_own_settings() {
    type Url = fn(&Endpoints) -> &Option<String>;
    let services: [(&str, &str, Url); 4] = [
        ("AWS_ENDPOINT_URL_STS", SERVICES_STS_ENDPOINT_URL, |all| {
            &all.sts_url
        }),
        (
            "AWS_ENDPOINT_URL_CODECOMMIT",
            SERVICES_CODECOMMIT_ENDPOINT_URL,
            |all| &all.codecommit_url,
        ),
        ("AWS_ENDPOINT_URL_SSO", SERVICES_SSO_ENDPOINT_URL, |all| {
            &all.sso_url
        }),
        (
            "AWS_ENDPOINT_URL_SSO_OIDC",
            SERVICES_SSO_OIDC_ENDPOINT_URL,
            |all| &all.sso_oidc_url,
        ),
    ];
    for (variable, key, url) in services {
        let by_variable = Endpoints::resolve(
            |name| (name == variable).then(|| "v".to_owned()),
            |_| Some("p".to_owned()),
        );
        let by_section = Endpoints::resolve(
            |_| None,
            |name| match name {
                "endpoint_url" => Some("p".to_owned()),
                name => (name == key).then(|| "s".to_owned()),
            },
        );
        for (_, _, other) in services {
            let own = std::ptr::fn_addr_eq(url, other);
            let expected = |named: &str| Some(if own { named } else { "p" }.to_owned());
            assert_eq!(*other(&by_variable), expected("v"), "{variable}");
            assert_eq!(*other(&by_section), expected("s"), "{key}");
        }
    }
}

#[test]
fn switches() {
    let profile = |key: &str| match key {
        "use_fips_endpoint" | "use_dualstack_endpoint" => Some("TRUE".to_owned()),
        "sts_regional_endpoints" => Some("legacy".to_owned()),
        _ => None,
    };
    let from_profile = Endpoints::resolve(|_| None, profile);
    assert!(from_profile.fips && from_profile.dual_stack && from_profile.legacy_global);
    let environment = |name: &str| match name {
        "AWS_USE_FIPS_ENDPOINT" | "AWS_USE_DUALSTACK_ENDPOINT" => Some("false".to_owned()),
        "AWS_STS_REGIONAL_ENDPOINTS" => Some("regional".to_owned()),
        _ => None,
    };
    assert_eq!(
        Endpoints::resolve(environment, profile),
        Endpoints::default()
    );
}
