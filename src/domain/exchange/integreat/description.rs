//! What Integreat says of a region itself, and what of it an import takes over: at first all, later what changed there.

use super::answers::{Answers, Point, RegionAnswer};
use super::error::ImportError;
use super::items::Options;
use super::report::Report;
use crate::base::id::RegionId;
use crate::domain::content::published::RegionSettings;
use crate::domain::content::region::{self, Region};
use crate::domain::content::{Desk, store as content};
use crate::platform::db::Write;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Members of [`RegionSettings`], and `name`. Each is JSON as text, so that a number equals itself after it was stored.
pub(super) type Description = BTreeMap<String, String>;

/// What the answers say of the region; nothing, if they are silent about it.
pub(super) fn told(answers: &Answers) -> Description {
    let Some(answer) = &answers.region else { return Description::new() };
    let RegionAnswer { name, path: _, live, prefix, name_without_prefix, plz, .. } = answer;
    let RegionAnswer { longitude, latitude, bounding_box, aliases, .. } = answer;
    let text = |text: &Option<String>| json!(text.as_deref().unwrap_or_default());
    let point = |(name, at): (&String, &Point)| {
        let at = [at.longitude, at.latitude];
        region::is_position(at).then(|| (name.clone(), json!(at)))
    };
    let centre = longitude.zip(*latitude).map(|(longitude, latitude)| [longitude, latitude]);
    let members = [
        ("name", json!(name)),
        ("prefix", text(prefix)),
        ("name_without_prefix", text(name_without_prefix)),
        ("postcode", text(plz)),
        // What is not on the globe helps nobody, and must not keep everything else out.
        ("centre", json!(centre.filter(|at| region::is_position(*at)))),
        ("bounding_box", json!(bounding_box.filter(|corners| region::is_box(*corners)))),
        ("aliases", Value::Object(aliases.iter().filter_map(point).collect())),
        ("listed", json!(live)),
    ];
    members.into_iter().map(|(member, value)| (member.to_owned(), value.to_string())).collect()
}

/// What an operator decided with this import: it counts more than what is told, and than what was.
pub(super) fn decided(options: &Options) -> Description {
    let Options { name, licence, attribution, .. } = options;
    let members = [("name", name), ("licence", licence), ("attribution", attribution)];
    let decided = members.into_iter().filter_map(|(member, value)| Some((member, value.as_ref()?)));
    decided.map(|(member, value)| (member.to_owned(), json!(value).to_string())).collect()
}

/// Name and settings, with these members laid over them.
pub(super) fn described(
    (name, settings): (&str, &RegionSettings),
    layers: [&Description; 2],
) -> (String, RegionSettings) {
    let mut members = match json!(settings) {
        Value::Object(members) => members,
        _ => Map::new(),
    };
    members.insert("name".to_owned(), json!(name));
    for (member, text) in layers.into_iter().flatten() {
        members.extend(serde_json::from_str(text).ok().map(|value: Value| (member.clone(), value)));
    }
    let new = members.remove("name").and_then(|name| name.as_str().map(str::to_owned));
    let read = serde_json::from_value(Value::Object(members));
    (new.unwrap_or_else(|| name.to_owned()), read.unwrap_or_else(|_| settings.clone()))
}

/// Brings a region that is here up to what is told now and was not at the last import, and to what was decided.
/// What an editor changed here stays until it changes there.
pub(super) fn update(
    tx: &mut Write<'_>,
    desk: &Desk<'_>,
    region: &Region,
    (told, decided): (&Description, &Description),
    report: &mut Report,
) -> Result<(), ImportError> {
    let before = content::fact(tx, &fact(region.id))?;
    let before: Option<Description> = before.and_then(|json| serde_json::from_str(&json).ok());
    let news = match before {
        Some(before) => {
            let is_new = |(member, text): &(&String, &String)| before.get(*member) != Some(*text);
            told.iter().filter(is_new).map(|(member, text)| (member.clone(), text.clone())).collect()
        }
        // An editor founded the region, and said of it what there was to say.
        None => Description::new(),
    };
    let (name, settings) = described((&region.name, &region.settings), [&news, decided]);
    if region::describe(tx, desk, &Region { name, settings, ..region.clone() })? {
        let was = |member: &str| match member {
            "name" => json!(region.name).to_string(),
            member => json!(region.settings)[member].to_string(),
        };
        let changed = news.iter().chain(decided).filter(|(member, text)| was(member) != **text);
        let changed: Vec<&str> = changed.map(|(member, _)| member.as_str()).collect();
        report.notes.push(format!("what the region says of itself was changed: {}", changed.join(", ")));
    }
    remember(tx, region.id, told)
}

/// Keeps what was told, so that the next import sees what is new. Silence is no news.
pub(super) fn remember(tx: &mut Write<'_>, region: RegionId, told: &Description) -> Result<(), ImportError> {
    if told.is_empty() && content::fact(tx, &fact(region))?.is_some() {
        return Ok(());
    }
    Ok(content::set_fact(tx, &fact(region), &json!(told).to_string())?)
}

fn fact(region: RegionId) -> String {
    format!("integreat says of {region}")
}
