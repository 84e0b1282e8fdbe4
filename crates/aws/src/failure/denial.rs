//! AWS's sentence about a denied call, taken apart.

use super::text;

/// Who may not do what.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Denial<'a> {
    pub(super) principal: &'a str,
    pub(super) action: &'a str,
    pub(super) resource: Option<&'a str>,
    pub(super) reason: Option<&'a str>,
}

impl<'a> Denial<'a> {
    /// Reads `User: PRINCIPAL is not authorized to perform: ACTION [on resource: RESOURCE] [with …|because …]`.
    pub(super) fn parse(message: &'a str) -> Option<Self> {
        let (_, rest) = message.split_once("User: ")?;
        let (principal, rest) = rest.split_once(" is not authorized to perform: ")?;
        let (action, rest) = rest.split_once(' ').unwrap_or((rest, ""));
        let (resource, reason) = match rest.strip_prefix("on resource: ") {
            Some(rest) => {
                let (resource, reason) = rest.split_once(' ').unwrap_or((rest, ""));
                (Some(resource), reason)
            }
            None => (None, rest),
        };
        Some(Self {
            principal: named(principal)?,
            action: named(action)?,
            resource: resource.and_then(named),
            reason: Some(reason)
                .filter(|reason| reason.starts_with("with ") || reason.starts_with("because ")),
        })
    }
}

fn named(part: &str) -> Option<&str> {
    Some(text::name(part, "")).filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_of_aws() {
        let alice = "arn:aws:iam::111122223333:user/alice";
        let role = "arn:aws:iam::222233334444:role/R";
        let cases = [
            (
                format!(
                    "User: {alice} is not authorized to perform: sts:AssumeRole on resource: {role}"
                ),
                Some(("sts:AssumeRole", Some(role), None)),
            ),
            (
                format!(
                    "User: {alice} is not authorized to perform: sts:AssumeRole on resource: {role} with an explicit deny in an identity-based policy"
                ),
                Some((
                    "sts:AssumeRole",
                    Some(role),
                    Some("with an explicit deny in an identity-based policy"),
                )),
            ),
            (
                format!(
                    "User: {alice} is not authorized to perform: sts:GetSessionToken because no identity-based policy allows it"
                ),
                Some((
                    "sts:GetSessionToken",
                    None,
                    Some("because no identity-based policy allows it"),
                )),
            ),
            ("Access denied".to_owned(), None),
            (
                "User: a\u{1b}b is not authorized to perform: x".to_owned(),
                None,
            ),
        ];
        for (message, expected) in cases {
            let expected = expected.map(|(action, resource, reason)| Denial {
                principal: alice,
                action,
                resource,
                reason,
            });
            assert_eq!(Denial::parse(&message), expected, "{message}");
        }
    }
}
