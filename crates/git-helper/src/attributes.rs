//! The description of a credential: lines of `key=value` as in git's credential protocol.

/// What the helper needs to know of a description. Borrows from the input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attributes<'a> {
    /// `https` and the like.
    pub protocol: Option<&'a str>,
    /// Host as typed, with a port where one was typed.
    pub host: Option<&'a str>,
    /// Path without a leading slash; git sends it only with `credential.useHttpPath`.
    pub path: Option<&'a str>,
    /// git knows `ephemeral` (2.46 and later).
    pub announces_authtype: bool,
}

/// Reads a description, or `None` when it is not what git writes.
///
/// Stricter than git on purpose, whose own guard can be switched off (`credential.protectProtocol`): a control
/// character anywhere refuses the whole, and so does a protocol, host or path given twice. Those are the ways in
/// which a hostile URL makes a helper answer for another host than git talks to.
pub fn parse(input: &[u8]) -> Option<Attributes<'_>> {
    let mut attributes = Attributes::default();
    for line in input.split(|&byte| byte == b'\n') {
        if line.is_empty() {
            break;
        }
        if line.iter().any(u8::is_ascii_control) {
            return None;
        }
        let at = line.iter().position(|&byte| byte == b'=')?;
        let (key, value) = (&line[..at], &line[at + 1..]);
        match key {
            b"protocol" => set(&mut attributes.protocol, value)?,
            b"host" => set(&mut attributes.host, value)?,
            b"path" => set(&mut attributes.path, value)?,
            b"capability[]" => attributes.announces_authtype |= value == b"authtype",
            // git takes a URL apart before it asks a helper; here it could only contradict the parts.
            b"url" | b"" => return None,
            _ => {}
        }
    }
    Some(attributes)
}

/// Sets what is not set yet.
fn set<'a>(attribute: &mut Option<&'a str>, value: &'a [u8]) -> Option<()> {
    if attribute.is_some() {
        return None;
    }
    *attribute = Some(std::str::from_utf8(value).ok()?);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_are_read() {
        let whole = Attributes {
            protocol: Some("https"),
            host: Some("h"),
            path: Some("p=q"),
            announces_authtype: true,
        };
        let cases: [(&[u8], Attributes<'_>); 7] = [
            (b"", Attributes::default()),
            (b"\nhost=h", Attributes::default()),
            (b"capability[]=authtype\ncapability[]=state\nprotocol=https\nhost=h\npath=p=q\nwwwauth[]=Basic\n", whole),
            (b"capability[]=authtype\nprotocol=https\nhost=h\npath=p=q\nusername=u\n\nhost=other\n", whole),
            (b"host=h", Attributes { host: Some("h"), ..Attributes::default() }),
            (b"host=\npath=", Attributes { host: Some(""), path: Some(""), ..Attributes::default() }),
            (b"capability[]=state\nx=\xff\n", Attributes::default()),
        ];
        for (input, expect) in cases {
            assert_eq!(parse(input), Some(expect), "{}", input.escape_ascii());
        }
    }

    #[test]
    fn what_git_does_not_write_is_refused() {
        let cases: [&[u8]; 17] = [
            b"host",
            b"=host",
            b"host=h\nhost",
            b"host=h\nhost=h",
            b"host=a\nhost=b",
            b"protocol=https\nprotocol=http",
            b"path=a\npath=",
            b"url=https://h/p",
            b"host=h\r\n",
            b"\r\n",
            b"host=h\rhost=evil",
            b"host=h\0",
            b"host=h\x7f",
            b"host=h\nusername=a\tb",
            b"host=h\nx=\x1b[2J",
            b"host=\xff",
            b"path=\xc3\x28",
        ];
        for input in cases {
            assert_eq!(parse(input), None, "{}", input.escape_ascii());
        }
    }
}
