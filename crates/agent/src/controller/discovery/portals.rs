//! The portals that the caller's files name, and those that are signed in to.

use super::super::Controller;
use crate::explain;
use crate::listener::Caller;
use crate::portals::PortalId;
use holdfast_agent_proto::view::PortalView;
use holdfast_agent_proto::{AgentError, Reply};
use holdfast_aws_files::ProfileSet;
use holdfast_aws_files::sso::normalized_start_url;
use holdfast_core::chain::{KeyIndex, Source, Step, resolve_all};
use holdfast_core::port::Aws;
use std::collections::BTreeMap;

impl<S: Aws> Controller<S> {
    /// Every portal that a profile or section of the caller's names, or that is signed in to.
    pub(in super::super) fn portals_named(&mut self, caller: &Caller) -> Result<Reply, AgentError> {
        if self.engine.is_locked() {
            return Err(explain::locked());
        }
        let files = self
            .files
            .profiles(&caller.context)
            .map_err(|error| explain::unreadable(&error))?;
        let mut portals = named(&files, &self.keys);
        for session in self.engine.sessions() {
            if let (Source::Portal { portal, .. }, Step::SignIn) =
                (&session.source, &session.node.step)
            {
                let view = portals.entry(PortalId::of(portal)).or_default();
                view.state = self.shown(session);
            }
        }
        let portals = portals.into_iter().map(|(id, view)| PortalView {
            start_url: id.start_url,
            region: id.region,
            ..view
        });
        Ok(Reply::Portals {
            portals: portals.collect(),
        })
    }
}

/// The portals that files name, by start URL, with the names of sections and profiles.
fn named(files: &ProfileSet, keys: &dyn KeyIndex) -> BTreeMap<PortalId, PortalView> {
    let mut portals: BTreeMap<PortalId, PortalView> = BTreeMap::new();
    for section in files.sso_sessions() {
        let url = section.get("sso_start_url").map(normalized_start_url);
        if let (Some(Ok(start_url)), Some(region)) = (url, section.get("sso_region")) {
            let id = PortalId {
                start_url,
                region: region.to_owned(),
            };
            let view = portals.entry(id).or_default();
            view.sso_sessions.push(section.name().to_owned());
        }
    }
    for (profile, resolved) in resolve_all(files, keys) {
        if let Ok(chain) = resolved
            && let Source::Portal { portal, .. } = &chain.source
        {
            let view = portals.entry(PortalId::of(portal)).or_default();
            view.profiles.push(profile.to_owned());
        }
    }
    for view in portals.values_mut() {
        view.sso_sessions.sort_unstable();
        view.profiles.sort_unstable();
    }
    portals
}

#[cfg(test)]
mod tests {
    use super::*;
    use holdfast_aws_files::{Document, FileKind};

    const CONFIG: &str = "\
[sso-session corp]
sso_start_url = https://corp.awsapps.com/start/#/
sso_region = eu-west-1
[sso-session idle]
sso_start_url = https://idle.awsapps.com/start
sso_region = us-east-1
[sso-session broken]
sso_start_url = not a link
sso_region = us-east-1
[profile b]
sso_session = corp
sso_account_id = 111122223333
sso_role_name = Admin
[profile a]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-west-1
sso_account_id = 111122223333
sso_role_name = Dev
[profile on-top]
role_arn = arn:aws:iam::222233334444:role/R
source_profile = a
[profile plain]
region = eu-west-1
";

    struct NoKeys;

    impl KeyIndex for NoKeys {
        fn access_key_id(&self, _profile: &str) -> Option<&str> {
            None
        }
    }

    #[test]
    fn sections_and_profiles_name_portals() {
        let config = Document::parse("config", FileKind::Config, CONFIG.into());
        let credentials = Document::parse("credentials", FileKind::Credentials, Vec::new());
        let files = ProfileSet::merge(&config, &credentials);
        let portals: Vec<String> = named(&files, &NoKeys)
            .into_iter()
            .map(|(id, view)| {
                let (sections, profiles) = (view.sso_sessions.join(" "), view.profiles.join(" "));
                format!("{} {}: {sections}; {profiles}", id.start_url, id.region)
            })
            .collect();
        assert_eq!(
            portals,
            [
                "https://corp.awsapps.com/start eu-west-1: corp; a b on-top",
                "https://idle.awsapps.com/start us-east-1: idle; ",
            ]
        );
    }
}
