//! The user's AWS files as last read, and the chains that their profiles resolve to.

mod watch;

use holdfast_agent_proto::CallerContext;
use holdfast_aws_files::sso::normalized_start_url;
use holdfast_aws_files::{Document, FileKind, Location, ProfileSet, Section};
use holdfast_core::chain::{Chain, ResolveError, SessionKey, Source, fingerprint, resolve_all};
use holdfast_core::credentials::Credentials;
use holdfast_core::sso::Portal;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;
use watch::Watch;

/// Ticks after which files that nobody asked for are forgotten: they may hold keys in plain text, and
/// ten thousand profiles take some room.
const UNUSED_TICKS: u64 = 20;

/// Sets of files that are kept read at the same time; callers with other files push the oldest out.
const MAX_SETS: usize = 8;

/// Profiles that have an access key in the keychain, with its id.
pub(crate) type KeychainIndex = BTreeMap<String, String>;

/// Files that were read, by the paths that callers name.
#[derive(Default)]
pub(crate) struct ProfileFiles {
    watch: Watch,
    sets: HashMap<Paths, Cached>,
    /// Files that were read once and are not kept any more; the last of them at the end.
    forgotten: Vec<Paths>,
    reads: u64,
    ticks: u64,
}

struct Cached {
    stamps: [Stamp; 2],
    profiles: Arc<ProfileSet>,
    chains: HashMap<String, Result<Arc<Chain>, ResolveError>>,
    read: u64,
    /// The tick in which somebody asked for it last.
    used: u64,
}

/// A config and a credentials file.
type Paths = (PathBuf, PathBuf);

/// What tells an edited file from the one that was read; `None` when there is no file.
type Stamp = Option<(SystemTime, u64, u64)>;

impl ProfileFiles {
    /// What the caller's files say now.
    ///
    /// # Errors
    /// The file that is there but cannot be read.
    pub(crate) fn profiles(
        &mut self,
        context: &CallerContext,
    ) -> Result<Arc<ProfileSet>, ReadError> {
        Ok(Arc::clone(&self.cached(context)?.profiles))
    }

    /// The chain of a profile; resolved once per change of files or keys.
    ///
    /// # Errors
    /// The file that cannot be read, or why the profile cannot be used.
    pub(crate) fn chain(
        &mut self,
        context: &CallerContext,
        profile: &str,
        keys: &KeychainIndex,
    ) -> Result<Result<Arc<Chain>, ResolveError>, ReadError> {
        let cached = self.cached(context)?;
        if let Some(chain) = cached.chains.get(profile) {
            return Ok(chain.clone());
        }
        let chain = holdfast_core::chain::resolve(profile, &cached.profiles, keys).map(Arc::new);
        cached.chains.insert(profile.to_owned(), chain.clone());
        Ok(chain)
    }

    /// Profiles of a Region that this caller has credentials for, without those that are only the source of
    /// another such profile.
    ///
    /// # Errors
    /// The file that cannot be read.
    pub(crate) fn profiles_in(
        &mut self,
        context: &CallerContext,
        region: &str,
        keys: &KeychainIndex,
    ) -> Result<Vec<String>, ReadError> {
        let profiles = Arc::clone(&self.cached(context)?.profiles);
        let chains: Vec<Chain> = resolve_all(&profiles, keys)
            .filter_map(|(_, resolved)| resolved.ok())
            .filter(|chain| {
                context.environment_key.is_some()
                    || !matches!(chain.source, Source::Environment { .. })
            })
            .filter(|chain| chain.region.as_deref() == Some(region))
            .collect();
        let is_source = |name: &str| {
            profiles.profiles().any(|section| {
                section.name() != name
                    && section.get("role_arn").is_some()
                    && section.get("source_profile") == Some(name)
                    && chains.iter().any(|chain| chain.profile == section.name())
            })
        };
        let candidates: Vec<String> = chains
            .iter()
            .map(|chain| &chain.profile)
            .filter(|name| !is_source(name))
            .cloned()
            .collect();
        Ok(candidates)
    }

