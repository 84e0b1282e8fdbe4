//! Profiles for accounts and roles of IAM Identity Center, in one block of the AWS config file.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod hand_edits;
mod names;
mod planning;
mod undoing;

use holdfast_agent_proto::CallerContext;
use holdfast_setup::discovery::{Choice, ChosenRole, DiscoveryPlan, Portal, UndoPlan};
use std::fs;
use tempfile::TempDir;

const BEGIN: &str = "# BEGIN Holdfast (profiles of IAM Identity Center; your own lines belong outside of this block)\n";
const END: &str = "# END Holdfast\n";
const CORP_SESSION: &str = "[sso-session corp]\n\
    sso_start_url = https://corp.awsapps.com/start\n\
    sso_region = eu-west-1\n\
    sso_registration_scopes = sso:account:access\n\n";
const OTHER_SESSION: &str = "[sso-session other]\n\
    sso_start_url = https://other.awsapps.com/start\n\
    sso_region = us-east-1\n\
    sso_registration_scopes = sso:account:access\n\n";

/// The user's AWS files in a folder of their own.
struct Home {
    _folder: TempDir,
    context: CallerContext,
}

impl Home {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let context = CallerContext {
            config_file: folder.path().join("config"),
            credentials_file: folder.path().join("credentials"),
            ..CallerContext::default()
        };
        Self {
            _folder: folder,
            context,
        }
    }

    fn with(config: &str) -> Self {
        let home = Self::new();
        home.write(config);
        home
    }

    fn write(&self, config: &str) {
        fs::write(&self.context.config_file, config).unwrap();
    }

    fn text(&self) -> String {
        fs::read_to_string(&self.context.config_file).unwrap()
    }

    fn plan(&self, choice: &Choice) -> DiscoveryPlan {
        DiscoveryPlan::make(choice, &self.context).unwrap()
    }

    /// Makes and applies a plan.
    fn apply(&self, choice: &Choice) {
        self.plan(choice).apply().unwrap();
    }

    fn undo(&self) -> UndoPlan {
        UndoPlan::make(&self.context).unwrap()
    }
}

fn corp(roles: &[(&str, &str)]) -> Choice {
    Choice {
        portal: Portal {
            start_url: "https://corp.awsapps.com/start/#/".to_owned(),
            region: "eu-west-1".to_owned(),
        },
        roles: roles
            .iter()
            .map(|(name, role)| chosen(name, role))
            .collect(),
        ..Choice::default()
    }
}

fn other(roles: &[(&str, &str)]) -> Choice {
    Choice {
        portal: Portal {
            start_url: "https://other.awsapps.com/start".to_owned(),
            region: "us-east-1".to_owned(),
        },
        ..corp(roles)
    }
}

/// A role in the account of this name.
fn chosen(account_name: &str, role_name: &str) -> ChosenRole {
    ChosenRole {
        account_id: account(account_name),
        account_name: account_name.to_owned(),
        email: String::new(),
        role_name: role_name.to_owned(),
        profile: None,
    }
}

/// The number of the account of this name.
fn account(account_name: &str) -> String {
    let number = account_name
        .bytes()
        .fold(1_u64, |sum, byte| (sum * 257 + u64::from(byte)) % 999_983);
    format!("{number:012}")
}

fn profile(name: &str, session: &str, account_name: &str, role_name: &str) -> String {
    let account_id = account(account_name);
    format!(
        "[profile {name}]\nsso_session = {session}\nsso_account_id = {account_id}\nsso_role_name = {role_name}\n\n"
    )
}

fn removing(names: &[&str], choice: Choice) -> Choice {
    Choice {
        remove: names.iter().map(|&name| name.to_owned()).collect(),
        ..choice
    }
}
