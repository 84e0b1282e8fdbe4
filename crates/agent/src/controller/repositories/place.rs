//! Where repositories are: the Region that is meant, and the host that git reaches them at.

use holdfast_agent_proto::view::RepositoryView;
use holdfast_agent_proto::{AgentError, ErrorCode};
use holdfast_codecommit::{GitHost, Region};
use holdfast_core::chain::Chain;
use holdfast_core::repository::Repository;

/// The Region that is asked for, else the profile's, else the caller's.
pub(super) fn region_of(
    chain: &Chain,
    asked: Option<&str>,
    callers: Option<&str>,
) -> Result<Region, AgentError> {
    let profile = &chain.profile;
    let name = asked.or(chain.region.as_deref()).or(callers);
    let name = name.ok_or_else(|| {
        let message = format!("profile {profile} has no region to look for repositories in");
        AgentError::new(ErrorCode::Misconfigured, message)
            .hint("set region in the profile, or name one")
    })?;
    Region::parse(name).map_err(|_| {
        let whose = if asked.is_some() {
            "the region that was asked for".to_owned()
        } else {
            format!("the region of profile {profile}")
        };
        let message = format!("{whose} is not a name that AWS gives");
        AgentError::new(ErrorCode::Misconfigured, message).hint("write it like eu-west-1")
    })
}

/// The host that git reaches a profile's repositories at.
pub(super) fn host(chain: &Chain, region: &Region) -> GitHost {
    let fips = chain.endpoint.get("use_fips_endpoint");
    if fips.is_some_and(|value| value.eq_ignore_ascii_case("true")) {
        GitHost::public_fips(region.clone())
    } else {
        GitHost::public(region.clone())
    }
}

/// A repository as clients show it.
pub(super) fn view(repository: Repository, chain: &Chain, region: &Region) -> RepositoryView {
    let account = repository.account_id;
    let account = account.or_else(|| chain.account_id().map(str::to_owned));
    RepositoryView {
        name: repository.name,
        description: repository.description,
        default_branch: repository.default_branch,
        last_modified: repository.last_modified.map(|at| at.unix_seconds()),
        region: region.as_str().to_owned(),
        account_id: account.unwrap_or_default(),
        host: host(chain, region).to_string(),
    }
}
