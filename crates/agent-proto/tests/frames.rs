//! Frames of any content survive any cutting into pieces, and any bytes at all are taken without harm.

use holdfast_agent_proto::frame::{self, FrameError, MAX_REPLY_BYTES};
use holdfast_agent_proto::stream::Connection;
use holdfast_agent_proto::{
    AgentError, CallerContext, Client, ClientError, ErrorCode, Event, Hello, PROTOCOL_VERSION,
    Reply, Request, ServerMessage,
};
use proptest::prelude::*;
use std::io::{self, Read, Write};
use std::time::Instant;

/// Gives recorded bytes in pieces of given sizes, and keeps what is written.
#[derive(Default)]
struct Script {
    incoming: Vec<u8>,
    pieces: Vec<usize>,
    written: Vec<Vec<u8>>,
}

impl Read for Script {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let piece = self.pieces.pop().unwrap_or(usize::MAX).max(1);
        let length = piece.min(buffer.len()).min(self.incoming.len());
        buffer[..length].copy_from_slice(&self.incoming[..length]);
        self.incoming.drain(..length);
        Ok(length)
    }
}

impl Write for Script {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.written.push(bytes.to_vec());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A client's view of a script that the test keeps.
struct Wire<'a>(&'a mut Script);

impl Read for Wire<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl Write for Wire<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Connection for Wire<'_> {
    fn set_deadline(&mut self, _deadline: Option<Instant>) {}
}

fn hello() -> Hello {
    Hello {
        protocol: PROTOCOL_VERSION,
        client: "test".to_owned(),
        version: "1".to_owned(),
        context: CallerContext::default(),
    }
}

fn frames(messages: &[ServerMessage]) -> Vec<u8> {
    let encoded = messages
        .iter()
        .map(|message| frame::encode(message, MAX_REPLY_BYTES).expect("it fits"));
    encoded.flat_map(|frame| frame.to_vec()).collect()
}

fn error(id: u64, text: &str) -> ServerMessage {
    ServerMessage::Error {
        id,
        error: AgentError::new(ErrorCode::Internal, text),
    }
}

fn pong(id: u64) -> ServerMessage {
    let version = "1".to_owned();
    ServerMessage::Reply {
        id,
        reply: Reply::Pong { version, pid: 1 },
    }
}

proptest! {
    #[test]
    fn any_text_in_any_pieces_arrives(
        text in ".{0,1500}",
        pieces in prop::collection::vec(1_usize..1500, 0..40),
    ) {
        let event = ServerMessage::Event(Event::PromptClosed { prompt: 3 });
        let mut script = Script {
            incoming: frames(&[event, error(1, &text), pong(2)]),
            pieces,
            written: Vec::new(),
        };
        let mut client = Client::new(Wire(&mut script), &hello()).unwrap();
        let Err(ClientError::Refused(refused)) = client.request(Request::Ping) else {
            panic!("the error did not arrive");
        };
        prop_assert_eq!(&refused.message, &text);
        let is_pong = matches!(client.request(Request::Ping), Ok(Reply::Pong { .. }));
        prop_assert!(is_pong);
        prop_assert_eq!(client.next_event(None).unwrap(), Event::PromptClosed { prompt: 3 });
        prop_assert_eq!(script.written.len(), 2);
    }

    #[test]
    fn any_bytes_are_taken_without_harm(
        incoming in prop::collection::vec(any::<u8>(), 0..300),
        pieces in prop::collection::vec(1_usize..20, 0..20),
    ) {
        let mut script = Script { incoming, pieces, written: Vec::new() };
        let mut client = Client::new(Wire(&mut script), &hello()).unwrap();
        prop_assert!(client.request(Request::Ping).is_err());
    }

    #[test]
    fn a_length_over_the_limit_is_refused_before_the_rest(length in any::<u32>(), limit in 0_usize..100_000) {
        let over = length as usize > limit;
        let refused = matches!(
            frame::body_length(length.to_be_bytes(), limit),
            Err(FrameError::TooLarge { .. })
        );
        prop_assert_eq!(refused, over);
    }
}

#[test]
fn the_hello_travels_with_the_first_request_in_one_write() {
    let mut script = Script {
        incoming: frames(&[pong(1), pong(2)]),
        ..Script::default()
    };
    let mut client = Client::new(Wire(&mut script), &hello()).unwrap();
    client.request(Request::Ping).unwrap();
    client.request(Request::Ping).unwrap();
    let [first, second] = &script.written[..] else {
        panic!("{} writes", script.written.len());
    };
    let mut first = &first[..];
    let said = frame::read(&mut first, 65_536).unwrap();
    assert_eq!(frame::decode::<Hello>(&said).unwrap(), hello());
    let asked = frame::read(&mut first, 65_536).unwrap();
    assert_eq!(&asked[..], br#"{"id":1,"request":"ping"}"#);
    assert!(first.is_empty());
    assert_eq!(&second[4..], br#"{"id":2,"request":"ping"}"#);
}

#[test]
fn answers_to_other_requests_are_faults_and_those_to_the_connection_are_not() {
    let outcome = |messages: &[ServerMessage]| {
        let mut script = Script {
            incoming: frames(messages),
            ..Script::default()
        };
        let mut client = Client::new(Wire(&mut script), &hello()).unwrap();
        client.request(Request::Ping)
    };
    assert!(matches!(outcome(&[pong(1)]), Ok(Reply::Pong { .. })));
    assert!(matches!(
        outcome(&[pong(2)]),
        Err(ClientError::UnexpectedReply)
    ));
    assert!(matches!(
        outcome(&[error(2, "x")]),
        Err(ClientError::UnexpectedReply)
    ));
    assert!(matches!(
        outcome(&[error(0, "x")]),
        Err(ClientError::Refused(_))
    ));
    let closed = outcome(&[]);
    assert!(closed.is_err_and(|error| error.agent_went_away()));
}

#[test]
fn a_request_that_is_too_large_is_not_sent() {
    let mut script = Script {
        incoming: frames(&[pong(2)]),
        ..Script::default()
    };
    let mut client = Client::new(Wire(&mut script), &hello()).unwrap();
    let path = "x".repeat(70_000);
    let host = String::new();
    let refused = client.request(Request::GitRejected { host, path });
    assert!(matches!(
        refused,
        Err(ClientError::Frame(FrameError::TooLarge { .. }))
    ));
    assert!(
        client.request(Request::Ping).is_ok(),
        "the connection is still good"
    );
    assert_eq!(script.written.len(), 1);
}
