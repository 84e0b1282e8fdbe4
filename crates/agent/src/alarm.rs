//! Waiting for a while with as few wake-ups as possible, sleep of the machine included.

#[cfg(target_os = "linux")]
#[path = "alarm/linux.rs"]
mod platform;
#[cfg(not(target_os = "linux"))]
#[path = "alarm/other.rs"]
mod platform;

pub(crate) use platform::Alarm;
