//! An agent in this process, with its files in a scratch folder and the small AWS behind it.

use super::aws::FakeAws;
use crate::activity::Activity;
use crate::controller::{Controller, Message, Parts, Preferences};
use crate::launcher::{Caches, Launcher};
use crate::listener::{Caller, ReplySender};
use crate::peer::{Peer, UserId};
use holdfast_agent_proto::frame::{self, MAX_REPLY_BYTES};
use holdfast_agent_proto::view::{PortalSessionView, SignInMethod, SignInView, StatusView};
use holdfast_agent_proto::{
    AgentError, CallerContext, Event, Reply, Request, ServerMessage, SignInTarget,
};
use holdfast_aws::ServerClock;
use holdfast_core::clock::LocalClock as _;
use holdfast_core::time::Timestamp;
use holdfast_keychain::{Keychain, Kind, Options, PassphraseCost};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use zeroize::Zeroizing;

/// Two profiles of one portal, one written as older ones are, and one that names a role that nobody has.
const CONFIG: &str = "\
[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-west-1
sso_registration_scopes = sso:account:access
[profile dev]
sso_session = corp
sso_account_id = 111122223333
sso_role_name = Developer
[profile legacy]
sso_start_url = https://corp.awsapps.com/start/#
sso_region = eu-west-1
sso_account_id = 444455556666
sso_role_name = Developer
[profile gone]
sso_session = corp
sso_account_id = 111122223333
sso_role_name = Removed
";

/// Opens the store of every agent in a test.
const PASSPHRASE: &str = "correct horse battery staple";

pub(super) struct Desk {
    pub(super) aws: FakeAws,
    inbox: mpsc::Sender<Message>,
    agent: JoinHandle<()>,
    folder: Arc<TempDir>,
    connections: u64,
}

/// An answer that is on its way.
pub(super) struct Answer(mpsc::Receiver<Zeroizing<Vec<u8>>>);

impl Answer {
    pub(super) async fn get(&mut self) -> Result<Reply, AgentError> {
        let waiting = tokio::time::timeout(Duration::from_secs(20), self.0.recv());
        let frame = waiting
            .await
            .expect("an answer in time")
            .expect("an answer");
        let body = frame::read(&mut &frame[..], MAX_REPLY_BYTES).unwrap();
        match frame::decode::<ServerMessage>(&body).unwrap() {
            ServerMessage::Reply { reply, .. } => Ok(reply),
            ServerMessage::Error { error, .. } => Err(error),
            ServerMessage::Event(_) => panic!("no answer"),
        }
    }

    /// The next event, for a subscriber.
    pub(super) async fn event(&mut self) -> Event {
        let waiting = tokio::time::timeout(Duration::from_secs(20), self.0.recv());
        let frame = waiting.await.expect("an event in time").expect("an event");
        let body = frame::read(&mut &frame[..], MAX_REPLY_BYTES).unwrap();
        let ServerMessage::Event(event) = frame::decode(&body).unwrap() else {
            panic!("no event");
        };
        event
    }

    pub(super) fn is_here(&mut self) -> bool {
        !self.0.is_empty()
    }
}

impl Desk {
    /// A desk with an empty store.
    pub(super) async fn new() -> Self {
        Self::with_settings("").await
    }

    pub(super) async fn with_settings(settings: &str) -> Self {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        std::fs::write(folder.path().join("config"), CONFIG).unwrap();
        std::fs::write(folder.path().join("config.toml"), settings).unwrap();
        Self::start(folder, FakeAws::new()).await
    }

    /// The agent ends, as it does when it is killed: whatever was not saved is lost.
    pub(super) async fn restart(self) -> Self {
        self.restart_with(|| {}).await
    }

    /// The same, and something happens to its files meanwhile.
    pub(super) async fn restart_with(self, meanwhile: impl FnOnce()) -> Self {
        self.agent.abort();
        let _ = self.agent.await;
        meanwhile();
        Self::start(self.folder, self.aws).await
    }

    /// The agent ends as it does when it is told to.
    pub(super) async fn restart_well(mut self) -> Self {
        assert!(matches!(self.ask(Request::Stop).await, Ok(Reply::Done)));
        let _ = self.agent.await;
        Self::start(self.folder, self.aws).await
    }

    pub(super) fn store(&self) -> PathBuf {
        self.folder.path().join("store")
    }

