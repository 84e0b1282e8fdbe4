//! `ListAccounts` and `ListAccountRoles`, page by page.

use serde_json::{Value, json};

use super::{ApiError, Parameters, Person, invalid_request, no_access};
use crate::model::World;
use crate::model::identity_center::Portal;

/// The most that one page holds.
const LARGEST_PAGE: usize = 100;

pub(super) fn accounts(
    world: &World,
    person: &Person,
    parameters: &Parameters,
) -> Result<Value, ApiError> {
    let portal = portal(world, person)?;
    let all: Vec<&str> = portal.accounts_of(&person.user).collect();
    let (page, next) = page(&all, parameters)?;
    let list: Vec<Value> = page
        .iter()
        .map(|account| {
            json!({
                "accountId": account,
                "accountName": portal.account_name(account),
                "emailAddress": format!("aws+{account}@example.com"),
            })
        })
        .collect();
    Ok(json!({ "accountList": list, "nextToken": next }))
}

pub(super) fn roles(
    world: &World,
    person: &Person,
    parameters: &Parameters,
) -> Result<Value, ApiError> {
    let portal = portal(world, person)?;
    let account = parameters
        .get("account_id")
        .ok_or_else(|| invalid_request("Account ID is missing"))?;
    let all: Vec<&str> = portal.permission_sets_of(&person.user, account).collect();
    if all.is_empty() {
        return Err(no_access());
    }
    let (page, next) = page(&all, parameters)?;
    let list: Vec<Value> = page
        .iter()
        .map(|set| json!({ "roleName": set, "accountId": account }))
        .collect();
    Ok(json!({ "roleList": list, "nextToken": next }))
}

fn portal<'w>(world: &'w World, person: &Person) -> Result<&'w Portal, ApiError> {
    world
        .identity_center
        .portal(&person.start_url)
        .ok_or_else(no_access)
}

/// The names of the page that is asked for, and the token of the one behind it.
fn page<'l, 'n>(
    all: &'l [&'n str],
    parameters: &Parameters,
) -> Result<(&'l [&'n str], Option<String>), ApiError> {
    let size = match parameters.get("max_result") {
        None => LARGEST_PAGE,
        Some(text) => text
            .parse()
            .ok()
            .filter(|size| (1..=LARGEST_PAGE).contains(size))
            .ok_or_else(|| {
                invalid_request("ResultSize parameter must be within the valid limits of: 1-100")
            })?,
    };
    // Tokens name the first entry of their page, so that a page stays right when entries before it go away.
    let begin = match parameters.get("next_token") {
        None => 0,
        Some(token) => data_encoding::BASE64URL_NOPAD
            .decode(token.as_bytes())
            .ok()
            .and_then(|name| String::from_utf8(name).ok())
            .map(|name| all.partition_point(|known| **known < *name))
            .ok_or_else(|| invalid_request("Invalid next token provided"))?,
    };
    let end = (begin + size).min(all.len());
    let next = all
        .get(end)
        .map(|name| data_encoding::BASE64URL_NOPAD.encode(name.as_bytes()));
    Ok((&all[begin..end], next))
}
