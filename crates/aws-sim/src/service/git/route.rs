//! Which repository and which half of git's protocol a URL means.

use hyper::Method;
use hyper::http::request::Parts;
use percent_encoding::percent_decode_str;

/// One of git's smart HTTP requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Route {
    /// `/v1/repos/NAME` as it stands in the URL: what the password signs.
    path: String,
    name: String,
    program: &'static str,
    advertisement: bool,
}

impl Route {
    /// The route of a request, or nothing when it is not one of git's.
    pub(super) fn of(parts: &Parts) -> Option<Self> {
        Self::parse(
            &parts.method,
            parts.uri.path(),
            parts.uri.query().unwrap_or_default(),
        )
    }

    fn parse(method: &Method, path: &str, query: &str) -> Option<Self> {
        let (base, program, advertisement) = if let Some(base) = path.strip_suffix("/info/refs") {
            let service = query
                .split('&')
                .find_map(|pair| pair.strip_prefix("service="))?;
            (*method == Method::GET).then_some((base, program(service)?, true))?
        } else {
            let (base, last) = path.rsplit_once('/')?;
            (*method == Method::POST).then_some((base, program(last)?, false))?
        };
        let name = base.strip_prefix("/v1/repos/")?;
        let name = percent_decode_str(name).decode_utf8().ok()?;
        let name = name.strip_suffix(".git").unwrap_or(&name);
        (!name.is_empty() && !name.contains('/')).then(|| Self {
            path: base.to_owned(),
            name: name.to_owned(),
            program,
            advertisement,
        })
    }

    /// The repository's name.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The paths a password for this repository may have been made for: as sent, and decoded as git hands it to helpers.
    pub(super) fn signed_paths(&self) -> [String; 2] {
        let decoded = percent_decode_str(&self.path)
            .decode_utf8_lossy()
            .into_owned();
        [self.path.clone(), decoded]
    }

    /// The name of the request in the call log.
    pub(super) fn operation(&self) -> String {
        if self.advertisement {
            format!("info/refs {}", self.program)
        } else {
            self.program.to_owned()
        }
    }

    /// The permission the request needs.
    pub(super) fn action(&self) -> &'static str {
        match self.program {
            "git-receive-pack" => "codecommit:GitPush",
            _ => "codecommit:GitPull",
        }
    }

    /// The URL's end, below the repository's folder.
    pub(super) fn tail(&self) -> &'static str {
        if self.advertisement {
            "info/refs"
        } else {
            self.program
        }
    }
}

fn program(name: &str) -> Option<&'static str> {
    ["git-upload-pack", "git-receive-pack"]
        .into_iter()
        .find(|program| *program == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_gits_urls() {
        for (method, path, query, name, operation) in [
            (
                Method::GET,
                "/v1/repos/myRepository/info/refs",
                "service=git-upload-pack",
                "myRepository",
                "info/refs git-upload-pack",
            ),
            (
                Method::POST,
                "/v1/repos/myRepository.git/git-receive-pack",
                "",
                "myRepository",
                "git-receive-pack",
            ),
            (
                Method::POST,
                "/v1/repos/a%2Db/git-upload-pack",
                "",
                "a-b",
                "git-upload-pack",
            ),
        ] {
            let route = Route::parse(&method, path, query).unwrap();
            assert_eq!(
                (route.name(), route.operation().as_str()),
                (name, operation),
                "{path}"
            );
        }
    }

    #[test]
    fn refuses_other_urls() {
        for (method, path, query) in [
            (Method::GET, "/v1/repos/x/info/refs", ""),
            (Method::GET, "/v1/repos/x/info/refs", "service=git-annex"),
            (
                Method::POST,
                "/v1/repos/x/info/refs",
                "service=git-upload-pack",
            ),
            (Method::GET, "/v1/repos/x/HEAD", ""),
            (Method::POST, "/v1/repos/x/y/git-upload-pack", ""),
            (Method::POST, "/v1/repos/%2e%2e%2fx/git-upload-pack", ""),
            (Method::POST, "/v2/repos/x/git-upload-pack", ""),
            (Method::POST, "/v1/repos//git-upload-pack", ""),
        ] {
            assert_eq!(Route::parse(&method, path, query), None, "{path}");
        }
    }
}
