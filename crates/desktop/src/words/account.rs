//! Account ids as people read them.

/// `111122223333` as `1111-2222-3333`; anything else as it is.
pub fn grouped(account: &str) -> String {
    let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    if !is_account {
        return account.to_owned();
    }
    format!("{}-{}-{}", &account[..4], &account[4..8], &account[8..])
}

/// The same for every account id in a text.
pub fn group_accounts(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    for part in text.split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
        let id = part.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        words.push_str(&grouped(id));
        words.push_str(&part[id.len()..]);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn account_ids_are_grouped_and_nothing_else_is() {
        for (account, expect) in [
            ("111122223333", "1111-2222-3333"),
            ("11112222333", "11112222333"),
            ("11112222333x", "11112222333x"),
            ("１１１１", "１１１１"),
            ("", ""),
        ] {
            assert_eq!(grouped(account), expect);
        }
    }

    #[test]
    fn accounts_are_grouped_wherever_they_stand() {
        for (text, expect) in [
            ("Analyst in 111122223333", "Analyst in 1111-2222-3333"),
            ("111122223333, then 4", "1111-2222-3333, then 4"),
            ("key of dev111122223333", "key of dev111122223333"),
            ("→ 111122223333 →", "→ 1111-2222-3333 →"),
        ] {
            assert_eq!(group_accounts(text), expect);
        }
    }
}
