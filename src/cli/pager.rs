//! Long results on a terminal, page by page.

use std::io::{self, Write};
use std::process::{Child, Command, Stdio};

/// A program that shows what is written to it; its end is waited for when it is dropped.
pub struct Pager(Child);

impl Pager {
    /// The pager that PAGER names, or `less`; `None` where there is none, or it is not wanted.
    pub fn start(wanted: bool) -> Option<Pager> {
        if !wanted {
            return None;
        }
        let named = std::env::var("PAGER").unwrap_or_else(|_| "less".to_owned());
        let mut words = named.split_whitespace();
        let program = words.next().filter(|program| *program != "cat")?;
        let mut command = Command::new(program);
        command.args(words).stdin(Stdio::piped());
        // git's own: what fits on the screen stays there, and colours are shown
        if std::env::var_os("LESS").is_none() {
            command.env("LESS", "FRX");
        }
        command.spawn().ok().map(Pager)
    }
}

impl Write for Pager {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.stdin.as_mut().map_or(Err(io::ErrorKind::BrokenPipe.into()), |stdin| stdin.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.stdin.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl Drop for Pager {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}
