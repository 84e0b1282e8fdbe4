//! The files and variables that lead other programs to a simulated AWS.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::json;

use super::{Sim, StartError};

/// How long the token in the file of web identities is good.
const WEB_IDENTITY_LIFETIME: Duration = Duration::from_secs(30 * 86_400);

impl Sim {
    /// The environment that sends a program's AWS traffic here: proxy and CA, no AWS files.
    pub fn env(&self) -> Vec<(&'static str, String)> {
        let ca = self.ca_pem_path().display().to_string();
        vec![
            ("HTTPS_PROXY", self.proxy_url()),
            ("AWS_CA_BUNDLE", ca.clone()),
            ("GIT_SSL_CAINFO", ca),
            // Clients without credentials would look for a virtual machine's, and wait.
            ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
        ]
    }

    /// The scenario's `~/.aws/config`.
    pub fn config_text(&self) -> String {
        let folder = self.folder.display().to_string();
        self.scenario.config.replace("{folder}", &folder)
    }

    /// The scenario's `~/.aws/credentials`: access keys in plain text, as people have them before they use Holdfast.
    pub fn credentials_text(&self) -> String {
        self.scenario
            .key_profiles
            .iter()
            .filter_map(|(profile, user)| Some((profile, self.access_key(user)?)))
            .map(|(profile, key)| {
                format!(
                    "[{profile}]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
                    key.id,
                    key.secret.reveal()
                )
            })
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// Writes `config` and `credentials` into `folder` (usually some home's `.aws`), which is made when missing.
    pub fn write_aws_files(&self, folder: &Path) -> Result<(), StartError> {
        write(&folder.join("config"), &self.config_text())?;
        write(&folder.join("credentials"), &self.credentials_text())
    }

    pub(super) fn write_files(&self) -> Result<(), StartError> {
        write(&self.ca_pem_path(), &self.shared.authority.pem())?;
        self.write_aws_files(&self.folder.join("aws"))?;
        if let Some((issuer, subject)) = &self.scenario.web_identity_file
            && let Some(token) = self.web_identity_token(issuer, subject, WEB_IDENTITY_LIFETIME)
        {
            write(&self.web_identity_path(), token.reveal())?;
        }
        write(&self.folder.join("env.sh"), &self.env_script())?;
        let place = json!({
            "address": self.address.to_string(),
            "proxy": self.proxy_url(),
            "admin": format!("{}/_sim", self.proxy_url()),
            "ca": self.ca_pem_path(),
            "metadata": self.metadata_url(),
            "container": self.container_url(),
        });
        write(&place_file(&self.folder), &format!("{place:#}\n"))
    }

    fn env_script(&self) -> String {
        let aws = self.folder.join("aws");
        let mut pairs = self.env();
        if self.scenario.instance_role.is_some() {
            pairs.retain(|(name, _)| *name != "AWS_EC2_METADATA_DISABLED");
            pairs.extend(self.instance_env());
        }
        if self.scenario.container_role.is_some() {
            pairs.extend(self.container_env());
        }
        pairs.push(("AWS_CONFIG_FILE", aws.join("config").display().to_string()));
        pairs.push((
            "AWS_SHARED_CREDENTIALS_FILE",
            aws.join("credentials").display().to_string(),
        ));
        let mut script = "# Sends a shell's AWS traffic to the simulated AWS: . env.sh\nunset NO_PROXY no_proxy https_proxy\n".to_owned();
        for (name, value) in pairs {
            script.push_str(&format!(
                "export {name}='{}'\n",
                value.replace('\'', r"'\''")
            ));
        }
        script
    }
}

/// The file in which a simulated AWS says where it listens.
pub(crate) fn place_file(folder: &Path) -> PathBuf {
    folder.join("sim.json")
}

fn write(path: &Path, text: &str) -> Result<(), StartError> {
    let failed = |source| StartError::Write {
        path: path.to_owned(),
        source,
    };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    fs::write(path, text).map_err(failed)
}
