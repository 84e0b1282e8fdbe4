//! Secrets that a test hands out, and a search for every form in which they could show up.

use memchr::memmem;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Memory that is looked at in one go.
#[cfg(target_os = "linux")]
const PIECE: usize = 4 << 20;

/// Longest secret in its longest form.
#[cfg(target_os = "linux")]
const ACROSS: u64 = 64 << 10;

/// How a secret was written where it was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// As it is.
    Raw,
    /// Base64 of a text in which the secret begins at byte 0, 1 or 2 of a group.
    Base64,
    /// Hexadecimal, in lower or upper case.
    Hex,
    /// Percent-encoded, as in URLs.
    Url,
    /// Escaped, as in JSON strings.
    Json,
    /// UTF-16, least significant byte first.
    Utf16,
}

/// A secret where none may be. Names the secret and does not quote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Name of the secret.
    pub secret: String,
    /// Form in which it was found.
    pub encoding: Encoding,
    /// File, or what was said to [`Sentinels::scan`].
    pub place: String,
    /// Byte at which it begins.
    pub offset: usize,
}

impl fmt::Display for Hit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            secret,
            encoding,
            place,
            offset,
        } = self;
        write!(f, "{secret} as {encoding:?} in {place} at byte {offset}")
    }
}

/// Secrets to look for.
#[derive(Clone, Debug, Default)]
pub struct Sentinels {
    needles: Vec<(String, Encoding, Vec<u8>)>,
}

impl Sentinels {
    /// No secrets yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A new secret of 40 characters with the alphabet of AWS's secret access keys, remembered
    /// under a name. It has a `/` and a `+`, so that its escaped forms differ from the plain one.
    ///
    /// # Panics
    /// When the system has no randomness to give.
    pub fn mint(&mut self, name: &str) -> String {
        const ALPHABET: &[u8; 64] =
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut random = [0; 38];
        getrandom::fill(&mut random).expect("the system has randomness to give");
        let digits = random.map(|byte| char::from(ALPHABET[usize::from(byte & 63)]));
        let (head, tail) = digits.split_at(19);
        let secret: String = head.iter().chain(&['/', '+']).chain(tail).collect();
        self.watch(name, secret.as_bytes());
        secret
    }

    /// Remembers a secret that came from elsewhere.
    ///
    /// # Panics
    /// When it is shorter than 8 bytes: it would be found by chance.
    pub fn watch(&mut self, name: &str, secret: &[u8]) {
        assert!(secret.len() >= 8, "{name} is too short to look for");
        let mut needles = vec![(Encoding::Raw, secret.to_vec())];
        for alphabet in [BASE64, BASE64_URL] {
            let aligned = (0..3).map(|before| (Encoding::Base64, base64(secret, before, alphabet)));
            needles.extend(aligned);
        }
        let hex = |upper| {
            secret
                .iter()
                .flat_map(move |byte| hex(*byte, upper))
                .collect()
        };
        needles.extend([false, true].map(|upper| (Encoding::Hex, hex(upper))));
        needles.extend([false, true].map(|upper| (Encoding::Url, url(secret, upper))));
        needles.extend([false, true].map(|slashes| (Encoding::Json, json(secret, slashes))));
        if let Ok(text) = std::str::from_utf8(secret) {
            let utf16 = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            needles.push((Encoding::Utf16, utf16));
        }
        for (encoding, needle) in needles {
            let known = |(_, _, other): &(_, _, Vec<u8>)| *other == needle;
            if !self.needles.iter().any(known) {
                self.needles.push((name.to_owned(), encoding, needle));
            }
        }
    }

    /// Every secret in some bytes; `place` says whose.
    pub fn scan(&self, place: &str, bytes: &[u8]) -> Vec<Hit> {
        let found = self.needles.iter().filter_map(|(name, encoding, needle)| {
            let offset = memmem::find(bytes, needle)?;
            Some(Hit {
                secret: name.clone(),
                encoding: *encoding,
                place: place.to_owned(),
                offset,
            })
        });
        found.collect()
    }

    /// Every secret in the names and contents of the files of a folder, however deep. What is no
    /// file, such as a socket, is looked at by name only.
    ///
    /// # Panics
    /// When something that is still there cannot be read.
    pub fn scan_tree(&self, folder: &Path) -> Vec<Hit> {
        let mut hits = Vec::new();
        let mut folders = vec![folder.to_owned()];
        while let Some(folder) = folders.pop() {
            for path in list(&folder) {
                let place = path.display().to_string();
                hits.extend(self.scan(&format!("the name {place}"), place.as_bytes()));
                let Some(metadata) = unless_gone(&path, fs::symlink_metadata(&path)) else {
                    continue;
                };
                if metadata.is_dir() {
                    folders.push(path);
                } else if metadata.is_file()
                    && let Some(bytes) = unless_gone(&path, fs::read(&path))
                {
                    hits.extend(self.scan(&place, &bytes));
                }
            }
        }
        hits
    }

