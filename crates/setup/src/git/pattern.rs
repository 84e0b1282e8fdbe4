//! Git's URL patterns of `credential.<pattern>.*`, matched as git does.

/// Whether a pattern applies to a URL without user name, in git's way: the scheme is the same, a `*` stands for one
/// label of the host, the port is the same, and the path starts with the pattern's.
///
/// A pattern without a scheme, which git also accepts for credentials, names a host and perhaps a path.
pub(crate) fn matches(pattern: &str, url: &str) -> bool {
    let Some(url) = Parts::parse(url) else {
        return false;
    };
    if !pattern.contains("://") {
        let (host, path) = pattern.split_once('/').unwrap_or((pattern, ""));
        let same_host = host.is_empty() || host.eq_ignore_ascii_case(url.host);
        return same_host && (path.is_empty() || path == url.path.trim_start_matches('/'));
    }
    let Some(pattern) = Parts::parse(pattern) else {
        return false;
    };
    pattern.scheme.eq_ignore_ascii_case(url.scheme)
        && pattern.user.is_none()
        && (pattern.host.is_empty() || host_matches(pattern.host, url.host))
        && pattern.port == url.port
        && path_matches(pattern.path, url.path)
}

struct Parts<'a> {
    scheme: &'a str,
    user: Option<&'a str>,
    host: &'a str,
    port: &'a str,
    path: &'a str,
}

impl<'a> Parts<'a> {
    fn parse(url: &'a str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        let slash = rest.find('/').unwrap_or(rest.len());
        let (authority, path) = rest.split_at(slash);
        let (user, authority) = match authority.rsplit_once('@') {
            Some((user, authority)) => (Some(user), authority),
            None => (None, authority),
        };
        let (host, port) = authority.split_once(':').unwrap_or((authority, ""));
        let default = match scheme.to_ascii_lowercase().as_str() {
            "https" => "443",
            "http" => "80",
            _ => "",
        };
        Some(Self {
            scheme,
            user,
            host,
            port: if port == default { "" } else { port },
            path,
        })
    }
}

fn host_matches(pattern: &str, host: &str) -> bool {
    let mut patterns = pattern.split('.');
    let mut labels = host.split('.');
    loop {
        match (patterns.next(), labels.next()) {
            (None, None) => return true,
            (Some("*"), Some(_)) => {}
            (Some(pattern), Some(label)) if pattern.eq_ignore_ascii_case(label) => {}
            (Some(_) | None, _) => return false,
        }
    }
}

fn path_matches(pattern: &str, path: &str) -> bool {
    let pattern = pattern.trim_end_matches('/');
    match path.strip_prefix(pattern) {
        Some(rest) => rest.is_empty() || rest.starts_with('/'),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/one";

    #[test]
    fn patterns_apply_as_git_applies_them() {
        for (pattern, expect) in [
            ("https://git-codecommit.*.amazonaws.com", true),
            ("https://git-codecommit.*.amazonaws.com/", true),
            ("https://git-codecommit.*.amazonaws.com:443", true),
            ("https://git-codecommit.*.amazonaws.com:8443", false),
            ("https://GIT-codecommit.eu-west-1.AMAZONAWS.com", true),
            ("https://git-codecommit.*.amazonaws.com/v1/repos", true),
            ("https://git-codecommit.*.amazonaws.com/v1/repos/on", false),
            ("https://git-codecommit.*.amazonaws.com.cn", false),
            ("https://git-codecommit-fips.*.amazonaws.com", false),
            ("https://*.amazonaws.com", false),
            ("https://*.*.amazonaws.com", true),
            ("http://git-codecommit.*.amazonaws.com", false),
            ("https://bob@git-codecommit.*.amazonaws.com", false),
            ("https://", true),
            ("git-codecommit.eu-west-1.amazonaws.com", true),
            ("git-codecommit.*.amazonaws.com", false),
        ] {
            assert_eq!(matches(pattern, URL), expect, "{pattern}");
        }
    }
}
