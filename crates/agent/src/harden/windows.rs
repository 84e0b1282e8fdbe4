//! What Windows offers.

#![expect(
    unsafe_code,
    reason = "the access list of a process and its mitigations can only be set through the system's own calls"
)]

use super::Confinement;
use crate::dirs::Dirs;
use crate::peer::UserId;
use std::io;
use std::ptr;
use windows_sys::Win32::Foundation::LocalFree;
use windows_sys::Win32::Security::Authorization::{
    ConvertStringSecurityDescriptorToSecurityDescriptorW, SDDL_REVISION_1,
};
use windows_sys::Win32::Security::{
    DACL_SECURITY_INFORMATION, PROTECTED_DACL_SECURITY_INFORMATION, PSECURITY_DESCRIPTOR,
    SetKernelObjectSecurity,
};
use windows_sys::Win32::System::Threading::{
    GetCurrentProcess, PROCESS_QUERY_LIMITED_INFORMATION, PROCESS_SYNCHRONIZE, PROCESS_TERMINATE,
};

/// Measures and how they went.
pub(super) fn measures() -> Vec<(&'static str, io::Result<()>)> {
    vec![("hide its memory from other programs", hide_memory())]
}

/// The starter has left the agent without a console already.
pub(super) fn detach() {}

/// There are no rules that a desktop process can put on itself after its start.
pub(super) fn confine(_dirs: &Dirs) -> io::Result<Confinement> {
    Ok(Confinement::None)
}

/// The user may see who runs the process, wait for it and end it, but not read its memory. The entry for
/// the owner's rights keeps the user from changing the list back.
fn hide_memory() -> io::Result<()> {
    let rights = PROCESS_TERMINATE | PROCESS_QUERY_LIMITED_INFORMATION | PROCESS_SYNCHRONIZE;
    let user = UserId::own()?;
    let access = format!("D:P(A;;{rights:#x};;;OW)(A;;{rights:#x};;;{})", user.sid());
    let wide: Vec<u16> = access.encode_utf16().chain([0]).collect();
    let mut descriptor: PSECURITY_DESCRIPTOR = ptr::null_mut();
    // SAFETY: `wide` ends with a NUL, and `descriptor` outlives the call.
    let parsed = unsafe {
        ConvertStringSecurityDescriptorToSecurityDescriptorW(
            wide.as_ptr(),
            SDDL_REVISION_1,
            &mut descriptor,
            ptr::null_mut(),
        )
    };
    if parsed == 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: a pseudo handle, and the descriptor that the system has just made.
    let set = unsafe {
        SetKernelObjectSecurity(
            GetCurrentProcess(),
            DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION,
            descriptor,
        )
    };
    let result = if set == 0 {
        Err(io::Error::last_os_error())
    } else {
        Ok(())
    };
    // SAFETY: allocated by the system above and not used any more.
    unsafe { LocalFree(descriptor) };
    result
}
