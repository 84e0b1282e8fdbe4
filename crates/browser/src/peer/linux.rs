//! The kernel's table of connections, which names the user of each.

use std::fs;
use std::net::{IpAddr, SocketAddr, TcpStream};

/// IPv4 connections of this network namespace, one a line.
const TABLE: &str = "/proc/net/tcp";

/// Whether this user made the connection, or the superuser, who can do everything anyway.
pub(crate) fn is_this_user(stream: &TcpStream) -> bool {
    let (Ok(local), Ok(peer)) = (stream.local_addr(), stream.peer_addr()) else {
        return false;
    };
    // Without the table nobody can be told from anybody, as in some containers.
    let Ok(table) = fs::read_to_string(TABLE) else {
        return true;
    };
    owner(&table, peer, local).is_some_and(|user| user == 0 || user == this_user())
}

fn this_user() -> u32 {
    rustix::process::getuid().as_raw()
}

/// The user of the socket that goes from one address to the other.
fn owner(table: &str, from: SocketAddr, to: SocketAddr) -> Option<u32> {
    let (from, to) = (as_listed(from)?, as_listed(to)?);
    table.lines().skip(1).find_map(|line| {
        let mut columns = line.split_whitespace().skip(1);
        let fits = columns.next()? == from && columns.next()? == to;
        fits.then(|| columns.nth(4)?.parse().ok()).flatten()
    })
}

/// An address as the table has it: as a number in this machine's byte order, and the port.
fn as_listed(address: SocketAddr) -> Option<String> {
    let IpAddr::V4(ip) = address.ip() else {
        return None;
    };
    let number = u32::from_ne_bytes(ip.octets());
    Some(format!("{number:08X}:{:04X}", address.port()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    #[test]
    fn the_table_names_the_user_of_a_connection() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (server, _) = listener.accept().unwrap();
        assert!(is_this_user(&server));
        let table = fs::read_to_string(TABLE).unwrap();
        let (from, to) = (client.local_addr().unwrap(), client.peer_addr().unwrap());
        assert_eq!(owner(&table, from, to), Some(this_user()));
    }

    #[cfg(target_endian = "little")]
    #[test]
    fn another_user_s_connection_is_told_apart() {
        let table = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n\
             0: 0100007F:1267 0100007F:C001 01 00000000:00000000 00:00000000 00000000  1000        0 1 1\n\
             1: 0100007F:C001 0100007F:1267 01 00000000:00000000 00:00000000 00000000  1001        0 2 1\n";
        let from = "127.0.0.1:49153".parse().unwrap();
        let to = "127.0.0.1:4711".parse().unwrap();
        assert_eq!(owner(table, from, to), Some(1001));
        assert_eq!(owner(table, to, from), Some(1000));
        assert_eq!(owner(table, from, "127.0.0.1:4712".parse().unwrap()), None);
        assert_eq!(owner("", from, to), None);
    }
}
