//! The one-time code that may come with a request.

use jiff::Timestamp;

use super::super::query::Parameters;
use super::super::{ApiError, Context};
use super::constraint::{Constraints, DIGITS, SERIAL};
use crate::model::{Identity, World};

/// Checks the form of serial number and code.
pub(super) fn constrain(constraints: &mut Constraints, parameters: &Parameters) {
    constraints.text(parameters, "SerialNumber", (9, 256), SERIAL);
    constraints.text(parameters, "TokenCode", (6, 6), DIGITS);
}

/// The time of the code, when one came with the request and was right.
pub(super) fn verify(
    world: &mut World,
    context: Context<'_>,
    parameters: &Parameters,
) -> Result<Option<Timestamp>, ApiError> {
    let (serial, code) = match (parameters.get("SerialNumber"), parameters.get("TokenCode")) {
        (None, None) => return Ok(None),
        (Some(serial), Some(code)) => (serial, code),
        (Some(_), None) | (None, Some(_)) => {
            return Err(denied(
                "must provide both MFA serial number and one time pass code. ",
            ));
        }
    };
    let device = match &context.caller.identity {
        Identity::User { name } => world
            .user_mut(&context.caller.account, name)
            .and_then(|user| {
                user.mfa_devices
                    .iter_mut()
                    .find(|device| device.serial == serial)
            }),
        Identity::Role { .. } => None,
    };
    let Some(device) = device else {
        return Err(denied(
            "unable to validate MFA code.  Please verify your MFA serial number is valid and associated with \
             this user.",
        ));
    };
    // AWS does not tell a used code from a wrong one.
    device
        .accept(code, context.now)
        .map_err(|_| denied("with invalid MFA one time pass code. "))?;
    Ok(Some(context.now))
}

fn denied(why: &str) -> ApiError {
    let separator = if why.starts_with("with") { " " } else { ", " };
    ApiError::new(
        403,
        "AccessDenied",
        format!("MultiFactorAuthentication failed{separator}{why}"),
    )
}
