//! Policy documents for scenarios, without the ceremony.

use serde_json::{Map, Value, json};

use crate::arn;

/// A policy that allows `actions` on `resources`.
pub fn allow(actions: &[&str], resources: &[&str]) -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [{ "Effect": "Allow", "Action": actions, "Resource": resources }],
    })
}

/// A trust policy: who may assume a role, under which conditions.
#[derive(Clone, Debug)]
pub struct Trust {
    /// `AWS` or `Federated`.
    kind: &'static str,
    principals: Vec<String>,
    actions: Vec<&'static str>,
    conditions: Map<String, Value>,
}

impl Trust {
    /// Trusts a whole account, or one user or role by its ARN.
    pub fn of(principal: &str) -> Self {
        let account = principal.bytes().all(|byte| byte.is_ascii_digit());
        Self {
            kind: "AWS",
            principals: vec![if account {
                format!("arn:aws:iam::{principal}:root")
            } else {
                principal.to_owned()
            }],
            actions: vec!["sts:AssumeRole"],
            conditions: Map::new(),
        }
    }

    /// Trusts an OpenID Connect provider of the role's own account, by its issuer, when it vouches for this subject (a
    /// pattern).
    pub fn of_provider(account: &str, issuer: &str, subject: &str) -> Self {
        let name = issuer.strip_prefix("https://").unwrap_or(issuer);
        let trust = Self {
            kind: "Federated",
            principals: vec![arn::iam("aws", account, &format!("oidc-provider/{name}"))],
            actions: vec!["sts:AssumeRoleWithWebIdentity"],
            conditions: Map::new(),
        };
        trust.condition("StringLike", &format!("{name}:sub"), subject)
    }

    /// Demands a one-time code.
    #[must_use]
    pub fn mfa(self) -> Self {
        self.condition("Bool", "aws:MultiFactorAuthPresent", "true")
    }

    /// Demands a one-time code given less than this many seconds ago.
    #[must_use]
    pub fn mfa_younger_than(self, seconds: u32) -> Self {
        self.condition(
            "NumericLessThan",
            "aws:MultiFactorAuthAge",
            &seconds.to_string(),
        )
    }

    /// Demands an external id.
    #[must_use]
    pub fn external_id(self, id: &str) -> Self {
        self.condition("StringEquals", "sts:ExternalId", id)
    }

    /// Demands a session name of this pattern.
    #[must_use]
    pub fn session_name(self, pattern: &str) -> Self {
        self.condition("StringLike", "sts:RoleSessionName", pattern)
    }

    /// Lets callers set a source identity.
    #[must_use]
    pub fn source_identity(mut self) -> Self {
        self.actions.push("sts:SetSourceIdentity");
        self
    }

    /// Demands any condition, in IAM's words.
    #[must_use]
    pub fn condition(mut self, operator: &str, key: &str, value: &str) -> Self {
        let keys = self
            .conditions
            .entry(operator)
            .or_insert_with(|| Value::Object(Map::new()));
        keys[key] = json!(value);
        self
    }
}

impl From<Trust> for Value {
    fn from(trust: Trust) -> Self {
        json!({
            "Version": "2012-10-17",
            "Statement": [{
                "Effect": "Allow",
                "Principal": { trust.kind: trust.principals },
                "Action": trust.actions,
                "Condition": trust.conditions,
            }],
        })
    }
}
