//! The handles on what sessions come from besides access keys.

use std::path::PathBuf;
use std::time::Duration;

use jiff::SignedDuration;

use super::Sim;
use crate::endpoint::{Endpoint, Service};
use crate::hidden::Hidden;
use crate::model::{LoginReuse, MachinePlace};
use crate::service::{self, CONTAINER_PATH};

impl Sim {
    /// A token of the OpenID Connect provider behind `issuer` for this subject, good for `lifetime` of simulated time.
    pub fn web_identity_token(
        &self,
        issuer: &str,
        subject: &str,
        lifetime: Duration,
    ) -> Option<Hidden> {
        let lifetime = SignedDuration::try_from(lifetime).unwrap_or(SignedDuration::MAX);
        let now = self.shared.clock.now();
        self.shared
            .world()
            .issue_web_identity(issuer, subject, lifetime, now)
    }

    /// The file with the token that the scenario asked for.
    pub fn web_identity_path(&self) -> PathBuf {
        self.folder.join("web-identity-token")
    }

    /// Lets a provider vouch no longer for a subject. Says whether there is such a provider.
    pub fn reject_web_identity(&self, issuer: &str, subject: &str) -> bool {
        self.shared.world().reject_web_identity(issuer, subject)
    }

    /// Answers the page of `aws login` at this address as a person does who is signed in as `session` (an ARN), or who declines
    /// when there is none. The answer is where the browser goes, or why it goes nowhere.
    pub fn console_login(&self, url: &str, session: Option<&str>) -> Result<String, &'static str> {
        let rest = url.strip_prefix("https://").ok_or("not an address")?;
        let (host, rest) = rest.split_once('/').ok_or("not an address")?;
        let endpoint = Endpoint::of_host(host).filter(|to| to.service == Service::SignIn);
        let endpoint = endpoint.ok_or("not the sign-in service")?;
        let query = rest.strip_prefix("v1/authorize?").ok_or("not the page")?;
        let now = self.shared.clock.now();
        service::console_login(&mut self.shared.world(), &endpoint, query, session, now)
    }

    /// What happens to a refresh token of `aws login` that is used a second time.
    pub fn set_login_reuse(&self, reuse: LoginReuse) {
        self.shared.world().console_logins.reuse = reuse;
    }

    /// Lets every session of `aws login` run out now.
    pub fn expire_console_logins(&self) {
        let now = self.shared.clock.now();
        self.shared.world().console_logins.expire_all(now);
    }

    /// Revokes every session of `aws login`, as a changed password does.
    pub fn revoke_console_logins(&self) {
        self.shared.world().console_logins.revoke_all();
    }

    /// Where instance metadata is, for `AWS_EC2_METADATA_SERVICE_ENDPOINT`.
    pub fn metadata_url(&self) -> String {
        format!("http://{}", self.machine_address)
    }

    /// The environment that makes a program believe that it runs on the EC2 instance.
    pub fn instance_env(&self) -> Vec<(&'static str, String)> {
        // The AWS CLI of before 2023 puts the path right behind what is given here.
        let endpoint = format!("{}/", self.metadata_url());
        vec![
            ("AWS_EC2_METADATA_SERVICE_ENDPOINT", endpoint),
            ("AWS_EC2_METADATA_DISABLED", "false".to_owned()),
        ]
    }

    /// Attaches the role of this ARN to the EC2 instance, or none.
    pub fn set_instance_role(&self, role_arn: Option<&str>) {
        self.attach(MachinePlace::Instance, role_arn);
    }

    /// Where the container's credentials are, for `AWS_CONTAINER_CREDENTIALS_FULL_URI`.
    pub fn container_url(&self) -> String {
        format!("http://{}{CONTAINER_PATH}", self.machine_address)
    }

    /// What a container sends along to get its credentials (`AWS_CONTAINER_AUTHORIZATION_TOKEN`).
    pub fn container_token(&self) -> Hidden {
        let token = self.shared.world().machine.authorization.clone();
        token.unwrap_or_else(|| self.rotate_container_token())
    }

    /// Gives the container another token; the one before is no longer good.
    pub fn rotate_container_token(&self) -> Hidden {
        self.shared.world().rotate_container_token()
    }

    /// The environment of the container.
    pub fn container_env(&self) -> Vec<(&'static str, String)> {
        vec![
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", self.container_url()),
            (
                "AWS_CONTAINER_AUTHORIZATION_TOKEN",
                self.container_token().reveal().to_owned(),
            ),
        ]
    }

    /// Attaches the role of this ARN to the container, or none.
    pub fn set_container_role(&self, role_arn: Option<&str>) {
        self.attach(MachinePlace::Container, role_arn);
    }

    fn attach(&self, place: MachinePlace, role_arn: Option<&str>) {
        self.shared.world().machine.attach(place, role_arn);
    }
}
