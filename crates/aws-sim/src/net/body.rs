//! The body of an answer.

use std::convert::Infallible;
use std::io;

use futures_util::{StreamExt, stream};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::StatusCode;
use hyper::body::{Bytes, Frame};
use tokio::sync::watch;

/// A body of any origin; an error in it breaks the connection.
pub(crate) type Body = UnsyncBoxBody<Bytes, io::Error>;

/// A body that is there already.
pub(crate) fn full(data: impl Into<Bytes>) -> Body {
    Full::new(data.into())
        .map_err(|never: Infallible| match never {})
        .boxed_unsync()
}

/// The first half of `data`, then a broken connection.
pub(crate) fn half(data: &Bytes) -> Body {
    let half = data.slice(..data.len() / 2);
    let frames = [
        Ok(Frame::data(half)),
        Err(io::Error::other("the answer is cut short")),
    ];
    StreamBody::new(stream::iter(frames)).boxed_unsync()
}

/// The first half of `data`, and the second when `go_on` changes.
pub(crate) fn halves(data: &Bytes, mut go_on: watch::Receiver<()>) -> Body {
    let (first, second) = (data.slice(..data.len() / 2), data.slice(data.len() / 2..));
    let rest = async move {
        // Gone with the simulator itself.
        let _ = go_on.changed().await;
        Ok(Frame::data(second))
    };
    let frames = stream::iter([Ok(Frame::data(first))]).chain(stream::once(rest));
    StreamBody::new(frames).boxed_unsync()
}

/// The status of this number; 500 for a number HTTP does not have.
pub(crate) fn status(number: u16) -> StatusCode {
    StatusCode::from_u16(number).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
