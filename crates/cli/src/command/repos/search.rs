//! Searching lists of repositories.

use holdfast_agent_proto::view::RepositoryView;

/// Words that have to be there, however they are written.
pub(super) struct Words(Vec<String>);

impl Words {
    /// The words of a text.
    pub(super) fn new(text: &str) -> Self {
        let lower = text.to_lowercase();
        Self(lower.split_whitespace().map(str::to_owned).collect())
    }

    /// Whether name and description hold them all.
    pub(super) fn are_in(&self, repository: &RepositoryView) -> bool {
        if self.0.is_empty() {
            return true;
        }
        let description = repository.description.as_deref().unwrap_or_default();
        let text = format!("{}\n{description}", repository.name).to_lowercase();
        self.0.iter().all(|word| text.contains(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_in_the_name_or_in_the_description() {
        let repository = RepositoryView {
            name: "Billing-API".to_owned(),
            description: Some("Invoices of Ürümqi".to_owned()),
            ..RepositoryView::default()
        };
        for (text, expect) in [
            ("", true),
            (" ", true),
            ("billing", true),
            ("API invoices", true),
            ("ürümqi", true),
            ("api web", false),
        ] {
            assert_eq!(Words::new(text).are_in(&repository), expect, "{text:?}");
        }
    }
}
