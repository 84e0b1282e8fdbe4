//! The proxy's URL without its password, which no window is given.

use super::Trouble;

/// Stands for a password.
const MASK: &str = "•••";

/// The setting.
const KEY: &str = "network.https-proxy";

/// The URL as it is shown.
pub(super) fn shown(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    // The last one: passwords may hold others that were not encoded.
    let Some(at) = rest[..end].rfind('@') else {
        return url.to_owned();
    };
    match rest[..at].split_once(':') {
        Some((user, _)) => format!("{scheme}://{user}:{MASK}{}", &rest[at..]),
        None => url.to_owned(),
    }
}

/// What was typed; a mask is not a password.
pub(super) fn typed(key: &str, text: &str) -> Result<String, Trouble> {
    if key == KEY && text.contains(MASK) {
        return Err(Trouble::new(
            "The password is not shown here. Type the whole URL to change it",
        ));
    }
    Ok(text.to_owned())
}
