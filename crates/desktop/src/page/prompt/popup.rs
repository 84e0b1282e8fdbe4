//! The popup from its start to its end: what it was told, what was typed into it, what it does next.

use super::notice::{hints, sentence};
use super::{
    BrowserSignIn, ProfileChoice, PromptNotice, PromptNoticeKind, PromptPage, PromptPhase, Question,
};
use crate::agent::Told;
use crate::page::sign_in;
use holdfast_agent_proto::view::{PromptView, SignInView};
use holdfast_agent_proto::{AgentError, ClientError, ErrorCode, Event};
use holdfast_settings::Settings;

/// What the popup does after something happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Nothing that it shows has changed.
    Wait,
    /// Shows its page anew.
    Show,
    /// Goes away.
    Close,
}

/// What the popup knows. It asks one question, and ends with it; a choice may lead to another.
#[derive(Debug)]
pub struct Popup {
    settings: Settings,
    prompt: Option<PromptView>,
    connected: bool,
    answering: bool,
    /// The agent closed the prompt while a code was at AWS; the answer says why.
    closed: bool,
    notice: Option<PromptNotice>,
    /// The sign-in that was begun here, whose end is awaited.
    awaiting: Option<u64>,
    /// The person ended the sign-in that was under way last.
    cancelled: bool,
    /// What to say when the agent closes the prompt because the last sign-in was refused in the browser.
    refused: Option<PromptNotice>,
    /// The link to the page was copied, and no browser was opened.
    copied: bool,
    /// Why nobody waits any more.
    over: Option<PromptNotice>,
    done: bool,
}

