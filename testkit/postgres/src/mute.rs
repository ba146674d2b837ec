//! A host that takes connections and never says a word.

use std::{
    os::unix::net::UnixListener,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};
use tempfile::TempDir;

/// A socket that nobody answers at; gone with its test.
pub struct Mute {
    directory: TempDir,
    callers: Arc<AtomicUsize>,
}

impl Mute {
    /// Opens it.
    #[expect(clippy::new_without_default, reason = "it opens a socket")]
    pub fn new() -> Self {
        let directory = tempfile::Builder::new().prefix("doorward-mute-").tempdir().expect("a directory");
        let listener = UnixListener::bind(directory.path().join(".s.PGSQL.5432")).expect("a socket");
        let mute = Self { directory, callers: Arc::default() };
        let callers = Arc::clone(&mute.callers);
        std::thread::spawn(move || {
            // They are kept, so that nobody is told to go away.
            let mut kept = Vec::new();
            for caller in listener.incoming() {
                kept.push(caller);
                callers.fetch_add(1, Ordering::SeqCst);
            }
        });
        mute
    }

    /// The directory its socket is in.
    pub fn socket(&self) -> &Path {
        self.directory.path()
    }

    /// How many have called.
    pub fn callers(&self) -> usize {
        self.callers.load(Ordering::SeqCst)
    }
}
