//! What a person chose, and what a plan makes of each role.

use super::name::NameTemplate;
use holdfast_aws_files::Location;
use std::fmt;

/// An access portal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Portal {
    /// Its start URL.
    pub start_url: String,
    /// Region of the identity center.
    pub region: String,
}

/// What a person chose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// The portal.
    pub portal: Portal,
    /// The roles that are to have a profile. Those that have one in the block keep it.
    pub roles: Vec<ChosenRole>,
    /// How new profiles are named.
    pub template: NameTemplate,
    /// Default region of new profiles.
    pub region: Option<String>,
    /// Names of profiles in the block that are to go.
    pub remove: Vec<String>,
}

/// A role in an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChosenRole {
    /// Number of the account.
    pub account_id: String,
    /// Name of the account; may be empty.
    pub account_name: String,
    /// Address of the account's owner; may be empty.
    pub email: String,
    /// Name of the role, which is that of its permission set.
    pub role_name: String,
    /// The name that the person gave the profile; from the template without one.
    pub profile: Option<String>,
}

/// A profile as it is planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedProfile {
    /// Its name.
    pub name: String,
    /// The account.
    pub account_id: String,
    /// The role.
    pub role_name: String,
    /// What is to happen.
    pub state: PlannedState,
    /// A profile outside of the block that has this role of this portal already.
    pub elsewhere: Option<String>,
}

/// What is to happen about a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlannedState {
    /// It is added.
    New,
    /// It is in the block already.
    Present,
    /// It cannot be added under this name.
    Obstructed(Obstacle),
}

/// Why a profile cannot be added. A person gives it another name, or leaves it out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// Another role that was chosen gets the same name.
    ChosenTwice {
        /// Account of that role.
        account_id: String,
        /// That role.
        role_name: String,
    },
    /// There is a profile of this name.
    Taken(Location),
    /// The name is none for a profile.
    Name(String),
    /// The account or role cannot be written into the file.
    Role,
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ChosenTwice {
                account_id,
                role_name,
            } => write!(
                f,
                "the role {role_name} in account {account_id} gets the same name"
            ),
            Self::Taken(location) => {
                write!(f, "there is a profile of this name already, in {location}")
            }
            Self::Name(problem) => f.write_str(problem),
            Self::Role => f.write_str("the account or role has characters that none has"),
        }
    }
}
