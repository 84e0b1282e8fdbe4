//! The identity behind a request, and what it may do.

use std::fmt;

use jiff::Timestamp;

use super::{Owner, Session, World};
use crate::arn;
use crate::policy::{Context, Decision, Document, Question, decide};

/// Who signed a request.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) access_key_id: String,
    pub(crate) account: String,
    pub(crate) partition: &'static str,
    /// The user's ARN, or the role session's.
    pub(crate) arn: String,
    /// `AIDA…`, or `AROA…:session-name`.
    pub(crate) user_id: String,
    pub(crate) identity: Identity,
    pub(crate) lifespan: Lifespan,
}

/// What kind of identity it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Identity {
    /// An IAM user.
    User {
        /// The user's name.
        name: String,
    },
    /// A session of a role.
    Role {
        /// The role's name.
        name: String,
        role_arn: String,
        source_identity: Option<String>,
    },
}

/// How long the credentials live.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Lifespan {
    /// An access key of a user.
    LongLived,
    /// A session.
    Temporary {
        issued: Timestamp,
        /// When the one-time code behind it was given.
        mfa_at: Option<Timestamp>,
    },
}

/// An action that policies do not let a caller do; the text is AWS's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Denied {
    principal: String,
    action: String,
    resource: String,
    /// Some statement denies it, where otherwise none allows it.
    explicit: bool,
}

impl fmt::Display for Denied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            principal,
            action,
            resource,
            explicit,
        } = self;
        write!(
            f,
            "User: {principal} is not authorized to perform: {action} on resource: {resource} "
        )?;
        if *explicit {
            write!(f, "with an explicit deny in an identity-based policy")
        } else {
            write!(
                f,
                "because no identity-based policy allows the {action} action"
            )
        }
    }
}

impl Caller {
    /// When the one-time code behind these credentials was given.
    pub(crate) fn mfa_at(&self) -> Option<Timestamp> {
        match &self.lifespan {
            Lifespan::LongLived => None,
            Lifespan::Temporary { mfa_at, .. } => *mfa_at,
        }
    }

    /// The names by which a resource's policy may mean this caller.
    pub(crate) fn principals(&self) -> Vec<String> {
        match &self.identity {
            Identity::User { .. } => vec![self.arn.clone()],
            Identity::Role { role_arn, .. } => vec![self.arn.clone(), role_arn.clone()],
        }
    }

    /// The condition keys every request of this caller carries.
    pub(crate) fn context(&self, now: Timestamp) -> Context {
        let mut context = Context::default();
        context.set("aws:userid", &self.user_id);
        context.set("aws:PrincipalAccount", &self.account);
        context.set("aws:CurrentTime", now.to_string());
        match &self.identity {
            Identity::User { name } => {
                context.set("aws:username", name);
                context.set("aws:PrincipalArn", &self.arn);
            }
            Identity::Role {
                role_arn,
                source_identity,
                ..
            } => {
                context.set("aws:PrincipalArn", role_arn);
                if let Some(source) = source_identity {
                    context.set("aws:SourceIdentity", source);
                }
            }
        }
        if let Lifespan::Temporary { issued, mfa_at } = &self.lifespan {
            context.set("aws:TokenIssueTime", issued.to_string());
            context.set("aws:MultiFactorAuthPresent", mfa_at.is_some().to_string());
            if let Some(at) = mfa_at {
                context.set(
                    "aws:MultiFactorAuthAge",
                    now.duration_since(*at).as_secs().to_string(),
                );
            }
        }
        context
    }
}

impl World {
    /// The caller behind a session, unless its user or role is gone.
    pub(crate) fn session_caller(&self, session: &Session) -> Option<Caller> {
        let account = self.accounts.get(&session.account)?;
        let (arn, user_id, identity) = match &session.owner {
            Owner::User { name } => {
                let user = account.users.get(name)?;
                let identity = Identity::User { name: name.clone() };
                (user.arn.clone(), user.id.clone(), identity)
            }
            Owner::Role {
                name,
                session_name,
                source_identity,
                ..
            } => {
                let role = account.roles.get(name)?;
                let identity = Identity::Role {
                    name: name.clone(),
                    role_arn: role.arn.clone(),
                    source_identity: source_identity.clone(),
                };
                (
                    arn::assumed_role(account.partition, &account.id, name, session_name),
                    format!("{}:{session_name}", role.id),
                    identity,
                )
            }
        };
        Some(Caller {
            access_key_id: session.access_key_id.clone(),
            account: account.id.clone(),
            partition: account.partition,
            arn,
            user_id,
            identity,
            lifespan: Lifespan::Temporary {
                issued: session.issued,
                mfa_at: session.mfa_at,
            },
        })
    }

    /// What the caller's own policies say to an action on a resource.
    pub(crate) fn identity_decision(
        &self,
        caller: &Caller,
        action: &str,
        resource: &str,
        context: &Context,
    ) -> Decision {
        let Some(account) = self.accounts.get(&caller.account) else {
            return Decision::Silent;
        };
        let attached: &[Document] = match &caller.identity {
            Identity::User { name } => account.users.get(name).map_or(&[], |user| &user.policies),
            Identity::Role { name, .. } => {
                let Some(role) = account.roles.get(name) else {
                    return Decision::Silent;
                };
                if is_revoked(caller, role.revoked_before) {
                    return Decision::Denied;
                }
                &role.policies
            }
        };
        let question = Question {
            principals: &[],
            account: &caller.account,
            action,
            resource,
            context,
        };
        let limit = self
            .session(&caller.access_key_id)
            .and_then(|session| match &session.owner {
                Owner::Role { policy, .. } => policy.as_ref(),
                Owner::User { .. } => None,
            });
        match (
            decide(attached, question),
            limit.map(|policy| decide([policy], question)),
        ) {
            (Decision::Denied, _) | (_, Some(Decision::Denied)) => Decision::Denied,
            (decision, None | Some(Decision::Allowed)) => decision,
            (_, Some(Decision::Silent | Decision::AllowedToAccount)) => Decision::Silent,
        }
    }

    /// Checks that the caller's own policies allow an action on a resource.
    pub(crate) fn authorize(
        &self,
        caller: &Caller,
        action: &str,
        resource: &str,
        now: Timestamp,
    ) -> Result<(), Denied> {
        let decision = self.identity_decision(caller, action, resource, &caller.context(now));
        if decision == Decision::Allowed {
            return Ok(());
        }
        Err(Denied {
            principal: caller.arn.clone(),
            action: action.to_owned(),
            resource: resource.to_owned(),
            explicit: decision == Decision::Denied,
        })
    }
}

fn is_revoked(caller: &Caller, revoked_before: Option<Timestamp>) -> bool {
    match (&caller.lifespan, revoked_before) {
        (Lifespan::Temporary { issued, .. }, Some(limit)) => *issued < limit,
        (Lifespan::Temporary { .. } | Lifespan::LongLived, _) => false,
    }
}
