//! The sections of the block as they are written, and read again.

use holdfast_aws_files::{Document, FileKind, ProfileSet, Section, SectionName};

/// What a client needs to list accounts and roles and to fetch their credentials.
const SCOPE: &str = "sso:account:access";

/// A section that is written here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    Session(SessionEntry),
    Profile(ProfileEntry),
}

/// An `sso-session` section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SessionEntry {
    pub(super) name: String,
    pub(super) start_url: String,
    pub(super) region: String,
}

/// A profile over a role in an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ProfileEntry {
    pub(super) name: String,
    pub(super) session: String,
    pub(super) account_id: String,
    pub(super) role_name: String,
    pub(super) region: Option<String>,
}

impl Entry {
    /// Reads the lines of one section; nothing when they say something else.
    pub(super) fn read(section: &SectionName, lines: &[&str]) -> Option<Self> {
        let text = lines.join("\n").into_bytes();
        let config = Document::parse("", FileKind::Config, text);
        let credentials = Document::missing("", FileKind::Credentials);
        let set = ProfileSet::merge(&config, &credentials);
        match section {
            SectionName::Profile(name) => {
                let section = set.profile(name)?;
                Some(Self::Profile(ProfileEntry {
                    name: name.clone(),
                    session: value(section, "sso_session")?,
                    account_id: value(section, "sso_account_id")?,
                    role_name: value(section, "sso_role_name")?,
                    region: value(section, "region"),
                }))
            }
            SectionName::SsoSession(name) => {
                let section = set.sso_session(name)?;
                Some(Self::Session(SessionEntry {
                    name: name.clone(),
                    start_url: value(section, "sso_start_url")?,
                    region: value(section, "sso_region")?,
                }))
            }
            SectionName::Services(_) => None,
        }
    }

    /// The lines that say this, and an empty one behind them.
    pub(super) fn lines(&self) -> Vec<String> {
        let (section, settings) = match self {
            Self::Session(session) => (
                SectionName::SsoSession(session.name.clone()),
                vec![
                    ("sso_start_url", session.start_url.as_str()),
                    ("sso_region", &session.region),
                    ("sso_registration_scopes", SCOPE),
                ],
            ),
            Self::Profile(profile) => {
                let mut settings = vec![
                    ("sso_session", profile.session.as_str()),
                    ("sso_account_id", &profile.account_id),
                    ("sso_role_name", &profile.role_name),
                ];
                settings.extend(profile.region.as_deref().map(|region| ("region", region)));
                (SectionName::Profile(profile.name.clone()), settings)
            }
        };
        let header = section.header(FileKind::Config);
        let settings = settings
            .into_iter()
            .map(|(key, value)| format!("{key} = {value}"));
        let end = std::iter::once(String::new());
        std::iter::once(header).chain(settings).chain(end).collect()
    }

    /// These lines are the ones that are written for it.
    pub(super) fn is_written_as(&self, lines: &[&str]) -> bool {
        let expect = self.lines();
        let blank = lines.iter().rev().take_while(|line| line.trim().is_empty());
        let written = &lines[..lines.len() - blank.count()];
        expect.len() == written.len() + 1 && expect.iter().zip(written).all(|(a, b)| a == b)
    }
}

fn value(section: &Section, key: &str) -> Option<String> {
    section
        .get(key)
        .filter(|value| !value.is_empty())
        .map(str::to_owned)
}
