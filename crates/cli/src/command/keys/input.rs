//! Access keys as people have them: two lines, the JSON of `aws iam create-access-key`, or accessKeys.csv.

use crate::outcome::{Failure, Kind, Result};
use holdfast_agent_proto::secret;
use secrecy::SecretString;
use serde::Deserialize;
use std::io::Read;
use zeroize::Zeroizing;

/// Longest input that is read, in bytes.
const MAX_INPUT: usize = 16 * 1024;

/// A long-lived access key.
pub(crate) struct AccessKey {
    /// Access key id.
    pub(crate) id: String,
    /// Secret access key.
    pub(crate) secret: SecretString,
}

/// A key from its two parts, checked for what cannot be one. Errors never repeat the input.
pub(crate) fn access_key(id: &str, secret: &str) -> Result<AccessKey> {
    let (id, secret) = (id.trim(), secret.trim());
    check_id(id)?;
    if secret.is_empty() {
        return Err(bad("the secret access key is empty"));
    }
    if secret.len() > 256 || !secret.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(bad("the secret access key has characters that no key has"));
    }
    Ok(AccessKey {
        id: id.to_owned(),
        secret: SecretString::from(secret.to_owned()),
    })
}

/// A key from standard input or another stream: two lines, or JSON.
pub(crate) fn from_reader(from: impl Read) -> Result<AccessKey> {
    let mut text = Zeroizing::new(String::with_capacity(MAX_INPUT + 1));
    from.take(MAX_INPUT as u64 + 1)
        .read_to_string(&mut text)
        .map_err(|error| {
            Failure::new(Kind::Usage, "standard input cannot be read").source(error)
        })?;
    if text.len() > MAX_INPUT {
        return Err(bad("standard input holds more than an access key"));
    }
    if text.trim_start().starts_with('{') {
        return from_json(&text);
    }
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    match (lines.next(), lines.next(), lines.next()) {
        (Some(id), Some(secret), None) => access_key(id, secret),
        _ => Err(bad(
            "standard input has to hold the access key id on one line and the secret on the next",
        )),
    }
}

/// Whether a text is the accessKeys.csv, or the credentials.csv, of the AWS console.
pub(crate) fn is_csv(text: &str) -> bool {
    csv_columns(text).is_some()
}

/// The keys of a CSV file of the AWS console.
pub(crate) fn from_csv(text: &str) -> Result<Vec<AccessKey>> {
    let Some((id, secret)) = csv_columns(text) else {
        return Err(bad(
            "the file has no columns `Access key ID` and `Secret access key`",
        ));
    };
    let rows = text.lines().skip(1).filter(|row| !row.trim().is_empty());
    rows.map(|row| {
        let fields: Vec<&str> = fields(row).collect();
        match (fields.get(id), fields.get(secret)) {
            (Some(id), Some(secret)) => access_key(id, secret),
            _ => Err(bad("a row of the file has too few columns")),
        }
    })
    .collect()
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
    #[serde(with = "secret")]
    secret_access_key: SecretString,
}

fn from_json(text: &str) -> Result<AccessKey> {
    let parsed: CreateAccessKey = serde_json::from_str(text).map_err(|_| {
        bad("standard input is not what `aws iam create-access-key --output json` prints")
    })?;
    let JsonKey {
        access_key_id: id,
        secret_access_key: secret,
    } = parsed.access_key;
    check_id(&id)?;
    Ok(AccessKey { id, secret })
}

/// Form of an id: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_AccessKey.html>.
fn check_id(id: &str) -> Result {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if !(16..=128).contains(&id.len()) || !id.bytes().all(is_word) {
        return Err(bad(
            "the access key id has not the form of one, which is 20 letters and digits such as AKIA…",
        ));
    }
    if id.starts_with("ASIA") {
        return Err(bad(
            "the access key id is of temporary credentials, which end by themselves and are not stored",
        )
        .hint("holdfast keeps temporary credentials itself, after: holdfast login PROFILE"));
    }
    Ok(())
}

/// Places of the two columns, from the heading line.
fn csv_columns(text: &str) -> Option<(usize, usize)> {
    let heading = text.lines().next()?.trim_start_matches('\u{feff}');
    let place = |name: &str| fields(heading).position(|field| field.eq_ignore_ascii_case(name));
    Some((place("Access key ID")?, place("Secret access key")?))
}

/// Fields of a row; no field of these files holds a comma.
fn fields(row: &str) -> impl Iterator<Item = &str> {
    row.split(',').map(|field| field.trim().trim_matches('"'))
}

fn bad(message: &str) -> Failure {
    Failure::new(Kind::Usage, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    const ID: &str = "AKIAIOSFODNN7EXAMPLE";
    const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

    fn check(key: Result<AccessKey>) {
        let key = key.unwrap_or_else(|failure| panic!("{failure}"));
        assert_eq!(key.id, ID);
        assert_eq!(key.secret.expose_secret(), SECRET);
    }

    #[test]
    fn every_form_is_read() {
        for text in [
            format!("{ID}\n{SECRET}\n"),
            format!("\r\n {ID}\r\n\r\n{SECRET}"),
            format!(
                r#"{{"AccessKey": {{"UserName": "u", "AccessKeyId": "{ID}", "Status": "Active", "SecretAccessKey": "{SECRET}"}}}}"#
            ),
        ] {
            check(from_reader(text.as_bytes()));
        }
        for text in [
            format!("Access key ID,Secret access key\r\n{ID},{SECRET}\r\n"),
            format!(
                "\u{feff}User name,Password,Access key ID,Secret access key\n\"u\",,\"{ID}\",\"{SECRET}\"\n"
            ),
        ] {
            assert!(is_csv(&text));
            let mut keys = from_csv(&text).unwrap();
            check(Ok(keys.remove(0)));
        }
        assert!(!is_csv("[default]\naws_access_key_id = x\n"));
    }

    #[test]
    fn errors_never_repeat_the_input() {
        let over = format!("{ID}\n{SECRET}{}", "x".repeat(MAX_INPUT));
        for text in [
            SECRET,
            "",
            &format!("{SECRET}\n{ID}\n"),
            &format!("{ID}\n{SECRET}\nmore\n"),
            &format!("{ID}\nsecret with blanks\n"),
            &format!("ASIAIOSFODNN7EXAMPLE\n{SECRET}\n"),
            &format!("{{\"AccessKeyId\": \"{ID}\", \"SecretAccessKey\": \"{SECRET}\"}}"),
            &over,
        ] {
            let failure = from_reader(text.as_bytes()).err().unwrap();
            let shown = format!("{failure} {:?}", failure.hints());
            assert!(!shown.contains(SECRET) && !shown.contains(ID), "{shown}");
            assert_eq!(failure.code(), "usage");
        }
    }
}
