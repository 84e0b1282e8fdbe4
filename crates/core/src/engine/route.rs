//! A chain as the engine sees it: the sessions on the way to a profile's credentials.

use crate::chain::{Chain, SessionKey, Source, Step};
use crate::endpoint::EndpointSettings;

/// The sessions of one chain, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The profile at its end.
    pub profile: String,
    /// Where it starts.
    pub source: Source,
    /// One session per step.
    pub nodes: Vec<Node>,
}

/// One session of a route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// What the session is.
    pub key: SessionKey,
    /// The call that opens it.
    pub step: Step,
    /// Region whose endpoint is asked.
    pub region: Option<String>,
    /// What the profile says about addresses.
    pub endpoint: EndpointSettings,
}

impl Node {
    /// Serial of the device whose code the call takes.
    pub fn mfa_serial(&self) -> Option<&str> {
        self.step.mfa_serial()
    }

    /// Whether a person has to open it.
    pub fn needs_person(&self) -> bool {
        self.step.needs_person()
    }
}

impl Route {
    /// The route of a chain; `None` when the source's credentials are the profile's.
    pub fn of(chain: &Chain) -> Option<Self> {
        let nodes: Vec<Node> = chain
            .keys()
            .into_iter()
            .zip(&chain.steps)
            .map(|(key, step)| Node {
                key,
                step: step.clone(),
                region: chain.region.clone(),
                endpoint: chain.endpoint.clone(),
            })
            .collect();
        (!nodes.is_empty()).then(|| Self {
            profile: chain.profile.clone(),
            source: chain.source.clone(),
            nodes,
        })
    }

    /// The part up to and including the last session that a person has to open; `None` when there is none.
    pub fn to_person(&self) -> Option<Self> {
        let last = self.nodes.iter().rposition(Node::needs_person)?;
        Some(Self {
            profile: self.profile.clone(),
            source: self.source.clone(),
            nodes: self.nodes[..=last].to_vec(),
        })
    }

    pub(super) fn parent_of(&self, index: usize) -> Option<&SessionKey> {
        index
            .checked_sub(1)
            .and_then(|parent| self.nodes.get(parent))
            .map(|node| &node.key)
    }
}
