//! The decision policies lead to: an explicit deny wins, else an allow, else nothing was said.

use std::collections::BTreeMap;

use super::document::{Document, Match, Statement};
use super::pattern;
use crate::arn::Arn;

/// The condition keys of a request, by lower-case name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Context(BTreeMap<String, String>);

impl Context {
    pub(crate) fn set(&mut self, key: &str, value: impl Into<String>) {
        self.0.insert(key.to_ascii_lowercase(), value.into());
    }

    pub(super) fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }
}

/// Who wants to do what to which resource.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Question<'a> {
    /// The ARNs by which a resource's policy may name the caller: the session's and the role's, or the user's.
    pub(crate) principals: &'a [String],
    pub(crate) account: &'a str,
    pub(crate) action: &'a str,
    pub(crate) resource: &'a str,
    pub(crate) context: &'a Context,
}

/// What a set of policies says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Allowed by a statement that names the caller itself, or by one without principals.
    Allowed,
    /// Allowed to the caller's whole account, whose own policies must allow it too.
    AllowedToAccount,
    /// Denied by a statement.
    Denied,
    /// No statement applies.
    Silent,
}

/// What `documents` say to the question.
pub(crate) fn decide<'d>(
    documents: impl IntoIterator<Item = &'d Document>,
    question: Question<'_>,
) -> Decision {
    let mut decision = Decision::Silent;
    for statement in documents
        .into_iter()
        .flat_map(|document| &document.statements)
    {
        let Some(whole_account) = applies(statement, question) else {
            continue;
        };
        if !statement.allow {
            return Decision::Denied;
        }
        if !whole_account {
            decision = Decision::Allowed;
        } else if decision == Decision::Silent {
            decision = Decision::AllowedToAccount;
        }
    }
    decision
}

/// Nothing when the statement is about something else; else whether it names the caller by account only.
fn applies(statement: &Statement, question: Question<'_>) -> Option<bool> {
    let whole_account = match &statement.principals {
        None => false,
        Some(names) => {
            let by_name = names
                .iter()
                .any(|name| name == "*" || question.principals.contains(name));
            let by_account = names
                .iter()
                .any(|name| names_account(name, question.account));
            if !by_name && !by_account {
                return None;
            }
            !by_name
        }
    };
    let action = match &statement.actions {
        Match::Any(patterns) => any_fits(patterns, question.action, true),
        Match::None(patterns) => !any_fits(patterns, question.action, true),
    };
    let resource = match &statement.resources {
        None => true,
        Some(Match::Any(patterns)) => any_fits(patterns, question.resource, false),
        Some(Match::None(patterns)) => !any_fits(patterns, question.resource, false),
    };
    let met = statement
        .conditions
        .iter()
        .all(|condition| condition.holds(question.context));
    (action && resource && met).then_some(whole_account)
}

fn any_fits(patterns: &[String], text: &str, ignore_case: bool) -> bool {
    patterns.iter().any(|pattern| {
        if ignore_case {
            pattern::fits(&pattern.to_ascii_lowercase(), &text.to_ascii_lowercase())
        } else {
            pattern::fits(pattern, text)
        }
    })
}

fn names_account(name: &str, account: &str) -> bool {
    name == account
        || Arn::parse(name).is_some_and(|arn| {
            arn.service == "iam" && arn.resource == "root" && arn.account == account
        })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const USER: &str = "arn:aws:iam::111122223333:user/Jo";
    const ROLE: &str = "arn:aws:iam::222233334444:role/Dev";

    fn check(statement: Value, context: &[(&str, &str)], expect: Decision) {
        let document = Document::parse(json!({ "Statement": [statement.clone()] })).unwrap();
        let mut keys = Context::default();
        for (key, value) in context {
            keys.set(key, *value);
        }
        let question = Question {
            principals: &[USER.to_owned()],
            account: "111122223333",
            action: "sts:AssumeRole",
            resource: ROLE,
            context: &keys,
        };
        assert_eq!(decide([&document], question), expect, "{statement}");
    }

    #[test]
    fn actions_and_resources() {
        let allow = |action: &str, resource: &str| json!({"Effect": "Allow", "Action": action, "Resource": resource});
        check(allow("*", "*"), &[], Decision::Allowed);
        check(allow("STS:assume*", "*"), &[], Decision::Allowed);
        check(allow("sts:AssumeRole", ROLE), &[], Decision::Allowed);
        check(
            allow("sts:AssumeRole", &ROLE.to_lowercase()),
            &[],
            Decision::Silent,
        );
        check(allow("iam:*", "*"), &[], Decision::Silent);
        check(
            json!({"Effect": "Deny", "NotAction": "iam:*", "Resource": "*"}),
            &[],
            Decision::Denied,
        );
    }

    #[test]
    fn principals() {
        let trust = |principal: Value| json!({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"});
        check(trust(json!("*")), &[], Decision::Allowed);
        check(trust(json!({"AWS": USER})), &[], Decision::Allowed);
        for whole in ["111122223333", "arn:aws:iam::111122223333:root"] {
            check(
                trust(json!({"AWS": [whole]})),
                &[],
                Decision::AllowedToAccount,
            );
        }
        check(trust(json!({"AWS": "222233334444"})), &[], Decision::Silent);
        check(
            trust(json!({"Service": "ec2.amazonaws.com"})),
            &[],
            Decision::Silent,
        );
    }

    #[test]
    fn conditions() {
        let when = |condition: Value| json!({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition});
        let young = json!({"NumericLessThan": {"aws:MultiFactorAuthAge": "86400"}});
        check(when(young.clone()), &[], Decision::Silent);
        check(
            when(young.clone()),
            &[("aws:multifactorauthage", "86399")],
            Decision::Allowed,
        );
        check(
            when(young),
            &[("aws:MultiFactorAuthAge", "86400")],
            Decision::Silent,
        );
        let present = json!({"Bool": {"aws:MultiFactorAuthPresent": true}});
        check(
            when(present.clone()),
            &[("aws:MultiFactorAuthPresent", "true")],
            Decision::Allowed,
        );
        check(when(present), &[], Decision::Silent);
        let absent = json!({"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}});
        check(when(absent), &[], Decision::Allowed);
        let like = json!({"StringLike": {"sts:RoleSessionName": ["jo-*", "x"]}});
        check(
            when(like),
            &[("sts:RoleSessionName", "jo-1")],
            Decision::Allowed,
        );
        let not = json!({"StringNotEquals": {"sts:ExternalId": "a"}});
        check(
            when(not.clone()),
            &[("sts:ExternalId", "a")],
            Decision::Silent,
        );
        check(when(not), &[], Decision::Allowed);
        let null = json!({"Null": {"sts:ExternalId": "true"}});
        check(when(null), &[], Decision::Allowed);
        let before = json!({"DateLessThan": {"aws:TokenIssueTime": "2026-01-01T00:00:00Z"}});
        check(
            when(before),
            &[("aws:TokenIssueTime", "2025-12-31T23:59:59Z")],
            Decision::Allowed,
        );
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for document in [
            json!({}),
            json!({"Statement": [{"Effect": "Maybe"}]}),
            json!({"Statement": [{"Effect": "Allow", "Acton": "*"}]}),
            json!({"Statement": [{"Effect": "Allow", "Condition": {"IpAddress": {"aws:SourceIp": "::1"}}}]}),
        ] {
            assert!(Document::parse(document.clone()).is_err(), "{document}");
        }
    }
}
