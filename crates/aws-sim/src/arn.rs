//! Amazon Resource Names, taken apart and put together.

/// The six parts of an ARN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Arn<'a> {
    pub(crate) partition: &'a str,
    pub(crate) service: &'a str,
    pub(crate) region: &'a str,
    pub(crate) account: &'a str,
    pub(crate) resource: &'a str,
}

impl<'a> Arn<'a> {
    /// The parts of `text`, when it has the shape of an ARN.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.splitn(6, ':');
        if parts.next()? != "arn" {
            return None;
        }
        let arn = Self {
            partition: parts.next()?,
            service: parts.next()?,
            region: parts.next()?,
            account: parts.next()?,
            resource: parts.next()?,
        };
        (!arn.partition.is_empty() && !arn.service.is_empty() && !arn.resource.is_empty())
            .then_some(arn)
    }
}

/// The ARN of an IAM resource such as `user/Name`, `role/Name`, `mfa/Name` or `root`.
pub(crate) fn iam(partition: &str, account: &str, resource: &str) -> String {
    format!("arn:{partition}:iam::{account}:{resource}")
}

/// The ARN of a role's session.
pub(crate) fn assumed_role(partition: &str, account: &str, role: &str, session: &str) -> String {
    format!("arn:{partition}:sts::{account}:assumed-role/{role}/{session}")
}

/// The ARN of a CodeCommit repository.
pub(crate) fn repository(partition: &str, region: &str, account: &str, name: &str) -> String {
    format!("arn:{partition}:codecommit:{region}:{account}:{name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_an_arn_apart() {
        let arn = Arn::parse("arn:aws:iam::111122223333:role/path/to:Name").unwrap();
        assert_eq!(
            (arn.partition, arn.service, arn.region, arn.account),
            ("aws", "iam", "", "111122223333")
        );
        assert_eq!(arn.resource, "role/path/to:Name");
    }

    #[test]
    fn refuses_other_texts() {
        for text in [
            "",
            "arn",
            "arn:aws:iam::111122223333",
            "urn:aws:iam::1:role/x",
            "arn::iam::1:x",
        ] {
            assert_eq!(Arn::parse(text), None, "{text}");
        }
    }
}
