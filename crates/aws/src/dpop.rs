//! Proofs that a caller holds the key which its tokens are bound to (DPoP, RFC 9449).

use crate::failure;
use data_encoding::BASE64URL_NOPAD;
use holdfast_core::failure::{Failure, FailureKind};
use holdfast_core::port::DpopKey;
use holdfast_core::time::Timestamp;
use p256::SecretKey;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use p256::elliptic_curve::Generate;
use p256::elliptic_curve::sec1::ToSec1Point;
use p256::pkcs8::{DecodePrivateKey, LineEnding};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

/// Random bytes that tell one proof from all others.
const NUMBER_BYTES: usize = 16;

/// Makes proofs with one key.
pub(crate) struct Prover {
    key: SigningKey,
    /// The public key as a JWK (RFC 7517).
    public: serde_json::Value,
}

/// A new key on P-256, in the form that the AWS CLI keeps it (SEC 1, RFC 5915).
pub(crate) fn new_key() -> Result<DpopKey, Failure> {
    let key = SecretKey::try_generate().map_err(|_| no_randomness())?;
    let pem = key.to_sec1_pem(LineEnding::LF);
    let pem = pem.map_err(|_| unreadable())?;
    Ok(DpopKey(SecretString::from(pem.as_str())))
}

impl Prover {
    /// Takes a key in either form that there is in caches of the AWS CLI and the SDKs: SEC 1 and PKCS #8.
    pub(crate) fn new(key: &DpopKey) -> Result<Self, Failure> {
        let pem = key.0.expose_secret();
        let key = SecretKey::from_sec1_pem(pem)
            .ok()
            .or_else(|| SecretKey::from_pkcs8_pem(pem).ok())
            .ok_or_else(unreadable)?;
        let point = key.public_key().to_sec1_point(false);
        let coordinate =
            |bytes: Option<&p256::FieldBytes>| bytes.map(|bytes| BASE64URL_NOPAD.encode(bytes));
        let (Some(x), Some(y)) = (coordinate(point.x()), coordinate(point.y())) else {
            return Err(unreadable());
        };
        Ok(Self {
            key: SigningKey::from(&key),
            public: json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y }),
        })
    }

    /// A proof for one `POST` to an address (RFC 9449, section 4.2).
    pub(crate) fn prove(&self, url: &str, now: Timestamp) -> Result<String, Failure> {
        let mut number = [0; NUMBER_BYTES];
        getrandom::fill(&mut number).map_err(|_| no_randomness())?;
        let header = json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": self.public });
        let claims = json!({
            "htm": "POST",
            "htu": url,
            "iat": now.unix_seconds(),
            "jti": BASE64URL_NOPAD.encode(&number),
        });
        let part = |value: &serde_json::Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
        let signed = format!("{}.{}", part(&header), part(&claims));
        let signature: Signature = self.key.sign(signed.as_bytes());
        let signature = BASE64URL_NOPAD.encode(&signature.to_bytes());
        Ok(format!("{signed}.{signature}"))
    }
}

fn no_randomness() -> Failure {
    failure::local(
        FailureKind::SourceUnavailable,
        "the system gives no randomness".to_owned(),
    )
}

fn unreadable() -> Failure {
    failure::local(
        FailureKind::SessionEnded,
        "the key of this console session cannot be read; sign in again".to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use p256::ecdsa::VerifyingKey;
    use p256::ecdsa::signature::Verifier;

    /// Keys of the AWS CLI's own form and of the form in botocore's tests, made for this one.
    const PKCS8: &str = "-----BEGIN PRIVATE KEY-----\n\
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg+PNauWi/ihtwHHbq\n\
        1tgc8Vgpwx0qQlNSN38y+z0igWehRANCAAR2Ntw6BXJ1v8jb9XjzKZJ+gL5f/3Jq\n\
        IqiH2PUGKWxoFwNlcNB83FivEXEzlTbuCQK5OezOYb3gbvHuzKkB0nDX\n\
        -----END PRIVATE KEY-----";

    fn json(part: &str) -> serde_json::Value {
        serde_json::from_slice(&BASE64URL_NOPAD.decode(part.as_bytes()).unwrap()).unwrap()
    }

    #[test]
    fn a_proof_says_what_the_rfc_asks_for_and_is_signed() {
        let key = new_key().unwrap();
        assert!(
            key.0
                .expose_secret()
                .starts_with("-----BEGIN EC PRIVATE KEY-----\n")
        );
        let prover = Prover::new(&key).unwrap();
        let now = Timestamp::from_unix_seconds(1_795_176_000);
        let url = "https://eu-west-1.signin.aws.amazon.com/v1/token";
        let proof = prover.prove(url, now).unwrap();
        let parts: Vec<&str> = proof.split('.').collect();
        let (header, claims) = (json(parts[0]), json(parts[1]));
        assert_eq!(
            (&header["typ"], &header["alg"]),
            (&json!("dpop+jwt"), &json!("ES256"))
        );
        assert_eq!(
            header["jwk"].as_object().unwrap().len(),
            4,
            "the public parts alone"
        );
        assert_eq!(
            (&claims["htm"], &claims["htu"]),
            (&json!("POST"), &json!(url))
        );
        assert_eq!(claims["iat"], 1_795_176_000);
        let signature = BASE64URL_NOPAD.decode(parts[2].as_bytes()).unwrap();
        let signature = Signature::from_slice(&signature).unwrap();
        let signed = format!("{}.{}", parts[0], parts[1]);
        let public = VerifyingKey::from(&prover.key);
        public.verify(signed.as_bytes(), &signature).unwrap();
        assert_ne!(
            proof,
            prover.prove(url, now).unwrap(),
            "each has a number of its own"
        );
    }

    #[test]
    fn keys_are_read_in_both_forms() {
        let prover = Prover::new(&DpopKey(PKCS8.to_owned().into())).unwrap();
        assert_eq!(
            prover.public["x"],
            "djbcOgVydb_I2_V48ymSfoC-X_9yaiKoh9j1BilsaBc"
        );
        for bad in [
            "",
            "-----BEGIN EC PRIVATE KEY-----\nMQ==\n-----END EC PRIVATE KEY-----\n",
        ] {
            let failure = Prover::new(&DpopKey(bad.to_owned().into())).err().unwrap();
            assert_eq!(failure.kind, FailureKind::SessionEnded);
        }
    }
}
