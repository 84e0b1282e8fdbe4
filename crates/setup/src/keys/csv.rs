//! The CSV files of the AWS console: `accessKeys.csv` of a key, and the `credentials.csv` of a user.

use super::{AccessKey, KeyError};
use zeroize::Zeroizing;

const ID: &str = "Access key ID";
const SECRET: &str = "Secret access key";

/// Whether a text has the heading of such a file, or half of it.
pub fn is_console_csv(text: &str) -> bool {
    let heading = heading(text);
    column(&heading, ID).is_some() || column(&heading, SECRET).is_some()
}

/// The keys of such a file. `from` names it in errors.
///
/// # Errors
/// A [`KeyError`] that names the column or the line, and never repeats the text.
pub fn read_console_csv(text: &str, from: &str) -> Result<Vec<AccessKey>, KeyError> {
    let from = || from.to_owned();
    if text.trim_start_matches('\u{feff}').trim().is_empty() {
        return Err(KeyError::Empty { from: from() });
    }
    let heading = heading(text);
    let place = |name: &'static str| {
        column(&heading, name).ok_or_else(|| KeyError::MissingColumn {
            from: from(),
            column: name,
        })
    };
    let (id, secret) = (place(ID)?, place(SECRET)?);
    let rows = text.lines().enumerate().skip(1);
    let keys: Result<Vec<AccessKey>, KeyError> = rows
        .filter(|(_, row)| !row.trim().is_empty())
        .map(|(at, row)| {
            let fields = fields(row);
            match (fields.get(id), fields.get(secret)) {
                (Some(id), Some(secret)) => AccessKey::new(id, secret),
                (_, _) => Err(KeyError::ShortRow {
                    from: from(),
                    line: at + 1,
                }),
            }
        })
        .collect();
    let keys = keys?;
    if keys.is_empty() {
        return Err(KeyError::NotOneKey { from: from() });
    }
    Ok(keys)
}

fn heading(text: &str) -> Vec<Zeroizing<String>> {
    let line = text.lines().next().unwrap_or_default();
    fields(line.trim_start_matches('\u{feff}'))
}

fn column(heading: &[Zeroizing<String>], name: &str) -> Option<usize> {
    let is_it = |field: &Zeroizing<String>| field.eq_ignore_ascii_case(name);
    heading.iter().position(is_it)
}

/// Fields of a row. A field in double quotes may hold commas, as passwords do, and doubled quotes.
fn fields(row: &str) -> Vec<Zeroizing<String>> {
    // Room for the whole row, so that no secret is left behind by a string that grew.
    let empty = || Zeroizing::new(String::with_capacity(row.len()));
    let mut fields = vec![empty()];
    let mut is_quoted = false;
    let mut characters = row.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '"' if is_quoted && characters.peek() == Some(&'"') => {
                characters.next();
                push(&mut fields, '"');
            }
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => fields.push(empty()),
            c => push(&mut fields, c),
        }
    }
    for field in &mut fields {
        if field.trim().len() != field.len() {
            *field = Zeroizing::new(field.trim().to_owned());
        }
    }
    fields
}

fn push(fields: &mut [Zeroizing<String>], c: char) {
    if let Some(field) = fields.last_mut() {
        field.push(c);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    const KEY: &str = "AKIAIOSFODNN7EXAMPLE";
    const VALUE: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

    #[test]
    fn both_layouts_are_read_however_they_are_written() {
        for text in [
            format!("Access key ID,Secret access key\r\n{KEY},{VALUE}\r\n"),
            format!("\u{feff}Access key ID,Secret access key\n{KEY},{VALUE}"),
            format!(
                "\u{feff}\"Access key ID\",\"Secret access key\"\r\n\"{KEY}\",\"{VALUE}\"\r\n\r\n"
            ),
            format!(
                "User name,Password,Access key ID,Secret access key,Console login link\nu,\"a,\"\"b\",{KEY},{VALUE},https://1.signin.aws.amazon.com/console\n"
            ),
            format!("secret access key , ACCESS KEY ID\n {VALUE} , {KEY} \n"),
        ] {
            assert!(is_console_csv(&text));
            let keys = read_console_csv(&text, "x.csv").unwrap();
            let [key] = keys.as_slice() else {
                panic!("one key");
            };
            assert_eq!((key.id.as_str(), key.secret.expose_secret()), (KEY, VALUE));
        }
    }

    #[test]
    fn errors_name_what_is_missing_and_repeat_nothing() {
        for (text, expect) in [
            (String::new(), "x.csv is empty"),
            ("\u{feff}\r\n".to_owned(), "x.csv is empty"),
            (
                format!("User name,Access key ID\nu,{KEY}\n"),
                "x.csv has no column `Secret access key`, so it is not the accessKeys.csv of the AWS console",
            ),
            (
                format!("{KEY},{VALUE}\n"),
                "x.csv has no column `Access key ID`, so it is not the accessKeys.csv of the AWS console",
            ),
            (
                format!("Access key ID,Secret access key\n\n{VALUE}\n"),
                "line 3 of x.csv has too few columns",
            ),
            (
                "Access key ID,Secret access key\n".to_owned(),
                "x.csv has to hold exactly one access key",
            ),
            (
                format!("Access key ID,Secret access key\n{VALUE},{KEY}\n"),
                "the access key id has not the form of one, which is 20 letters and digits such as AKIA…",
            ),
            (
                format!("Access key ID,Secret access key\n{KEY},\n"),
                "the secret access key is empty",
            ),
        ] {
            let error = read_console_csv(&text, "x.csv").err().unwrap();
            assert_eq!(error.to_string(), expect);
        }
    }
}