    /// Waits, for a while, until something is true.
    pub(super) async fn until(&mut self, what: &str, is_true: impl Fn() -> bool) {
        let end = std::time::Instant::now() + Duration::from_secs(20);
        while !is_true() {
            assert!(std::time::Instant::now() < end, "{what}");
            self.status().await;
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    async fn start(folder: Arc<TempDir>, aws: FakeAws) -> Self {
        let path = folder.path();
        let clock = aws.world().clock.clone();
        let keychain = Keychain::open(Options {
            passphrase_cost: PassphraseCost {
                memory_kib: 64,
                passes: 1,
                lanes: 1,
            },
            ..Options::new(Kind::File, path.join("keys"))
        });
        let parts = Parts {
            preferences: Preferences::load(path.join("config.toml")).unwrap(),
            keychain,
            store_file: path.join("store"),
            aws: aws.clone(),
            clock: Arc::new(ServerClock::new(clock)),
            launcher: Launcher::in_process(Caches::in_home(path)),
            caches: Caches::in_home(path),
            activity: Activity::start(path).unwrap(),
            is_reachable: Box::new(|| true),
        };
        let (inbox, messages) = mpsc::channel(4096);
        let agent = tokio::spawn(async move {
            let _ = Controller::new(parts).run(messages).await;
        });
        let mut desk = Self {
            aws,
            inbox,
            agent,
            folder,
            connections: 0,
        };
        let passphrase = Some(PASSPHRASE.into());
        let unlocked = desk.ask(Request::Unlock { passphrase }).await;
        assert!(matches!(unlocked, Ok(Reply::Done)));
        desk
    }

    /// So many seconds pass, for everybody.
    pub(super) fn pass(&self, seconds: i64) {
        self.aws.world().clock.pass(seconds);
    }

    /// Where the AWS CLI keeps the sign-in to the console of this `login_session`.
    pub(super) fn login_file(&self, login_session: &str) -> PathBuf {
        let file = Caches::in_home(self.folder.path()).login_file(login_session);
        file.unwrap()
    }

    /// The surroundings of a caller.
    pub(super) fn context(&self) -> CallerContext {
        CallerContext {
            config_file: self.folder.path().join("config"),
            credentials_file: self.folder.path().join("credentials"),
            ..CallerContext::default()
        }
    }

    /// Sends a request on a connection of its own.
    pub(super) async fn send(&mut self, request: Request) -> (u64, Answer) {
        let context = self.context();
        self.send_from(context, request).await
    }

    /// The same from elsewhere.
    pub(super) async fn send_from(
        &mut self,
        context: CallerContext,
        request: Request,
    ) -> (u64, Answer) {
        self.connections += 1;
        let (replies, answers) = ReplySender::to_test();
        let caller = Caller {
            connection: self.connections,
            client: "test".to_owned(),
            version: "1".to_owned(),
            context,
            peer: Peer {
                pid: None,
                user: UserId::own().unwrap(),
            },
            parent: OnceLock::new(),
            view: OnceLock::new(),
        };
        let message = Message::Request {
            caller: Arc::new(caller),
            request: Box::new(request),
            replies,
        };
        assert!(self.inbox.send(message).await.is_ok());
        (self.connections, Answer(answers))
    }

    pub(super) async fn hang_up(&mut self, connection: u64) {
        assert!(
            self.inbox
                .send(Message::Disconnected(connection))
                .await
                .is_ok()
        );
    }

    pub(super) async fn ask(&mut self, request: Request) -> Result<Reply, AgentError> {
        self.send(request).await.1.get().await
    }

    pub(super) async fn status(&mut self) -> StatusView {
        let Ok(Reply::Status(status)) = self.ask(Request::Status).await else {
            panic!("no status");
        };
        status
    }

    pub(super) fn now(&self) -> Timestamp {
        self.aws.world().clock.wall()
    }

    /// What is known of the sign-in to the portal.
    pub(super) async fn portal(&mut self) -> PortalSessionView {
        let sessions = self.status().await.sessions;
        let mut portals = sessions.into_iter().filter_map(|session| session.portal);
        *portals.next().unwrap()
    }

    /// Renews what needs no person.
    pub(super) async fn renew(&mut self, profile: &str) {
        let request = Request::Renew {
            profile: profile.to_owned(),
            with_code: false,
            wait_seconds: 0,
        };
        let _ = self.ask(request).await;
    }

    /// Waits until nothing is being written: who is told of a session does not lose it.
    pub(super) async fn saved(&mut self, profile: &str) {
        let request = Request::Login {
            profile: profile.to_owned(),
            code: None,
            duration_seconds: None,
        };
        assert!(self.ask(request).await.is_ok());
    }

    /// Begins a sign-in for a profile.
    pub(super) async fn begin(
        &mut self,
        profile: &str,
        method: SignInMethod,
    ) -> Result<SignInView, AgentError> {
        let target = SignInTarget::Profile(profile.to_owned());
        let begun = self.ask(Request::SignIn { target, method }).await?;
        let Reply::SignInStarted { sign_in } = begun else {
            panic!("no sign-in");
        };
        Ok(sign_in)
    }

    /// Waits for the end of a sign-in.
    pub(super) async fn end_of(&mut self, sign_in: u64, or_cancel: bool) -> (u64, Answer) {
        self.send(Request::AwaitSignIn { sign_in, or_cancel }).await
    }

    /// Signs in with the browser, with everything going well.
    pub(super) async fn sign_in(&mut self, profile: &str) {
        let begun = self.begin(profile, SignInMethod::Browser).await.unwrap();
        let (_, mut end) = self.end_of(begun.id, false).await;
        let page = browse(&self.aws.allow(&begun.url)).await;
        assert!(
            page.contains("You are signed in to corp.awsapps.com"),
            "{page}"
        );
        let end = end.get().await;
        assert!(matches!(end, Ok(Reply::LoggedIn { .. })), "{:?}", end.err());
    }

    /// The key id of a profile's credentials.
    pub(super) async fn credentials(&mut self, profile: &str) -> Result<String, AgentError> {
        let request = Request::Credentials {
            profile: profile.to_owned(),
            wait_seconds: 0,
        };
        let Reply::Credentials { access_key_id, .. } = self.ask(request).await? else {
            panic!("no credentials");
        };
        Ok(access_key_id)
    }
}

/// A browser goes to an address of this computer: the whole answer.
pub(super) async fn browse(url: &str) -> String {
    let rest = url.strip_prefix("http://").unwrap();
    let (host, target) = rest.split_once('/').unwrap();
    let mut stream = TcpStream::connect(host).await.unwrap();
    let request = format!("GET /{target} HTTP/1.1\r\nHost: {host}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut page = String::new();
    let _ = stream.read_to_string(&mut page).await;
    page
}
