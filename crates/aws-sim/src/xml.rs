//! Just enough XML to answer in AWS's query protocol.

/// A growing XML text.
#[derive(Debug, Default)]
pub(crate) struct Xml(String);

impl Xml {
    /// Adds `<name>text</name>`.
    pub(crate) fn text(&mut self, name: &str, text: impl AsRef<str>) -> &mut Self {
        self.group(name, |inner| inner.escaped(text.as_ref()))
    }

    /// Adds `<name>…</name>` around what `fill` adds. Attributes may stand behind the name.
    pub(crate) fn group(&mut self, name: &str, fill: impl FnOnce(&mut Self)) -> &mut Self {
        let tag = name.split(' ').next().unwrap_or(name);
        self.0.push_str(&format!("<{name}>"));
        fill(self);
        self.0.push_str(&format!("</{tag}>"));
        self
    }

    /// Adds `<name>…</name>` around a text made elsewhere.
    pub(crate) fn raw(&mut self, name: &str, content: Self) -> &mut Self {
        self.group(name, |inner| inner.0.push_str(&content.0))
    }

    /// The text so far.
    pub(crate) fn finish(self) -> String {
        self.0
    }

    fn escaped(&mut self, text: &str) {
        for character in text.chars() {
            match character {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                // XML cannot carry these at all.
                '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' => self.0.push('\u{fffd}'),
                other => self.0.push(other),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Xml;

    #[test]
    fn nests_and_escapes() {
        let mut xml = Xml::default();
        xml.group("a xmlns=\"urn:x\"", |a| {
            a.text("b", "1 < 2 & \"3\"\u{1}");
        });
        assert_eq!(
            xml.finish(),
            "<a xmlns=\"urn:x\"><b>1 &lt; 2 &amp; &quot;3&quot;\u{fffd}</b></a>"
        );
    }
}
