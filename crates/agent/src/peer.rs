//! Who is at the other end of a connection, as the system tells.

#[cfg(unix)]
#[path = "peer/unix.rs"]
mod platform;
#[cfg(windows)]
#[path = "peer/windows.rs"]
mod platform;

pub use platform::UserId;
pub(crate) use platform::of;

/// The process at the other end of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peer {
    /// Process id, where the system tells it.
    pub pid: Option<u32>,
    /// The user who runs the process.
    pub user: UserId,
}

impl Peer {
    /// Whether the process may be served: it has to run as the agent's own user. Root is refused as
    /// well, because what root asks for is rarely meant to use somebody else's sessions.
    pub fn may_be_served(&self, own: &UserId) -> bool {
        self.user == *own
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    #[test]
    fn only_the_own_user_is_served() {
        let peer = |user: u32| Peer {
            pid: Some(1),
            user: UserId::from_raw(user),
        };
        let own = UserId::from_raw(1000);
        for (user, served) in [(1000, true), (1001, false), (0, false), (65534, false)] {
            assert_eq!(peer(user).may_be_served(&own), served, "{user}");
        }
    }
}
