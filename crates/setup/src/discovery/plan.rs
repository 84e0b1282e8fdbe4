//! The plan that puts profiles into the block.

use super::block::{BEGIN, Block, END};
use super::choice::{Choice, PlannedProfile, PlannedState, Portal};
use super::planner::Planner;
use super::portal::{PortalProfiles, new_session_name};
use super::removal::Removal;
use super::section::{Entry, ProfileEntry, SessionEntry};
use crate::config_change::{ConfigChange, ConfigFiles};
use crate::error::{Result, SetupError};
use holdfast_agent_proto::CallerContext;
use holdfast_aws_files::sso::normalized_start_url;
use holdfast_aws_files::{Document, LineEdit, Written};
use holdfast_codecommit::Region;
use std::collections::HashSet;

/// A change to the block; not made yet.
pub struct DiscoveryPlan {
    change: ConfigChange,
    session: String,
    session_is_new: bool,
    profiles: Vec<PlannedProfile>,
    removed: Vec<String>,
    kept: Vec<String>,
}

impl DiscoveryPlan {
    /// Works out the change. Nothing is written.
    ///
    /// # Errors
    /// When the portal or the region has not the form of one, a profile that is to go is not in the block, a file
    /// cannot be read, or the marks of the block are damaged. A name that cannot be used is no error but a [`PlannedState`].
    pub fn make(choice: &Choice, context: &CallerContext) -> Result<Self> {
        let portal = checked(choice)?;
        let ConfigFiles {
            mut config,
            profiles: set,
        } = ConfigFiles::read(context)?;
        let block = Block::find(&config)?;
        let names = PortalProfiles::of(&portal, &set);
        let (session, session_is_new) = match names.session() {
            Some(name) => (name.to_owned(), false),
            None => (new_session_name(&portal, &set), true),
        };
        let unwanted: HashSet<&str> = choice.remove.iter().map(String::as_str).collect();
        check_removable(&unwanted, block.as_ref())?;
        let profiles = Planner {
            choice,
            block: block.as_ref(),
            set: &set,
            names: &names,
            unwanted: &unwanted,
        }
        .profiles();
        let new = new_sections(&profiles, choice, &portal, &session, session_is_new);
        let removal = block.as_ref().map(|block| {
            let needed = (!new.is_empty()).then_some(session.as_str());
            Removal::of(block, &set, needed, |name| unwanted.contains(name))
        });
        let edit = edit(&config, block.as_ref(), removal.as_ref(), new, &session);
        config
            .edit_lines(&edit)
            .map_err(SetupError::block_unwritable(&config))?;
        let (removed, kept) =
            removal.map_or_else(Default::default, |removal| (removal.profiles, removal.kept));
        Ok(Self {
            change: ConfigChange(config),
            session,
            session_is_new,
            profiles,
            removed,
            kept,
        })
    }

    /// Nothing would change.
    pub fn is_empty(&self) -> bool {
        self.change.is_empty()
    }

    /// The chosen roles' profiles, in the order in which they were chosen.
    pub fn profiles(&self) -> &[PlannedProfile] {
        &self.profiles
    }

    /// Some of them cannot be added, so that the plan cannot be applied.
    pub fn is_obstructed(&self) -> bool {
        self.obstructed().next().is_some()
    }

    /// Name of the `sso-session` section that the profiles use.
    pub fn session(&self) -> &str {
        &self.session
    }

    /// The section is added, if any profile is; otherwise it is one that is there.
    pub fn session_is_new(&self) -> bool {
        self.session_is_new
    }

    /// The profiles that go.
    pub fn removed(&self) -> &[String] {
        &self.removed
    }

    /// Headers of the sections that were to go and stay, because somebody edited them by hand.
    pub fn kept(&self) -> &[String] {
        &self.kept
    }

    /// The change in the unified format, secrets masked; without what is obstructed.
    pub fn diff(&self) -> String {
        self.change.diff()
    }

