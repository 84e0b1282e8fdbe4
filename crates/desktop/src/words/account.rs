//! Account ids as people read them.

/// `111122223333` as `1111-2222-3333`; anything else as it is.
pub fn grouped(account: &str) -> String {
    let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    if !is_account {
        return account.to_owned();
    }
    format!("{}-{}-{}", &account[..4], &account[4..8], &account[8..])
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
}
