//! `lotse region`: the regions of this node and their languages.

use super::Call;
use crate::app::{AppError, Node, asked};
use crate::base::language::LanguageTag;
use crate::domain::content::archive_region;
use crate::domain::content::assemble::assemble;
use crate::domain::content::published::RegionSettings;
use crate::domain::content::region::{self, NewLanguage, NewRegion};
use crate::domain::content::translation;
use crate::domain::content::{ContentError, store};
use crate::locale::native_names::native_name;
use crate::platform::db::{Read, Write};
use clap::{ArgGroup, Args, Subcommand};
use serde_json::json;
use std::collections::HashMap;
use std::process::ExitCode;

#[derive(Subcommand)]
pub enum Region {
    /// Lists the regions with their languages and how many pages each has public.
    List,
    /// Adds a region in one or more languages.
    Add(Add),
    /// Changes what a region says of itself; what is not named stays.
    Set(Set),
    /// Hides a region from readers, and tells those who follow that it is gone; nothing is lost.
    Archive { region: String },
    /// Shows an archived region again.
    Restore { region: String },
    /// Adds a language to a region.
    AddLanguage {
        /// The region's address part.
        region: String,
        /// BCP 47 tag, such as uk.
        language: LanguageTag,
        /// The language it is translated from; otherwise the region's first.
        #[arg(long)]
        source: Option<LanguageTag>,
    },
}

#[derive(Args)]
pub struct Add {
    /// The part of every address, such as musterstadt.
    slug: String,
    #[arg(long)]
    name: String,
    /// BCP 47 tags, the language that is translated from first.
    #[arg(long, value_delimiter = ',', default_value = "de")]
    languages: Vec<String>,
    /// SPDX identifier of the licence under which the region's texts are published.
    #[arg(long, default_value_t = RegionSettings::default().licence)]
    licence: String,
    /// Whom to name when texts are reused; without it, the region by its name.
    #[arg(long)]
    attribution: Option<String>,
}

#[derive(Args)]
#[group(skip)]
#[command(group = ArgGroup::new("what").required(true).multiple(true))]
pub struct Set {
    /// The region's address part.
    region: String,
    #[arg(long, group = "what")]
    name: Option<String>,
    /// The part of the name that lists leave out when they sort, such as Landkreis.
    #[arg(long, group = "what")]
    prefix: Option<String>,
    /// SPDX identifier of the licence. It holds for every text from now on, and those who follow are told; whoever
    /// took a text under the former licence may go on using that one.
    #[arg(long, group = "what")]
    licence: Option<String>,
    /// Whom to name when texts are reused. It stands in each text: those published before keep what they say until
    /// they are published again.
    #[arg(long, group = "what")]
    attribution: Option<String>,
    /// Whether the list of regions and search engines show it: true or false.
    #[arg(long, group = "what")]
    listed: Option<bool>,
    #[arg(long, group = "what")]
    postcode: Option<String>,
    /// Its key in a register of areas, such as DE-ARS:097720000000; entries of the feed name it.
    #[arg(long, group = "what")]
    official_key: Option<String>,
    /// Longitude and latitude of its middle in degrees, such as 10.5,50.25.
    #[arg(long, group = "what", value_parser = numbers::<2>, allow_hyphen_values = true)]
    centre: Option<[f64; 2]>,
    /// West, south, east and north edge in degrees, such as 10.2,50.0,10.8,50.5.
    #[arg(long, group = "what", value_parser = numbers::<4>, allow_hyphen_values = true)]
    bounding_box: Option<[f64; 4]>,
    /// Another name under which people look for it, and where that is, such as Kleinstadt=10.6,50.3. Once for each; they
    /// stand for all that it had, and '' alone for none.
    #[arg(long = "alias", group = "what", value_parser = alias)]
    aliases: Vec<Alias>,
    /// Whether apps offer its events: true or false. So with places, contacts and news.
    #[arg(long, group = "what")]
    events: Option<bool>,
    #[arg(long, group = "what")]
    places: Option<bool>,
    #[arg(long, group = "what")]
    contacts: Option<bool>,
    #[arg(long, group = "what")]
    news: Option<bool>,
    /// Whether events, places and the like without a translation are shown in the region's first language.
    #[arg(long, group = "what")]
    fallback: Option<bool>,
    /// For how many days what readers say is kept.
    #[arg(long, group = "what", value_parser = clap::value_parser!(u32).range(1..=36_500))]
    feedback_days: Option<u32>,
    /// IANA name of the zone in which dates are written, such as Europe/Berlin.
    #[arg(long, group = "what")]
    time_zone: Option<String>,
}

/// A name and where it is; none: all are to go.
type Alias = Option<(String, [f64; 2])>;

fn alias(text: &str) -> Result<Alias, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let (name, at) =
        text.split_once('=').ok_or("expected a name and a place, such as Kleinstadt=10.6,50.3")?;
    Ok(Some((name.trim().to_owned(), numbers::<2>(at)?)))
}

