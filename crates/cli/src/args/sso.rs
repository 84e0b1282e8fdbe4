//! IAM Identity Center.

use super::{Change, Json};
use clap::{Args, Subcommand};
use holdfast_setup::discovery::NameTemplate;

/// `holdfast sso`.
#[derive(Subcommand)]
pub(crate) enum Sso {
    /// List the portals that your AWS config names, and how they are signed in to
    Portals(Json),
    /// Sign in to a portal that need not stand in your AWS config
    Login(SsoLogin),
    /// List the accounts of a portal that you have a role in
    Accounts(SsoAccounts),
    /// List the roles that you have in the accounts of a portal
    Roles(SsoRoles),
    /// Write profiles for roles of a portal into your AWS config
    AddProfiles(SsoAddProfiles),
    /// Remove exactly what `sso add-profiles` wrote
    Undo(Change),
}

impl Sso {
    /// Whether a program reads the answer.
    pub(super) fn wants_json(&self) -> bool {
        match self {
            Self::Portals(args) => args.json,
            Self::Accounts(args) => args.listing.json.json,
            Self::Roles(args) => args.listing.json.json,
            Self::Login(_) | Self::AddProfiles(_) | Self::Undo(_) => false,
        }
    }
}

/// Which portal.
#[derive(Args)]
pub(crate) struct Portal {
    /// Start URL, or name of an sso-session section; the only portal of your AWS config when absent
    #[arg(value_name = "PORTAL")]
    pub(crate) portal: Option<String>,
    /// Region of the identity center, where your AWS config does not name it
    #[arg(long, value_name = "REGION")]
    pub(crate) sso_region: Option<String>,
}

/// `holdfast sso login`.
#[derive(Args)]
pub(crate) struct SsoLogin {
    /// Which.
    #[command(flatten)]
    pub(crate) portal: Portal,
    /// Print the address of the page instead of opening a browser
    #[arg(long)]
    pub(crate) no_browser: bool,
    /// Sign in with a code on another device; only do so when you began it yourself
    #[arg(long)]
    pub(crate) device: bool,
}

/// What is listed, and how.
#[derive(Args)]
pub(crate) struct SsoListing {
    /// Which.
    #[command(flatten)]
    pub(crate) portal: Portal,
    /// Ask AWS again, even when the answer is known
    #[arg(long)]
    pub(crate) refresh: bool,
    /// Output.
    #[command(flatten)]
    pub(crate) json: Json,
}

/// `holdfast sso accounts`.
#[derive(Args)]
pub(crate) struct SsoAccounts {
    /// Only accounts whose id, name or e-mail address contains this
    #[arg(long, value_name = "TEXT")]
    pub(crate) search: Option<String>,
    /// Listing.
    #[command(flatten)]
    pub(crate) listing: SsoListing,
}

/// `holdfast sso roles`.
#[derive(Args)]
pub(crate) struct SsoRoles {
    /// Only accounts whose id, name or e-mail address, or roles whose name, contains this
    #[arg(long, value_name = "TEXT")]
    pub(crate) search: Option<String>,
    /// Listing.
    #[command(flatten)]
    pub(crate) listing: SsoListing,
}

/// `holdfast sso add-profiles`.
#[derive(Args)]
#[command(
    after_help = "Everything is written into one block of the AWS config file that is marked as Holdfast's; the change is \
                  shown first, and `holdfast sso undo` takes the block out again. Names follow the template, in which \
                  {account_name}, {account_id}, {role_name} and {email} stand for those of the role; nothing is written \
                  while two profiles would have the same name.\n\n\
                  For example, every role named Developer:\n\n  \
                  holdfast sso add-profiles --role Developer"
)]
pub(crate) struct SsoAddProfiles {
    /// Which.
    #[command(flatten)]
    pub(crate) portal: Portal,
    /// Only this account, by id or name; several times for several
    #[arg(long, value_name = "ACCOUNT")]
    pub(crate) account: Vec<String>,
    /// Only roles of this name; several times for several
    #[arg(long, value_name = "ROLE")]
    pub(crate) role: Vec<String>,
    /// Every role of every account
    #[arg(long, conflicts_with_all = ["account", "role"])]
    pub(crate) all: bool,
    /// How profiles are named
    #[arg(long, value_name = "TEMPLATE", default_value = NameTemplate::DEFAULT)]
    pub(crate) name: NameTemplate,
    /// Region of the new profiles
    #[arg(long, value_name = "REGION")]
    pub(crate) region: Option<String>,
    /// How.
    #[command(flatten)]
    pub(crate) change: Change,
}
