//! Start and end of the process: hardening, folders, log, the one instance, the runtime.

use crate::activity::Activity;
use crate::controller::{Controller, Message, Parts, Preferences};
use crate::dirs::Dirs;
use crate::harden::{self, Confinement};
use crate::instance::Instance;
use crate::launcher::{self, Caches, Launcher};
use crate::listener::{self, Caller, Handler, Limits, ReplySender};
use crate::peer::UserId;
use anyhow::{Context, bail};
use holdfast_agent_proto::Request;
use holdfast_agent_proto::address::Address;
use holdfast_agent_proto::folders::Folders;
use holdfast_aws::{AwsClient, ClientSettings, Proxy, ServerClock};
use holdfast_keychain::{Keychain, Kind, Options};
use holdfast_settings::{NetworkSettings, Settings};
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};

/// Requests that wait for the controller; connections wait when it is full.
const INBOX: usize = 1024;

/// How long the end may take before the process leaves stuck threads behind.
const END_WITHIN: Duration = Duration::from_secs(2);

const USAGE: &str = "\
usage: holdfast-agent [--version]

Keeps AWS sessions and answers git, the AWS CLI and the holdfast command.
It is started by whatever needs it, and ends with: holdfast agent stop

environment:
  HOLDFAST_SOCKET     where it listens
  HOLDFAST_KEYCHAIN   os, file or memory
  HOLDFAST_LOG        error, warn, info, debug or trace
";

/// The whole process.
pub fn main() -> ExitCode {
    // Before anything else: no other program may look into this one, and no dump may be written.
    let shortfalls = harden::harden();
    if let Some(told) = arguments() {
        return told;
    }
    harden::detach();
    match run(&shortfalls) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Whoever started it in the background reads the log, others the terminal.
            tracing::error!("{error:#}");
            say(&format!("holdfast-agent: {error:#}\n"));
            ExitCode::FAILURE
        }
    }
}

fn arguments() -> Option<ExitCode> {
    let argument = std::env::args_os().nth(1)?;
    if argument == launcher::ARGUMENT {
        return Some(launcher::process::main());
    }
    if argument == "--version" {
        say(concat!("holdfast-agent ", env!("CARGO_PKG_VERSION"), "\n"));
        return Some(ExitCode::SUCCESS);
    }
    say(USAGE);
    Some(if argument == "--help" {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(2)
    })
}

/// Nobody may be reading, which is no reason to fail.
fn say(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}

fn run(shortfalls: &[harden::Shortfall]) -> anyhow::Result<()> {
    let address = Address::from_env()?;
    let Some(instance) = Instance::claim(address)? else {
        // Another agent serves this user: whoever started this one will find it.
        return Ok(());
    };
    let dirs = Dirs::prepare(instance.address())?;
    crate::log::start(&dirs.state)?;
    let _state = instance.claim_state(&dirs.state)?;
    for shortfall in shortfalls {
        tracing::warn!(error = %crate::explain::with_causes(shortfall), "not hardened");
    }
    let launcher = Launcher::start().unwrap_or_else(|error| {
        tracing::warn!(%error, "no launcher");
        Launcher::absent()
    });
    match harden::confine(&dirs) {
        Ok(Confinement::Full) => {}
        Ok(confinement) => tracing::info!(?confinement, "this system confines programs in part"),
        Err(error) => tracing::warn!(%error, "not confined"),
    }
    let preferences = Preferences::load(dirs.config.join(holdfast_settings::FILE_NAME))?;
    let keychain = keychain(preferences.settings(), &dirs)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start the runtime")?;
    let outcome = runtime.block_on(serve(&instance, &dirs, preferences, keychain, launcher));
    drop(instance);
    // A stuck keychain or disk must not keep the process.
    runtime.shutdown_timeout(END_WITHIN);
    outcome
}

fn keychain(settings: &Settings, dirs: &Dirs) -> anyhow::Result<Keychain> {
    let named = std::env::var("HOLDFAST_KEYCHAIN")
        .ok()
        .filter(|kind| !kind.is_empty())
        .or_else(|| {
            let kind = settings.keychain.kind?;
            Some(kind.as_str().to_owned())
        });
    let kind = match named {
        None => Kind::default(),
        Some(name) => match name.parse() {
            Ok(kind) => kind,
            Err(_) => bail!("the keychain has to be os, file or memory"),
        },
    };
    let folders = Folders {
        state: dirs.state.clone(),
        config: dirs.config.clone(),
    };
    let options = Options::new(kind, folders.key_file());
    Ok(Keychain::open(options))
}

