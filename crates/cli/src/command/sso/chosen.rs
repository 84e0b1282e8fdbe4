//! Which portal a command is about.

use crate::agent::Agent;
use crate::args::Portal;
use crate::outcome::{Failure, Kind, Result};
use crate::print::text::visible;
use holdfast_agent_proto::SignInTarget;
use holdfast_agent_proto::view::PortalView;
use holdfast_aws_files::sso::normalized_start_url;

/// A portal that was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Chosen {
    /// Its start URL.
    pub(super) start_url: String,
    /// Region of the identity center.
    pub(super) region: String,
}

impl Chosen {
    /// The portal that the person named, or the only one there is.
    pub(super) fn by(args: &Portal, agent: &mut Agent) -> Result<Self> {
        choose(args, &agent.portals()?)
    }

    /// What to sign in to.
    pub(super) fn target(&self) -> SignInTarget {
        SignInTarget::Portal {
            start_url: self.start_url.clone(),
            region: self.region.clone(),
        }
    }
}

fn choose(args: &Portal, portals: &[PortalView]) -> Result<Chosen> {
    let region = args.sso_region.as_deref();
    let in_region = |portal: &&PortalView| region.is_none_or(|region| portal.region == region);
    let known = |portal: &PortalView| Chosen {
        start_url: portal.start_url.clone(),
        region: portal.region.clone(),
    };
    let Some(named) = args.portal.as_deref() else {
        return match portals.iter().filter(in_region).collect::<Vec<_>>()[..] {
            [portal] => Ok(known(portal)),
            [] => Err(Failure::new(
                Kind::Usage,
                "your AWS config names no portal of IAM Identity Center",
            )
            .hint("name one: holdfast sso login https://….awsapps.com/start --sso-region REGION")),
            _ => Err(ambiguous("several portals are known", portals)),
        };
    };
    if named.contains("://") {
        let start_url = normalized_start_url(named).map_err(|error| {
            Failure::new(
                Kind::Usage,
                format!("{} is no start URL: {error}", visible(named)),
            )
        })?;
        let same = |portal: &&PortalView| portal.start_url == start_url;
        return match (
            portals.iter().filter(same).collect::<Vec<_>>().as_slice(),
            region,
        ) {
            (_, Some(region)) => Ok(Chosen {
                start_url,
                region: region.to_owned(),
            }),
            ([portal], None) => Ok(known(portal)),
            ([], None) => Err(Failure::new(
                Kind::Usage,
                format!(
                    "the Region of {} is not known: no profile names this portal",
                    visible(named)
                ),
            )
            .hint(
                "add --sso-region with the Region of the identity center, for example eu-central-1",
            )),
            (several, None) => Err(ambiguous(
                "this portal is named with several Regions",
                several.iter().copied(),
            )),
        };
    }
    let has_section = |portal: &&PortalView| portal.sso_sessions.iter().any(|name| name == named);
    match portals
        .iter()
        .filter(has_section)
        .filter(in_region)
        .collect::<Vec<_>>()[..]
    {
        [portal] => Ok(known(portal)),
        _ => Err(ambiguous(
            &format!(
                "there is no portal {}: neither a start URL nor an sso-session section",
                visible(named)
            ),
            portals,
        )),
    }
}

fn ambiguous<'a>(message: &str, portals: impl IntoIterator<Item = &'a PortalView>) -> Failure {
    let failure = Failure::new(Kind::Usage, message);
    portals
        .into_iter()
        .take(5)
        .fold(failure, |failure, portal| {
            failure.hint(format!(
                "{} --sso-region {}",
                visible(&portal.start_url),
                visible(&portal.region)
            ))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn portals() -> Vec<PortalView> {
        let portal = |url: &str, region: &str, section: &str| PortalView {
            start_url: url.to_owned(),
            region: region.to_owned(),
            sso_sessions: vec![section.to_owned()],
            ..PortalView::default()
        };
        vec![
            portal("https://corp.awsapps.com/start", "eu-west-1", "corp"),
            portal("https://lab.awsapps.com/start", "us-east-1", "lab"),
        ]
    }

    #[test]
    fn a_portal_is_named_by_url_or_section_or_not_at_all() {
        let corp = ("https://corp.awsapps.com/start", "eu-west-1");
        for (portal, region, known, expect) in [
            (None, None, 1, Ok(corp)),
            (
                None,
                None,
                0,
                Err("your AWS config names no portal of IAM Identity Center"),
            ),
            (None, None, 2, Err("several portals are known")),
            (None, Some("eu-west-1"), 2, Ok(corp)),
            (Some("corp"), None, 2, Ok(corp)),
            (Some("https://corp.awsapps.com/start/#/"), None, 2, Ok(corp)),
            (
                Some("https://new.awsapps.com/start"),
                Some("eu-north-1"),
                2,
                Ok(("https://new.awsapps.com/start", "eu-north-1")),
            ),
            (
                Some("https://new.awsapps.com/start"),
                None,
                2,
                Err(
                    "the Region of https://new.awsapps.com/start is not known: no profile names this portal",
                ),
            ),
            (
                Some("http://corp.awsapps.com/start"),
                None,
                2,
                Err(
                    "http://corp.awsapps.com/start is no start URL: a start URL begins with https://",
                ),
            ),
            (
                Some("crop"),
                None,
                2,
                Err("there is no portal crop: neither a start URL nor an sso-session section"),
            ),
        ] {
            let args = Portal {
                portal: portal.map(str::to_owned),
                sso_region: region.map(str::to_owned),
            };
            let chosen = choose(&args, &portals()[..known]);
            let chosen = chosen.map_err(|failure| failure.to_string());
            let expect = expect
                .map(|(start_url, region)| Chosen {
                    start_url: start_url.to_owned(),
                    region: region.to_owned(),
                })
                .map_err(str::to_owned);
            assert_eq!(chosen, expect, "{portal:?} in {region:?}");
        }
    }
}
