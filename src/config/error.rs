//! What can be wrong with a configuration, each naming key, value, what is accepted and the likely slip.

use crate::base::error::{Kind, Told};

#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("{source_name} is not TOML: {message}")]
    NotToml { source_name: String, message: String },
    #[error("{source_name} sets {key}, which does not exist; {hint}")]
    UnknownKey { source_name: String, key: String, hint: String },
    #[error("{key} = {value} ({source_name}) is not understood; accepted is {accepted}{slip}")]
    BadValue { source_name: String, key: String, value: String, accepted: String, slip: String },
    #[error("{key}_file = {file:?} ({source_name}) cannot be read: {cause}")]
    SecretUnread { source_name: String, key: String, file: String, cause: std::io::Error },
    #[error("{source_name} sets both {key} and {key}_file; keep one")]
    SecretTwice { source_name: String, key: String },
    #[error(
        "--set {0:?} has no \"=\"; accepted is section.key=value such as --set site.url=https://example.org/"
    )]
    FlagWithoutValue(String),
    #[error(
        "federation.poll_min_seconds = {least} is more than federation.poll_max_seconds = {most}; swap them or set both"
    )]
    PollReversed { least: u64, most: u64 },
}

impl Told for ConfigError {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn code(&self) -> &'static str {
        match self {
            ConfigError::NotToml { .. } => "config-not-toml",
            ConfigError::UnknownKey { .. } => "config-unknown-key",
            ConfigError::BadValue { .. } => "config-bad-value",
            ConfigError::SecretUnread { .. } => "config-secret-unread",
            ConfigError::SecretTwice { .. } => "config-secret-twice",
            ConfigError::FlagWithoutValue(_) => "config-flag-without-value",
            ConfigError::PollReversed { .. } => "config-poll-reversed",
        }
    }
}
