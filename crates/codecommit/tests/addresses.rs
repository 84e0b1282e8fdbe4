//! Paths, URLs and names of repositories.

use holdfast_codecommit::{
    AddressError, GitHost, NameFault, Region, RepositoryAddress, RepositoryName, codecommit_url,
};

const HOST: &str = "git-codecommit.eu-west-1.amazonaws.com";

#[test]
fn paths_of_repositories_are_read() {
    let longest = "n".repeat(100);
    let with_suffix = format!("{}.git", "n".repeat(96));
    let cases = [
        ("v1/repos/myRepository", "myRepository"),
        ("v1/repos/My.Repo_1-x", "My.Repo_1-x"),
        ("v1/repos/a", "a"),
        ("v1/repos/...", "..."),
        ("v1/repos/-x", "-x"),
        ("v1/repos/myRepository.git", "myRepository"),
        ("v1/repos/myRepository/info/lfs", "myRepository"),
        ("v1/repos/myRepository.git/info/lfs", "myRepository"),
        (
            "v1/repos/myRepository/info/lfs/objects/batch",
            "myRepository",
        ),
        (
            "v1/repos/myRepository.git/info/lfs/locks/verify",
            "myRepository",
        ),
        (&format!("v1/repos/{longest}"), &longest),
        (&format!("v1/repos/{with_suffix}"), &longest[..96]),
    ];
    for (path, repository) in cases {
        let address = RepositoryAddress::from_git(HOST, path)
            .unwrap_or_else(|error| panic!("{path}: {error}"));
        assert_eq!(address.repository().as_str(), repository, "{path}");
        assert_eq!(address.path(), path);
        assert_eq!(
            address.https_url(),
            format!("https://{HOST}/v1/repos/{repository}")
        );
    }
}

#[test]
fn other_paths_are_refused() {
    let cases = [
        "",
        "/",
        "v1",
        "v1/repos",
        "v1/repos/",
        "/v1/repos/myRepository",
        "//v1/repos/myRepository",
        "v1/repos//myRepository",
        "v1/repos/myRepository/",
        "v1//repos/myRepository",
        "v1/repos/.",
        "v1/repos/..",
        "v1/repos/.git",
        "v1/repos/..git",
        "v1/repos/x.git.git",
        "v1/repos/../myRepository",
        "v2/repos/myRepository",
        "V1/repos/myRepository",
        "v1/Repos/myRepository",
        "v1/repos/my repository",
        "v1/repos/my%20repository",
        "v1/repos/my+repository",
        "v1/repos/my~repository",
        "v1/repos/my\\repository",
        "v1/repos/myRepository?x",
        "v1/repos/myRepository#x",
        "v1/repos/myRepository\n",
        "v1/repos/myRepository\r",
        "v1/repos/my\0Repository",
        "v1/repos/r\u{e9}pository",
        "v1/repos/myRepository/info",
        "v1/repos/myRepository/info/refs",
        "v1/repos/myRepository/info/lfsx",
        "v1/repos/myRepository/info/lfs/",
        "v1/repos/myRepository/info/lfs//objects",
        "v1/repos/myRepository/info/lfs/..",
        "v1/repos/myRepository/info/lfs/../../other",
        "v1/repos/myRepository/info/lfs/a b",
        "v1/repos/myRepository/info/lfs/1/2/3/4/5/6/7/8/9",
        "v1/repos/myRepository/git-upload-pack",
        "v1/repos//info/lfs",
        "v1/repos/../info/lfs",
        "x/v1/repos/myRepository",
        &format!("v1/repos/{}", "n".repeat(101)),
        &format!("v1/repos/r/info/lfs/{}", "n".repeat(101)),
    ];
    for path in cases {
        let result = RepositoryAddress::from_git(HOST, path);
        assert_eq!(result, Err(AddressError::Path), "{path:?}");
    }
}

#[test]
fn urls_are_read() {
    let url = format!("https://{HOST}/v1/repos/myRepository");
    for text in [
        url.clone(),
        format!("{url}/"),
        format!("{url}.git"),
        format!("HTTPS://{HOST}:443/v1/repos/myRepository"),
        format!("https://{}/v1/repos/myRepository", HOST.to_uppercase()),
    ] {
        let address = RepositoryAddress::from_url(&text).unwrap();
        assert_eq!(address.https_url(), url, "{text}");
    }
    let region = Region::parse("eu-west-1").unwrap();
    let name = RepositoryName::parse("myRepository").unwrap();
    let address = RepositoryAddress::new(GitHost::public(region), name);
    assert_eq!(RepositoryAddress::from_url(&url), Ok(address));
}

