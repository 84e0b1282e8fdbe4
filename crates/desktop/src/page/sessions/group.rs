//! Profiles by where their chains start.

use super::portal::PortalRow;
use super::{SessionGroup, SessionRow, StateMark};
use crate::portal::Portal;
use crate::words::grouped;
use holdfast_agent_proto::view::{ProfileView, SourceView};
use std::collections::{BTreeMap, HashMap};

/// Those of every portal, and of every other source.
pub(super) struct Groups<'a> {
    portals: &'a [Portal<'a>],
    /// Which portal a profile is signed in to through.
    of_profile: HashMap<&'a str, usize>,
    of_portal: Vec<Vec<SessionRow>>,
    /// By the words, so that what reads alike stands together.
    others: BTreeMap<String, Vec<SessionRow>>,
}

impl<'a> Groups<'a> {
    pub(super) fn new(portals: &'a [Portal<'a>]) -> Self {
        let numbered = portals.iter().enumerate();
        let of_profile = numbered.flat_map(|(at, portal)| {
            let names = portal.view.profiles.iter();
            names.map(move |name| (name.as_str(), at))
        });
        Self {
            portals,
            of_profile: of_profile.collect(),
            of_portal: vec![Vec::new(); portals.len()],
            others: BTreeMap::new(),
        }
    }

    /// The profile is one of a portal, whose row says when a person is needed.
    pub(super) fn is_of_portal(&self, profile: &ProfileView) -> bool {
        self.of_profile.contains_key(profile.name.as_str())
    }

    pub(super) fn add(&mut self, profile: &ProfileView, mut row: SessionRow) {
        if let Some(at) = self.of_profile.get(profile.name.as_str()) {
            if row.mark == StateMark::Needs && row.hints.is_empty() {
                row.mark = StateMark::Out;
                row.state = "Waits for the portal".to_owned();
            }
            return self.of_portal[*at].push(row);
        }
        let title = match &profile.source {
            Some(source) => title(source),
            None => "Other profiles".to_owned(),
        };
        self.others.entry(title).or_default().push(row);
    }

    /// Portals first: a sign-in to one is what most of the others wait for.
    pub(super) fn sorted(self, row: impl Fn(&Portal<'_>, usize) -> PortalRow) -> Vec<SessionGroup> {
        let of_portals = self.portals.iter().zip(self.of_portal);
        let of_portals = of_portals.map(|(portal, rows)| SessionGroup {
            title: format!(
                "{}, Identity Center in {}",
                portal.title(),
                portal.view.region
            ),
            portal: Some(row(portal, rows.len())),
            rows,
        });
        let others = self.others.into_iter().map(|(title, rows)| SessionGroup {
            title,
            portal: None,
            rows,
        });
        of_portals.chain(others).collect()
    }
}

fn title(source: &SourceView) -> String {
    let SourceView {
        kind,
        title,
        account_id,
    } = source;
    match (kind.as_str(), account_id) {
        ("access-key", Some(account)) => format!("{title}, IAM user in {}", grouped(account)),
        ("access-key", None) => format!("{title}, access key"),
        ("portal", _) => "Identity Center".to_owned(),
        ("console-login", _) => "Console sign-in".to_owned(),
        ("web-identity-token", _) => "Web identity".to_owned(),
        ("credential-process", _) => "Credentials of other programs".to_owned(),
        ("instance-metadata" | "container", _) => "Credentials of this machine".to_owned(),
        ("environment", _) => "Credentials of the environment".to_owned(),
        ("temporary-key", _) => "Temporary keys in your AWS files".to_owned(),
        (kind, Some(account)) => format!("{title}, {kind} in {}", grouped(account)),
        (kind, None) => format!("{title}, {kind}"),
    }
}
