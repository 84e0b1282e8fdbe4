//! `GetSessionToken`: temporary credentials for a user, usually with a one-time code.

use super::super::query::Parameters;
use super::super::{ApiError, Context};
use super::constraint::Constraints;
use super::{credentials, mfa};
use crate::model::{Identity, Lifespan, Owner, Session, World};
use crate::xml::Xml;

pub(super) fn get(
    world: &mut World,
    context: Context<'_>,
    parameters: &Parameters,
) -> Result<Xml, ApiError> {
    let caller = context.caller;
    let (Identity::User { name }, Lifespan::LongLived) = (&caller.identity, &caller.lifespan)
    else {
        return Err(ApiError::new(
            403,
            "AccessDenied",
            "Cannot call GetSessionToken with session credentials",
        ));
    };
    let mut constraints = Constraints::default();
    mfa::constrain(&mut constraints, parameters);
    let seconds = constraints.seconds(parameters, (900, 129_600), 43_200);
    constraints.check()?;
    let mfa_at = mfa::verify(world, context, parameters)?;

    let owner = Owner::User { name: name.clone() };
    let session = Session::new(&caller.account, owner, seconds, mfa_at, context.now);
    let mut xml = Xml::default();
    credentials(&mut xml, &session);
    world.open_session(session, context.now);
    Ok(xml)
}