    /// Profiles whose chain passes through a session, sorted; from the files as last read.
    pub(crate) fn through(
        &self,
        context: &CallerContext,
        key: &SessionKey,
        keys: &KeychainIndex,
    ) -> Vec<String> {
        let paths = (
            context.config_file.clone(),
            context.credentials_file.clone(),
        );
        let Some(cached) = self.sets.get(&paths) else {
            return Vec::new();
        };
        let mut names: Vec<String> = resolve_all(&cached.profiles, keys)
            .filter(|(_, resolved)| {
                resolved
                    .as_ref()
                    .is_ok_and(|chain| chain.keys().contains(key))
            })
            .map(|(name, _)| name.to_owned())
            .collect();
        names.sort_unstable();
        names
    }

    /// An access key that stands in a file in plain text.
    pub(crate) fn access_key(&self, profile: &str, access_key_id: &str) -> Option<Credentials> {
        self.find(|_, profiles| {
            let key = profiles.profile(profile)?.access_key()?;
            (key.id == access_key_id).then(|| Credentials {
                access_key_id: key.id.to_owned(),
                secret_access_key: key.secret.clone(),
                session_token: key.session_token.cloned(),
                expires_at: None,
            })
        })
    }

    /// The `credential_process` of a profile, unless it was edited since.
    pub(crate) fn credential_process(
        &self,
        profile: &str,
        which: u64,
    ) -> Option<CredentialProcess> {
        self.find(|(config_file, credentials_file), profiles| {
            let section = profiles.profile(profile)?;
            let command = section.get("credential_process")?;
            (fingerprint(command) == which).then(|| CredentialProcess {
                command: command.to_owned(),
                location: section.location("credential_process"),
                config_file: config_file.clone(),
                credentials_file: credentials_file.clone(),
            })
        })
    }

    /// Where a profile says this.
    pub(crate) fn location(&self, profile: &str, key: &str, value: &str) -> Option<Location> {
        self.find(|_, profiles| {
            let section = profiles.profile(profile)?;
            (section.get(key) == Some(value)).then(|| section.location(key))?
        })
    }

    /// Looks through what was read, the newest first. Sessions are renewed long after anybody asked for the files
    /// that they were made from, so those that were forgotten are read once more.
    fn find<T>(&self, pick: impl Fn(&Paths, &ProfileSet) -> Option<T>) -> Option<T> {
        let mut sets: Vec<(&Paths, &Cached)> = self.sets.iter().collect();
        sets.sort_unstable_by_key(|(_, cached)| std::cmp::Reverse(cached.read));
        let mut known = sets.into_iter();
        known
            .find_map(|(paths, cached)| pick(paths, &cached.profiles))
            .or_else(|| {
                let mut forgotten = self.forgotten.iter().rev();
                forgotten.find_map(|paths| pick(paths, &read_both(paths).ok()?))
            })
    }

    /// The names under which the AWS CLI caches a portal's token: those of the `sso-session` sections that name the
    /// portal, and the start URL as older profiles have it. From the files as last read.
    pub(crate) fn names_of(&self, portal: &Portal) -> BTreeSet<String> {
        let is_same = |section: &Section| {
            let start_url = section.get("sso_start_url").map(normalized_start_url);
            start_url.is_some_and(|url| url.as_ref() == Ok(&portal.start_url))
                && section.get("sso_region") == Some(portal.region.as_str())
        };
        let mut names = BTreeSet::new();
        for cached in self.sets.values() {
            let sections = cached.profiles.sso_sessions().filter(|it| is_same(it));
            names.extend(sections.map(|section| section.name().to_owned()));
            let older = cached.profiles.profiles();
            let older = older.filter(|it| it.get("sso_session").is_none() && is_same(it));
            names.extend(older.filter_map(|it| it.get("sso_start_url").map(str::to_owned)));
        }
        names
    }

