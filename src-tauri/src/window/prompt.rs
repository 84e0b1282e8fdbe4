//! The MFA popup: one process, for as long as a code is asked for.

use super::{frame, order};
use crate::command;
use crate::settings_file::SettingsPath;
use anyhow::Result;
use holdfast_agent_proto::Request;
use holdfast_desktop::agent::{Agent, Interest};
use holdfast_desktop::page::Theme;
use holdfast_desktop::page::prompt::{Next, Popup, PromptPage};
use holdfast_desktop::page::settings::SettingsPage;
use holdfast_desktop::page::shell::Topic;
use std::ops::ControlFlow;
use std::sync::{Arc, OnceLock};
use tauri::window::Color;
use tauri::{AppHandle, Emitter, LogicalSize, Manager, WebviewWindow, WindowEvent};
use tokio::sync::watch;

/// Name of the popup's window.
const LABEL: &str = "prompt";

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
}

/// Shows the MFA popup until the prompt is answered or declined.
pub(crate) fn run(attached: bool) -> Result<()> {
    let settings = SettingsPage::load(SettingsPath::from_env()?.file(), None).values;
    let asking = Asking::begin(settings.decline_minutes)?;
    let theme = settings.theme;
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
    app.run(|_, _| {});
    Ok(())
}

fn build(app: &AppHandle, asking: &Asking, theme: Theme) -> tauri::Result<WebviewWindow> {
    let address = format!("prompt.html?theme={}", theme.name());
    let window = frame::window(app, LABEL, &address)
        .title("Enter MFA code")
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
    fn begin(decline_minutes: u32) -> Result<Self> {
        let (popup, _) = watch::channel(Popup::new(decline_minutes));
        let asking = Self {
            agent: Agent::of_user()?,
            popup: Arc::new(popup),
            app: Arc::default(),
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

    /// The person wants it gone: declines the prompt, unless nobody waits for it.
    pub(crate) fn close(&self) {
        self.hide();
        let prompt = self.popup.borrow().declining();
        let asking = self.clone();
        tauri::async_runtime::spawn_blocking(move || {
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

    fn step(&self, change: impl FnOnce(&mut Popup) -> Next) {
        let mut next = Next::Wait;
        self.popup.send_modify(|popup| next = change(popup));
        let Some(app) = self.app.get() else {
            return;
        };
        match next {
            Next::Wait => {}
            Next::Show => {
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
