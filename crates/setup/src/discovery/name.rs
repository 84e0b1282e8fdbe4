//! Names of profiles, made from accounts and roles so that every program reads them.

use std::str::FromStr;

/// Longest text that one placeholder stands for, in characters.
const MAX_PART: usize = 64;

/// How profiles are named: text with `{account_id}`, `{account_name}`, `{role_name}` and `{email}` in it.
///
/// What stands for a placeholder is made safe for every program that reads profiles: lower case, and a hyphen
/// for whatever is not an English letter, a digit, `.`, `_` or `+`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameTemplate(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    AccountId,
    AccountName,
    RoleName,
    Email,
}

/// Why a template does not do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// A placeholder that does not exist, or a lone brace.
    #[error(
        "the name template may hold {{account_id}}, {{account_name}}, {{role_name}} and {{email}}"
    )]
    Placeholder,
    /// It names every profile the same.
    #[error("the name template needs a placeholder, such as {{account_name}}")]
    Constant,
    /// Text that not every program reads in a name.
    #[error(
        "the text of a name template may have English letters, digits, hyphens, dots, underscores and plus signs"
    )]
    Text,
}

/// What a name is made of.
pub(super) struct Named<'a> {
    pub(super) account_id: &'a str,
    pub(super) account_name: &'a str,
    pub(super) role_name: &'a str,
    pub(super) email: &'a str,
}

impl NameTemplate {
    /// The template that counts when nobody says otherwise.
    pub const DEFAULT: &str = "{account_name}-{role_name}";

    /// The name of a profile. An account without a usable name or address goes by its number.
    pub(super) fn name(&self, of: &Named<'_>) -> String {
        let account = |text: &str| {
            let text = safe(text);
            if text.is_empty() {
                safe(of.account_id)
            } else {
                text
            }
        };
        let name: String = self
            .0
            .iter()
            .map(|part| match part {
                Part::Text(text) => text.clone(),
                Part::AccountId => safe(of.account_id),
                Part::AccountName => account(of.account_name),
                Part::RoleName => safe(of.role_name),
                Part::Email => account(of.email),
            })
            .collect();
        name.trim_matches(['-', '.']).to_owned()
    }
}

/// [`NameTemplate::DEFAULT`]
impl Default for NameTemplate {
    fn default() -> Self {
        Self(vec![
            Part::AccountName,
            Part::Text("-".to_owned()),
            Part::RoleName,
        ])
    }
}

impl FromStr for NameTemplate {
    type Err = TemplateError;

    fn from_str(text: &str) -> Result<Self, TemplateError> {
        let mut parts = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let open = rest.find(['{', '}']).unwrap_or(rest.len());
            let (text, behind) = rest.split_at(open);
            if !text.chars().all(|char| is_safe(char) || char == '-') {
                return Err(TemplateError::Text);
            }
            if !text.is_empty() {
                parts.push(Part::Text(text.to_owned()));
            }
            let Some(behind) = behind.strip_prefix('{') else {
                if behind.is_empty() {
                    break;
                }
                return Err(TemplateError::Placeholder);
            };
            let (placeholder, behind) = behind.split_once('}').ok_or(TemplateError::Placeholder)?;
            parts.push(match placeholder {
                "account_id" => Part::AccountId,
                "account_name" => Part::AccountName,
                "role_name" => Part::RoleName,
                "email" => Part::Email,
                _ => return Err(TemplateError::Placeholder),
            });
            rest = behind;
        }
        if parts.iter().all(|part| matches!(part, Part::Text(_))) {
            return Err(TemplateError::Constant);
        }
        Ok(Self(parts))
    }
}

/// The text in lower case with single hyphens for what not every program reads in a name.
pub(super) fn safe(text: &str) -> String {
    let mut name = String::with_capacity(text.len().min(MAX_PART));
    for char in text.chars() {
        if is_safe(char) {
            name.push(char.to_ascii_lowercase());
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
        if name.len() == MAX_PART {
            break;
        }
    }
    name.truncate(name.trim_end_matches('-').len());
    name
}

fn is_safe(char: char) -> bool {
    char.is_ascii_alphanumeric() || matches!(char, '.' | '_' | '+')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(template: &str, account_name: &str, role_name: &str) -> String {
        let template: NameTemplate = template.parse().unwrap();
        template.name(&Named {
            account_id: "111111111111",
            account_name,
            role_name,
            email: "Dev+Aws@Example.com",
        })
    }

    #[test]
    fn names_are_safe_for_every_program() {
        let long = "x".repeat(200);
        for (account, role, expect) in [
            ("Dev", "Developer", "dev-developer"),
            ("Dev Team  (EU)", "Read Only", "dev-team-eu-read-only"),
            ("  prod ", "a_b.c+d", "prod-a_b.c+d"),
            ("a]b\"c'd", "r#;=x", "a-b-c-d-r-x"),
            ("two\nlines\r\n[profile x]", "r\0", "two-lines-profile-x-r"),
            ("--help", "r", "help-r"),
            ("../../etc", "r", "etc-r"),
            ("Größe", "r", "gr-e-r"),
            ("開発", "Admin", "111111111111-admin"),
            ("", "Admin", "111111111111-admin"),
            ("dev", "", "dev"),
            (&long, "r", &format!("{}-r", "x".repeat(64))),
        ] {
            assert_eq!(
                name(NameTemplate::DEFAULT, account, role),
                expect,
                "{account:?} {role:?}"
            );
        }
        assert_eq!(NameTemplate::DEFAULT.parse(), Ok(NameTemplate::default()));
    }

    #[test]
    fn every_placeholder_stands_for_its_part() {
        for (template, expect) in [
            ("{account_id}.{role_name}", "111111111111.admin"),
            ("corp-{email}", "corp-dev+aws-example.com"),
            ("{role_name}{account_name}", "admindev"),
            ("-{account_name}-", "dev"),
            ("AWS_{account_name}", "AWS_dev"),
        ] {
            assert_eq!(name(template, "Dev", "Admin"), expect, "{template}");
        }
    }

    #[test]
    fn what_is_no_template_says_why() {
        for (text, expect) in [
            ("", TemplateError::Constant),
            ("dev", TemplateError::Constant),
            ("{account}", TemplateError::Placeholder),
            ("{account_name", TemplateError::Placeholder),
            ("account_name}", TemplateError::Placeholder),
            ("{{account_name}}", TemplateError::Placeholder),
            ("{account_name} {role_name}", TemplateError::Text),
            ("{account_name}]", TemplateError::Text),
            ("{account_name}/{role_name}", TemplateError::Text),
            ("{role_name}@{account_name}", TemplateError::Text),
            ("ü{account_name}", TemplateError::Text),
        ] {
            assert_eq!(text.parse::<NameTemplate>(), Err(expect), "{text}");
        }
    }
}