async fn serve(
    instance: &Instance,
    dirs: &Dirs,
    preferences: Preferences,
    keychain: Keychain,
    launcher: Launcher,
) -> anyhow::Result<()> {
    let listener = instance.listen()?;
    let clock = Arc::new(ServerClock::system());
    let parts = Parts {
        store_file: dirs.state.join(store_name(keychain.status().kind)),
        keychain,
        aws: AwsClient::new(
            client_settings(preferences.settings().network.clone()),
            Arc::clone(&clock),
        ),
        preferences,
        clock,
        launcher,
        caches: Caches::from_env(),
        activity: Activity::start(&dirs.state).context("cannot start a thread")?,
        is_reachable: reachable(instance.address().path()),
    };
    let (inbox, messages) = mpsc::channel(INBOX);
    let (ended, mut end) = watch::channel(false);
    let controller = async move {
        let outcome = Controller::new(parts).run(messages).await;
        ended.send_replace(true);
        outcome.context("cannot keep time")
    };
    let stop = stop_on_signal(inbox.clone());
    let ending = async move {
        // The sender is dropped with the controller, which also means the end.
        let _ = end.wait_for(|ended| *ended).await;
    };
    let listening = listener::serve(
        listener,
        UserId::own().context("cannot tell which user this is")?,
        Inbox(inbox),
        Limits::of_this_process(),
        ending,
    );
    tracing::info!(version = env!("CARGO_PKG_VERSION"), "listening");
    let outcome = tokio::select! {
        (outcome, ()) = async { tokio::join!(controller, listening) } => outcome,
        () = stop => Ok(()),
    };
    tracing::info!("ended");
    outcome
}

/// Each kind of keychain has a key of its own, which does not open what another sealed.
fn store_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Os | Kind::Memory => "sessions.sealed",
        Kind::File => "sessions-file.sealed",
    }
}

fn client_settings(network: NetworkSettings) -> ClientSettings {
    let environment = ClientSettings::from_environment();
    let proxy = match network.https_proxy {
        Some(url) => Proxy::Url {
            url: url.into(),
            no_proxy: network.no_proxy,
        },
        None => Proxy::Environment,
    };
    ClientSettings {
        proxy,
        ca_bundle: network.ca_bundle.or(environment.ca_bundle),
        ..environment
    }
}

/// Whether clients still find this agent: its socket may have been removed with the whole folder, for
/// example at logout.
#[cfg(unix)]
fn reachable(socket: &Path) -> Box<dyn Fn() -> bool + Send> {
    use std::os::unix::fs::MetadataExt;
    let identity = |path: &Path| {
        std::fs::symlink_metadata(path)
            .map(|metadata| (metadata.dev(), metadata.ino()))
            .ok()
    };
    let own = identity(socket);
    let socket = socket.to_owned();
    Box::new(move || own.is_some() && identity(&socket) == own)
}

/// Pipes exist as long as their server.
#[cfg(not(unix))]
fn reachable(_pipe: &Path) -> Box<dyn Fn() -> bool + Send> {
    Box::new(|| true)
}

/// Hands requests to the controller.
#[derive(Clone)]
struct Inbox(mpsc::Sender<Message>);

impl Handler for Inbox {
    async fn handle(&self, caller: Arc<Caller>, request: Request, replies: ReplySender) {
        let message = Message::Request {
            caller,
            request: Box::new(request),
            replies,
        };
        // Dropped when the controller has ended: the sender of the answer then says so.
        let _ = self.0.send(message).await;
    }

    async fn hung_up(&self, connection: u64) {
        let _ = self.0.send(Message::Disconnected(connection)).await;
    }
}

/// Ends the agent well when the system or the person asks for it; never ends by itself.
async fn stop_on_signal(inbox: mpsc::Sender<Message>) {
    if asked_to_end().await.is_ok() {
        let _ = inbox.send(Message::Stop).await;
    }
    std::future::pending().await
}

#[cfg(unix)]
async fn asked_to_end() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        _ = hang_up.recv() => {}
    }
    Ok(())
}

#[cfg(not(unix))]
async fn asked_to_end() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