    /// Tells this plan from every other one.
    pub fn fingerprint(&self) -> String {
        self.change.fingerprint()
    }

    /// Makes the change.
    ///
    /// # Errors
    /// [`SetupError::NamesTaken`]; or when the file changed since the plan was made, or cannot be written. It is then
    /// as it was.
    pub fn apply(self) -> Result<Written> {
        let names: Vec<String> = self
            .obstructed()
            .map(|profile| profile.name.clone())
            .collect();
        if !names.is_empty() {
            return Err(SetupError::NamesTaken { names });
        }
        self.change.write("the profiles were not changed")
    }

    fn obstructed(&self) -> impl Iterator<Item = &PlannedProfile> {
        self.profiles
            .iter()
            .filter(|profile| matches!(profile.state, PlannedState::Obstructed(_)))
    }
}

/// The portal with its start URL as it is written everywhere.
fn checked(choice: &Choice) -> Result<Portal> {
    let wrong = |message: String| SetupError::Profile { message };
    let start_url = normalized_start_url(&choice.portal.start_url)
        .map_err(|error| wrong(format!("the start URL does not do: {error}")))?;
    for region in std::iter::once(&choice.portal.region).chain(&choice.region) {
        if Region::parse(region).is_err() {
            return Err(wrong(
                "the region has not the form of one, such as eu-west-1".to_owned(),
            ));
        }
    }
    Ok(Portal {
        start_url,
        region: choice.portal.region.clone(),
    })
}

/// Only what is in the block can be taken out of it.
fn check_removable(unwanted: &HashSet<&str>, block: Option<&Block>) -> Result {
    let in_block: HashSet<&str> = block.iter().flat_map(|block| block.profiles()).collect();
    match unwanted.difference(&in_block).min() {
        Some(name) => Err(SetupError::Profile {
            message: format!(
                "{name} is not one of the profiles that Holdfast wrote for accounts and roles"
            ),
        }),
        None => Ok(()),
    }
}

/// The sections that come: those of the new profiles, behind that of their portal where there is none.
fn new_sections(
    profiles: &[PlannedProfile],
    choice: &Choice,
    portal: &Portal,
    session: &str,
    session_is_new: bool,
) -> Vec<Entry> {
    let new = profiles
        .iter()
        .filter(|profile| profile.state == PlannedState::New);
    let mut sections: Vec<Entry> = new
        .map(|profile| {
            Entry::Profile(ProfileEntry {
                name: profile.name.clone(),
                session: session.to_owned(),
                account_id: profile.account_id.clone(),
                role_name: profile.role_name.clone(),
                region: choice.region.clone(),
            })
        })
        .collect();
    if session_is_new && !sections.is_empty() {
        let session = Entry::Session(SessionEntry {
            name: session.to_owned(),
            start_url: portal.start_url.clone(),
            region: portal.region.clone(),
        });
        sections.insert(0, session);
    }
    sections
}

/// The lines that go and come. A block that would be left empty goes as a whole.
fn edit(
    config: &Document,
    block: Option<&Block>,
    removal: Option<&Removal>,
    new: Vec<Entry>,
    session: &str,
) -> LineEdit {
    let mut lines: Vec<String> = new.iter().flat_map(Entry::lines).collect();
    let (Some(block), Some(removal)) = (block, removal) else {
        if lines.is_empty() {
            return LineEdit::default();
        }
        lines.insert(0, BEGIN.to_owned());
        lines.push(END.to_owned());
        if config.bytes().ends_with(b"\n") {
            lines.insert(0, String::new());
        }
        return LineEdit {
            inserted: Some((usize::MAX, lines)),
            ..LineEdit::default()
        };
    };
    if lines.is_empty() && !removal.profiles.is_empty() && removal.empties(block) {
        return removal.with_marks(block);
    }
    let mut edit = removal.within_marks(block);
    if !lines.is_empty() {
        edit.inserted = Some((block.place_for(session), lines));
    }
    edit
}
