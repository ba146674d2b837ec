//! The program under measurement: the `doorward` binary beside the bench's own, built when cargo finds it stale.

use crate::Result;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The release binary of this checkout, up to date.
pub(crate) fn built() -> Result<PathBuf> {
    let here = beside()?;
    let target = here.parent().ok_or("the bench's program is in no target directory")?;
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let status = Command::new("cargo")
        .args(["build", "--release", "--package", "doorward-server", "--target-dir"])
        .arg(target)
        .current_dir(workspace)
        .status()?;
    if !status.success() {
        return Err("the server does not build; give --server PATH to measure another binary".into());
    }
    Ok(target.join("release").join("doorward"))
}

/// The directory of the bench's own program: on the disk that is measured, unlike a temporary directory in memory.
pub(crate) fn beside() -> Result<PathBuf> {
    let program = std::env::current_exe()?;
    Ok(program.parent().ok_or("the bench's program is in no directory")?.to_owned())
}
