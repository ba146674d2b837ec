//! Opening a database: find or make the file, lock it, check it, migrate it, start the threads.

use super::{
    Shared, Sqlite, SqliteSettings, connection::Place, gate::Gate, glance::Glances, lock::Lock, plans,
    reader::Reader, writer::Writer,
};
use crate::{
    OpenError,
    engine::{ears::Ears, queue::Queue, stats::Counters},
    migrate,
};
use rusqlite::ErrorCode;
use std::{
    fs::{File, OpenOptions},
    io::ErrorKind,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

/// The oldest SQLite whose write-ahead log has no known way to lose a commit, as `sqlite3_libversion_number`
/// counts (3.51.3 mends a race between checkpoints of several connections).
const OLDEST_SQLITE: i32 = 3_051_003;
const OLDEST_SQLITE_TEXT: &str = "3.51.3";

/// Readers of a database in memory: enough for a test to see two at once.
const MEMORY_READERS: usize = 2;

pub(super) fn file(settings: &SqliteSettings) -> Result<Sqlite, OpenError> {
    check_version()?;
    let path = &settings.path;
    let directory = directory_of(path);
    if !directory.is_dir() {
        return Err(OpenError::DirectoryMissing { path: directory });
    }
    let lock = Lock::take(path)?;
    make_private(path, &directory)?;
    start(Place::File(path.clone()), settings.readers.max(1), Gate::for_file(), Some(lock), path)
}

pub(super) fn memory() -> Result<Sqlite, OpenError> {
    static MADE: AtomicU64 = AtomicU64::new(0);
    check_version()?;
    let name = format!("doorward-{}", MADE.fetch_add(1, Ordering::Relaxed));
    start(Place::Memory(name), MEMORY_READERS, Gate::for_memory(), None, Path::new(":memory:"))
}

/// An error of the file system, for an operator.
pub(super) fn failed(path: &Path, error: &std::io::Error) -> OpenError {
    let path = path.to_owned();
    let kind = error.kind();
    if kind == ErrorKind::PermissionDenied {
        OpenError::Permission { path }
    } else if kind == ErrorKind::ReadOnlyFilesystem {
        OpenError::ReadOnly { path }
    } else {
        OpenError::Failed { path, reason: error.to_string() }
    }
}

fn start(
    place: Place,
    readers: usize,
    gate: Gate,
    lock: Option<Lock>,
    path: &Path,
) -> Result<Sqlite, OpenError> {
    let refused = |error| refused(path, &error);
    let not_migrated = |error| match error {
        migrate::Error::Foreign => OpenError::NotADatabase { path: path.to_owned() },
        migrate::Error::Refused(refusal) => refusal,
        migrate::Error::Sqlite(error) => refused(error),
    };
    // What is refused stays untouched: not even its journal mode is changed.
    migrate::check(&place.reader().map_err(refused)?).map_err(not_migrated)?;
    let mut connection = place.writer().map_err(refused)?;
    if connection.is_readonly("main").map_err(refused)? {
        return Err(OpenError::ReadOnly { path: path.to_owned() });
    }
    migrate::sqlite(&mut connection).map_err(not_migrated)?;
    plans::tell(&mut connection).map_err(refused)?;
    let shared = Arc::new(Shared {
        writes: Queue::default(),
        reads: Queue::default(),
        counters: Counters::default(),
        ears: Ears::default(),
        gate,
        place,
        glances: Glances::new(),
    });
    let engine = Sqlite { shared: Arc::clone(&shared), threads: Mutex::default() };
    for number in 0..readers {
        let connection = shared.place.reader().map_err(refused)?;
        let reader = Reader::new(connection, Arc::clone(&shared));
        engine.spawn(path, format!("db-read-{number}"), || reader.serve())?;
    }
    let writer = Writer::new(connection, shared, lock);
    engine.spawn(path, "db-write".to_owned(), || writer.serve())?;
    Ok(engine)
}

impl Sqlite {
    fn spawn(
        &self,
        path: &Path,
        name: String,
        serve: impl FnOnce() + Send + 'static,
    ) -> Result<(), OpenError> {
        let thread =
            std::thread::Builder::new().name(name).spawn(serve).map_err(|error| failed(path, &error))?;
        self.threads.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(thread);
        Ok(())
    }
}

fn check_version() -> Result<(), OpenError> {
    if rusqlite::version_number() >= OLDEST_SQLITE {
        return Ok(());
    }
    let (found, needed) = (rusqlite::version().to_owned(), OLDEST_SQLITE_TEXT.to_owned());
    Err(OpenError::SqliteTooOld { found, needed })
}

/// The directory a file is in.
pub(super) fn directory_of(path: &Path) -> PathBuf {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned()
}

/// Makes a missing file before SQLite does, readable by nobody else; SQLite gives its log the same mode.
fn make_private(path: &Path, directory: &Path) -> Result<(), OpenError> {
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(file) => {
            let synced = file.sync_all().and_then(|()| File::open(directory)?.sync_all());
            synced.map_err(|error| failed(path, &error))
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => check_writable(path),
        Err(error) => Err(failed(path, &error)),
    }
}

/// A file marked read-only is meant to be, even where this user could write it all the same.
fn check_writable(path: &Path) -> Result<(), OpenError> {
    let about = std::fs::metadata(path).map_err(|error| failed(path, &error))?;
    if !about.is_file() {
        return Err(OpenError::NotADatabase { path: path.to_owned() });
    }
    if about.permissions().readonly() { Err(OpenError::ReadOnly { path: path.to_owned() }) } else { Ok(()) }
}

/// An error of SQLite, for an operator.
pub(super) fn refused(path: &Path, error: &rusqlite::Error) -> OpenError {
    let path = path.to_owned();
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => OpenError::NotADatabase { path },
        Some(ErrorCode::ReadOnly) => OpenError::ReadOnly { path },
        Some(ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => OpenError::Permission { path },
        Some(_) | None => OpenError::Failed { path, reason: error.to_string() },
    }
}
