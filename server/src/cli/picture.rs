//! A picture that a command names by its file: read here, where whoever typed it may read it, and handed to the server.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use doorward_core::tenants::LOGO_BYTES;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::Read as _;

/// The bytes of a file, in Base64.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Picture(String);

impl Picture {
    /// Reads a file; no more of it than shows that it is too large.
    pub fn of_file(path: &str) -> Result<Self, String> {
        let most = u64::try_from(LOGO_BYTES).unwrap_or(u64::MAX).saturating_add(1);
        let mut bytes = Vec::new();
        let read = File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes));
        read.map_err(|fault| fault.to_string())?;
        Ok(Self(STANDARD.encode(bytes)))
    }

    /// What was in the file; nothing for what no command of ours sent.
    pub fn bytes(&self) -> Vec<u8> {
        STANDARD.decode(&self.0).unwrap_or_default()
    }
}
