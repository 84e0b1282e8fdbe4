//! Captured logs of this thread, at the finest level.
//!
//! One subscriber serves the whole process: whether a log statement is enabled is remembered for
//! all threads together, so subscribers that come and go would miss records of each other's tests.

use std::cell::{Cell, RefCell};
use std::fmt::{Debug, Write};
use std::sync::Once;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt};

type Filter = fn(&Metadata<'_>) -> bool;

thread_local! {
    static WRITTEN: RefCell<String> = const { RefCell::new(String::new()) };
    static FILTER: Cell<Filter> = const { Cell::new(|_| false) };
}

/// Makes every log statement reach [`CapturedLogs`]; to be called before anything is logged.
pub(crate) fn install() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let subscriber = tracing_subscriber::registry().with(ThisThread);
        tracing::subscriber::set_global_default(subscriber).unwrap();
    });
}

/// What this thread writes while this lives.
pub(crate) struct CapturedLogs(());

impl CapturedLogs {
    /// Writes what [`holdfast_aws::may_log`] lets through.
    pub(crate) fn filtered() -> Self {
        Self::start(holdfast_aws::may_log)
    }

    /// Writes everything.
    pub(crate) fn unfiltered() -> Self {
        Self::start(|_| true)
    }

    fn start(filter: Filter) -> Self {
        install();
        FILTER.set(filter);
        Self(())
    }

    /// Everything written so far.
    pub(crate) fn text(&self) -> String {
        WRITTEN.with_borrow(String::clone)
    }

    /// Which secrets were written, plain or percent-encoded.
    pub(crate) fn leaks(&self) -> Vec<&'static str> {
        let text = self.text();
        let is_in = |secret: &str| {
            let encoded = secret.replace('/', "%2F").replace('+', "%2B");
            text.contains(secret) || text.contains(&encoded.replace('=', "%3D"))
        };
        let secrets = super::SECRETS.into_iter();
        secrets.filter(|secret| is_in(secret)).collect()
    }
}

impl Drop for CapturedLogs {
    fn drop(&mut self) {
        FILTER.set(|_| false);
        WRITTEN.take();
    }
}

struct ThisThread;

impl<S: Subscriber> Layer<S> for ThisThread {
    fn on_new_span(&self, span: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        write_line(span.metadata(), |line| span.record(line));
    }

    fn on_record(&self, _: &Id, values: &Record<'_>, _: Context<'_, S>) {
        WRITTEN.with_borrow_mut(|written| values.record(&mut Line(written)));
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        write_line(event.metadata(), |line| event.record(line));
    }
}

fn write_line(metadata: &Metadata<'_>, fields: impl FnOnce(&mut Line<'_>)) {
    if !FILTER.get()(metadata) {
        return;
    }
    WRITTEN.with_borrow_mut(|written| {
        write!(written, "\n{} {}:", metadata.level(), metadata.target()).unwrap();
        fields(&mut Line(written));
    });
}

struct Line<'a>(&'a mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {field}={value:?}").unwrap();
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        write!(self.0, " {field}={value}").unwrap();
    }
}
