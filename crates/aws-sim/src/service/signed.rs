//! The signed request: from what is on the wire to the caller behind it.

use super::ApiRequest;
use crate::auth::{self, Refused};
use crate::calls::Call;
use crate::endpoint::Endpoint;
use crate::model::Caller;
use crate::shared::Shared;
use crate::sigv4::{Claim, Signed};

/// The caller who signed the request; the call log learns who it was.
pub(super) fn authenticate(
    shared: &Shared,
    endpoint: &Endpoint,
    request: &ApiRequest,
    call: &mut Call,
) -> Result<Caller, Refused> {
    let parts = &request.parts;
    let claim = Claim::of(&parts.headers, request.query())?;
    let mut world = shared.world();
    if auth::is_known(&world, &claim.access_key_id) {
        call.access_key_id = Some(claim.access_key_id.clone());
    }
    let signed = Signed {
        method: parts.method.as_str(),
        path: parts.uri.path(),
        query: request.query(),
        headers: &parts.headers,
        body: &request.body,
    };
    let now = shared.clock.now();
    let caller = auth::authenticate(&world, endpoint, &claim, signed, now)?;
    auth::note_use(&mut world, &caller, endpoint, now);
    call.principal = Some(caller.arn.clone());
    Ok(caller)
}
