//! The start URL of an access portal, written the same way everywhere.

/// Why a text is not the start URL of an access portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StartUrlError {
    /// It has another scheme or none.
    #[error("a start URL begins with https://")]
    NotHttps,
    /// It names no host.
    #[error("a start URL names a host, such as corp.awsapps.com")]
    NoHost,
    /// It names a user, or a password even.
    #[error("a start URL names no user")]
    User,
    /// It has characters that no URL has.
    #[error("a start URL has no blanks, quotes, control or non-English characters")]
    Characters,
}

/// The start URL of a portal without what people copy along from their browser: blanks around it, a
/// fragment such as `#/`, slashes at its end, capital letters in the host, the port 443.
///
/// Two profiles are of the same portal exactly when this says the same of their start URLs (and their
/// Region is the same). The path keeps its case.
///
/// # Errors
/// [`StartUrlError`], which does not repeat the text.
pub fn normalized_start_url(text: &str) -> Result<String, StartUrlError> {
    let text = text.trim();
    let (scheme, rest) = text.split_once("://").ok_or(StartUrlError::NotHttps)?;
    if !scheme.eq_ignore_ascii_case("https") {
        return Err(StartUrlError::NotHttps);
    }
    let rest = rest.split('#').next().unwrap_or_default();
    if !rest.bytes().all(is_url_byte) {
        return Err(StartUrlError::Characters);
    }
    let rest = rest.trim_end_matches('/');
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    if host.contains('@') {
        return Err(StartUrlError::User);
    }
    let host = host.strip_suffix(":443").unwrap_or(host);
    if host.is_empty() || host.starts_with(':') {
        return Err(StartUrlError::NoHost);
    }
    Ok(format!("https://{}{path}", host.to_ascii_lowercase()))
}

/// The characters of RFC 3986, section 2, without the brackets and the apostrophe.
fn is_url_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~:/?@!$&()*+,;=%".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_browser_adds_does_not_make_another_portal() {
        let corp = "https://corp.awsapps.com/start";
        for (text, expect) in [
            ("https://corp.awsapps.com/start", corp),
            ("https://corp.awsapps.com/start/", corp),
            ("https://corp.awsapps.com/start//", corp),
            ("https://corp.awsapps.com/start#", corp),
            ("https://corp.awsapps.com/start#/", corp),
            ("https://corp.awsapps.com/start/#/", corp),
            ("https://corp.awsapps.com/start/#/?tab=accounts", corp),
            (
                "https://corp.awsapps.com/start/#/console?role_name='x y'",
                corp,
            ),
            (" HTTPS://Corp.AwsApps.com:443/start\r\n", corp),
            (
                "https://corp.awsapps.com/Start",
                "https://corp.awsapps.com/Start",
            ),
            (
                "https://start.us-gov-home.awsapps.com/directory/corp/",
                "https://start.us-gov-home.awsapps.com/directory/corp",
            ),
            (
                "https://ssoins-1234.portal.eu-west-1.app.aws/",
                "https://ssoins-1234.portal.eu-west-1.app.aws",
            ),
            (
                "https://localhost:8443/start/",
                "https://localhost:8443/start",
            ),
            (
                "https://corp.example.com?a=B/",
                "https://corp.example.com?a=B",
            ),
        ] {
            assert_eq!(normalized_start_url(text).as_deref(), Ok(expect), "{text}");
            assert_eq!(normalized_start_url(expect).as_deref(), Ok(expect));
        }
    }

    #[test]
    fn what_is_no_start_url_says_why() {
        for (text, expect) in [
            ("", StartUrlError::NotHttps),
            ("corp.awsapps.com/start", StartUrlError::NotHttps),
            ("http://corp.awsapps.com/start", StartUrlError::NotHttps),
            ("https:/corp.awsapps.com/start", StartUrlError::NotHttps),
            ("javascript://corp", StartUrlError::NotHttps),
            ("https://", StartUrlError::NoHost),
            ("https:///start", StartUrlError::NoHost),
            ("https://:443/start", StartUrlError::NoHost),
            ("https://#/", StartUrlError::NoHost),
            ("https://mary:sesame@corp/start", StartUrlError::User),
            ("https://corp/st art", StartUrlError::Characters),
            ("https://corp/st\nart", StartUrlError::Characters),
            ("https://corp/\"start\"", StartUrlError::Characters),
            ("https://cörp/start", StartUrlError::Characters),
        ] {
            let error = normalized_start_url(text).unwrap_err();
            assert_eq!(error, expect, "{text:?}");
            assert!(!error.to_string().contains("sesame"));
        }
    }
}
