//! The text of the key file: JSON, with a version, the current key first.
//!
//! ```json
//! {"version": 1, "keys": [{"id": "3fa91c02", "created": 1763800000000000, "secret": "<32 bytes, Base64>"}]}
//! ```
//! No error quotes a value of the file, because the value may be a secret in the wrong place (P16).
//! How the file gets on and off the disk is `disk.rs`.

use super::master::{KeyId, MasterKey};
use crate::RandomUnavailable;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use thiserror::Error;
use zeroize::Zeroizing;

/// The version this build writes, and the newest it reads.
const VERSION: u32 = 1;

/// Keys in one ring: every token nobody knows costs one lookup per key.
const MAX_KEYS: usize = 16;

/// Why the keys could not be read or written; the text is for the operator.
#[derive(Debug, Error)]
pub enum KeyFileError {
    /// `create` never overwrites.
    #[error("{0} exists already; Doorward never overwrites keys")]
    Exists(PathBuf),
    /// There is no such file.
    #[error("there is no key file at {0}; `doorward init` makes one")]
    Missing(PathBuf),
    /// Someone else could read it.
    #[error("{path} may be used by others than its owner (mode {mode:03o}); run: chmod 600 {path}", path = path.display())]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// It is far larger than any key file.
    #[error("{0} is too large to be a key file")]
    TooLarge(PathBuf),
    /// Another rotation is under way, or one was interrupted.
    #[error(
        "{0} exists: another rotation is under way, or one was interrupted; if none runs, remove that file"
    )]
    Rotating(PathBuf),
    /// A newer Doorward wrote it.
    #[error("the keys have version {found}, and this Doorward reads up to {VERSION}; use a newer Doorward")]
    Newer {
        /// The file's version.
        found: u32,
    },
    /// It is not the text Doorward writes.
    #[error("the keys cannot be read at line {line}, column {column}: {reason}")]
    Malformed {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// What is wrong; names fields, never values.
        reason: String,
    },
    /// A key's id is not eight hexadecimal digits or its secret is not 32 bytes of Base64.
    #[error("key number {0} is damaged: its id needs 8 hexadecimal digits and its secret 32 bytes in Base64")]
    DamagedKey(usize),
    /// Two keys have one id.
    #[error("two keys have the id {0}")]
    DuplicateId(String),
    /// The list is empty.
    #[error("the keys are missing: the list is empty")]
    NoKeys,
    /// The list is too long.
    #[error("the file has more than {MAX_KEYS} keys; remove the oldest, at its end")]
    TooManyKeys,
    /// The disk refused.
    #[error("{path}: {source}", path = path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// No new key can be made now.
    #[error(transparent)]
    Random(#[from] RandomUnavailable),
}

/// The one field every version has.
#[derive(Deserialize)]
struct VersionRow {
    version: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileRow {
    version: u32,
    keys: Vec<KeyRow>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyRow {
    id: String,
    created: i64,
    secret: String,
}

impl Drop for KeyRow {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.secret);
    }
}

/// Reads the text of a key file.
pub(super) fn parse(text: &str) -> Result<Vec<MasterKey>, KeyFileError> {
    // The version comes first: a newer file may have fields this build has never heard of.
    let VersionRow { version } = serde_json::from_str(text).map_err(|error| malformed(&error))?;
    if version > VERSION {
        return Err(KeyFileError::Newer { found: version });
    }
    let file: FileRow = serde_json::from_str(text).map_err(|error| malformed(&error))?;
    if file.keys.len() > MAX_KEYS {
        return Err(KeyFileError::TooManyKeys);
    }
    let mut keys: Vec<MasterKey> = Vec::with_capacity(file.keys.len());
    for (row, number) in file.keys.iter().zip(1..) {
        let key = row.key().ok_or(KeyFileError::DamagedKey(number))?;
        if keys.iter().any(|known| known.id == key.id) {
            return Err(KeyFileError::DuplicateId(hex::encode(key.id)));
        }
        keys.push(key);
    }
    if keys.is_empty() { Err(KeyFileError::NoKeys) } else { Ok(keys) }
}

/// Writes the text of a key file.
pub(super) fn print(keys: &[MasterKey]) -> Result<Zeroizing<String>, KeyFileError> {
    if keys.len() > MAX_KEYS {
        return Err(KeyFileError::TooManyKeys);
    }
    let file = FileRow { version: VERSION, keys: keys.iter().map(KeyRow::of).collect() };
    let mut text = serde_json::to_string_pretty(&file).map_err(|error| malformed(&error))?;
    text.push('\n');
    Ok(Zeroizing::new(text))
}

impl KeyRow {
    fn of(key: &MasterKey) -> Self {
        Self {
            id: hex::encode(key.id),
            created: key.created_micros,
            secret: STANDARD.encode(key.secret.as_slice()),
        }
    }

    fn key(&self) -> Option<MasterKey> {
        let mut id = KeyId::default();
        hex::decode_to_slice(&self.id, &mut id).ok()?;
        let bytes = Zeroizing::new(STANDARD.decode(&self.secret).ok()?);
        let secret = Zeroizing::new(<[u8; 32]>::try_from(bytes.as_slice()).ok()?);
        Some(MasterKey::new(id, self.created, secret))
    }
}

fn malformed(error: &serde_json::Error) -> KeyFileError {
    let text = error.to_string();
    let names_a_field = ["unknown field", "missing field", "duplicate field"];
    let reason = if error.is_data() && !names_a_field.iter().any(|start| text.starts_with(start)) {
        // Such messages quote the value.
        "a value has the wrong type".to_owned()
    } else {
        text.split(" at line ").next().unwrap_or_default().to_owned()
    };
    KeyFileError::Malformed { line: error.line(), column: error.column(), reason }
}
