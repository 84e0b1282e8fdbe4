//! Sign-ins as clients see them.

use super::super::Controller;
use super::super::views::id_of;
use super::SignIn;
use crate::explain;
use holdfast_agent_proto::Reply;
use holdfast_agent_proto::view::{BrowserChoice, SignInView};
use holdfast_core::chain::SessionKey;
use holdfast_core::port::Aws;
use holdfast_settings::Browser;

impl<S: Aws> Controller<S> {
    /// Tells those who wait for it where the person signs in, as soon as that is known.
    pub(super) fn tell_page(&mut self, key: &SessionKey) {
        let Some(view) = self.sign_in_view(key) else {
            return;
        };
        let starting = match self.sign_ins.by_key(key) {
            Some((_, sign_in)) => std::mem::take(&mut sign_in.starting),
            None => return,
        };
        for replies in starting {
            let sign_in = view.clone();
            replies.reply(Reply::SignInStarted { sign_in });
        }
    }

    /// The sign-ins that have a page.
    pub(in super::super) fn sign_in_views(&self) -> Vec<SignInView> {
        let running = self.sign_ins.running.iter();
        running
            .filter_map(|(id, sign_in)| self.view_of_sign_in(*id, sign_in))
            .collect()
    }

    /// The sign-in to a session, once it has a page.
    pub(in super::super) fn sign_in_view(&self, key: &SessionKey) -> Option<SignInView> {
        let mut running = self.sign_ins.running.iter();
        let (id, sign_in) = running.find(|(_, it)| it.key == *key)?;
        self.view_of_sign_in(*id, sign_in)
    }

    fn view_of_sign_in(&self, id: u64, sign_in: &SignIn) -> Option<SignInView> {
        let page = sign_in.page.as_ref()?;
        let context = &sign_in.caller.context;
        let browser = sign_in
            .chain
            .source
            .portal()
            .map_or(BrowserChoice::Default, |portal| {
                choice(
                    &self
                        .preferences
                        .settings()
                        .portal(&portal.start_url)
                        .browser,
                )
            });
        Some(SignInView {
            id,
            session: id_of(&sign_in.key),
            title: explain::signed_in_to(&sign_in.chain.source),
            method: sign_in.method,
            url: page.url.clone(),
            user_code: page.user_code.clone(),
            expires_at: self.clock.localize(page.expires_at).unix_seconds(),
            browser,
            profiles: self.files.through(context, &sign_in.key, &self.keys),
            answered: sign_in.answered,
        })
    }
}

fn choice(browser: &Browser) -> BrowserChoice {
    match browser {
        Browser::Default => BrowserChoice::Default,
        Browser::CopyLink => BrowserChoice::CopyLink,
        Browser::Command(words) => BrowserChoice::Command(words.clone()),
    }
}
