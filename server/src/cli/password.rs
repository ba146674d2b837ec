//! Passwords on the command line: typed unseen, or read from a file; never an argument, which every process could see.

use super::Failure;
use crate::admin::Hidden;
use std::path::Path;

/// What the file holds; a final line break does not count.
pub(super) fn from_file(path: &Path) -> Result<Hidden, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::new(format!("{} cannot be read: {error}.", path.display())))?;
    Ok(Hidden::new(text.trim_end_matches(['\r', '\n'])))
}

/// Asks twice, so that nobody locks themselves out with a slip.
pub(super) fn ask_twice(prompt: &str) -> Result<Hidden, Failure> {
    let ask = |prompt: String| {
        rpassword::prompt_password(prompt).map_err(|error| {
            Failure::new(format!("The password cannot be asked for: {error}."))
                .hint("Without a terminal, give --password-file FILE.")
        })
    };
    let (first, second) = (ask(format!("{prompt}: "))?, ask("The same again: ".to_owned())?);
    if first == second {
        Ok(Hidden::new(first))
    } else {
        Err(Failure::new("The two passwords are not the same; nothing was done."))
    }
}