fn numbers<const N: usize>(text: &str) -> Result<[f64; N], String> {
    let expected = || format!("expected {N} numbers with commas between them, such as 10.5,50.25");
    let parsed = text.split(',').map(|number| number.trim().parse::<f64>().ok().filter(|n| n.is_finite()));
    let numbers: Vec<f64> = parsed.collect::<Option<_>>().ok_or_else(expected)?;
    numbers.try_into().map_err(|_| expected())
}

impl Region {
    pub fn run(self, call: &Call) -> Result<ExitCode, AppError> {
        match self {
            Region::List => list(&call.looking()?, call),
            Region::Add(new) => add(&call.node()?, call, new),
            Region::Set(set) => set.carry_out(&call.node()?, call),
            Region::Archive { region } => archive(&call.node()?, call, &region),
            Region::Restore { region } => restore(&call.node()?, call, &region),
            Region::AddLanguage { region, language, source } => {
                add_language(&call.node()?, call, &region, (language, source))
            }
        }
    }
}

fn list(node: &Node, call: &Call) -> Result<ExitCode, AppError> {
    let (snapshot, standings, hidden) = node.db.read(|tx: &mut Read<'_>| {
        let mut hidden = store::regions::all(tx)?;
        hidden.retain(|region| region.settings.archived);
        Ok::<_, ContentError>((
            assemble(tx, node.clock.now(), HashMap::new())?,
            translation::standings(tx)?,
            hidden,
        ))
    })?;
    let mut rows = Vec::new();
    let mut text = String::new();
    for region in &snapshot.regions {
        let settings = &region.settings;
        let listed = if settings.listed { "" } else { ", not listed" };
        let origin =
            settings.origin.as_ref().map(|origin| format!(", of {}", origin.node_name)).unwrap_or_default();
        text.push_str(&format!("{} ({}), {}{listed}{origin}\n", region.name, region.slug, settings.licence));
        let mut languages = Vec::new();
        for (language, edition) in region.languages.iter().zip(&region.editions) {
            text.push_str(&format!(
                "  {:8} {:20} {:5} pages\n",
                language.slug,
                language.native_name,
                edition.pages.items.len()
            ));
            let standing = standings.get(&(region.id, language.tag.clone())).cloned().unwrap_or_default();
            languages.push(
                json!({ "slug": language.slug, "tag": language.tag, "pages": edition.pages.items.len(),
                "states": standing.counts() }),
            );
        }
        rows.push(json!({ "slug": region.slug, "name": region.name, "id": region.id, "languages": languages,
            "settings": settings }));
    }
    for region in hidden {
        text.push_str(&format!("{} ({}), archived\n", region.name, region.slug));
        rows.push(json!({ "slug": region.slug, "name": region.name, "id": region.id, "languages": [],
            "settings": region.settings }));
    }
    if rows.is_empty() {
        text.push_str("No region yet. Add one: lotse region add <slug> --name <name> --languages de,en");
    }
    call.say.result(&rows, &text);
    Ok(ExitCode::SUCCESS)
}

fn add(node: &Node, call: &Call, new: Add) -> Result<ExitCode, AppError> {
    let parsed = new.languages.iter().map(|tag| tag.parse::<LanguageTag>().map_err(asked("--languages")));
    let languages: Vec<LanguageTag> = parsed.collect::<Result<_, _>>()?;
    let settings = RegionSettings {
        name_without_prefix: new.name.clone(),
        attribution: new.attribution.unwrap_or_else(|| new.name.clone()),
        licence: new.licence,
        ..RegionSettings::default()
    };
    let region = found(node, (new.slug, new.name), settings, &languages)?;
    node.log()?;
    let address = format!("{}{}/", node.config.site.url, region.slug);
    let RegionSettings { licence, attribution, .. } = &region.settings;
    call.say.result(
        &json!({ "id": region.id, "url": address, "licence": licence, "attribution": attribution }),
        &format!(
            "{} will be at {address}. Its texts will be published under {licence}, naming {attribution:?}; \
             `lotse region set {}` changes that.",
            region.name, region.slug
        ),
    );
    Ok(ExitCode::SUCCESS)
}

impl Set {
    fn carry_out(self, node: &Node, call: &Call) -> Result<ExitCode, AppError> {
        let changed = node.db.write(|tx: &mut Write<'_>| {
            let before = by_slug(tx, &self.region)?;
            let after = self.applied_to(before);
            let changed = region::describe(tx, &node.desk(), &after)?;
            Ok::<_, ContentError>(changed.then_some(after))
        })?;
        node.log()?;
        let Some(region) = changed else {
            call.say.result(&json!({ "changed": false }), "The region says so already; nothing was changed.");
            return Ok(ExitCode::SUCCESS);
        };
        let licence = &region.settings.licence;
        call.say.result(
            &json!({ "changed": true, "name": region.name, "settings": region.settings }),
            &format!("{} is changed; its texts are published under {licence}.", region.name),
        );
        Ok(ExitCode::SUCCESS)
    }
}

