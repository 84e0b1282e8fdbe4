//! Access keys as people have them in a text: two lines, a CSV, settings of a file or a shell, or JSON.

use super::csv::{is_console_csv, read_console_csv};
use super::{AccessKey, KeyError, check_id, check_secret};
use holdfast_agent_proto::secret;
use secrecy::SecretString;
use serde::Deserialize;
use std::io::Read;
use zeroize::Zeroizing;

/// Longest text that is read, in bytes.
const MAX_TEXT: usize = 16 * 1024;

const ID: &str = "aws_access_key_id";
const SECRET: &str = "aws_secret_access_key";
const TOKENS: [&str; 2] = ["aws_session_token", "aws_security_token"];

/// A key from a stream. `from` names it in errors, such as `standard input`.
///
/// # Errors
/// A [`KeyError`], which never repeats the text.
pub fn from_reader(stream: impl Read, from: &str) -> Result<AccessKey, KeyError> {
    let mut text = Zeroizing::new(String::with_capacity(MAX_TEXT + 1));
    stream
        .take(MAX_TEXT as u64 + 1)
        .read_to_string(&mut text)
        .map_err(|_| KeyError::NotText {
            from: from.to_owned(),
        })?;
    from_text(&text, from)
}

/// A key from a text. `from` names it in errors, such as `the clipboard`.
///
/// # Errors
/// A [`KeyError`], which never repeats the text.
pub fn from_text(text: &str, from: &str) -> Result<AccessKey, KeyError> {
    let whence = || from.to_owned();
    if text.len() > MAX_TEXT {
        return Err(KeyError::TooMuch { from: whence() });
    }
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Err(KeyError::Empty { from: whence() });
    }
    if text.starts_with('{') {
        return from_json(text, from);
    }
    if is_console_csv(text) {
        let mut keys = read_console_csv(text, from)?;
        return match (keys.pop(), keys.is_empty()) {
            (Some(key), true) => Ok(key),
            (_, _) => Err(KeyError::NotOneKey { from: whence() }),
        };
    }
    let settings: Vec<(&str, &str)> = text.lines().filter_map(setting).collect();
    if !settings.is_empty() {
        return from_settings(&settings, from);
    }
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    match (lines.next(), lines.next(), lines.next()) {
        (Some(id), Some(secret), None) => AccessKey::new(id, secret),
        (_, _, _) => Err(KeyError::NotAKey { from: whence() }),
    }
}

fn from_settings(settings: &[(&str, &str)], from: &str) -> Result<AccessKey, KeyError> {
    let is_named = |name: &str, wanted: &str| name.eq_ignore_ascii_case(wanted);
    if settings
        .iter()
        .any(|(name, value)| TOKENS.iter().any(|token| is_named(name, token)) && !value.is_empty())
    {
        return Err(KeyError::Temporary);
    }
    let only = |wanted: &'static str| {
        let mut values = settings
            .iter()
            .filter(|(name, _)| is_named(name, wanted))
            .map(|(_, value)| *value);
        match (values.next(), values.next()) {
            (Some(value), None) => Ok(value),
            (None, _) => Err(KeyError::MissingSetting {
                from: from.to_owned(),
                name: wanted,
            }),
            (Some(_), Some(_)) => Err(KeyError::TooMuch {
                from: from.to_owned(),
            }),
        }
    };
    AccessKey::new(only(ID)?, only(SECRET)?)
}

