//! A machine's clock that a test moves, for every program of one world: as if the machine had slept, or been awake.
//!
//! The C library's functions are stood in for by a few lines that the dynamic linker loads first. Sleep moves the wall clock
//! and the one that counts through sleep, and not the monotonic one, which timers use. A timer that is over only shows when
//! its program wakes for something else.

use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Reads how many seconds were slept and awake from a file that stays mapped, so that a confined process can go on reading it.
const SOURCE: &str = r#"
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile long long *ahead;
static int (*real)(clockid_t, struct timespec *);

__attribute__((constructor)) static void start(void) {
    const char *path = getenv("TEST_CLOCK");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    real = dlsym(RTLD_NEXT, "clock_gettime");
    if (file < 0) return;
    void *mapped = mmap(0, 2 * sizeof *ahead, PROT_READ, MAP_SHARED, file, 0);
    if (mapped != MAP_FAILED) ahead = mapped;
    close(file);
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
    int result = real(clock, time);
    int moves = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_BOOTTIME;
    if (result == 0 && ahead && moves) time->tv_sec += ahead[0] + ahead[1];
    if (result == 0 && ahead && clock == CLOCK_MONOTONIC) time->tv_sec += ahead[1];
    return result;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
    struct timespec now;
    (void)zone;
    int result = clock_gettime(CLOCK_REALTIME, &now);
    if (result == 0) { time->tv_sec = now.tv_sec; time->tv_usec = now.tv_nsec / 1000; }
    return result;
}

time_t time(time_t *into) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (into) *into = now.tv_sec;
    return now.tv_sec;
}
"#;

/// The clock of one world's programs.
pub struct MachineClock {
    library: PathBuf,
    setting: PathBuf,
    file: File,
}

impl MachineClock {
    /// A clock that shows the true time, its files in `folder`.
    pub fn new(folder: &Path) -> Self {
        let (source, library) = (folder.join("clock.c"), folder.join("clock.so"));
        fs::write(&source, SOURCE).unwrap();
        let mut compiler = Command::new("cc");
        compiler.args(["-shared", "-fPIC", "-O1", "-o"]);
        let built = compiler.arg(&library).arg(&source).status().unwrap();
        assert!(built.success(), "the C compiler does not build the clock");
        let setting = folder.join("clock");
        fs::write(&setting, [0; 16]).unwrap();
        let file = File::options().write(true).open(&setting).unwrap();
        Self {
            library,
            setting,
            file,
        }
    }

    /// What programs need in their environment.
    pub fn variables(&self) -> [(&'static str, &Path); 2] {
        [("LD_PRELOAD", &self.library), ("TEST_CLOCK", &self.setting)]
    }

    /// So much time was slept, and so much passed awake, since the true time.
    pub fn set(&self, slept: Duration, awake: Duration) {
        for (at, time) in [(0, slept), (8, awake)] {
            let seconds = i64::try_from(time.as_secs()).unwrap();
            self.file.write_all_at(&seconds.to_ne_bytes(), at).unwrap();
        }
    }
}