impl Popup {
    /// A popup that has not been told anything.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            prompt: None,
            connected: false,
            answering: false,
            closed: false,
            notice: None,
            awaiting: None,
            cancelled: false,
            refused: None,
            copied: false,
            over: None,
            done: false,
        }
    }

    /// What to show; `None` before there is a question.
    pub fn page(&self) -> Option<PromptPage> {
        let prompt = self.prompt.as_ref()?;
        let (phase, notice) = if let Some(over) = &self.over {
            (PromptPhase::Over, Some(over.clone()))
        } else if !self.connected {
            (PromptPhase::Lost, Some(lost()))
        } else if self.answering {
            (PromptPhase::Checking, None)
        } else if prompt.under_way.is_some() {
            (PromptPhase::Waiting, self.notice.clone())
        } else if prompt.checking {
            (PromptPhase::Checking, self.notice.clone())
        } else {
            (PromptPhase::Asking, self.notice.clone())
        };
        Some(PromptPage {
            phase,
            question: Question::from(prompt),
            notice,
            sign_in: BrowserSignIn::of(prompt, &self.settings, self.copied),
            choice: ProfileChoice::of(prompt),
            decline_minutes: self.settings.prompts.decline_minutes,
        })
    }

    /// Whether it was time to go away, which may be before there is a window.
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// The agent told something.
    pub fn told(&mut self, told: Told) -> Next {
        let next = self.hear(told);
        self.done |= next == Next::Close;
        next
    }

    /// What came of the code.
    pub fn answered(&mut self, answer: Result<(), ClientError>) -> Next {
        self.answering = false;
        let next = match answer {
            Ok(()) => Next::Close,
            Err(error) => self.failed(error),
        };
        self.done |= next == Next::Close;
        next
    }

    /// What came of a choice. A profile that needs a code or a sign-in is asked for here: the prompts that are open now.
    pub fn chosen(&mut self, choice: u64, answer: Result<Vec<PromptView>, ClientError>) -> Next {
        let prompts = match answer {
            Ok(prompts) => prompts,
            Err(error) => return self.answered(Err(error)),
        };
        self.answering = false;
        let next = match prompts.into_iter().find(|prompt| prompt.id != choice) {
            Some(prompt) => self.asks(prompt),
            // It was told of after the prompts were asked for.
            None if !self.closed && !self.is_open(choice) => Next::Show,
            None => Next::Close,
        };
        self.done |= next == Next::Close;
        next
    }

    /// A code is about to be sent, or a sign-in begun: the prompt that it is for, unless it cannot be done now.
    pub fn answering(&mut self) -> Option<u64> {
        let prompt = self.prompt.as_ref()?;
        let busy = self.answering || prompt.under_way.is_some();
        if !self.connected || busy || self.over.is_some() {
            return None;
        }
        self.answering = true;
        self.closed = false;
        self.cancelled = false;
        self.refused = None;
        self.copied = false;
        self.notice = None;
        Some(prompt.id)
    }

    /// AWS was asked for a sign-in.
    pub fn started(&mut self, answer: Result<SignInView, ClientError>) -> Next {
        self.answering = false;
        match (answer, &mut self.prompt) {
            (Ok(view), Some(prompt)) => {
                self.awaiting = Some(view.id);
                prompt.under_way = Some(view);
                Next::Show
            }
            (Ok(_), None) => Next::Wait,
            (Err(error), _) => self.ends_with(error),
        }
    }

    /// The sign-in that is under way.
    pub fn under_way(&self) -> Option<&SignInView> {
        self.prompt.as_ref()?.under_way.as_ref()
    }

    /// The link to the page was copied, or else a browser was told to open it.
    pub fn opened(&mut self, copied: bool) -> Next {
        self.copied = copied;
        self.notice = None;
        Next::Show
    }

    /// The page cannot be opened, for this reason.
    pub fn not_opened(&mut self, why: &str) -> Next {
        self.notice = Some(PromptNotice::not_opened(why));
        Next::Show
    }

    /// The person does not want to go on with the sign-in that is under way: which one.
    pub fn cancelling(&mut self) -> Option<u64> {
        let id = self.under_way()?.id;
        self.cancelled = true;
        Some(id)
    }

    /// What came of a sign-in.
    pub fn signed_in(&mut self, id: u64, answer: Result<(), ClientError>) -> Next {
        self.awaiting = self.awaiting.filter(|awaiting| *awaiting != id);
        let next = match answer {
            Ok(()) => Next::Close,
            // What became of one before says nothing about the one that is shown.
            Err(_) if self.under_way().is_some_and(|view| view.id != id) => Next::Wait,
            Err(error) => self.ends_with(error),
        };
        self.done |= next == Next::Close;
        next
    }

    /// The prompt to decline when the person closes the popup; `None` when nobody would notice.
    pub fn declining(&self) -> Option<u64> {
        let open = self.connected && self.over.is_none();
        self.prompt
            .as_ref()
            .filter(|_| open)
            .map(|prompt| prompt.id)
    }

    fn hear(&mut self, told: Told) -> Next {
        match told {
            Told::Connected(status) => {
                self.connected = true;
                match (status.prompts.into_iter().next(), &self.prompt) {
                    (Some(prompt), _) => self.asks(prompt),
                    (None, Some(prompt)) => {
                        let over = nobody_asks(&Question::from(prompt));
                        self.ends(over)
                    }
                    (None, None) => Next::Close,
                }
            }
            Told::Lost(_) => {
                self.connected = false;
                match self.prompt {
                    Some(_) => Next::Show,
                    None => Next::Close,
                }
            }
            Told::Event(Event::PromptOpened(prompt)) => self.asks(prompt),
            Told::Event(Event::PromptChanged(prompt)) if self.is_open(prompt.id) => {
                self.asks(prompt)
            }
            Told::Event(Event::PromptClosed { prompt }) if self.is_open(prompt) => {
                if self.answering || self.awaiting.is_some() {
                    self.closed = true;
                    return Next::Wait;
                }
                match self.refused.take() {
                    Some(notice) => self.ends(notice),
                    None => Next::Close,
                }
            }
            Told::Event(_) => Next::Wait,
        }
    }

    fn failed(&mut self, error: ClientError) -> Next {
        if let ClientError::Refused(error) = error {
            return self.refused(&error);
        }
        // When the agent is gone, the connection for events says more.
        if !error.agent_went_away() {
            self.notice = Some(PromptNotice::of_no_answer(&error));
        }
        Next::Show
    }

    /// A sign-in did not come to its end. It can be begun again as long as somebody waits for it.
    fn ends_with(&mut self, error: ClientError) -> Next {
        if let Some(prompt) = &mut self.prompt {
            prompt.under_way = None;
        }
        let was_refused = error.refused_for() == Some(ErrorCode::SignInCancelled);
        let notice = sign_in::why_not(error, self.cancelled);
        let over = notice.clone().map(|notice| PromptNotice {
            kind: PromptNoticeKind::Over,
            ..notice
        });
        match over {
            None if self.closed => Next::Close,
            Some(over) if self.closed => self.ends(over),
            over => {
                self.refused = over.filter(|_| was_refused);
                self.notice = notice;
                Next::Show
            }
        }
    }

    fn is_open(&self, id: u64) -> bool {
        let open = self.over.is_none();
        open && self.prompt.as_ref().is_some_and(|prompt| prompt.id == id)
    }

    fn asks(&mut self, prompt: PromptView) -> Next {
        let is_other = self.prompt.as_ref().is_none_or(|it| it.id != prompt.id);
        if is_other {
            self.closed = false;
            self.copied = false;
            self.cancelled = false;
            self.refused = None;
        }
        if !self.answering && prompt.under_way.is_none() {
            self.notice = PromptNotice::of(&prompt).filter(|_| !self.cancelled);
        }
        self.over = None;
        self.prompt = Some(prompt);
        Next::Show
    }

    fn ends(&mut self, over: PromptNotice) -> Next {
        self.over = Some(over);
        Next::Show
    }

    fn refused(&mut self, error: &AgentError) -> Next {
        if let Some(notice) = PromptNotice::of_error(error).filter(|_| !self.closed) {
            self.notice = Some(notice);
            return Next::Show;
        }
        if matches!(error.code, ErrorCode::Declined | ErrorCode::NotFound) {
            // Given up here, or answered somewhere else.
            return Next::Close;
        }
        self.ends(PromptNotice {
            detail: hints(error),
            ..PromptNotice::new(PromptNoticeKind::Over, sentence(&error.message))
        })
    }
}

fn lost() -> PromptNotice {
    PromptNotice::new(
        PromptNoticeKind::Lost,
        "Holdfast's agent ended. It is being started again, and what you typed is kept.",
    )
}

fn nobody_asks(question: &Question) -> PromptNotice {
    let again = match &question.program {
        Some(program) => format!("Run {program} again."),
        None => "Ask for it again.".to_owned(),
    };
    let message = format!(
        "Holdfast's agent was started again, and nobody waits for an answer any more. {again}"
    );
    PromptNotice::new(PromptNoticeKind::Over, message)
}
