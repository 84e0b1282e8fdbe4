//! A running simulated AWS and the handles tests and the program use.

mod files;
mod portals;
mod sources;

pub(crate) use files::place_file;
pub use portals::{PortalControl, PortalSessionView};
pub(crate) use portals::{answer_device, answer_page};

use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, mpsc};
use std::thread::JoinHandle;
use std::{fs, io, thread};

use jiff::{SignedDuration, Timestamp};
use tokio::net::TcpListener;
use tokio::runtime;
use tokio::sync::{Semaphore, oneshot};

use crate::calls::Calls;
use crate::clock::{Clock, shifted};
use crate::descriptors;
use crate::faults::Faults;
use crate::hidden::Hidden;
use crate::net::authority::{Authority, CertificateError};
use crate::net::{machine, proxy};
use crate::scenario::Scenario;
use crate::shared::Shared;
use crate::totp;

/// How many `git http-backend` run at once.
const GIT_AT_ONCE: usize = 32;

/// Why a simulated AWS does not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// A folder or file of its state cannot be made.
    #[error("cannot write {path}")]
    Write {
        /// What could not be written.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A repository cannot be made; most likely git is missing.
    #[error("cannot make repository {name} with git")]
    Repository {
        /// The repository.
        name: String,
        /// Why.
        source: io::Error,
    },
    /// A policy of the scenario is not understood.
    #[error("the scenario has a bad policy: {0}")]
    Policy(String),
    /// A portal assigns a permission set that it does not have.
    #[error("the scenario assigns the unknown permission set {0}")]
    PermissionSet(String),
    /// Its own CA cannot be made.
    #[error("cannot make the certificate authority")]
    Certificate(#[from] CertificateError),
    /// The port cannot be opened.
    #[error("cannot listen on 127.0.0.1 port {port}")]
    Listen {
        /// The port asked for; 0 means any.
        port: u16,
        /// Why.
        source: io::Error,
    },
}

/// Where a simulated AWS listens and keeps its files.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// The TCP port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// The folder for its state; without one, a temporary folder that is removed at the end.
    pub folder: Option<PathBuf>,
}

/// A long-lived access key.
#[derive(Clone, Debug)]
pub struct AccessKey {
    /// `AKIA…`.
    pub id: String,
    /// The secret access key.
    pub secret: Hidden,
}

/// A running simulated AWS. It ends when dropped.
pub struct Sim {
    shared: Arc<Shared>,
    address: SocketAddr,
    machine_address: SocketAddr,
    scenario: Scenario,
    folder: PathBuf,
    /// Removed last, when nothing writes into it any more.
    _temporary: Option<tempfile::TempDir>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Sim {
    /// Starts `scenario` on any free port, its files in a temporary folder.
    pub fn start(scenario: Scenario) -> Result<Self, StartError> {
        Self::start_at(scenario, Place::default())
    }

    /// Starts `scenario` at a chosen place. Raises this process's limit of open files where that is allowed, so that a
    /// thousand clients fit.
    pub fn start_at(scenario: Scenario, place: Place) -> Result<Self, StartError> {
        let (folder, temporary) = match place.folder {
            Some(folder) => (folder, None),
            None => {
                let temporary = tempfile::tempdir().map_err(|source| StartError::Write {
                    path: std::env::temp_dir(),
                    source,
                })?;
                (temporary.path().to_owned(), Some(temporary))
            }
        };
        descriptors::raise_limit();
        let repositories = folder.join("repos");
        // Left over from an earlier start: its metadata is gone, so nothing leads to it any more.
        match fs::remove_dir_all(&repositories) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => {
                return Err(StartError::Write {
                    path: repositories,
                    source,
                });
            }
            Ok(()) | Err(_) => {}
        }
        fs::create_dir_all(&repositories).map_err(|source| StartError::Write {
            path: repositories.clone(),
            source,
        })?;

        let clock = Clock::default();
        let world = scenario.build(&repositories, clock.now())?;
        let shared = Arc::new(Shared {
            world: Mutex::new(world),
            clock,
            faults: Faults::default(),
            calls: Calls::default(),
            authority: Authority::new("Holdfast simulated AWS")?,
            rogue_authority: Authority::new("Somebody else")?,
            repositories,
            page_size: scenario.page_size,
            git_permits: Arc::new(Semaphore::new(GIT_AT_ONCE)),
        });
        let (stop, stopped) = oneshot::channel();
        let (bound, thread) = spawn(Arc::clone(&shared), place.port, stopped)?;
        let sim = Self {
            shared,
            address: bound.proxy,
            machine_address: bound.machine,
            scenario,
            folder,
            _temporary: temporary,
            stop: Some(stop),
            thread: Some(thread),
        };
        sim.write_files()?;
        Ok(sim)
    }

    /// What goes into `HTTPS_PROXY`.
    pub fn proxy_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where the proxy and the admin API listen.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The folder with the files of this simulated AWS.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The certificate of the CA to trust, in PEM.
    pub fn ca_pem_path(&self) -> PathBuf {
        self.folder.join("ca.pem")
    }

    /// The clock.
    pub fn clock(&self) -> &Clock {
        &self.shared.clock
    }

    /// The faults.
    pub fn faults(&self) -> &Faults {
        &self.shared.faults
    }

    /// The call log.
    pub fn calls(&self) -> &Calls {
        &self.shared.calls
    }

    /// The six digits that the MFA device shows now, by the simulated clock.
    pub fn totp_now(&self, serial: &str) -> Option<String> {
        self.totp_at(serial, self.shared.clock.now())
    }

