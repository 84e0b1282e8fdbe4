//! Which repository and which request of git-lfs's a URL means.

use hyper::Method;
use hyper::http::request::Parts;
use percent_encoding::percent_decode_str;

use super::objects;

/// What stands between the repository and the request.
const INFO_LFS: &str = "/info/lfs";

/// A request below `/v1/repos/NAME/info/lfs` or `/v1/repos/NAME.git/info/lfs`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Route {
    /// As it stands in the URL, up to `/info/lfs`.
    repository: String,
    /// The whole path as it stands in the URL.
    path: String,
    name: String,
    request: Request,
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Request {
    /// Where objects can be had or put.
    Batch,
    /// Whether an object has arrived.
    Verify,
    /// The content of an object.
    Download(String),
    /// A place for the content of an object.
    Upload(String),
}

impl Route {
    /// The route of a request, or nothing when it is not one of git-lfs's.
    pub(crate) fn of(parts: &Parts) -> Option<Self> {
        Self::parse(&parts.method, parts.uri.path())
    }

    fn parse(method: &Method, path: &str) -> Option<Self> {
        let (repository, below) = path.split_once(INFO_LFS)?;
        let name = percent_decode_str(repository.strip_prefix("/v1/repos/")?)
            .decode_utf8()
            .ok()?;
        let name = name.strip_suffix(".git").unwrap_or(&name);
        let last = below.strip_prefix("/objects/")?;
        let request = match (method, last) {
            (&Method::POST, "batch") => Request::Batch,
            (&Method::POST, "verify") => Request::Verify,
            (&Method::GET, oid) if objects::is_oid(oid) => Request::Download(oid.to_owned()),
            (&Method::PUT, oid) if objects::is_oid(oid) => Request::Upload(oid.to_owned()),
            _ => return None,
        };
        (!name.is_empty() && !name.contains('/')).then(|| Self {
            repository: repository.to_owned(),
            path: path.to_owned(),
            name: name.to_owned(),
            request,
        })
    }

    /// The repository's name.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// What is asked for.
    pub(super) fn request(&self) -> &Request {
        &self.request
    }

    /// The name of the request in the call log.
    pub(crate) fn operation(&self) -> &'static str {
        match self.request {
            Request::Batch => "lfs batch",
            Request::Verify => "lfs verify",
            Request::Download(_) => "lfs download",
            Request::Upload(_) => "lfs upload",
        }
    }

    /// The permission the request needs at least.
    pub(super) fn action(&self) -> &'static str {
        match self.request {
            Request::Upload(_) | Request::Verify => "codecommit:GitPush",
            Request::Batch | Request::Download(_) => "codecommit:GitPull",
        }
    }

    /// The URL of the repository's large files.
    pub(super) fn url(&self, host: &str) -> String {
        format!("https://{host}{}{INFO_LFS}", self.repository)
    }

    /// The paths a password may have been made for. git-lfs asks with the path of the git remote where that is on the
    /// same host, else with the path of the LFS endpoint, for every request to that host.
    pub(super) fn signed_paths(&self) -> Vec<String> {
        let plain = self
            .repository
            .strip_suffix(".git")
            .unwrap_or(&self.repository);
        let repositories = [plain.to_owned(), format!("{plain}.git")];
        let endpoints = repositories
            .iter()
            .map(|repository| format!("{repository}{INFO_LFS}"));
        let paths: Vec<String> = endpoints.chain([self.path.clone()]).collect();
        repositories.into_iter().chain(paths).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OID: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    #[test]
    fn reads_the_urls_of_git_lfs() {
        for (method, path, request, operation) in [
            (
                Method::POST,
                "/v1/repos/r/info/lfs/objects/batch".to_owned(),
                Request::Batch,
                "lfs batch",
            ),
            (
                Method::POST,
                "/v1/repos/r.git/info/lfs/objects/verify".to_owned(),
                Request::Verify,
                "lfs verify",
            ),
            (
                Method::GET,
                format!("/v1/repos/r.git/info/lfs/objects/{OID}"),
                Request::Download(OID.to_owned()),
                "lfs download",
            ),
            (
                Method::PUT,
                format!("/v1/repos/r/info/lfs/objects/{OID}"),
                Request::Upload(OID.to_owned()),
                "lfs upload",
            ),
        ] {
            let route = Route::parse(&method, &path).unwrap();
            assert_eq!(
                (route.name(), route.request(), route.operation()),
                ("r", &request, operation)
            );
            let signed = route.signed_paths();
            for signable in [
                "/v1/repos/r",
                "/v1/repos/r.git",
                "/v1/repos/r/info/lfs",
                "/v1/repos/r.git/info/lfs",
                &path,
            ] {
                assert!(signed.contains(&signable.to_owned()), "{signable}");
            }
        }
    }

    #[test]
    fn refuses_other_urls() {
        for (method, path) in [
            (Method::GET, "/v1/repos/r/info/lfs/objects/batch"),
            (Method::POST, "/v1/repos/r/info/lfs/locks/verify"),
            (Method::GET, "/v1/repos/r/info/lfs/objects/../../HEAD"),
            (Method::PUT, "/v1/repos/r/info/lfs/objects/abc"),
            (Method::POST, "/v1/repos//info/lfs/objects/batch"),
            (Method::POST, "/v1/repos/a/b/info/lfs/objects/batch"),
            (Method::POST, "/v2/repos/r/info/lfs/objects/batch"),
        ] {
            assert_eq!(Route::parse(&method, path), None, "{path}");
        }
    }
}
