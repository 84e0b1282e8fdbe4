//! A JSON object's members as they stand in a text, so that what is not understood survives a change.

use secrecy::{ExposeSecret as _, SecretString};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;
use std::ops::Range;
use zeroize::Zeroizing;

/// The members of an object, in their order. Of two with one name the last counts, as with Python's `json`.
pub(crate) struct Members<'t>(Vec<(String, &'t RawValue)>);

impl<'t> Members<'t> {
    /// Reads an object and nothing behind it.
    pub(crate) fn parse(text: &'t str) -> serde_json::Result<Self> {
        serde_json::from_str(text)
    }

    /// A value as it is written; nothing when it is absent or `null`.
    pub(crate) fn raw(&self, name: &str) -> Option<&'t str> {
        let mut last_first = self.0.iter().rev();
        let (_, value) = last_first.find(|(present, _)| present == name)?;
        Some(value.get()).filter(|text| *text != "null")
    }
}

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        input.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}

/// The text of a string; nothing when the value is another, or empty.
pub(crate) fn text(raw: &str) -> Option<String> {
    let text: String = serde_json::from_str(raw).ok()?;
    Some(text).filter(|text| !text.is_empty())
}

/// A value is the string that holds this secret, as it is written here.
pub(crate) fn is_secret(raw: &str, secret: &SecretString) -> bool {
    *raw == **quoted(secret.expose_secret())
}

/// A text that other values are put into.
pub(crate) struct Replacing<'t> {
    text: &'t str,
    /// What is replaced, and what by.
    parts: Vec<(Range<usize>, Zeroizing<String>)>,
}

impl<'t> Replacing<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Self {
            text,
            parts: Vec::new(),
        }
    }

    /// Puts a string in the place of a value, given as the slice of the text that it is.
    pub(crate) fn put(&mut self, raw: &str, new: &str) {
        let start = raw.as_ptr().addr().wrapping_sub(self.text.as_ptr().addr());
        self.parts
            .push((start..start.saturating_add(raw.len()), quoted(new)));
    }

    /// Puts a secret in the place of a value.
    pub(crate) fn put_secret(&mut self, raw: &str, new: &SecretString) {
        self.put(raw, new.expose_secret());
    }

    /// The text with everything that was put into it.
    pub(crate) fn finish(mut self) -> Zeroizing<String> {
        self.parts.sort_by_key(|(range, _)| range.start);
        let added: usize = self.parts.iter().map(|(_, new)| new.len()).sum();
        let mut text = Zeroizing::new(String::with_capacity(self.text.len() + added));
        let mut from = 0;
        for (range, new) in &self.parts {
            text.push_str(self.text.get(from..range.start).unwrap_or_default());
            text.push_str(new);
            from = range.end;
        }
        text.push_str(self.text.get(from..).unwrap_or_default());
        text
    }
}

/// An object in the form of Python's `json.dumps`, in which the AWS CLI and botocore write theirs.
pub(crate) struct Object(Zeroizing<String>);

impl Object {
    /// An object without members. Room is made at once, because growing leaves secrets behind.
    pub(crate) fn new() -> Self {
        let mut text = String::with_capacity(32 * 1024);
        text.push('{');
        Self(Zeroizing::new(text))
    }

    /// Adds a string.
    pub(crate) fn text(mut self, name: &str, value: &str) -> Self {
        self.begin(name);
        self.0.push_str(&quoted(value));
        self
    }

    /// Adds a secret string.
    pub(crate) fn secret(self, name: &str, value: &SecretString) -> Self {
        self.text(name, value.expose_secret())
    }

    /// Adds an object.
    pub(crate) fn object(mut self, name: &str, value: Object) -> Self {
        self.begin(name);
        self.0.push_str(&value.finish());
        self
    }

    /// Adds what an option holds.
    pub(crate) fn maybe<T>(self, value: Option<T>, add: impl FnOnce(Self, T) -> Self) -> Self {
        match value {
            Some(value) => add(self, value),
            None => self,
        }
    }

    /// The text.
    pub(crate) fn finish(mut self) -> Zeroizing<String> {
        self.0.push('}');
        self.0
    }

    fn begin(&mut self, name: &str) {
        if self.0.len() > 1 {
            self.0.push_str(", ");
        }
        self.0.push_str(&quoted(name));
        self.0.push_str(": ");
    }
}

/// A string as JSON has it.
fn quoted(text: &str) -> Zeroizing<String> {
    Zeroizing::new(serde_json::Value::from(text).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_member_counts_and_null_is_none() {
        let members = Members::parse(r#" {"a": 1, "b": null, "a" : {"x":[2]} } "#).unwrap();
        assert_eq!(members.raw("a"), Some(r#"{"x":[2]}"#));
        assert_eq!(members.raw("b"), None);
        assert_eq!(members.raw("c"), None);
    }

    #[test]
    fn only_the_values_that_are_put_change() {
        let text = "{ \"a\" : \"1\",\n\t\"é\": [\"a\"], \"b\":\"2\" }\n";
        let members = Members::parse(text).unwrap();
        let mut replacing = Replacing::new(text);
        for (name, new) in [("b", "two\n"), ("a", "\"")] {
            replacing.put(members.raw(name).unwrap(), new);
        }
        let expect = "{ \"a\" : \"\\\"\",\n\t\"é\": [\"a\"], \"b\":\"two\\n\" }\n";
        assert_eq!(replacing.finish().as_str(), expect);
        assert_eq!(Replacing::new(text).finish().as_str(), text);
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for text in ["", " ", "{", "{\"a\"", "[]", "{} {}", "null", "\"a\""] {
            assert!(Members::parse(text).is_err(), "{text}");
        }
    }
}
