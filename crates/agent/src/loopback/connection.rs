//! One connection to the port: a request with a bound on its size and time, and one answer.

use super::Shared;
use super::page;
use super::request::{Stray, Verdict, judge};
use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::timeout;
use zeroize::Zeroizing;

/// Longest head of a request in bytes: browsers send about a thousand, and a code has a few thousand.
const MAX_HEAD: usize = 16 * 1024;

/// How long a connection may take to say what it wants. Browsers open some that they do not use.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long the browser waits for its page while the code is exchanged.
const PAGE_WITHIN: Duration = Duration::from_secs(60);

/// How long the other side may take to take its answer and close.
const CLOSE_WITHIN: Duration = Duration::from_secs(1);

/// Connections that are heard at the same time. One more ends the oldest that has not said anything of interest, so
/// that whoever holds connections open keeps nobody out.
const MAX_CONNECTIONS: usize = 64;

/// The connections of one port.
#[derive(Default)]
pub(super) struct Connections {
    running: JoinSet<()>,
    waiting: VecDeque<Waiting>,
}

/// A connection that may be ended for the sake of another.
struct Waiting {
    handle: AbortHandle,
    /// It is the sign-in's browser.
    is_ours: Arc<AtomicBool>,
}

impl Connections {
    pub(super) fn serve(&mut self, stream: TcpStream, shared: &Arc<Shared>) {
        self.waiting
            .retain(|it| !it.handle.is_finished() && !it.is_ours.load(Ordering::Relaxed));
        if self.waiting.len() >= MAX_CONNECTIONS
            && let Some(oldest) = self.waiting.pop_front()
        {
            oldest.handle.abort();
        }
        let is_ours = Arc::new(AtomicBool::new(false));
        let known = Arc::clone(&is_ours);
        let shared = Arc::clone(shared);
        let handle = self.running.spawn(async move {
            // Who hangs up early gets no answer, which is all there is to it.
            let _ = answer(stream, &shared, &known).await;
        });
        self.waiting.push_back(Waiting { handle, is_ours });
    }

    /// Waits until a connection has ended; for ever while there is none.
    pub(super) async fn finished(&mut self) {
        if self.running.join_next().await.is_none() {
            std::future::pending().await
        }
    }

    /// Lets the browser take its page, and ends the rest.
    pub(super) async fn close(mut self) {
        for it in &self.waiting {
            if !it.is_ours.load(Ordering::Relaxed) {
                it.handle.abort();
            }
        }
        let all = async { while self.running.join_next().await.is_some() {} };
        let _ = timeout(CLOSE_WITHIN, all).await;
    }
}

async fn answer(mut stream: TcpStream, shared: &Shared, is_ours: &AtomicBool) -> io::Result<()> {
    let head = match timeout(PATIENCE, head(&mut stream)).await {
        Ok(head) => head?,
        Err(_) => return finish(stream, &page::stray("408 Request Timeout")).await,
    };
    let Some(head) = head else {
        let told = page::stray("431 Request Header Fields Too Large");
        return finish(stream, &told).await;
    };
    let text = std::str::from_utf8(&head).unwrap_or_default();
    match judge(text, &shared.host, &shared.state) {
        Verdict::Stray(stray) => {
            tracing::debug!(?stray, "a request that is not of the sign-in");
            finish(stream, &page::stray(status_of(stray))).await
        }
        Verdict::Ours(returned) => {
            is_ours.store(true, Ordering::Relaxed);
            shared.hand_on(returned);
            let told = page_of(shared).await;
            finish(stream, &told).await
        }
    }
}

/// The page, once it is known how the sign-in ended.
async fn page_of(shared: &Shared) -> Vec<u8> {
    let mut ending = shared.ending.clone();
    let ended = timeout(PAGE_WITHIN, ending.wait_for(Option::is_some)).await;
    let given_up = page::Ending::Failed {
        reason: "the sign-in was ended in Holdfast before it was done".to_owned(),
    };
    match ended {
        Ok(Ok(ending)) => page::answer(ending.as_ref().unwrap_or(&given_up)),
        Ok(Err(_)) | Err(_) => page::answer(&given_up),
    }
}

fn status_of(stray: Stray) -> &'static str {
    match stray {
        Stray::Malformed | Stray::OtherState => "400 Bad Request",
        Stray::OtherHost => "421 Misdirected Request",
        Stray::OtherMethod => "405 Method Not Allowed",
        Stray::OtherPath => "404 Not Found",
    }
}

/// The head of a request; `None` when it is too long.
async fn head(stream: &mut TcpStream) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
    let mut read = Zeroizing::new(vec![0; MAX_HEAD]);
    let mut filled = 0;
    loop {
        let more = stream.read(&mut read[filled..]).await?;
        if more == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        filled += more;
        let searched = filled.saturating_sub(more + 3);
        if read[searched..filled]
            .windows(4)
            .any(|four| four == b"\r\n\r\n")
        {
            read.truncate(filled);
            return Ok(Some(read));
        }
        if filled == MAX_HEAD {
            return Ok(None);
        }
    }
}

/// Sends the answer, and waits until it was taken: closing a connection with unread bytes would cut it off.
async fn finish(mut stream: TcpStream, answer: &[u8]) -> io::Result<()> {
    let closing = async {
        stream.write_all(answer).await?;
        stream.shutdown().await?;
        let mut rest = Zeroizing::new([0; 1024]);
        while stream.read(&mut rest[..]).await? > 0 {}
        Ok(())
    };
    timeout(CLOSE_WITHIN, closing).await.unwrap_or(Ok(()))
}
