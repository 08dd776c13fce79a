//! Puts file, environment and flags together, the later winning, and refuses every key that is not in the table.

use super::error::ConfigError;
use super::option::{Accepts, Choice, OPTIONS};
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

/// Where the settings come from. Nothing here is read from the outside: `app` brings the texts.
pub struct Sources<'a> {
    /// Where relative folders start: the folder of the configuration file.
    pub folder: &'a Path,
    /// Name and text of the configuration file, if there is one.
    pub file: Option<(&'a str, &'a str)>,
    /// The whole environment; only `LOTSE__SECTION__KEY` is looked at.
    pub environment: Vec<(String, String)>,
    /// `section.key` and value, as [`flag`] splits them.
    pub flags: Vec<(String, String)>,
    /// Reads a file that holds a secret.
    pub read_secret: &'a dyn Fn(&Path) -> std::io::Result<String>,
}

/// Which source decided a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    Default,
    File(String),
    Environment(String),
    Flag,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Default => f.write_str("default"),
            Origin::File(name) => write!(f, "file {name}"),
            Origin::Environment(variable) => write!(f, "environment {variable}"),
            Origin::Flag => f.write_str("flag --set"),
        }
    }
}

/// The value that won, as text, and who set it.
#[derive(Clone)]
pub struct Settled {
    pub text: String,
    pub origin: Origin,
    /// The file a secret was read from.
    pub secret_file: Option<String>,
}

pub type Merged = BTreeMap<String, Settled>;

/// Splits `section.key=value`. # Errors: [`ConfigError::FlagWithoutValue`].
pub fn flag(text: &str) -> Result<(String, String), ConfigError> {
    let (key, value) = text.split_once('=').ok_or_else(|| ConfigError::FlagWithoutValue(text.to_owned()))?;
    Ok((key.trim().to_owned(), value.to_owned()))
}

/// One text per option. # Errors: unknown keys, values of the wrong TOML type, unreadable secrets.
pub fn merge(sources: &Sources<'_>) -> Result<Merged, ConfigError> {
    let mut merged: Merged = OPTIONS
        .iter()
        .map(|choice| {
            let text = choice.default.to_owned();
            (choice.name(), Settled { text, origin: Origin::Default, secret_file: None })
        })
        .collect();
    if let Some((name, text)) = sources.file {
        lay_over(&mut merged, from_file(name, text)?, &Origin::File(name.to_owned()), sources)?;
    }
    for (variable, value) in &sources.environment {
        let Some(rest) = variable.strip_prefix("LOTSE__") else { continue };
        let key = rest.to_lowercase().replacen("__", ".", 1);
        // Both spellings of a secret in the environment would depend on the order of its variables.
        let rival = sources.environment.iter().any(|(other, _)| *other == format!("{variable}_FILE"));
        if rival {
            return Err(ConfigError::SecretTwice { source_name: "the environment".to_owned(), key });
        }
        lay_over(&mut merged, vec![(key, value.clone())], &Origin::Environment(variable.clone()), sources)?;
    }
    for (key, value) in &sources.flags {
        lay_over(&mut merged, vec![(key.clone(), value.clone())], &Origin::Flag, sources)?;
    }
    Ok(merged)
}

fn lay_over(
    merged: &mut Merged,
    values: Vec<(String, String)>,
    origin: &Origin,
    sources: &Sources<'_>,
) -> Result<(), ConfigError> {
    for (key, value) in values {
        let settled = match (Choice::find(&key), secret_of(&key)) {
            (Some(_), _) => Settled { text: value, origin: origin.clone(), secret_file: None },
            (None, Some(choice)) => {
                let text = (sources.read_secret)(&sources.folder.join(&value)).map_err(|cause| {
                    let (source_name, key) = (origin.to_string(), choice.name());
                    ConfigError::SecretUnread { source_name, key, file: value.clone(), cause }
                })?;
                let text = text.trim_end_matches(['\r', '\n']).to_owned();
                Settled { text, origin: origin.clone(), secret_file: Some(value) }
            }
            (None, None) => return Err(unknown(origin, &key)),
        };
        let name = secret_of(&key).map_or(key, Choice::name);
        merged.insert(name, settled);
    }
    Ok(())
}

