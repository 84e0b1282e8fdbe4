//! MFA devices.

use super::super::query::Parameters;
use super::super::{ApiError, Context, iso_time};
use super::{authorize, authorized_user, page};
use crate::arn;
use crate::model::{MfaDevice, User, World};
use crate::xml::Xml;

pub(super) fn list(
    world: &World,
    context: Context<'_>,
    parameters: &Parameters,
) -> Result<Xml, ApiError> {
    let user = authorized_user(world, context, parameters)?;
    let mut xml = Xml::default();
    page(
        &mut xml,
        parameters,
        "MFADevices",
        &user.mfa_devices,
        |member, device| {
            member
                .text("UserName", &user.name)
                .text("SerialNumber", &device.serial)
                .text("EnableDate", iso_time(device.enabled));
        },
    )?;
    Ok(xml)
}

pub(super) fn list_virtual(
    world: &World,
    context: Context<'_>,
    parameters: &Parameters,
) -> Result<Xml, ApiError> {
    let caller = context.caller;
    let all = arn::iam(caller.partition, &caller.account, "mfa/");
    authorize(world, context, parameters, &all)?;
    let devices: Vec<(&User, &MfaDevice)> = world
        .accounts
        .get(&caller.account)
        .into_iter()
        .flat_map(|account| account.users.values())
        .flat_map(|user| user.mfa_devices.iter().map(move |device| (user, device)))
        .collect();
    let mut xml = Xml::default();
    page(
        &mut xml,
        parameters,
        "VirtualMFADevices",
        &devices,
        |member, (user, device)| {
            member
                .text("SerialNumber", &device.serial)
                .text("EnableDate", iso_time(device.enabled))
                .group("User", |inner| {
                    inner
                        .text("Path", "/")
                        .text("UserName", &user.name)
                        .text("UserId", &user.id)
                        .text("Arn", &user.arn)
                        .text("CreateDate", iso_time(user.created));
                });
        },
    )?;
    Ok(xml)
}
