//! The requests that concern git, encoded without the rest of the protocol.
//!
//! They are written like the [`Request`](crate::Request)s of the same name; a credential helper that knew every
//! request would be larger for each that only windows make.

use serde::Serialize;

/// What a git helper asks.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum GitRequest {
    /// User name and password for a CodeCommit repository over https.
    GitCredential {
        /// Host as git sent it, without a port.
        host: String,
        /// Path as git sent it, without a leading slash.
        path: String,
        /// Profile named on the helper's command line.
        #[serde(skip_serializing_if = "Option::is_none")]
        profile: Option<String>,
        /// How long the caller waits for a human, in seconds.
        wait_seconds: u32,
    },
    /// The server refused the password given for this repository.
    GitRejected {
        /// Host as git sent it, without a port.
        host: String,
        /// Path as git sent it, without a leading slash.
        path: String,
    },
    /// The git endpoint of a repository that a `codecommit://` URL names.
    RepositoryEndpoint {
        /// Name of the repository.
        repository: String,
        /// Profile in the URL.
        #[serde(skip_serializing_if = "Option::is_none")]
        profile: Option<String>,
        /// Region in the URL.
        #[serde(skip_serializing_if = "Option::is_none")]
        region: Option<String>,
        /// `AWS_USE_FIPS_ENDPOINT`.
        #[serde(skip_serializing_if = "Option::is_none")]
        use_fips_endpoint: Option<bool>,
    },
}

/// [`ClientMessage`](crate::ClientMessage) with one of these.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct GitMessage {
    pub(crate) id: u64,
    pub(crate) request: GitRequest,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::{ClientMessage, Request};

    #[test]
    fn they_are_written_like_the_protocols_own() {
        let text = |it: &str| it.to_owned();
        let some = |it: &str| Some(it.to_owned());
        let pairs = [
            (
                GitRequest::GitCredential {
                    host: text("h"),
                    path: text("p"),
                    profile: some("dev"),
                    wait_seconds: 7,
                },
                Request::GitCredential {
                    host: text("h"),
                    path: text("p"),
                    profile: some("dev"),
                    wait_seconds: 7,
                },
            ),
            (
                GitRequest::GitRejected {
                    host: text("h"),
                    path: text("p"),
                },
                Request::GitRejected {
                    host: text("h"),
                    path: text("p"),
                },
            ),
            (
                GitRequest::RepositoryEndpoint {
                    repository: text("r"),
                    profile: None,
                    region: some("eu-west-1"),
                    use_fips_endpoint: Some(true),
                },
                Request::RepositoryEndpoint {
                    repository: text("r"),
                    profile: None,
                    region: some("eu-west-1"),
                    use_fips_endpoint: Some(true),
                },
            ),
        ];
        for (request, whole) in pairs {
            let short = serde_json::to_string(&GitMessage { id: 1, request }).unwrap();
            let request = whole;
            let long = serde_json::to_string(&ClientMessage { id: 1, request }).unwrap();
            assert_eq!(short, long);
        }
    }
}