#[test]
fn other_urls_are_refused_for_a_reason() {
    let cases = [
        ("", AddressError::Scheme),
        ("https:/", AddressError::Scheme),
        ("http://HOST/v1/repos/r", AddressError::Scheme),
        ("ssh://HOST/v1/repos/r", AddressError::Scheme),
        ("codecommit://r", AddressError::Scheme),
        ("\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}", AddressError::Scheme),
        ("https://user@HOST/v1/repos/r", AddressError::UserInfo),
        ("https://user:x@HOST/v1/repos/r", AddressError::UserInfo),
        (
            "https://HOST@evil.example/v1/repos/r",
            AddressError::UserInfo,
        ),
        ("https://HOST:8443/v1/repos/r", AddressError::Port),
        ("https://evil.example/HOST/v1/repos/r", AddressError::Host),
        ("https:///v1/repos/r", AddressError::Host),
        ("https://HOST", AddressError::Path),
        ("https://HOST/", AddressError::Path),
        ("https://HOST/v1/repos/r//", AddressError::Path),
        ("https://HOST/v1/repos/r?x=y", AddressError::Path),
    ];
    for (url, reason) in cases {
        let url = url.replace("HOST", HOST);
        let result = RepositoryAddress::from_url(&url);
        assert_eq!(result, Err(reason), "{url}");
        let printed = reason.to_string();
        assert!(
            !printed.contains("evil") && !printed.contains("user@"),
            "{printed}"
        );
    }
}

#[test]
fn case_tells_repositories_apart_but_not_hosts() {
    let parse = |host: &str, path| RepositoryAddress::from_git(host, path).unwrap();
    let address = parse(HOST, "v1/repos/r");
    assert_eq!(address, parse(&HOST.to_uppercase(), "v1/repos/r"));
    assert_ne!(address, parse(HOST, "v1/repos/R"));
}

#[test]
fn codecommit_urls_encode_the_profile() {
    let region = Region::parse("eu-west-1").unwrap();
    let repository = RepositoryName::parse("my.Repo_1-x").unwrap();
    let cases = [
        (Some("dev"), "dev@"),
        (Some("a-b._~1"), "a-b._~1@"),
        (Some("me@work"), "me%40work@"),
        (Some("a b/c:d%e"), "a%20b%2Fc%3Ad%25e@"),
        (Some("d\u{e9}v"), "d%C3%A9v@"),
        (Some("$(x)`'\"\n"), "%24%28x%29%60%27%22%0A@"),
        (None, ""),
    ];
    for (profile, user) in cases {
        assert_eq!(
            codecommit_url(Some(&region), profile, &repository),
            format!("codecommit::eu-west-1://{user}my.Repo_1-x")
        );
        assert_eq!(
            codecommit_url(None, profile, &repository),
            format!("codecommit://{user}my.Repo_1-x")
        );
    }
}

#[test]
fn whoever_chooses_a_name_is_told_what_is_wrong_with_it() {
    let cases = [
        (String::new(), NameFault::Empty),
        (".".to_owned(), NameFault::Dots),
        ("..".to_owned(), NameFault::Dots),
        ("my repository".to_owned(), NameFault::Space),
        ("a\tb".to_owned(), NameFault::Space),
        ("a/../b".to_owned(), NameFault::Character),
        ("ümlaut".to_owned(), NameFault::Character),
        ("<img src=x>".to_owned(), NameFault::Space),
        ("a\u{202e}b".to_owned(), NameFault::Character),
        ("x".repeat(101), NameFault::TooLong(101)),
        ("web.git".to_owned(), NameFault::DotGit),
    ];
    for (name, fault) in cases {
        assert_eq!(RepositoryName::chosen(&name), Err(fault), "{name:?}");
        assert!(RepositoryName::parse(&name).is_err(), "{name:?}");
        assert!(name.len() < 3 || !fault.to_string().contains(&name));
    }
    for name in ["a", "-", "...", ".git-x", &"x".repeat(100)] {
        let chosen = RepositoryName::chosen(name);
        assert_eq!(chosen.as_ref().map(RepositoryName::as_str), Ok(name));
        assert!(RepositoryName::parse(name).is_ok());
    }
}
