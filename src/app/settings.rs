//! Reads the configuration from where an operator keeps it: file, environment, flags.

use super::error::AppError;
use crate::config::{self, Config, Sources};
use std::path::{Path, PathBuf};

/// The configuration's usual name.
pub const FILE_NAME: &str = "lotse.toml";

/// Which configuration file is meant.
#[derive(Clone, Debug)]
pub enum Place {
    /// Named by a person or the environment, so it must be there.
    Named(PathBuf),
    /// [`FILE_NAME`] in the folder we are in; a node may also be configured by the environment alone.
    Usual,
}

impl Place {
    pub fn path(&self) -> &Path {
        match self {
            Place::Named(path) => path,
            Place::Usual => Path::new(FILE_NAME),
        }
    }
}

/// The settings as they are. # Errors: [`AppError::NoSettings`] if the file that was named is not there, an unreadable
/// file, or [`crate::config::ConfigError`].
pub fn read(place: &Place, flags: &[String]) -> Result<Config, AppError> {
    match place {
        Place::Named(path) if !path.exists() => Err(AppError::NoSettings { path: path.clone() }),
        _ => merged(place.path(), flags),
    }
}

/// The settings to open a node with. # Errors: as [`read`]; [`AppError::Nameless`] if there is no file and nobody said
/// who speaks here: a node would publish the defaults as its name and address, signed.
pub fn of_node(place: &Place, flags: &[String]) -> Result<Config, AppError> {
    let config = read(place, flags)?;
    let chosen = ["node.name", "site.url"].iter().all(|option| config.is_chosen(option));
    // Of a folder that holds no node at all there is better to say than that its file is missing.
    if chosen || place.path().exists() || !super::keys_folder(&config).exists() {
        return Ok(config);
    }
    Err(AppError::Nameless { folder: folder_of(place.path()) })
}

/// Merges the file (which may be absent), the environment and the flags.
/// # Errors: an unreadable file, or [`crate::config::ConfigError`].
pub fn merged(file: &Path, flags: &[String]) -> Result<Config, AppError> {
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