/// Name and value of a line that sets a part of a key, in the credentials file's form or that of a shell.
fn setting(line: &str) -> Option<(&str, &str)> {
    let mut line = line.trim();
    for word in ["export ", "set -gx ", "set ", "$env:", "$Env:", "$ENV:"] {
        if let Some(rest) = line.strip_prefix(word) {
            line = rest.trim_start().trim_start_matches('"');
            break;
        }
    }
    let end = line
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .unwrap_or(line.len());
    let (name, rest) = line.split_at(end);
    let is_part = [ID, SECRET]
        .iter()
        .chain(&TOKENS)
        .any(|part| name.eq_ignore_ascii_case(part));
    if !is_part {
        return None;
    }
    let rest = rest.trim_start();
    let value = rest.strip_prefix('=').unwrap_or(rest);
    let value = value.trim().trim_end_matches(';').trim();
    Some((name, value.trim_matches(['"', '\''])))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CreateAccessKey {
    access_key: JsonKey,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct JsonKey {
    access_key_id: String,
    #[serde(with = "checked_secret")]
    secret_access_key: SecretString,
}

/// A secret of JSON, checked before it is wrapped.
mod checked_secret {
    use super::{SecretString, check_secret, secret};
    use serde::de::{Deserializer, Error};

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        input: D,
    ) -> Result<SecretString, D::Error> {
        let text = <&str as serde::Deserialize>::deserialize(input)?;
        check_secret(text).map_err(D::Error::custom)?;
        secret::deserialize(serde::de::value::StrDeserializer::<D::Error>::new(text))
    }
}

fn from_json(text: &str, from: &str) -> Result<AccessKey, KeyError> {
    let parsed: CreateAccessKey = serde_json::from_str(text).map_err(|_| KeyError::NotJson {
        from: from.to_owned(),
    })?;
    let JsonKey {
        access_key_id: id,
        secret_access_key: secret,
    } = parsed.access_key;
    check_id(&id)?;
    Ok(AccessKey { id, secret })
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    const KEY: &str = "AKIAIOSFODNN7EXAMPLE";
    const VALUE: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

    #[test]
    fn every_form_is_read() {
        for text in [
            format!("{KEY}\n{VALUE}\n"),
            format!("\r\n {KEY}\r\n\r\n{VALUE}"),
            format!("\u{feff}{KEY}\n{VALUE}"),
            format!("Access key ID,Secret access key\r\n{KEY},{VALUE}\r\n"),
            format!(
                "[default]\naws_access_key_id={KEY}\naws_secret_access_key = {VALUE}\nregion = x\n"
            ),
            format!(
                "export AWS_ACCESS_KEY_ID=\"{KEY}\"\nexport AWS_SECRET_ACCESS_KEY='{VALUE}';\n"
            ),
            format!("export AWS_SECRET_ACCESS_KEY={VALUE}\r\nexport AWS_ACCESS_KEY_ID={KEY}"),
            format!("$Env:AWS_ACCESS_KEY_ID=\"{KEY}\"\n$Env:AWS_SECRET_ACCESS_KEY=\"{VALUE}\""),
            format!("set -gx AWS_ACCESS_KEY_ID {KEY}\nset -gx AWS_SECRET_ACCESS_KEY {VALUE}"),
            format!("set \"AWS_ACCESS_KEY_ID={KEY}\"\nset \"AWS_SECRET_ACCESS_KEY={VALUE}\""),
            format!(
                r#"{{"AccessKey": {{"UserName": "u", "AccessKeyId": "{KEY}", "Status": "Active", "SecretAccessKey": "{VALUE}"}}}}"#
            ),
        ] {
            let key = from_reader(text.as_bytes(), "the clipboard")
                .unwrap_or_else(|error| panic!("{error}: {text}"));
            assert_eq!((key.id.as_str(), key.secret.expose_secret()), (KEY, VALUE));
        }
    }

    #[test]
    fn errors_say_what_is_missing_and_repeat_nothing() {
        let two =
            "the clipboard has to hold the access key id on one line and the secret on the next";
        let long = format!("{KEY}\n{VALUE}{}", "x".repeat(MAX_TEXT));
        for (text, expect) in [
            (String::new(), "the clipboard is empty"),
            (" \n".to_owned(), "the clipboard is empty"),
            (VALUE.to_owned(), two),
            ("a song\nof three\nlines".to_owned(), two),
            (
                format!("{VALUE}\n{KEY}\n"),
                "the access key id has not the form of one, which is 20 letters and digits such as AKIA…",
            ),
            (
                format!("{KEY}\nsecret with blanks\n"),
                "the secret access key has characters that no key has",
            ),
            (
                format!("ASIAIOSFODNN7EXAMPLE\n{VALUE}\n"),
                "the access key id is of temporary credentials, which end by themselves and are not stored",
            ),
            (
                format!(
                    "export AWS_ACCESS_KEY_ID={KEY}\nexport AWS_SECRET_ACCESS_KEY={VALUE}\nexport AWS_SESSION_TOKEN=x"
                ),
                "the access key id is of temporary credentials, which end by themselves and are not stored",
            ),
            (
                format!("aws_access_key_id = {KEY}\n"),
                "the clipboard has no aws_secret_access_key",
            ),
            (
                format!("AWS_SECRET_ACCESS_KEY={VALUE}\n"),
                "the clipboard has no aws_access_key_id",
            ),
            (
                format!(
                    "[a]\naws_access_key_id={KEY}\naws_secret_access_key={VALUE}\n[b]\naws_access_key_id={KEY}\n"
                ),
                "the clipboard holds more than an access key",
            ),
            (
                format!("{{\"AccessKeyId\": \"{KEY}\", \"SecretAccessKey\": \"{VALUE}\"}}"),
                "the clipboard is not what `aws iam create-access-key --output json` prints",
            ),
            (long, "the clipboard holds more than an access key"),
        ] {
            let error = from_text(&text, "the clipboard").err().unwrap();
            assert_eq!(error.to_string(), expect, "{text}");
        }
        let error = from_reader(&b"\xff\xfe"[..], "standard input")
            .err()
            .unwrap();
        assert_eq!(error.to_string(), "standard input cannot be read as text");
    }
}
