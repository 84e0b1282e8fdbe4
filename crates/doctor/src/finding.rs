//! What an examination finds.

use crate::advice::Advice;
use crate::mend::Mend;

/// One thing that was looked at.
pub struct Finding {
    /// What was looked at.
    pub check: Check,
    /// How bad it is.
    pub severity: Severity,
    /// What is, in a sentence that names file, host, profile or program.
    pub what: String,
    /// What it breaks; empty where that is nothing.
    pub breaks: String,
    /// Where it stands, for example as git names a file of its configuration.
    pub place: Option<String>,
    /// What to do.
    pub advice: Vec<Advice>,
    /// What mends it safely.
    pub mend: Option<Mend>,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// As it should be.
    Good,
    /// Worth knowing.
    Note,
    /// Something will break, or is not as good as it could be.
    Warning,
    /// Something is broken.
    Problem,
}

impl Severity {
    /// The word for it, for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Problem => "problem",
        }
    }
}

/// What is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Check {
    /// The agent: whether it runs, its version, whether it is locked, what it warns of.
    Agent,
    /// The keychain.
    Keychain,
    /// This machine's clock against AWS's.
    Clock,
    /// Whether AWS can be reached, and whether something answers in its place.
    Network,
    /// Certificates of a company: whether git and the AWS programs trust the same.
    Certificates,
    /// Git, its version and what is known to be wrong with it.
    GitVersion,
    /// Which helper answers for CodeCommit, and what it is told.
    CredentialHelper,
    /// URLs of the remotes of the repository around the working folder.
    RemoteUrl,
    /// Passwords for CodeCommit that other helpers have stored.
    StoredPassword,
    /// Region and profile that the remotes need.
    Profile,
    /// Whether the profile that a remote names may do anything.
    Access,
    /// Programs that serve `codecommit://` URLs.
    RemoteHelper,
    /// Submodules with `codecommit://` URLs.
    Submodules,
    /// Git programs with windows that do not use the configured helper.
    GuiClient,
    /// What is wrong in the AWS files.
    AwsFiles,
    /// Access keys in plain text.
    PlaintextKeys,
    /// Registrations of the AWS CLI at IAM Identity Center that have ended.
    Registrations,
}

impl Check {
    /// The word for it, for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Keychain => "keychain",
            Self::Clock => "clock",
            Self::Network => "network",
            Self::Certificates => "certificates",
            Self::GitVersion => "git-version",
            Self::CredentialHelper => "credential-helper",
            Self::RemoteUrl => "remote-url",
            Self::StoredPassword => "stored-password",
            Self::Profile => "profile",
            Self::Access => "access",
            Self::RemoteHelper => "remote-helper",
            Self::Submodules => "submodules",
            Self::GuiClient => "gui-client",
            Self::AwsFiles => "aws-files",
            Self::PlaintextKeys => "plaintext-keys",
            Self::Registrations => "registrations",
        }
    }

    pub(crate) fn good(self, what: impl Into<String>) -> Finding {
        self.finding(Severity::Good, what, "")
    }

    pub(crate) fn note(self, what: impl Into<String>, breaks: impl Into<String>) -> Finding {
        self.finding(Severity::Note, what, breaks)
    }

    pub(crate) fn warning(self, what: impl Into<String>, breaks: impl Into<String>) -> Finding {
        self.finding(Severity::Warning, what, breaks)
    }

    pub(crate) fn problem(self, what: impl Into<String>, breaks: impl Into<String>) -> Finding {
        self.finding(Severity::Problem, what, breaks)
    }

    fn finding(
        self,
        severity: Severity,
        what: impl Into<String>,
        breaks: impl Into<String>,
    ) -> Finding {
        Finding {
            check: self,
            severity,
            what: what.into(),
            breaks: breaks.into(),
            place: None,
            advice: Vec::new(),
            mend: None,
        }
    }
}

impl Finding {
    pub(crate) fn at(mut self, place: impl Into<String>) -> Self {
        self.place = Some(place.into());
        self
    }

    pub(crate) fn advise(self, words: impl Into<String>) -> Self {
        self.advised(Advice::words(words))
    }

    pub(crate) fn run(self, command: impl Into<String>) -> Self {
        self.advised(Advice::command(command))
    }

    pub(crate) fn advise_to_run(
        self,
        words: impl Into<String>,
        command: impl Into<String>,
    ) -> Self {
        self.advised(Advice {
            words: words.into(),
            command: Some(command.into()),
        })
    }

    /// What the agent says to do.
    pub(crate) fn hints(self, hints: &[String]) -> Self {
        hints
            .iter()
            .fold(self, |finding, hint| finding.advised(Advice::of_hint(hint)))
    }

    fn advised(mut self, advice: Advice) -> Self {
        self.advice.push(advice);
        self
    }

    pub(crate) fn mended_by(mut self, mend: Mend) -> Self {
        self.mend = Some(mend);
        self
    }
}