    /// Forgets resolved chains: the keychain has other keys now.
    pub(crate) fn keys_changed(&mut self) {
        for cached in self.sets.values_mut() {
            cached.chains.clear();
        }
        self.watch.keys_changed();
    }

    /// Whether files or keys changed since this was last asked.
    pub(crate) fn take_changed(&mut self) -> bool {
        self.watch.take()
    }

    fn cached(&mut self, context: &CallerContext) -> Result<&mut Cached, ReadError> {
        let paths = (
            context.config_file.clone(),
            context.credentials_file.clone(),
        );
        // Stamped before reading: a change meanwhile is noticed at the next request.
        let stamps = [stamp(&paths.0)?, stamp(&paths.1)?];
        self.watch.saw(&paths, stamps);
        let fresh = self
            .sets
            .get(&paths)
            .is_some_and(|cached| cached.stamps == stamps);
        if !fresh {
            let profiles = read_both(&paths)?;
            self.make_room();
            self.forgotten.retain(|forgotten| *forgotten != paths);
            self.reads += 1;
            let cached = Cached {
                stamps,
                profiles: Arc::new(profiles),
                chains: HashMap::new(),
                read: self.reads,
                used: self.ticks,
            };
            self.sets.insert(paths.clone(), cached);
        }
        let Some(cached) = self.sets.get_mut(&paths) else {
            return Err(ReadError {
                file: paths.0,
                source: io::ErrorKind::NotFound.into(),
            });
        };
        cached.used = self.ticks;
        Ok(cached)
    }

    /// Time has passed: looks for changes, and forgets files that nobody asked for lately.
    pub(crate) fn tick(&mut self) {
        self.watch.look();
        self.ticks += 1;
        let unused: Vec<Paths> = self
            .sets
            .iter()
            .filter(|(_, cached)| self.ticks - cached.used > UNUSED_TICKS)
            .map(|(paths, _)| paths.clone())
            .collect();
        for paths in unused {
            self.forget(paths);
        }
    }

    fn make_room(&mut self) {
        if self.sets.len() < MAX_SETS {
            return;
        }
        let oldest = self
            .sets
            .iter()
            .min_by_key(|(_, cached)| cached.read)
            .map(|(paths, _)| paths.clone());
        if let Some(paths) = oldest {
            self.forget(paths);
        }
    }

    fn forget(&mut self, paths: Paths) {
        self.sets.remove(&paths);
        if self.forgotten.len() >= MAX_SETS {
            self.forgotten.remove(0);
        }
        self.forgotten.push(paths);
    }
}

/// A command that brings credentials, and where it stands.
pub(crate) struct CredentialProcess {
    pub(crate) command: String,
    pub(crate) location: Option<Location>,
    pub(crate) config_file: PathBuf,
    pub(crate) credentials_file: PathBuf,
}

/// A file of the user's that is there but cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("cannot read {}", file.display())]
pub(crate) struct ReadError {
    /// The file.
    pub(crate) file: PathBuf,
    /// What the system said.
    #[source]
    pub(crate) source: io::Error,
}

fn stamp(file: &Path) -> Result<Stamp, ReadError> {
    match std::fs::metadata(file) {
        Ok(metadata) => Ok(Some((
            metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH),
            metadata.len(),
            identity(&metadata),
        ))),
        Err(error) => missing_or(file, error).map(|()| None),
    }
}

#[cfg(unix)]
fn identity(metadata: &std::fs::Metadata) -> u64 {
    use std::os::unix::fs::MetadataExt;
    // An editor that replaces the file within the clock's granularity changes the inode.
    metadata.ino() ^ u64::from_ne_bytes(metadata.ctime_nsec().to_ne_bytes())
}

#[cfg(not(unix))]
fn identity(_metadata: &std::fs::Metadata) -> u64 {
    0
}

