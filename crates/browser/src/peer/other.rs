//! Systems that do not say whose socket it is. Windows keeps command lines from other users.

use std::net::TcpStream;

pub(crate) fn is_this_user(_stream: &TcpStream) -> bool {
    true
}