    /// Every secret in the arguments and the environment of a process (Linux). One that has ended
    /// has none; one whose environment may not be read is looked at by its arguments.
    pub fn scan_process(&self, pid: u32) -> Vec<Hit> {
        let files = ["cmdline", "environ"].map(|name| format!("/proc/{pid}/{name}"));
        let contents = files
            .iter()
            .filter_map(|file| Some((file, fs::read(file).ok()?)));
        contents
            .flat_map(|(file, bytes)| self.scan(file, &bytes))
            .collect()
    }

    /// Every secret in the memory of a process (Linux, as root or as its tracer).
    ///
    /// # Panics
    /// When its memory may not be read.
    #[cfg(target_os = "linux")]
    pub fn scan_memory(&self, pid: u32) -> Vec<Hit> {
        use std::os::unix::fs::FileExt;
        let maps = format!("/proc/{pid}/maps");
        let maps = fs::read_to_string(&maps).unwrap_or_else(|error| panic!("{maps}: {error}"));
        let place = format!("/proc/{pid}/mem");
        let memory = fs::File::open(&place).unwrap_or_else(|error| panic!("{place}: {error}"));
        let pages = format!("/proc/{pid}/pagemap");
        let pages = fs::File::open(&pages).unwrap_or_else(|error| panic!("{pages}: {error}"));
        let mut hits = Vec::new();
        for line in maps.lines() {
            let mut words = line.split_whitespace();
            let (Some(range), Some(rights)) = (words.next(), words.next()) else {
                continue;
            };
            let bounds = range
                .split_once('-')
                .map(|(start, end)| (u64::from_str_radix(start, 16), u64::from_str_radix(end, 16)));
            let Some((Ok(start), Ok(end))) = bounds else {
                continue;
            };
            let special = line.ends_with("[vvar]") || line.ends_with("[vsyscall]");
            if !rights.starts_with("rw") || special {
                continue;
            }
            // In pieces, because JavaScript engines reserve many gigabytes of which they use few pages.
            for at in (start..end).step_by(PIECE) {
                let past = end.min(at + PIECE as u64);
                if !is_used(&pages, at, past) {
                    continue;
                }
                // Together with the end of the piece before, for what lies across.
                let from = start.max(at.saturating_sub(ACROSS));
                let mut bytes = vec![0; usize::try_from(past - from).unwrap_or(0)];
                // A region may go away between the two looks.
                if memory.read_exact_at(&mut bytes, from).is_ok() {
                    hits.extend(self.scan(&format!("{place} ({line})"), &bytes));
                }
            }
        }
        hits
    }
}

fn list(folder: &Path) -> Vec<PathBuf> {
    let entries = unless_gone(folder, fs::read_dir(folder))
        .into_iter()
        .flatten();
    entries.flatten().map(|entry| entry.path()).collect()
}

fn unless_gone<T>(path: &Path, outcome: io::Result<T>) -> Option<T> {
    match outcome {
        Ok(value) => Some(value),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => panic!("{} cannot be read: {error}", path.display()),
    }
}

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE64_URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The digits that depend on the secret alone when `before` bytes precede it in its group of three.
fn base64(secret: &[u8], before: usize, alphabet: &[u8; 64]) -> Vec<u8> {
    let bit = |index: usize| secret[index / 8] >> (7 - index % 8) & 1;
    let skipped = [0, 4, 2][before];
    let digits = (skipped..secret.len() * 8).step_by(6);
    let whole = digits.take_while(|start| start + 6 <= secret.len() * 8);
    let value = |start| (start..start + 6).fold(0, |value, index| value << 1 | bit(index));
    whole
        .map(|start| alphabet[usize::from(value(start))])
        .collect()
}

fn hex(byte: u8, upper: bool) -> [u8; 2] {
    let digits = if upper {
        b"0123456789ABCDEF"
    } else {
        b"0123456789abcdef"
    };
    [
        digits[usize::from(byte >> 4)],
        digits[usize::from(byte & 15)],
    ]
}

fn url(secret: &[u8], upper: bool) -> Vec<u8> {
    let mut text = Vec::new();
    for byte in secret {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => text.push(*byte),
            _ => {
                text.push(b'%');
                text.extend(hex(*byte, upper));
            }
        }
    }
    text
}

fn json(secret: &[u8], slashes: bool) -> Vec<u8> {
    let mut text = Vec::new();
    for byte in secret {
        match byte {
            b'"' | b'\\' => text.extend([b'\\', *byte]),
            b'/' if slashes => text.extend(b"\\/"),
            0..=0x1f => {
                text.extend(b"\\u00");
                text.extend(hex(*byte, false));
            }
            _ => text.push(*byte),
        }
    }
    text
}

