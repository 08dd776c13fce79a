//! Reads the configuration from where an operator keeps it: file, environment, flags.

use super::error::AppError;
use crate::config::{self, Config, Sources};
use std::path::{Path, PathBuf};

/// The configuration's usual name.
pub const FILE_NAME: &str = "lotse.toml";

/// Merges the file (which may be absent), the environment and the flags.
/// # Errors: an unreadable file, or [`crate::config::ConfigError`].
pub fn read(file: &Path, flags: &[String]) -> Result<Config, AppError> {
    let text = match std::fs::read_to_string(file) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(cause) => return Err(AppError::file(file)(cause)),
    };
    let name = file.display().to_string();
    let flags = flags.iter().map(|text| config::flag(text)).collect::<Result<Vec<_>, _>>()?;
    let folder = folder_of(file);
    Ok(config::understand(&Sources {
        folder: &folder,
        file: text.as_deref().map(|text| (name.as_str(), text)),
        environment: std::env::vars().collect(),
        flags,
        read_secret: &|path| std::fs::read_to_string(path),
    })?)
}

/// The folder that relative paths of the configuration start at.
pub fn folder_of(file: &Path) -> PathBuf {
    match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}