fn secret_of(key: &str) -> Option<&'static Choice> {
    Choice::find(key.strip_suffix("_file")?).filter(|choice| choice.accepts.is_secret())
}

fn from_file(name: &str, text: &str) -> Result<Vec<(String, String)>, ConfigError> {
    let told = |error: &toml::de::Error| error.to_string().trim().to_owned();
    let table: toml::Table = text
        .parse()
        .map_err(|error| ConfigError::NotToml { source_name: name.to_owned(), message: told(&error) })?;
    let origin = Origin::File(name.to_owned());
    let mut values = Vec::new();
    for (section, entries) in &table {
        let toml::Value::Table(entries) = entries else { return Err(unknown(&origin, section)) };
        if !OPTIONS.iter().any(|choice| choice.section == section) {
            return Err(unknown(&origin, section));
        }
        for (key, value) in entries {
            let full = format!("{section}.{key}");
            if secret_of(&full).is_some() && entries.contains_key(key.trim_end_matches("_file")) {
                let key = full.trim_end_matches("_file").to_owned();
                return Err(ConfigError::SecretTwice { source_name: name.to_owned(), key });
            }
            let choice = Choice::find(&full).or_else(|| secret_of(&full));
            let choice = choice.ok_or_else(|| unknown(&origin, &full))?;
            values.push((full, text_of(choice, value, &origin)?));
        }
    }
    Ok(values)
}

fn text_of(choice: &Choice, value: &toml::Value, origin: &Origin) -> Result<String, ConfigError> {
    match (choice.accepts, value) {
        (Accepts::Switch, toml::Value::Boolean(on)) => Ok(on.to_string()),
        (Accepts::Whole { .. }, toml::Value::Integer(number)) => Ok(number.to_string()),
        (Accepts::Switch | Accepts::Whole { .. }, toml::Value::String(_)) => {
            Err(bad(choice, &value.to_string(), origin, "remove the quotes"))
        }
        (Accepts::Switch | Accepts::Whole { .. }, other) => Err(bad(choice, &other.to_string(), origin, "")),
        (_, toml::Value::String(text)) => Ok(text.clone()),
        (_, other) => Err(bad(choice, &other.to_string(), origin, "put it in quotes")),
    }
}

/// An error about `value`, which is shown as it was written, unless it may hold a password.
pub fn bad(choice: &Choice, value: &str, origin: &Origin, slip: &str) -> ConfigError {
    let value = if choice.accepts.is_secret() { "(hidden)" } else { value };
    ConfigError::BadValue {
        source_name: origin.to_string(),
        key: choice.name(),
        value: value.to_owned(),
        accepted: choice.accepts.told(),
        slip: if slip.is_empty() { String::new() } else { format!(" ({slip})") },
    }
}

fn unknown(origin: &Origin, key: &str) -> ConfigError {
    let source_name = origin.to_string();
    let nearest = OPTIONS
        .iter()
        .map(Choice::name)
        .min_by_key(|name| distance(name, key).min(distance(name.rsplit('.').next().unwrap_or(name), key)));
    let hint = match OPTIONS.iter().find(|choice| choice.section == key) {
        Some(_) => format!("{key} is a section: write [{key}] and its keys below"),
        None => format!("did you mean {}?", nearest.unwrap_or_default()),
    };
    ConfigError::UnknownKey { source_name, key: key.to_owned(), hint }
}

/// Levenshtein's edit distance.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.chars().enumerate() {
            let replaced = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn the_edit_distance_counts_changes() {
        assert_eq!(distance("listen", "listne"), 2);
        assert_eq!(distance("", "url"), 3);
        assert_eq!(distance("site.url", "site.url"), 0);
    }
}
