//! Registered OIDC clients: who may ask for tokens, how, and where people are sent back to.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use subtle::ConstantTimeEq;

use super::opaque;
use crate::clock::shifted;
use crate::hidden::Hidden;

/// How long a registration lasts, in seconds: 90 days, as at AWS.
const REGISTRATION_SECONDS: i64 = 90 * 86_400;

/// A way to a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Grant {
    AuthorizationCode,
    DeviceCode,
    RefreshToken,
}

impl Grant {
    /// The grant of this name, as it stands on the wire.
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        match name {
            "authorization_code" => Some(Self::AuthorizationCode),
            "urn:ietf:params:oauth:grant-type:device_code" => Some(Self::DeviceCode),
            "refresh_token" => Some(Self::RefreshToken),
            _ => None,
        }
    }

    /// A short name for the call log.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "authorization_code",
            Self::DeviceCode => "device_code",
            Self::RefreshToken => "refresh_token",
        }
    }
}

/// A registered client.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    pub(crate) id: String,
    pub(crate) secret: Hidden,
    pub(crate) name: String,
    pub(crate) region: String,
    pub(crate) scopes: Vec<String>,
    /// Nothing in a registration that names none: it is a device's.
    pub(crate) grants: Vec<Grant>,
    pub(crate) redirect_uris: Vec<String>,
    /// The start URL of the portal that lets people in.
    pub(crate) issuer_url: Option<String>,
    pub(crate) issued: Timestamp,
    pub(crate) expires: Timestamp,
}

impl Client {
    /// Whether the client may ask for tokens in this way.
    pub(crate) fn may_use(&self, grant: Grant) -> bool {
        if self.grants.is_empty() {
            grant != Grant::AuthorizationCode
        } else {
            self.grants.contains(&grant)
        }
    }

    /// Whether its tokens can be renewed: AWS gives refresh tokens to clients with scopes only.
    pub(crate) fn is_refreshable(&self) -> bool {
        !self.scopes.is_empty() && self.may_use(Grant::RefreshToken)
    }

    /// Whether people may be sent back to `uri`: a registered address, at any port.
    pub(crate) fn may_redirect_to(&self, uri: &str) -> bool {
        without_port(uri).is_some_and(|asked| {
            self.redirect_uris
                .iter()
                .any(|known| without_port(known).as_ref() == Some(&asked))
        })
    }
}

/// An address on this machine without its port; nothing for other addresses (RFC 8252, section 7.3).
pub(crate) fn without_port(uri: &str) -> Option<String> {
    let rest = uri.strip_prefix("http://")?;
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let (host, port) = match authority.strip_prefix("[::1]") {
        Some("") => ("[::1]", ""),
        Some(port) => ("[::1]", port.strip_prefix(':')?),
        None => authority.split_once(':').unwrap_or((authority, "")),
    };
    let is_loopback = matches!(host, "127.0.0.1" | "[::1]");
    let is_port = port.is_empty() || port.parse::<u16>().is_ok();
    let is_plain = !path.contains(['?', '#']);
    (is_loopback && is_port && is_plain).then(|| format!("http://{host}{path}"))
}

/// The clients of one simulated AWS.
#[derive(Debug)]
pub(crate) struct Clients {
    by_id: HashMap<String, Client>,
    /// How long a registration lasts from now on.
    pub(crate) registration_seconds: i64,
}

impl Default for Clients {
    fn default() -> Self {
        Self {
            by_id: HashMap::new(),
            registration_seconds: REGISTRATION_SECONDS,
        }
    }
}

impl Clients {
    /// Registers a client: fills in its id, its secret and its times.
    pub(crate) fn register(&mut self, mut client: Client, now: Timestamp) -> Client {
        let lifetime = SignedDuration::from_secs(self.registration_seconds);
        client.id = opaque::<24>("").reveal().to_owned();
        // AWS's secrets are JSON Web Tokens of more than a kilobyte.
        let signature = opaque::<48>("");
        let secret = opaque::<900>("eyJraWQiOiJrZXktMTU2NDAyODA5OSIsImFsZyI6IkhTMzg0In0.");
        client.secret = Hidden::new(format!("{}.{}", secret.reveal(), signature.reveal()));
        client.issued = now;
        client.expires = shifted(now, lifetime);
        self.by_id.insert(client.id.clone(), client.clone());
        client
    }

    /// The client of this id that has not lapsed.
    pub(crate) fn find(&self, id: &str, region: &str, now: Timestamp) -> Option<&Client> {
        self.by_id
            .get(id)
            .filter(|client| client.region == region && now < client.expires)
    }

    /// The client of this id and secret that has not lapsed.
    pub(crate) fn authenticate(
        &self,
        id: &str,
        secret: &str,
        region: &str,
        now: Timestamp,
    ) -> Option<&Client> {
        self.find(id, region, now).filter(|client| {
            let known = client.secret.reveal().as_bytes();
            bool::from(known.ct_eq(secret.as_bytes()))
        })
    }

    /// Forgets all clients; says how many there were.
    pub(crate) fn forget(&mut self) -> usize {
        let number = self.by_id.len();
        self.by_id.clear();
        number
    }
}

#[cfg(test)]
mod tests {
    use super::without_port;

    #[test]
    fn ports_of_this_machine_are_free() {
        for (uri, expect) in [
            (
                "http://127.0.0.1:4711/oauth/callback",
                Some("http://127.0.0.1/oauth/callback"),
            ),
            (
                "http://127.0.0.1/oauth/callback",
                Some("http://127.0.0.1/oauth/callback"),
            ),
            ("http://[::1]:80/x", Some("http://[::1]/x")),
            ("http://127.0.0.1:99999/x", None),
            ("http://localhost:4711/x", None),
            ("https://127.0.0.1/x", None),
            ("http://127.0.0.1@evil.example/x", None),
            ("http://127.0.0.1:1@evil.example/x", None),
            ("http://127.0.0.1.evil.example/x", None),
            ("http://127.0.0.1/x?y=1", None),
        ] {
            assert_eq!(without_port(uri).as_deref(), expect, "{uri}");
        }
    }
}
