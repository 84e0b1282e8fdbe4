//! Addresses on Windows: one named pipe per user, named after the user's SID.

#![expect(
    unsafe_code,
    reason = "the standard library does not tell which user runs a process"
)]

use super::AddressError;
use crate::folders::Folders;
use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::os::windows::io::AsRawHandle;
use std::path::{Path, PathBuf};
use std::ptr;
use windows_sys::Win32::Foundation::{CloseHandle, HANDLE, LocalFree};
use windows_sys::Win32::Security::Authorization::ConvertSidToStringSidW;
use windows_sys::Win32::Security::{GetTokenInformation, TOKEN_QUERY, TOKEN_USER, TokenUser};
use windows_sys::Win32::System::Pipes::GetNamedPipeServerProcessId;
use windows_sys::Win32::System::Threading::{
    GetCurrentProcess, OpenProcess, OpenProcessToken, PROCESS_QUERY_LIMITED_INFORMATION,
};

const PREFIX: &str = r"\\.\pipe\";

/// Longest name of a pipe in characters, the prefix included.
const LONGEST: usize = 256;

pub(super) fn default_path(
    _var: &dyn Fn(&str) -> Option<OsString>,
    _home: Option<PathBuf>,
) -> Result<PathBuf, AddressError> {
    let sid = current_user_sid().map_err(AddressError::User)?;
    Ok(PathBuf::from(format!("{PREFIX}holdfast-{sid}")))
}

pub(super) fn check(path: &Path) -> Result<(), AddressError> {
    let name = path.to_str().and_then(|text| text.strip_prefix(PREFIX));
    if name.is_none_or(|name| name.is_empty() || name.contains(['\\', '/'])) {
        return Err(AddressError::NotAnAddress {
            path: path.to_owned(),
        });
    }
    let length = path.as_os_str().len();
    if length > LONGEST {
        return Err(AddressError::TooLong {
            path: path.to_owned(),
            length,
            limit: LONGEST,
        });
    }
    Ok(())
}

pub(super) fn folder(_path: &Path) -> Result<PathBuf, AddressError> {
    Ok(Folders::from_env()?.state)
}

/// Pipes are in no folder; the server is verified once it is connected.
pub(super) fn verify(_path: &Path) -> Result<(), AddressError> {
    Ok(())
}

/// The SID of the user who runs this process, for example `S-1-5-21-…-1001`.
///
/// # Errors
/// The system's.
pub fn current_user_sid() -> io::Result<String> {
    // SAFETY: a pseudo handle, which is always valid and is never closed.
    process_sid(unsafe { GetCurrentProcess() })
}

/// The SID of the user who runs the server at the other end of a pipe.
///
/// # Errors
/// The system's; among others when the server runs as a user whom this one may not inspect.
pub fn pipe_server_sid(pipe: &File) -> io::Result<String> {
    let mut id = 0;
    // SAFETY: the handle is open for as long as `pipe` is borrowed, and `id` outlives the call.
    if unsafe { GetNamedPipeServerProcessId(pipe.as_raw_handle(), &mut id) } == 0 {
        return Err(io::Error::last_os_error());
    }
    process_user_sid(id)
}

/// The SID of the user who runs a process.
///
/// # Errors
/// The system's; among others when this user may not inspect the process.
pub fn process_user_sid(id: u32) -> io::Result<String> {
    // SAFETY: no pointers are passed.
    let process = unsafe { OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, 0, id) };
    if process.is_null() {
        return Err(io::Error::last_os_error());
    }
    let process = Owned(process);
    process_sid(process.0)
}

fn process_sid(process: HANDLE) -> io::Result<String> {
    let mut token: HANDLE = ptr::null_mut();
    // SAFETY: `process` is open, and `token` outlives the call.
    if unsafe { OpenProcessToken(process, TOKEN_QUERY, &mut token) } == 0 {
        return Err(io::Error::last_os_error());
    }
    let token = Owned(token);
    // Room for TOKEN_USER and the largest SID (68 bytes), aligned for pointers.
    let mut user = [0_u64; 32];
    let mut length = 0;
    // SAFETY: the buffer is as large as announced and aligned for TOKEN_USER.
    let known = unsafe {
        GetTokenInformation(
            token.0,
            TokenUser,
            user.as_mut_ptr().cast(),
            size_of_val(&user) as u32,
            &mut length,
        )
    };
    if known == 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the call above filled the buffer with a TOKEN_USER, whose SID lies in the same buffer.
    let sid = unsafe { (*user.as_ptr().cast::<TOKEN_USER>()).User.Sid };
    let mut text: *mut u16 = ptr::null_mut();
    // SAFETY: `sid` is valid as said above, and `text` outlives the call.
    if unsafe { ConvertSidToStringSidW(sid, &mut text) } == 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the system returned a string that ends with a NUL, freed only below.
    let string = unsafe {
        let length = (0..).take_while(|&at| *text.add(at) != 0).count();
        String::from_utf16_lossy(std::slice::from_raw_parts(text, length))
    };
    // SAFETY: allocated by ConvertSidToStringSidW and not used any more.
    unsafe { LocalFree(text.cast()) };
    Ok(string)
}

/// A handle that is closed when dropped.
struct Owned(HANDLE);

impl Drop for Owned {
    fn drop(&mut self) {
        // SAFETY: the handle was opened by this module and is closed once.
        unsafe { CloseHandle(self.0) };
    }
}
