//! The listener, the instance lock and the hardening, over real sockets and real processes.

#![cfg(unix)]

#[cfg(test)]
mod connections;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod hardening;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod launcher;
#[cfg(test)]
mod limits;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod parts;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod starts;
#[cfg(test)]
mod support;
