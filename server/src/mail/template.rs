//! The templates: built in, and replaceable file by file from the operator's directory.
//!
//! Everything that can be wrong with a template is found by [`Templates::load`] at start-up: each file is parsed and
//! each mail is rendered once with and once without its optional parts, in every language. `render.rs` says which variables
//! exist.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use doorward_model::MailKind;
use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, UndefinedBehavior};
use thiserror::Error;

use super::render;

macro_rules! built_in {
    ($($file:literal,)+) => {
        &[$(($file, include_str!(concat!("../../templates/mail/", $file))),)+]
    };
}

/// Name and text of every file: three for each kind, and what they share.
const BUILT_IN: &[(&str, &str)] = built_in![
    "layout.html",
    "layout.txt",
    "letter.html",
    "lifetime.html",
    "lifetime.txt",
    "origin.html",
    "origin.txt",
    "reset.subject",
    "reset.txt",
    "reset.html",
    "validation.subject",
    "validation.txt",
    "validation.html",
    "invitation.subject",
    "invitation.txt",
    "invitation.html",
    "password_changed.subject",
    "password_changed.txt",
    "password_changed.html",
    "new_sign_in.subject",
    "new_sign_in.txt",
    "new_sign_in.html",
    "membership_added.subject",
    "membership_added.txt",
    "membership_added.html",
    "email_change.subject",
    "email_change.txt",
    "email_change.html",
    "email_change_asked.subject",
    "email_change_asked.txt",
    "email_change_asked.html",
    "email_changed.subject",
    "email_changed.txt",
    "email_changed.html",
    "digest.subject",
    "digest.txt",
    "digest.html",
    "happened.html",
    "happened.txt",
];

/// Endings that mark a file in the operator's directory as meant to be a template.
const ENDINGS: [&str; 3] = ["subject", "txt", "html"];

/// The parsed templates of every kind of mail.
pub struct Templates {
    pub(super) environment: Environment<'static>,
}

impl Templates {
    /// The built-in templates.
    pub fn built_in() -> Result<Self, TemplateError> {
        Self::parse(None)
    }

    /// The built-in templates, each replaced by the file of its name in `directory` where there is one.
    pub fn load(directory: &Path) -> Result<Self, TemplateError> {
        refuse_unknown_files(directory)?;
        Self::parse(Some(directory))
    }

    fn parse(directory: Option<&Path>) -> Result<Self, TemplateError> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
        environment.set_syntax(syntax.map_err(|error| TemplateError::broken(&error, "", None))?);
        for (name, built_in) in BUILT_IN {
            let replaced =
                directory.map(|directory| read_replacement(directory, name)).transpose()?.flatten();
            let source = replaced.unwrap_or_else(|| (*built_in).to_owned());
            environment
                .add_template_owned(*name, source)
                .map_err(|error| TemplateError::broken(&error, name, directory))?;
        }
        let templates = Self { environment };
        for kind in MailKind::ALL {
            render::rehearse(&templates, kind)
                .map_err(|error| TemplateError::broken(&error, kind.as_str(), directory))?;
        }
        Ok(templates)
    }
}

impl std::fmt::Debug for Templates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Templates").finish_non_exhaustive()
    }
}

/// What is wrong with the operator's templates: one sentence with file and line.
#[derive(Debug, Error)]
pub enum TemplateError {
    /// A file that cannot be read.
    #[error("mail template {}: {source}", path.display())]
    Unreadable {
        /// Which file or directory.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file that replaces nothing: most likely a spelling mistake.
    #[error("mail template {}: no mail uses a file of this name; did you mean {meant}?", path.display())]
    Unknown {
        /// Which file.
        path: PathBuf,
        /// The name that is nearest.
        meant: &'static str,
    },
    /// A mistake in the template language, or a variable that does not exist.
    #[error("mail template {}:{line}: {reason}", path.display())]
    Broken {
        /// Which file.
        path: PathBuf,
        /// Which line, from 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
}

impl TemplateError {
    fn broken(error: &minijinja::Error, fallback: &str, directory: Option<&Path>) -> Self {
        let name = error.name().unwrap_or(fallback);
        let path = directory.map_or_else(|| PathBuf::from(name), |directory| directory.join(name));
        let reason = match error.detail() {
            Some(detail) => format!("{}: {detail}", error.kind()),
            None => error.kind().to_string(),
        };
        Self::Broken { path, line: error.line().unwrap_or(1), reason }
    }
}

fn read_replacement(directory: &Path, name: &str) -> Result<Option<String>, TemplateError> {
    let path = directory.join(name);
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(TemplateError::Unreadable { path, source }),
    }
}

fn refuse_unknown_files(directory: &Path) -> Result<(), TemplateError> {
    let unreadable = |source| TemplateError::Unreadable { path: directory.to_owned(), source };
    for entry in fs::read_dir(directory).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let is_template = path.extension().is_some_and(|ending| ENDINGS.iter().any(|known| ending == *known));
        if is_template && !BUILT_IN.iter().any(|(known, _)| *known == name) {
            let meant = nearest(name);
            return Err(TemplateError::Unknown { path, meant });
        }
    }
    Ok(())
}

fn nearest(name: &str) -> &'static str {
    BUILT_IN
        .iter()
        .map(|(known, _)| *known)
        .max_by(|a, b| strsim::jaro_winkler(a, name).total_cmp(&strsim::jaro_winkler(b, name)))
        .unwrap_or("reset.txt")
}