/// Whether a process has put anything into this part of its memory, whose pages this file describes.
#[cfg(target_os = "linux")]
fn is_used(pages: &fs::File, start: u64, end: u64) -> bool {
    use std::os::unix::fs::FileExt;
    const ENTRY: u64 = 8;
    let size = page_size();
    let count = (end - start).div_ceil(size);
    let mut entries = vec![0; usize::try_from(count * ENTRY).unwrap_or(0)];
    // The two highest bits of an entry: in memory, or swapped out.
    pages
        .read_exact_at(&mut entries, start / size * ENTRY)
        .is_ok()
        && entries
            .iter()
            .skip(7)
            .step_by(8)
            .any(|byte| byte & 0xc0 != 0)
}

/// Bytes of a page of memory, as the kernel tells every process.
#[cfg(target_os = "linux")]
fn page_size() -> u64 {
    const AT_PAGESZ: usize = 6;
    const WORD: usize = size_of::<usize>();
    let told = fs::read("/proc/self/auxv").expect("the kernel tells");
    let word = |bytes: &[u8]| bytes.try_into().map_or(0, usize::from_ne_bytes);
    let mut pairs = told.chunks_exact(2 * WORD);
    let pair = pairs.find(|pair| word(&pair[..WORD]) == AT_PAGESZ);
    pair.map_or(4096, |pair| word(&pair[WORD..]) as u64)
}

#[cfg(test)]
mod tests {
    use super::{Encoding, Sentinels};
    use std::fs;

    /// `secret/+of"ours` in each form, made with independent programs.
    const FORMS: [(&str, Encoding); 9] = [
        ("secret/+of\"ours", Encoding::Raw),
        ("c2VjcmV0LytvZiJvdXJz", Encoding::Base64),
        ("eHNlY3JldC8rb2Yib3Vycw==", Encoding::Base64),
        ("eHhzZWNyZXQvK29mIm91cnM=", Encoding::Base64),
        ("7365637265742f2b6f66226f757273", Encoding::Hex),
        ("7365637265742F2B6F66226F757273", Encoding::Hex),
        ("secret%2F%2Bof%22ours", Encoding::Url),
        ("secret%2f%2bof%22ours", Encoding::Url),
        ("secret\\/+of\\\"ours", Encoding::Json),
    ];

    fn sentinels() -> Sentinels {
        let mut sentinels = Sentinels::new();
        sentinels.watch("ours", b"secret/+of\"ours");
        sentinels
    }

    #[test]
    fn every_form_is_found() {
        for (form, encoding) in FORMS {
            let hits = sentinels().scan("text", format!("before {form} after").as_bytes());
            assert_eq!(hits.len(), 1, "{form}: {hits:?}");
            assert_eq!(hits[0].encoding, encoding, "{form}");
            assert!(!hits[0].to_string().contains(form));
        }
        let utf16: Vec<u8> = "x secret/+of\"ours"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(
            sentinels().scan("text", &utf16)[0].encoding,
            Encoding::Utf16
        );
        assert_eq!(sentinels().scan("text", b"secret/+of ours c2VjcmV0"), []);
    }

    #[test]
    fn minted_secrets_differ_and_are_found() {
        let mut sentinels = Sentinels::new();
        let (one, two) = (sentinels.mint("one"), sentinels.mint("two"));
        assert_ne!(one, two);
        assert_eq!(one.len(), 40);
        let hits = sentinels.scan("text", format!("{two} {one}").as_bytes());
        assert_eq!(hits.len(), 2, "{hits:?}");
    }

    #[test]
    fn files_and_their_names_are_searched() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("a/b")).unwrap();
        fs::write(
            folder.path().join("a/b/c"),
            "7365637265742f2b6f66226f757273",
        )
        .unwrap();
        fs::write(folder.path().join("secret%2F%2Bof%22ours"), "").unwrap();
        fs::write(folder.path().join("clean"), "nothing").unwrap();
        let mut found: Vec<_> = sentinels().scan_tree(folder.path());
        found.sort_by_key(|hit| hit.place.clone());
        let found: Vec<_> = found.iter().map(|hit| hit.encoding).collect();
        assert_eq!(found, [Encoding::Hex, Encoding::Url]);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn arguments_environment_and_memory_of_a_process_are_searched() {
        let sentinels = sentinels();
        let mut command = crate::clean_command("sleep");
        command.args(["60"]).env("LEAK", "secret/+of\"ours");
        let mut process = crate::Running::start(&mut command);
        crate::wait_until("the program runs", || {
            !sentinels.scan_process(process.id()).is_empty()
        });
        let hits = sentinels.scan_process(process.id());
        assert!(hits[0].place.ends_with("/environ"), "{hits:?}");
        assert!(!sentinels.scan_memory(process.id()).is_empty());
        process.kill();
        assert_eq!(sentinels.scan_process(process.id()), []);
    }
}