fn read_both((config, credentials): &Paths) -> Result<ProfileSet, ReadError> {
    let config = read(config, FileKind::Config)?;
    let credentials = read(credentials, FileKind::Credentials)?;
    Ok(ProfileSet::merge(&config, &credentials))
}

fn read(file: &Path, kind: FileKind) -> Result<Document, ReadError> {
    let bytes = match std::fs::read(file) {
        Ok(bytes) => bytes,
        Err(error) => {
            missing_or(file, error)?;
            Vec::new()
        }
    };
    Ok(Document::parse(file, kind, bytes))
}

/// A missing file is an empty one, as for the AWS CLI.
fn missing_or(file: &Path, error: io::Error) -> Result<(), ReadError> {
    let missing = [io::ErrorKind::NotFound, io::ErrorKind::NotADirectory];
    if missing.contains(&error.kind()) {
        return Ok(());
    }
    Err(ReadError {
        file: file.to_owned(),
        source: error,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context(folder: &Path) -> CallerContext {
        CallerContext {
            config_file: folder.join("config"),
            credentials_file: folder.join("credentials"),
            ..CallerContext::default()
        }
    }

    #[test]
    fn an_edit_is_seen_at_the_next_request() {
        let folder = tempfile::tempdir().unwrap();
        let context = context(folder.path());
        let mut files = ProfileFiles::default();
        let names = |files: &mut ProfileFiles| {
            let profiles = files.profiles(&context).unwrap();
            let names = profiles.profiles().map(|p| p.name().to_owned());
            names.collect::<Vec<_>>()
        };
        assert_eq!(names(&mut files), [""; 0], "no files, no profiles");
        std::fs::write(&context.config_file, "[profile a]\n").unwrap();
        assert_eq!(names(&mut files), ["a"]);
        // Replaced by a file of the same length, as editors do.
        let replacement = folder.path().join("new");
        std::fs::write(&replacement, "[profile b]\n").unwrap();
        std::fs::rename(&replacement, &context.config_file).unwrap();
        assert_eq!(names(&mut files), ["b"]);
    }

    #[test]
    fn files_that_nobody_asks_for_are_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let (used, unused) = (folder.path().join("used"), folder.path().join("unused"));
        let mut files = ProfileFiles::default();
        files.profiles(&context(&unused)).unwrap();
        for _ in 0..=UNUSED_TICKS {
            files.profiles(&context(&used)).unwrap();
            files.tick();
        }
        assert_eq!(files.sets.len(), 1);
        assert!(files.sets.keys().all(|paths| paths.0.starts_with(&used)));
    }

    #[test]
    fn what_renews_a_session_is_found_in_forgotten_files() {
        let folder = tempfile::tempdir().unwrap();
        let context = context(folder.path());
        std::fs::write(
            &context.config_file,
            "[profile p]\ncredential_process = tool\n",
        )
        .unwrap();
        std::fs::write(
            &context.credentials_file,
            "[t]\naws_access_key_id = ASIA1\naws_secret_access_key = s\naws_session_token = t\n",
        )
        .unwrap();
        let mut files = ProfileFiles::default();
        files.profiles(&context).unwrap();
        for _ in 0..=UNUSED_TICKS {
            files.tick();
        }
        assert!(files.sets.is_empty());
        let process = files.credential_process("p", fingerprint("tool")).unwrap();
        assert_eq!(process.config_file, context.config_file);
        assert_eq!(process.location.unwrap().line, 2);
        assert!(
            files
                .credential_process("p", fingerprint("other"))
                .is_none()
        );
        let key = files.access_key("t", "ASIA1").unwrap();
        assert!(key.session_token.is_some());
        assert!(files.access_key("t", "ASIA2").is_none());
    }

    #[test]
    fn a_folder_in_place_of_a_file_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let context = context(folder.path());
        std::fs::create_dir(&context.config_file).unwrap();
        let error = ProfileFiles::default().profiles(&context).unwrap_err();
        assert_eq!(error.file, context.config_file);
    }
}
