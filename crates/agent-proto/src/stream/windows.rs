//! Connections on Windows: a named pipe, read on a second thread because file reads have no time-out.

use super::{Connection, timed_out};
use crate::address::{Address, AddressError, current_user_sid, pipe_server_sid};
use crate::client::ClientError;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::windows::fs::OpenOptionsExt;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};
use windows_sys::Win32::Foundation::ERROR_PIPE_BUSY;
use windows_sys::Win32::Storage::FileSystem::SECURITY_IDENTIFICATION;
use zeroize::Zeroizing;

/// How long to wait for a free instance of the pipe.
const BUSY_FOR: Duration = Duration::from_secs(2);

/// Pause between two tries while every instance of the pipe is taken.
const BUSY_PAUSE: Duration = Duration::from_millis(10);

/// Largest piece read at once, in bytes.
const PIECE: usize = 4 * 1024;

/// A connection to the agent.
pub struct Stream {
    pipe: Arc<File>,
    deadline: Option<Instant>,
    reader: Option<Reader>,
}

/// The thread that reads, one piece whenever it is asked: a pipe opened for synchronous use
/// cannot be written while a read waits on it.
struct Reader {
    ask: Sender<usize>,
    pieces: Receiver<io::Result<Zeroizing<Vec<u8>>>>,
}

pub(super) fn connect(address: &Address) -> Result<Stream, ClientError> {
    let pipe = open(address)?;
    let server = pipe_server_sid(&pipe).ok();
    let own = current_user_sid().map_err(AddressError::User)?;
    if server.as_ref() != Some(&own) {
        return Err(ClientError::Address(AddressError::NotPrivate {
            path: address.path().to_owned(),
            reason: "another user listens there",
        }));
    }
    Ok(Stream {
        pipe: Arc::new(pipe),
        deadline: None,
        reader: None,
    })
}

/// Opens the pipe so that its server can identify, but not impersonate, this user.
fn open(address: &Address) -> Result<File, ClientError> {
    let give_up = Instant::now() + BUSY_FOR;
    loop {
        let opened = OpenOptions::new()
            .read(true)
            .write(true)
            .security_qos_flags(SECURITY_IDENTIFICATION)
            .open(address.path());
        match opened {
            Ok(pipe) => return Ok(pipe),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(ClientError::NotRunning {
                    address: address.path().to_owned(),
                });
            }
            Err(error)
                if error.raw_os_error() == Some(ERROR_PIPE_BUSY as i32)
                    && Instant::now() < give_up =>
            {
                thread::sleep(BUSY_PAUSE);
            }
            Err(error) => return Err(ClientError::Io(error)),
        }
    }
}

impl Connection for Stream {
    fn set_deadline(&mut self, deadline: Option<Instant>) {
        self.deadline = deadline;
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let reader = match &self.reader {
            Some(reader) => reader,
            None => self.reader.insert(Reader::start(Arc::clone(&self.pipe))?),
        };
        let gone = || io::Error::from(io::ErrorKind::BrokenPipe);
        let wanted = buffer.len().min(PIECE);
        reader.ask.send(wanted).map_err(|_| gone())?;
        let piece = match self.deadline {
            None => reader.pieces.recv().map_err(|_| gone())?,
            Some(deadline) => {
                let left = deadline.saturating_duration_since(Instant::now());
                match reader.pieces.recv_timeout(left) {
                    Ok(piece) => piece,
                    Err(RecvTimeoutError::Timeout) => return Err(timed_out()),
                    Err(RecvTimeoutError::Disconnected) => return Err(gone()),
                }
            }
        }?;
        buffer[..piece.len()].copy_from_slice(&piece);
        Ok(piece.len())
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        (&*self.pipe).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Reader {
    fn start(pipe: Arc<File>) -> io::Result<Self> {
        let (ask, asked) = channel::<usize>();
        let (tell, pieces) = channel();
        thread::Builder::new()
            .name("pipe reader".to_owned())
            .spawn(move || {
                for wanted in asked {
                    let mut piece = Zeroizing::new(vec![0; wanted]);
                    let read = (&*pipe).read(&mut piece).map(|length| {
                        piece.truncate(length);
                        piece
                    });
                    if tell.send(read).is_err() {
                        return;
                    }
                }
            })?;
        Ok(Self { ask, pieces })
    }
}
