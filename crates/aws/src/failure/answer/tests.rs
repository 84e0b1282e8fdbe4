//! Whatever is answered, the failure is printable, bounded and without secrets.

use super::*;
use crate::endpoints::Target;
use holdfast_core::credentials::Credentials;
use holdfast_core::port::MfaCode;
use proptest::prelude::*;

const CODES: [&str; 20] = [
    "AccessDenied",
    "AuthFailure",
    "ExpiredToken",
    "IncompleteSignature",
    "InternalFailure",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "MalformedPolicyDocument",
    "OptInRequired",
    "RegionDisabledException",
    "RequestExpired",
    "RequestInTheFuture",
    "RequestTimeTooSkewed",
    "ServiceUnavailable",
    "SignatureDoesNotMatch",
    "Throttling",
    "UnrecognizedClientException",
    "ValidationError",
    "MissingAuthenticationToken",
    "",
];

proptest! {
    #[test]
    fn explains_anything(
        status in 100_u16..600,
        from_aws: bool,
        code in prop::option::of(prop_oneof![
            prop::sample::select(CODES.as_slice()).prop_map(str::to_owned),
            ".{0,40}",
        ]),
        message in prop::option::of(prop_oneof![
            ".{0,400}",
            "User: .{0,40} is not authorized to perform: .{0,40} on resource: .{0,40}",
            "MultiFactorAuthentication failed.{0,20}",
            ".{0,9}the-secret-key.{0,9}428657.{0,9}the-token.{0,9}",
        ]),
        retry_after in prop::option::of(any::<i64>()),
        behind: i64,
        now: i64,
        signed: bool,
        by_session: bool,
        with_role: bool,
        with_code: bool,
    ) {
        let signer = Credentials {
            access_key_id: "AKIAIOSFODNN7EXAMPLE".to_owned(),
            secret_access_key: "the-secret-key".to_owned().into(),
            session_token: by_session.then(|| "the-token".to_owned().into()),
            expires_at: None,
        };
        let mfa = MfaCode {
            serial: "arn:aws:iam::111122223333:mfa/alice".to_owned(),
            code: "428657".to_owned().into(),
        };
        let target = Target {
            url: "https://sts.eu-west-1.amazonaws.com".to_owned(),
            host: "sts.eu-west-1.amazonaws.com".to_owned(),
            region: "eu-west-1".to_owned(),
        };
        let sent = [&signer.secret_access_key];
        let caller = if signed { Caller::Signer(&signer) } else { Caller::Bearer(&sent) };
        let call = Call {
            role_arn: with_role.then_some("arn:aws:iam::222233334444:role/R"),
            mfa: with_code.then_some(&mfa),
            ..Call::new("STS", "AssumeRole", &target, caller)
        };
        let answer = Answer {
            status,
            from_aws,
            code: code.as_deref(),
            message: message.as_deref(),
            retry_after,
        };
        let failure = refused(&call, &answer, Timestamp::from_unix_seconds(now), behind);
        prop_assert!(!failure.message.is_empty());
        prop_assert!(failure.message.chars().count() < 1_000);
        prop_assert!(failure.message.chars().all(|c| c == '…' || (c.is_ascii() && !c.is_control())));
        prop_assert!(!failure.message.contains("the-secret-key"));
        prop_assert!(!(with_code && failure.message.contains("428657")));
        prop_assert!(!(signed && by_session && failure.message.contains("the-token")));
        prop_assert_eq!(failure.answered, from_aws || (signed && code.is_some()));
    }
}
