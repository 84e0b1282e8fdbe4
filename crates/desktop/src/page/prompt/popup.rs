//! The popup from its start to its end: what it was told, what was typed into it, what it does next.

use super::notice::{hints, sentence};
use super::{PromptNotice, PromptNoticeKind, PromptPage, PromptPhase, Question};
use crate::agent::Told;
use holdfast_agent_proto::view::PromptView;
use holdfast_agent_proto::{AgentError, ClientError, ErrorCode, Event};

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

/// What the popup knows. It asks one question, and ends with it.
#[derive(Debug)]
pub struct Popup {
    decline_minutes: u32,
    prompt: Option<PromptView>,
    connected: bool,
    answering: bool,
    /// The agent closed the prompt while a code was at AWS; the answer says why.
    closed: bool,
    notice: Option<PromptNotice>,
    /// Why nobody waits any more.
    over: Option<PromptNotice>,
    done: bool,
}

impl Popup {
    /// A popup that has not been told anything. After a "Not now" nobody is asked again for `decline_minutes`.
    pub fn new(decline_minutes: u32) -> Self {
        Self {
            decline_minutes,
            prompt: None,
            connected: false,
            answering: false,
            closed: false,
            notice: None,
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
        } else if prompt.checking {
            (PromptPhase::Checking, self.notice.clone())
        } else {
            (PromptPhase::Asking, self.notice.clone())
        };
        Some(PromptPage {
            phase,
            question: Question::from(prompt),
            notice,
            decline_minutes: self.decline_minutes,
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

    /// A code is about to be sent: the prompt to send it to, unless none can be sent now.
    pub fn answering(&mut self) -> Option<u64> {
        if !self.connected || self.answering || self.over.is_some() {
            return None;
        }
        let prompt = self.prompt.as_ref()?.id;
        self.answering = true;
        self.closed = false;
        self.notice = None;
        Some(prompt)
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
                if self.answering {
                    self.closed = true;
                    return Next::Wait;
                }
                Next::Close
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
            let message = "Holdfast's agent gave no answer. Try again.";
            self.notice = Some(PromptNotice {
                detail: Some(sentence(&error.to_string())),
                ..PromptNotice::new(PromptNoticeKind::Retry, message)
            });
        }
        Next::Show
    }

    fn is_open(&self, id: u64) -> bool {
        let open = self.over.is_none();
        open && self.prompt.as_ref().is_some_and(|prompt| prompt.id == id)
    }

    fn asks(&mut self, prompt: PromptView) -> Next {
        if !self.answering {
            self.notice = PromptNotice::of(&prompt);
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
        "Holdfast's agent was started again, and nobody waits for a code any more. {again}"
    );
    PromptNotice::new(PromptNoticeKind::Over, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use holdfast_agent_proto::frame::FrameError;
    use holdfast_agent_proto::view::{CallerView, StatusView};

    fn prompt(id: u64) -> PromptView {
        PromptView {
            id,
            asked_by: vec![CallerView {
                program: "git push".to_owned(),
                ..CallerView::default()
            }],
            waiting: 1,
            ..PromptView::default()
        }
    }

    fn connected(prompts: &[PromptView]) -> Told {
        Told::Connected(StatusView {
            prompts: prompts.to_vec(),
            ..StatusView::default()
        })
    }

    fn gone() -> ClientError {
        ClientError::Frame(FrameError::Closed)
    }

    fn refused(code: ErrorCode) -> Result<(), ClientError> {
        let error = AgentError::new(code, "why").hint("what to do");
        Err(ClientError::Refused(Box::new(error)))
    }

    fn open() -> Popup {
        let mut popup = Popup::new(5);
        assert_eq!(popup.told(connected(&[prompt(7)])), Next::Show);
        popup
    }

    fn phase(popup: &Popup) -> PromptPhase {
        popup.page().unwrap().phase
    }

    fn kind(popup: &Popup) -> Option<PromptNoticeKind> {
        popup.page().unwrap().notice.map(|notice| notice.kind)
    }

    #[test]
    fn without_a_question_it_goes_away() {
        let mut popup = Popup::new(5);
        assert_eq!(popup.page(), None);
        assert_eq!(popup.told(connected(&[])), Next::Close);
        assert_eq!(Popup::new(5).told(Told::Lost(gone())), Next::Close);
    }

    #[test]
    fn it_ends_with_its_prompt() {
        let mut popup = open();
        assert_eq!((phase(&popup), kind(&popup)), (PromptPhase::Asking, None));
        let other = Event::PromptClosed { prompt: 6 };
        assert_eq!(popup.told(Told::Event(other)), Next::Wait);
        let joined = PromptView {
            waiting: 2,
            ..prompt(7)
        };
        let joined = Event::PromptChanged(joined);
        assert_eq!(popup.told(Told::Event(joined)), Next::Show);
        assert_eq!(popup.page().unwrap().question.whence, "1 more waits");
        let closed = Event::PromptClosed { prompt: 7 };
        assert_eq!(popup.told(Told::Event(closed)), Next::Close);
    }

    #[test]
    fn a_good_code_closes_it() {
        let mut popup = open();
        assert_eq!(popup.answering(), Some(7));
        assert_eq!(phase(&popup), PromptPhase::Checking);
        assert_eq!(popup.answering(), None, "one code at a time");
        let closed = Event::PromptClosed { prompt: 7 };
        assert_eq!(popup.told(Told::Event(closed)), Next::Wait);
        assert_eq!(popup.answered(Ok(())), Next::Close);
    }

    #[test]
    fn a_refused_code_can_be_followed_by_another() {
        for (code, expect) in [
            (ErrorCode::WrongCode, PromptNoticeKind::WrongCode),
            (ErrorCode::CodeUsed, PromptNoticeKind::CodeUsed),
            (ErrorCode::Offline, PromptNoticeKind::Retry),
            (ErrorCode::Throttled, PromptNoticeKind::Retry),
        ] {
            let mut popup = open();
            popup.answering();
            // What others do meanwhile takes nothing away.
            popup.told(Told::Event(Event::PromptChanged(prompt(7))));
            assert_eq!(popup.answered(refused(code)), Next::Show);
            assert_eq!(
                (phase(&popup), kind(&popup)),
                (PromptPhase::Asking, Some(expect))
            );
            assert_eq!(popup.answering(), Some(7));
            assert_eq!(kind(&popup), None, "the old notice is not about this code");
        }
    }

    #[test]
    fn what_no_code_can_mend_is_told_before_it_goes() {
        let mut popup = open();
        popup.answering();
        popup.told(Told::Event(Event::PromptClosed { prompt: 7 }));
        assert_eq!(popup.answered(refused(ErrorCode::KeyInactive)), Next::Show);
        let notice = popup.page().unwrap().notice.unwrap();
        assert_eq!(phase(&popup), PromptPhase::Over);
        assert_eq!(notice.message, "Why.");
        assert_eq!(notice.detail.as_deref(), Some("What to do."));
        assert_eq!(popup.declining(), None);
        for code in [ErrorCode::Declined, ErrorCode::NotFound] {
            let mut popup = open();
            popup.answering();
            assert_eq!(popup.answered(refused(code)), Next::Close);
        }
    }

    #[test]
    fn an_agent_that_is_gone_is_waited_for() {
        let mut popup = open();
        assert_eq!(popup.declining(), Some(7));
        assert_eq!(popup.told(Told::Lost(gone())), Next::Show);
        assert_eq!(
            (phase(&popup), kind(&popup)),
            (PromptPhase::Lost, Some(PromptNoticeKind::Lost))
        );
        assert_eq!((popup.answering(), popup.declining()), (None, None));
        // Nobody asks the new one, until somebody does.
        assert_eq!(popup.told(connected(&[])), Next::Show);
        let notice = popup.page().unwrap().notice.unwrap();
        assert_eq!(phase(&popup), PromptPhase::Over);
        assert!(
            notice.message.ends_with("Run git push again."),
            "{notice:?}"
        );
        assert_eq!(popup.answering(), None);
        popup.told(Told::Event(Event::PromptOpened(prompt(1))));
        assert_eq!((phase(&popup), kind(&popup)), (PromptPhase::Asking, None));
        assert_eq!(popup.answering(), Some(1));
    }

    #[test]
    fn a_code_that_was_under_way_when_the_agent_ended_can_be_sent_again() {
        let mut popup = open();
        popup.answering();
        popup.told(Told::Lost(gone()));
        assert_eq!(popup.answered(Err(gone())), Next::Show);
        popup.told(connected(&[prompt(1)]));
        assert_eq!(popup.answering(), Some(1));
    }
}
