//! How far a conversion is, on a terminal, for whoever waits longer than a second.

use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use postferry::plan::Plan;

/// A bar that is there until this is dropped. Where standard error is no terminal, nothing is shown.
pub struct Progress {
    end: Option<Sender<()>>,
    shows: Option<JoinHandle<()>>,
}

/// Work that is done before anybody wonders shows nothing.
const PATIENCE: Duration = Duration::from_secs(1);

impl Progress {
    /// While the blog is read: nobody knows how much there is.
    pub fn reading(shown: bool) -> Self {
        Progress::start(shown, || {
            let bar = ProgressBar::new_spinner();
            bar.set_message("reading");
            (bar, Box::new(|_| {}))
        })
    }

    /// While files are made and written.
    pub fn writing(shown: bool, plan: &Plan<'_>) -> Self {
        let (files, done) = (plan.files().len() as u64, plan.taken_up());
        Progress::start(shown, move || {
            let bar = ProgressBar::new(files);
            let style = ProgressStyle::with_template("{bar:30} {pos} of {len} files, {eta} left");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            (bar, Box::new(move |bar: &ProgressBar| bar.set_position(done.load(Ordering::Relaxed) as u64)))
        })
    }

    fn start(shown: bool, make: impl FnOnce() -> (ProgressBar, Box<dyn Fn(&ProgressBar)>) + Send + 'static) -> Self {
        if !shown {
            return Progress { end: None, shows: None };
        }
        let (end, ended) = mpsc::channel();
        let shows = std::thread::spawn(move || {
            if ended.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            let (bar, look) = make();
            while ended.recv_timeout(Duration::from_millis(100)) == Err(RecvTimeoutError::Timeout) {
                look(&bar);
                bar.tick();
            }
            bar.finish_and_clear();
        });
        Progress { end: Some(end), shows: Some(shows) }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        drop(self.end.take());
        if let Some(shows) = self.shows.take() {
            // it shows, and says nothing
            let _ = shows.join();
        }
    }
}
