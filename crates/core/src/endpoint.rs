//! What a profile says about the addresses at which AWS is asked.

use holdfast_aws_files::{ProfileSet, Section};
use std::collections::BTreeMap;

/// Stands for `endpoint_url` in the `sts` block of the profile's `services` section.
pub const SERVICES_STS_ENDPOINT_URL: &str = "services.sts.endpoint_url";

/// Stands for `endpoint_url` in the `codecommit` block of the profile's `services` section.
pub const SERVICES_CODECOMMIT_ENDPOINT_URL: &str = "services.codecommit.endpoint_url";

/// Stands for `endpoint_url` in the `sso` block of the profile's `services` section.
pub const SERVICES_SSO_ENDPOINT_URL: &str = "services.sso.endpoint_url";

/// Stands for `endpoint_url` in the `sso_oidc` block of the profile's `services` section.
pub const SERVICES_SSO_OIDC_ENDPOINT_URL: &str = "services.sso_oidc.endpoint_url";

/// The blocks of a `services` section that count here, with what stands for their `endpoint_url`. The AWS
/// CLI reads `sso_oidc` and the SDK for Rust `sso-oidc`; of two blocks for one service the later one here
/// counts.
const SERVICES: [(&str, &str); 5] = [
    ("sts", SERVICES_STS_ENDPOINT_URL),
    ("codecommit", SERVICES_CODECOMMIT_ENDPOINT_URL),
    ("sso", SERVICES_SSO_ENDPOINT_URL),
    ("sso-oidc", SERVICES_SSO_OIDC_ENDPOINT_URL),
    ("sso_oidc", SERVICES_SSO_OIDC_ENDPOINT_URL),
];

/// Keys of a profile that decide about addresses
/// (<https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html>).
const KEYS: [&str; 5] = [
    "endpoint_url",
    "ignore_configured_endpoint_urls",
    "sts_regional_endpoints",
    "use_dualstack_endpoint",
    "use_fips_endpoint",
];

/// The values of a profile, as they stand in the files; most profiles have none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EndpointSettings(BTreeMap<&'static str, String>);

impl EndpointSettings {
    /// What this profile says, with the `services` section that it names.
    pub(crate) fn of(profile: &Section, profiles: &ProfileSet) -> Self {
        let own = KEYS
            .into_iter()
            .filter_map(|key| Some((key, profile.get(key)?)));
        let services = profile
            .get("services")
            .and_then(|name| profiles.services(name));
        let services = SERVICES
            .into_iter()
            .filter_map(|(block, key)| Some((key, services?.nested(block, "endpoint_url")?)));
        Self(
            own.chain(services)
                .map(|(key, value)| (key, value.to_owned()))
                .collect(),
        )
    }

    /// The value of one of the profile's keys, or of a constant of this module.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use holdfast_aws_files::{Document, FileKind};

    fn settings(config: &str) -> EndpointSettings {
        let config = Document::parse("config", FileKind::Config, config.into());
        let credentials = Document::parse("credentials", FileKind::Credentials, Vec::new());
        let profiles = ProfileSet::merge(&config, &credentials);
        EndpointSettings::of(profiles.profile("p").unwrap(), &profiles)
    }

    #[test]
    fn a_profile_s_own_keys_and_its_services_section_count() {
        let settings = settings(
            "[profile p]\nservices = local\nuse_fips_endpoint = true\nregion = x\n\
             [services local]\nsts =\n  endpoint_url = http://127.0.0.1:1\n\
             codecommit =\n  endpoint_url = http://127.0.0.1:2\n\
             sso =\n  endpoint_url = http://127.0.0.1:3\n",
        );
        for (key, value) in [
            (SERVICES_STS_ENDPOINT_URL, Some("http://127.0.0.1:1")),
            (SERVICES_CODECOMMIT_ENDPOINT_URL, Some("http://127.0.0.1:2")),
            (SERVICES_SSO_ENDPOINT_URL, Some("http://127.0.0.1:3")),
            (SERVICES_SSO_OIDC_ENDPOINT_URL, None),
            ("use_fips_endpoint", Some("true")),
            ("region", None),
            ("endpoint_url", None),
        ] {
            assert_eq!(settings.get(key), value, "{key}");
        }
    }

    #[test]
    fn either_spelling_of_the_oidc_service_counts() {
        let (dash, line) = (
            "sso-oidc =\n  endpoint_url = http://127.0.0.1:1\n",
            "sso_oidc =\n  endpoint_url = http://127.0.0.1:2\n",
        );
        for (blocks, value) in [
            (dash.to_owned(), "http://127.0.0.1:1"),
            (line.to_owned(), "http://127.0.0.1:2"),
            (format!("{dash}{line}"), "http://127.0.0.1:2"),
            (format!("{line}{dash}"), "http://127.0.0.1:2"),
        ] {
            let config = format!("[profile p]\nservices = local\n[services local]\n{blocks}");
            let settings = settings(&config);
            let key = SERVICES_SSO_OIDC_ENDPOINT_URL;
            assert_eq!(settings.get(key), Some(value), "{blocks}");
        }
    }
}
