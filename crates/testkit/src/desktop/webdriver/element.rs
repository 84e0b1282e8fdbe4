//! One element of a page.

use super::WebDriver;
use serde_json::{Value, json};

/// An element of a page that is driven.
#[derive(Debug)]
pub struct Element<'page> {
    page: &'page WebDriver,
    id: String,
}

impl<'page> Element<'page> {
    /// The Enter key for [`Element::type_keys`].
    pub const ENTER: &'static str = "\u{e007}";
    /// The Escape key.
    pub const ESCAPE: &'static str = "\u{e00c}";
    /// The Tab key.
    pub const TAB: &'static str = "\u{e004}";
    /// The key that removes what stands before the cursor.
    pub const BACKSPACE: &'static str = "\u{e003}";

    pub(super) fn new(page: &'page WebDriver, id: &str) -> Self {
        let id = id.to_owned();
        Self { page, id }
    }

    /// Clicks into its middle.
    ///
    /// # Panics
    /// When it is not shown, or something is in front of it.
    pub fn click(&self) {
        self.post("click", &json!({}));
    }

    /// Puts the keyboard into it and types; special keys are the constants of this type.
    ///
    /// # Panics
    /// When it takes no keys.
    pub fn type_keys(&self, keys: &str) {
        self.post("value", &json!({ "text": keys }));
    }

    /// Empties a form field.
    ///
    /// # Panics
    /// When it is none.
    pub fn clear(&self) {
        self.post("clear", &json!({}));
    }

    /// Its text as the person reads it.
    pub fn text(&self) -> String {
        self.get_text("text")
    }

    /// What stands in the source; `None` when it has no such attribute.
    pub fn attribute(&self, name: &str) -> Option<String> {
        let value = self.get(&format!("attribute/{name}"));
        value.as_str().map(str::to_owned)
    }

    /// A property of the live element, such as `value` or `checked`.
    pub fn property(&self, name: &str) -> Value {
        self.get(&format!("property/{name}"))
    }

    /// Its name as a screen reader says it.
    pub fn accessible_name(&self) -> String {
        self.get_text("computedlabel")
    }

    /// Its role as a screen reader says it.
    pub fn role(&self) -> String {
        self.get_text("computedrole")
    }

    /// Whether it can be used.
    pub fn is_enabled(&self) -> bool {
        self.get("enabled") == json!(true)
    }

    /// Whether it can be seen.
    pub fn is_shown(&self) -> bool {
        self.get("displayed") == json!(true)
    }

    fn get_text(&self, what: &str) -> String {
        self.get(what).as_str().unwrap_or_default().to_owned()
    }

    fn get(&self, what: &str) -> Value {
        self.page.get(&format!("element/{}/{what}", self.id))
    }

    fn post(&self, what: &str, body: &Value) {
        self.page.post(&format!("element/{}/{what}", self.id), body);
    }
}
