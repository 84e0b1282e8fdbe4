//! The parts of IAM ARNs that people recognise.

/// An ARN of an IAM resource, `arn:PARTITION:iam::ACCOUNT:KIND/PATH/NAME`.
pub(super) struct IamArn<'a> {
    /// Account id, twelve digits.
    pub(super) account_id: &'a str,
    /// Name without its path.
    pub(super) name: &'a str,
}

/// Reads the ARN of an IAM resource of this kind (`role`, `mfa`).
pub(super) fn parse<'a>(arn: &'a str, kind: &str) -> Option<IamArn<'a>> {
    let (partition, rest) = arn.strip_prefix("arn:")?.split_once(':')?;
    let (account_id, resource) = rest.strip_prefix("iam::")?.split_once(':')?;
    let path = resource.strip_prefix(kind)?.strip_prefix('/')?;
    let name = path.rsplit('/').next()?;
    let is_account = account_id.len() == 12 && account_id.bytes().all(|byte| byte.is_ascii_digit());
    let is_printable = path.bytes().all(|byte| byte.is_ascii_graphic());
    (is_account && is_printable && !partition.is_empty() && !name.is_empty())
        .then_some(IamArn { account_id, name })
}

/// Reads the ARN of who signed in to the console: a user, the root user, or somebody in a role, who is told by the role.
pub(super) fn signed_in(arn: &str) -> Option<IamArn<'_>> {
    let mut parts = arn.strip_prefix("arn:")?.splitn(5, ':');
    let (_partition, service, _region) = (parts.next()?, parts.next()?, parts.next()?);
    let (account_id, resource) = (parts.next()?, parts.next()?);
    let name = match (service, resource.split_once('/')) {
        ("iam", None) if resource == "root" => resource,
        ("iam", Some(("user", path))) => path.rsplit('/').next()?,
        ("sts", Some(("assumed-role", path))) => path.split('/').next()?,
        _ => return None,
    };
    let is_account = account_id.len() == 12 && account_id.bytes().all(|byte| byte.is_ascii_digit());
    let is_printable = name.bytes().all(|byte| byte.is_ascii_graphic());
    (is_account && is_printable && !name.is_empty()).then_some(IamArn { account_id, name })
}

#[cfg(test)]
mod tests {
    use super::{parse, signed_in};

    #[test]
    fn who_signed_in() {
        for (arn, expect) in [
            (
                "arn:aws:iam::222233334444:user/team/me",
                Some(("222233334444", "me")),
            ),
            (
                "arn:aws:iam::222233334444:root",
                Some(("222233334444", "root")),
            ),
            (
                "arn:aws-cn:sts::222233334444:assumed-role/Admin/me@corp",
                Some(("222233334444", "Admin")),
            ),
            ("arn:aws:iam::222233334444:role/Admin", None),
            ("arn:aws:iam::2222:user/me", None),
            ("arn:aws:iam::222233334444:user/", None),
            ("me", None),
        ] {
            let got = signed_in(arn).map(|arn| (arn.account_id, arn.name));
            assert_eq!(got, expect, "{arn}");
        }
    }

    #[test]
    fn role_arns() {
        let cases = [
            (
                "arn:aws:iam::222233334444:role/Dev",
                Some(("222233334444", "Dev")),
            ),
            (
                "arn:aws-cn:iam::222233334444:role/a/b/Dev",
                Some(("222233334444", "Dev")),
            ),
            ("arn:aws:iam::222233334444:role/", None),
            ("arn:aws:iam::222233334444:role/a/", None),
            ("arn:aws:iam::222233334444:user/Dev", None),
            ("arn:aws:iam::22223333444:role/Dev", None),
            ("arn:aws:sts::222233334444:role/Dev", None),
            ("arn::iam::222233334444:role/Dev", None),
            ("arn:aws:iam::222233334444:role/De v", None),
            ("Dev", None),
        ];
        for (arn, expect) in cases {
            let got = parse(arn, "role").map(|arn| (arn.account_id, arn.name));
            assert_eq!(got, expect, "{arn}");
        }
    }
}
