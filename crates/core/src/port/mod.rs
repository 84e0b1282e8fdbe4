//! What the agent needs from the outside, as traits that `aws` and the tests implement.

mod codecommit;
mod console_login;
mod federation;
mod machine;
mod oidc;
mod portal;
mod sts;

pub use codecommit::{CodeCommit, CreateRepository, ListRepositories};
pub use console_login::{
    ConsoleLogin, ConsoleLoginGrant, ConsoleLoginTokens, DpopKey, ExchangeConsoleLogin,
};
pub use federation::{ConsoleSignIn, SignIn};
pub use machine::MachineCredentials;
pub use oidc::{
    ClientRegistration, CreateToken, DeviceAuthorization, Grant, PortalToken, RegisterClient,
    SsoOidc,
};
pub use portal::{Account, AccountPage, RolePage, SsoPortal};
pub use sts::{AssumeRole, AssumeRoleWithWebIdentity, GetSessionToken, MfaCode, Sts, WebIdentity};

/// All of AWS that the agent needs.
pub trait Aws:
    Sts + SignIn + CodeCommit + SsoOidc + SsoPortal + WebIdentity + MachineCredentials + ConsoleLogin
{
}

impl<T> Aws for T where
    T: Sts
        + SignIn
        + CodeCommit
        + SsoOidc
        + SsoPortal
        + WebIdentity
        + MachineCredentials
        + ConsoleLogin
{
}
