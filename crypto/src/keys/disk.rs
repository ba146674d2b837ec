//! The key file on disk: owner only, never overwritten by accident, durable before it is used.
//!
//! What its text means is `file.rs`.

use super::KeyFileError;
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Only the owner reads and writes.
const OWNER_ONLY: u32 = 0o600;

/// Bits that let somebody else in.
const OTHERS: u32 = 0o077;

/// Sixteen keys fill about 2 KiB: more is not a key file.
const MAX_BYTES: u64 = 64 * 1024;

/// Reads the file if nobody but its owner may.
pub(super) fn read(path: &Path) -> Result<Zeroizing<String>, KeyFileError> {
    let file = File::open(path).map_err(|source| match source.kind() == ErrorKind::NotFound {
        true => KeyFileError::Missing(path.to_owned()),
        false => io(path, source),
    })?;
    // Asked of the open file, so that it cannot be swapped between the question and the reading.
    let metadata = file.metadata().map_err(|source| io(path, source))?;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & OTHERS != 0 {
        return Err(KeyFileError::Exposed { path: path.to_owned(), mode });
    }
    if metadata.len() > MAX_BYTES {
        return Err(KeyFileError::TooLarge(path.to_owned()));
    }
    let mut text = Zeroizing::new(String::new());
    file.take(MAX_BYTES).read_to_string(&mut text).map_err(|source| io(path, source))?;
    Ok(text)
}

/// Makes the file; refuses if anything stands there.
pub(super) fn write_new(path: &Path, text: &str) -> Result<(), KeyFileError> {
    write_exclusively(path, text).map_err(|source| match source.kind() == ErrorKind::AlreadyExists {
        true => KeyFileError::Exists(path.to_owned()),
        false => io(path, source),
    })?;
    sync_folder(path)
}

/// Replaces the file in one step: a crash leaves the old one or the new one. The file beside it that is renamed
/// in the end is also the lock that keeps two rotations apart, of which one would lose its key.
pub(super) fn replace(path: &Path, text: &str) -> Result<(), KeyFileError> {
    let beside = beside(path);
    write_exclusively(&beside, text).map_err(|source| match source.kind() == ErrorKind::AlreadyExists {
        true => KeyFileError::Rotating(beside.clone()),
        false => io(&beside, source),
    })?;
    fs::rename(&beside, path).map_err(|source| {
        // Else the next rotation would find it in its way; the rename's own error is the one to tell.
        drop(fs::remove_file(&beside));
        io(path, source)
    })?;
    sync_folder(path)
}

fn write_exclusively(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(OWNER_ONLY).open(path)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    written.inspect_err(|_| {
        // Half a key file would stand in the way of the next attempt; the write's own error is the one to tell.
        drop(fs::remove_file(path));
    })
}

/// A new name is durable once its folder is.
fn sync_folder(path: &Path) -> Result<(), KeyFileError> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        Some(_) | None => Path::new("."),
    };
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|source| io(folder, source))
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    PathBuf::from(name)
}

fn io(path: &Path, source: std::io::Error) -> KeyFileError {
    KeyFileError::Io { path: path.to_owned(), source }
}
