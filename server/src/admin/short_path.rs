//! A name for a Unix socket that fits: the system takes some 100 bytes, and data directories may be deeper.

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd as _;
use std::path::{Path, PathBuf};

/// Safely below `sun_path`'s 108 bytes on Linux and 104 elsewhere, with room for `.new`.
const FITS: usize = 96;

/// Another name for the same place, good while this lives.
pub(super) struct ShortPath {
    path: PathBuf,
    _folder: Option<File>,
}

impl ShortPath {
    /// The path itself where it fits, else the way through an open folder that Linux offers.
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
            return Err(io::Error::from(io::ErrorKind::InvalidInput));
        };
        if path.as_os_str().len() <= FITS {
            return Ok(Self { path: path.to_owned(), _folder: None });
        }
        let folder = File::open(folder)?;
        let path = Path::new("/proc/self/fd").join(folder.as_raw_fd().to_string()).join(name);
        Ok(Self { path, _folder: Some(folder) })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}