    /// The six digits of the next 30 seconds: AWS takes them already, so a second code need not be waited for.
    pub fn totp_next(&self, serial: &str) -> Option<String> {
        let step = SignedDuration::from_secs(totp::STEP_SECONDS);
        self.totp_at(serial, shifted(self.shared.clock.now(), step))
    }

    /// The six digits that the MFA device shows at `time`.
    pub fn totp_at(&self, serial: &str, time: Timestamp) -> Option<String> {
        self.shared
            .world()
            .mfa_device(serial)
            .map(|device| device.code_at(time))
    }

    /// Six digits that the MFA device does not show anywhere near now.
    pub fn wrong_code(&self, serial: &str) -> Option<String> {
        let now = self.shared.clock.now();
        self.shared
            .world()
            .mfa_device(serial)
            .map(|device| device.wrong_code_at(now))
    }

    /// The first access key of the user of this name, in whichever account.
    pub fn access_key(&self, user: &str) -> Option<AccessKey> {
        let world = self.shared.world();
        let user = world
            .accounts
            .values()
            .find_map(|account| account.users.get(user))?;
        user.access_keys.first().map(|key| AccessKey {
            id: key.id.clone(),
            secret: key.secret.clone(),
        })
    }

    /// Activates or deactivates an access key; says whether there is one of this id.
    pub fn set_key_active(&self, access_key_id: &str, active: bool) -> bool {
        match self.shared.world().access_key_mut(access_key_id) {
            Some(key) => {
                key.active = active;
                true
            }
            None => false,
        }
    }

    /// Ends one session at once: AWS no longer knows its credentials. Says whether there was one.
    pub fn close_session(&self, access_key_id: &str) -> bool {
        self.shared.world().close_session(access_key_id)
    }

    /// Ends all sessions at once: AWS no longer knows their credentials.
    pub fn close_all_sessions(&self) {
        self.shared.world().close_all_sessions();
    }

    /// Lets all sessions run out now, so that expiry needs no waiting and no clock that is ahead of the clients'.
    pub fn expire_all_sessions(&self) {
        let now = self.shared.clock.now();
        self.shared.world().expire_all_sessions(now);
    }

    /// Revokes a role's sessions as the IAM console does: AWS knows them still, but denies whatever they ask. Says whether
    /// there is such a role.
    pub fn revoke_role_sessions(&self, role_arn: &str) -> bool {
        let now = self.shared.clock.now();
        match self.shared.world().role_mut(role_arn) {
            Some(role) => {
                role.revoked_before = Some(now);
                true
            }
            None => false,
        }
    }

    /// Lets nobody assume a role, or everybody it trusts again. Says whether there is such a role.
    pub fn set_role_suspended(&self, role_arn: &str, suspended: bool) -> bool {
        match self.shared.world().role_mut(role_arn) {
            Some(role) => {
                role.suspended = suspended;
                true
            }
            None => false,
        }
    }

    /// The bare git repository behind a CodeCommit repository.
    pub fn repository_folder(&self, account: &str, region: &str, name: &str) -> Option<PathBuf> {
        let world = self.shared.world();
        let key = (region.to_owned(), name.to_owned());
        let repository = world.accounts.get(account)?.repositories.get(&key)?;
        Some(repository.folder.clone())
    }

    /// Every secret given out or seen so far, with what it is: what a search for leaks must look for.
    pub fn secrets(&self) -> Vec<(&'static str, Hidden)> {
        self.shared.world().secrets().to_vec()
    }
}

impl Drop for Sim {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic in there has been reported by the panic hook already.
            let _ = thread.join();
        }
    }
}

/// The addresses on 127.0.0.1.
struct Bound {
    proxy: SocketAddr,
    /// Of what a machine at AWS finds on its own network.
    machine: SocketAddr,
}

/// Starts the runtime on a thread of its own, so that tests without one can use it; returns once it listens.
fn spawn(
    shared: Arc<Shared>,
    port: u16,
    stopped: oneshot::Receiver<()>,
) -> Result<(Bound, JoinHandle<()>), StartError> {
    let failed = |source| StartError::Listen { port, source };
    let runtime = runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("aws-sim")
        .enable_all()
        .build()
        .map_err(failed)?;
    let (ready, started) = mpsc::sync_channel(1);
    let thread = thread::Builder::new()
        .name("aws-sim".to_owned())
        .spawn(move || {
            runtime.block_on(async move {
                match bind(port).await {
                    Ok((bound, on_proxy, on_machine)) => {
                        let machine_address = bound.machine;
                        if ready.send(Ok(bound)).is_err() {
                            return;
                        }
                        tokio::select! {
                            () = proxy::serve(on_proxy, Arc::clone(&shared)) => {}
                            () = machine::serve(on_machine, machine_address, shared) => {}
                            _ = stopped => {}
                        }
                    }
                    // Nobody waits any more when this cannot be told.
                    Err(error) => drop(ready.send(Err::<Bound, io::Error>(error))),
                }
            });
        })
        .map_err(failed)?;
    let bound = started
        .recv()
        .unwrap_or_else(|_| Err(io::Error::other("the thread ended")))
        .map_err(failed)?;
    Ok((bound, thread))
}

async fn bind(port: u16) -> io::Result<(Bound, TcpListener, TcpListener)> {
    let on_proxy = TcpListener::bind(SocketAddrV4::new(Ipv4Addr::LOCALHOST, port)).await?;
    let on_machine = TcpListener::bind(SocketAddrV4::new(Ipv4Addr::LOCALHOST, 0)).await?;
    let bound = Bound {
        proxy: on_proxy.local_addr()?,
        machine: on_machine.local_addr()?,
    };
    Ok((bound, on_proxy, on_machine))
}
