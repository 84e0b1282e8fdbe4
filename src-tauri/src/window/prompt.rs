//! The popup: one process, for as long as a code or a sign-in with the browser is asked for.

use super::{frame, order};
use crate::clipboard::Clipboard;
use crate::command;
use crate::settings_file::SettingsPath;
use crate::sign_in;
use anyhow::Result;
use holdfast_agent_proto::view::{PromptView, SignInView};
use holdfast_agent_proto::{ClientError, Reply, Request, SignInTarget};
use holdfast_desktop::agent::{Agent, Interest};
use holdfast_desktop::page::Theme;
use holdfast_desktop::page::Trouble;
use holdfast_desktop::page::prompt::{Next, Popup, PromptPage};
use holdfast_desktop::page::settings::SettingsPage;
use holdfast_desktop::page::shell::Topic;
use holdfast_desktop::page::sign_in::SignInWay;
use holdfast_settings::Settings;
use std::ops::ControlFlow;
use std::sync::{Arc, OnceLock};
use tauri::window::Color;
use tauri::{AppHandle, Emitter, LogicalSize, Manager, RunEvent, WebviewWindow, WindowEvent};
use tokio::sync::watch;

/// Name of the popup's window.
const LABEL: &str = "prompt";

/// Titles of the window, by what is asked for.
const CODE_TITLE: &str = "Enter MFA code";
const SIGN_IN_TITLE: &str = "Sign in to AWS";
const CHOICE_TITLE: &str = "Choose a profile";

/// As wide as its drawing; as high as what is in it, which is known when it is drawn.
const WIDTH: f64 = 420.0;

/// Height until then.
const HEIGHT: f64 = 260.0;

/// Surfaces of the page's themes.
const LIGHT: Color = Color(0xff, 0xff, 0xff, 0xff);
const DARK: Color = Color(0x17, 0x1e, 0x1b, 0xff);

/// What the popup knows, and how it acts on it. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Asking {
    agent: Agent,
    popup: Arc<watch::Sender<Popup>>,
    app: Arc<OnceLock<AppHandle>>,
    clipboard: Clipboard,
}

/// Shows the popup until the prompt is answered or declined, and what a choice leads to.
pub(crate) fn run(attached: bool) -> Result<()> {
    let file = SettingsPath::from_env()?;
    let theme = SettingsPage::load(file.file(), None, &[]).values.theme;
    // Settings that cannot be used are told in the main window.
    let asking = Asking::begin(Settings::load(file.file()).unwrap_or_default())?;
    let clipboard = asking.clipboard.clone();
    let app = tauri::Builder::default()
        .manage(asking.clone())
        .invoke_handler(command::prompt())
        .setup(move |app| {
            let window = build(app.handle(), &asking, theme)?;
            if attached {
                order::listen(app.handle().clone(), window)?;
            }
            asking.attach(app.handle());
            Ok(())
        })
        .build(tauri::generate_context!())?;
    app.run(move |_, event| {
        if let RunEvent::Exit = event {
            clipboard.hand_over();
        }
    });
    Ok(())
}

fn build(app: &AppHandle, asking: &Asking, theme: Theme) -> tauri::Result<WebviewWindow> {
    let address = format!("prompt.html?theme={}", theme.name());
    let window = frame::window(app, LABEL, &address)
        .title(CODE_TITLE)
        .inner_size(WIDTH, HEIGHT)
        .maximizable(false)
        .minimizable(false)
        .always_on_top(true)
        .visible_on_all_workspaces(true)
        .skip_taskbar(true)
        .center()
        .visible(false)
        .theme(frame::theme(theme))
        .build()?;
    // What is seen before the page is painted.
    let dark = window.theme()? == tauri::Theme::Dark;
    window.set_background_color(Some(if dark { DARK } else { LIGHT }))?;
    let asking = asking.clone();
    window.on_window_event(move |event| {
        if let WindowEvent::CloseRequested { api, .. } = event {
            api.prevent_close();
            asking.close();
        }
    });
    Ok(window)
}

impl Asking {
    /// Asks the agent at once, while the window is still being made.
    fn begin(settings: Settings) -> Result<Self> {
        let (popup, _) = watch::channel(Popup::new(settings));
        let asking = Self {
            agent: Agent::of_user()?,
            popup: Arc::new(popup),
            app: Arc::default(),
            clipboard: Clipboard::default(),
        };
        let told = asking.clone();
        asking.agent.listen(Interest::default(), move |news| {
            told.step(|popup| popup.told(news));
            ControlFlow::Continue(())
        })?;
        Ok(asking)
    }

    /// There is a window to act on from now on.
    fn attach(&self, app: &AppHandle) {
        let _ = self.app.set(app.clone());
        if self.popup.borrow().is_done() {
            app.exit(0);
        }
    }

    /// What to show, as soon as the agent has told it.
    pub(crate) async fn page(&self) -> Option<PromptPage> {
        let mut news = self.popup.subscribe();
        let known = news
            .wait_for(|popup| popup.is_done() || popup.page().is_some())
            .await;
        known.ok()?.page()
    }

    /// Sends a code; when it did not do, the page says why. Waits for AWS.
    pub(crate) fn answer(&self, request: impl FnOnce(u64) -> Request) -> Option<PromptPage> {
        let mut prompt = None;
        self.step(|popup| {
            prompt = popup.answering();
            Next::Show
        });
        if let Some(prompt) = prompt {
            let answer = self.agent.ask_once(request(prompt)).map(|_| ());
            self.step(|popup| popup.answered(answer));
        }
        self.popup.borrow().page()
    }

