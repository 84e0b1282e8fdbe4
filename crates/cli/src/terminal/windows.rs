//! The console and its echo.
#![expect(unsafe_code, reason = "the console's modes have no safe binding")]

use std::fs::{File, OpenOptions};
use std::io;
use std::os::windows::io::AsRawHandle;
use windows_sys::Win32::System::Console::{
    CONSOLE_MODE, ENABLE_ECHO_INPUT, ENABLE_LINE_INPUT, ENABLE_PROCESSED_INPUT, GetConsoleMode,
    SetConsoleCtrlHandler, SetConsoleMode,
};
use windows_sys::core::BOOL;

/// The console, for reading and for writing.
pub(super) fn open() -> io::Result<(File, File)> {
    let open = |name: &str| OpenOptions::new().read(true).write(true).open(name);
    Ok((open("CONIN$")?, open("CONOUT$")?))
}

/// Lets this process live on when Ctrl-C or Ctrl-Break is pressed. A child does not inherit that.
pub(crate) fn outlive_interrupts() -> io::Result<()> {
    // SAFETY: `handled` is a function that lives as long as the program and touches nothing.
    if unsafe { SetConsoleCtrlHandler(Some(handled), 1) } == 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}

/// Says that nothing further is to be done about an interrupt; closing the console ends the process all the same.
unsafe extern "system" fn handled(_event: u32) -> BOOL {
    1
}

/// No echo, and no line editing or Ctrl-C made by the console, until it is dropped.
pub(super) struct Silence {
    console: File,
    before: CONSOLE_MODE,
}

impl Silence {
    /// Begins the silence.
    pub(super) fn begin(console: &File) -> io::Result<Self> {
        let console = console.try_clone()?;
        let mut before = 0;
        // SAFETY: the handle is open for as long as `console` lives, and `before` is a valid place to write to.
        if unsafe { GetConsoleMode(console.as_raw_handle(), &mut before) } == 0 {
            return Err(io::Error::last_os_error());
        }
        let silence = Self { console, before };
        silence.set(before & !(ENABLE_ECHO_INPUT | ENABLE_LINE_INPUT | ENABLE_PROCESSED_INPUT))?;
        Ok(silence)
    }

    fn set(&self, mode: CONSOLE_MODE) -> io::Result<()> {
        // SAFETY: the handle is open for as long as `self.console` lives.
        if unsafe { SetConsoleMode(self.console.as_raw_handle(), mode) } == 0 {
            return Err(io::Error::last_os_error());
        }
        Ok(())
    }
}

impl Drop for Silence {
    fn drop(&mut self) {
        // Nothing is left to try when the console has gone.
        let _ = self.set(self.before);
    }
}