impl Set {
    fn applied_to(self, mut region: region::Region) -> region::Region {
        let former = region.name.clone();
        let put = |place: &mut String, new: Option<String>| new.into_iter().for_each(|new| *place = new);
        put(&mut region.name, self.name);
        let settings = &mut region.settings;
        put(&mut settings.prefix, self.prefix);
        // A prefix that the name does not begin with is none.
        let rest = region.name.strip_prefix(settings.prefix.as_str()).map(|rest| rest.trim().to_owned());
        if rest.is_none() {
            settings.prefix.clear();
        }
        settings.name_without_prefix = rest.unwrap_or_else(|| region.name.clone());
        // Whoever was named by the region's name goes on to be.
        if settings.attribution == former {
            settings.attribution.clone_from(&region.name);
        }
        put(&mut settings.licence, self.licence);
        put(&mut settings.attribution, self.attribution);
        put(&mut settings.postcode, self.postcode);
        put(&mut settings.official_key, self.official_key);
        put(&mut settings.time_zone, self.time_zone);
        settings.centre = self.centre.or(settings.centre);
        let corners = self.bounding_box.map(|[west, south, east, north]| [[west, south], [east, north]]);
        settings.bounding_box = corners.or(settings.bounding_box);
        if !self.aliases.is_empty() {
            settings.aliases = self.aliases.into_iter().flatten().collect();
        }
        let switch = |place: &mut bool, new: Option<bool>| *place = new.unwrap_or(*place);
        switch(&mut settings.listed, self.listed);
        switch(&mut settings.events, self.events);
        switch(&mut settings.places, self.places);
        switch(&mut settings.contacts, self.contacts);
        switch(&mut settings.news, self.news);
        switch(&mut settings.fallback, self.fallback);
        settings.feedback_days = self.feedback_days.unwrap_or(settings.feedback_days);
        region
    }
}

fn archive(node: &Node, call: &Call, slug: &str) -> Result<ExitCode, AppError> {
    let changed = node.db.write(|tx: &mut Write<'_>| {
        by_slug(tx, slug)?;
        archive_region::archive(tx, &node.desk(), slug)
    })?;
    node.log()?;
    let sentence =
        if changed { "The region is hidden; those who follow are told." } else { "It was hidden already." };
    call.say.result(&json!({ "changed": changed }), sentence);
    Ok(ExitCode::SUCCESS)
}

fn restore(node: &Node, call: &Call, slug: &str) -> Result<ExitCode, AppError> {
    let changed = node.db.write(|tx: &mut Write<'_>| {
        by_slug(tx, slug)?;
        archive_region::restore(tx, &node.desk(), slug)
    })?;
    node.log()?;
    let sentence = if changed { "The region is public again." } else { "It was not archived." };
    call.say.result(&json!({ "changed": changed }), sentence);
    Ok(ExitCode::SUCCESS)
}

/// # Errors: [`ContentError::UnknownRegion`] names those that are known.
pub(super) fn by_slug(tx: &mut Write<'_>, slug: &str) -> Result<region::Region, ContentError> {
    let mut regions = store::regions::all(tx)?;
    let known = regions.iter().map(|region| region.slug.clone()).collect::<Vec<_>>().join(", ");
    match regions.iter().position(|region| region.slug == slug) {
        Some(at) => Ok(regions.swap_remove(at)),
        None => Err(ContentError::UnknownRegion { slug: slug.to_owned(), known }),
    }
}

fn add_language(
    node: &Node,
    call: &Call,
    slug: &str,
    (tag, source): (LanguageTag, Option<LanguageTag>),
) -> Result<ExitCode, AppError> {
    let language = node.db.write(|tx: &mut Write<'_>| {
        let region = by_slug(tx, slug)?;
        let source = source.unwrap_or_else(|| region.default_language.clone());
        let (slug, native_name) = (tag.as_str().to_lowercase(), native_name(&tag));
        region::add_language(tx, &region, NewLanguage { tag, slug, native_name, source: Some(source) })
    })?;
    let words =
        format!("{} is a language of the region now; it is shown with its first page.", language.native_name);
    call.say.result(&json!({ "tag": language.tag, "slug": language.slug }), &words);
    Ok(ExitCode::SUCCESS)
}

/// Founds a region of this slug and name; the first language is the one that the others are translated from.
/// # Errors: as [`region::found`] and [`region::add_language`].
pub(super) fn found(
    node: &Node,
    (slug, name): (String, String),
    settings: RegionSettings,
    languages: &[LanguageTag],
) -> Result<region::Region, AppError> {
    let Some(default_language) = languages.first().cloned() else {
        return Err(asked("--languages")("at least one language is needed"));
    };
    let founded = node.db.write(|tx: &mut Write<'_>| {
        let new = NewRegion { slug, name, default_language: default_language.clone(), settings };
        let region = region::found(tx, &node.desk(), new)?;
        for tag in languages {
            let source = (*tag != default_language).then(|| default_language.clone());
            let native_name = native_name(tag);
            let new =
                NewLanguage { slug: tag.as_str().to_lowercase(), tag: tag.clone(), native_name, source };
            region::add_language(tx, &region, new)?;
        }
        Ok::<_, ContentError>(region)
    })?;
    Ok(founded)
}