    /// Sends a choice. What the chosen profile needs of the person is asked for in the same window.
    pub(crate) fn choose(&self, request: impl FnOnce(u64) -> Request) -> Option<PromptPage> {
        let mut prompt = None;
        self.step(|popup| {
            prompt = popup.answering();
            Next::Show
        });
        if let Some(choice) = prompt {
            let answer = self.agent.ask_once(request(choice));
            let answer = answer.and_then(|_| self.open_prompts());
            self.step(|popup| popup.chosen(choice, answer));
        }
        self.popup.borrow().page()
    }

    fn open_prompts(&self) -> Result<Vec<PromptView>, ClientError> {
        let Reply::Status(status) = self.agent.ask_once(Request::Status)? else {
            return Err(ClientError::UnexpectedReply);
        };
        Ok(status.prompts)
    }

    /// Begins a sign-in, and brings the person to its page. Waits for AWS.
    pub(crate) fn sign_in(&self, way: SignInWay) {
        let mut prompt = None;
        self.step(|popup| {
            prompt = popup.answering();
            Next::Show
        });
        let Some(prompt) = prompt else { return };
        let answer = self.ask_for_sign_in(prompt, way);
        let started = answer.as_ref().ok().cloned();
        self.step(|popup| popup.started(answer));
        if let Some(view) = started {
            self.await_sign_in(view.id);
            self.lead(way);
        }
    }

    /// Brings the person to the page of the sign-in that is under way, once more.
    pub(crate) fn lead(&self, way: SignInWay) {
        let Some(view) = self.popup.borrow().under_way().cloned() else {
            return;
        };
        let led = sign_in::lead(&view, way, &self.clipboard);
        self.step(|popup| match led {
            Ok(copied) => popup.opened(copied),
            Err(trouble) => popup.not_opened(&trouble.message),
        });
    }

    /// Copies what is typed on another device.
    pub(crate) fn copy_device_code(&self) -> Result<(), Trouble> {
        let view = self.popup.borrow().under_way().cloned();
        match view.and_then(|view| view.user_code) {
            Some(code) => self.clipboard.put(code),
            None => Ok(()),
        }
    }

    /// Ends the sign-in that is under way; the question stays.
    pub(crate) fn cancel_sign_in(&self) {
        let mut id = None;
        self.step(|popup| {
            id = popup.cancelling();
            Next::Wait
        });
        if let Some(sign_in) = id {
            let cancelled = self.agent.ask_once(Request::CancelSignIn { sign_in });
            if let Err(error) = cancelled {
                tracing::warn!(%error, "the sign-in could not be cancelled");
            }
        }
    }

    fn ask_for_sign_in(&self, prompt: u64, way: SignInWay) -> Result<SignInView, ClientError> {
        let request = Request::SignIn {
            target: SignInTarget::Prompt(prompt),
            method: way.method(),
        };
        let Reply::SignInStarted { sign_in } = self.agent.ask_once(request)? else {
            return Err(ClientError::UnexpectedReply);
        };
        Ok(sign_in)
    }

    /// Says how it ends, which may take minutes.
    fn await_sign_in(&self, sign_in: u64) {
        let asking = self.clone();
        tauri::async_runtime::spawn_blocking(move || {
            let answer = asking.agent.ask_once(Request::AwaitSignIn {
                sign_in,
                or_cancel: false,
            });
            asking.step(|popup| popup.signed_in(sign_in, answer.map(|_| ())));
        });
    }

    /// The person wants it gone: declines the prompt, unless nobody waits for it.
    pub(crate) fn close(&self) {
        self.hide();
        let prompt = self.popup.borrow().declining();
        let asking = self.clone();
        tauri::async_runtime::spawn_blocking(move || {
            asking.cancel_sign_in();
            if let Some(prompt) = prompt {
                let declined = asking.agent.ask_once(Request::DeclinePrompt { prompt });
                if let Err(error) = declined {
                    tracing::warn!(%error, "the prompt could not be declined");
                }
            }
            asking.exit();
        });
    }

    /// Makes the window as high as its page, and shows it.
    pub(crate) fn fit(&self, window: &WebviewWindow, height: f64) -> tauri::Result<()> {
        // It was hidden, and would come back.
        if self.popup.borrow().is_done() {
            return Ok(());
        }
        window.set_title(self.title())?;
        let size = LogicalSize::new(WIDTH, height);
        // A window that cannot be resized at all keeps the size it had at first.
        window.set_min_size(Some(size))?;
        window.set_max_size(Some(size))?;
        window.set_size(size)?;
        if !window.is_visible()? {
            window.center()?;
            window.show()?;
            window.set_focus()?;
        }
        Ok(())
    }

    fn title(&self) -> &'static str {
        match self.popup.borrow().page() {
            Some(page) if page.choice.is_some() => CHOICE_TITLE,
            Some(page) if page.sign_in.is_some() => SIGN_IN_TITLE,
            Some(_) | None => CODE_TITLE,
        }
    }

    fn step(&self, change: impl FnOnce(&mut Popup) -> Next) {
        let mut next = Next::Wait;
        self.popup.send_modify(|popup| next = change(popup));
        let Some(app) = self.app.get() else {
            return;
        };
        match next {
            Next::Wait => {}
            Next::Show => {
                if let Some(window) = app.get_webview_window(LABEL) {
                    let _ = window.set_title(self.title());
                }
                // Nobody listens only when the window is going away.
                let _ = app.emit(super::watch::CHANGED, [Topic::Prompt]);
            }
            Next::Close => {
                self.hide();
                self.exit();
            }
        }
    }

    /// At once; what follows takes a moment.
    fn hide(&self) {
        let window = self.app.get().and_then(|app| app.get_webview_window(LABEL));
        if let Some(window) = window {
            let _ = window.hide();
        }
    }

    fn exit(&self) {
        if let Some(app) = self.app.get() {
            app.exit(0);
        }
    }
}
