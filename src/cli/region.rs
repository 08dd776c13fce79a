//! `lotse region`: the regions of this node and their languages.

use super::Call;
use crate::app::{AppError, Node, asked};
use crate::base::language::LanguageTag;
use crate::domain::content::published::RegionSettings;
use crate::domain::content::region::{self, NewLanguage, NewRegion};
use crate::domain::content::{ContentError, store};
use crate::locale::native_names::native_name;
use crate::platform::db::{Read, Write};
use clap::Subcommand;
use serde_json::json;
use std::process::ExitCode;

#[derive(Subcommand)]
pub enum Region {
    /// Lists the regions with their languages and how many pages each has public.
    List,
    /// Adds a region in one or more languages.
    Add {
        /// The part of every address, such as musterstadt.
        slug: String,
        #[arg(long)]
        name: String,
        /// BCP 47 tags, the language that is translated from first.
        #[arg(long, value_delimiter = ',', default_value = "de")]
        languages: Vec<String>,
    },
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

impl Region {
    pub fn run(self, call: &Call) -> Result<ExitCode, AppError> {
        match self {
            Region::List => list(&call.looking()?, call),
            Region::Add { slug, name, languages } => add(&call.node()?, call, slug, name, &languages),
            Region::AddLanguage { region, language, source } => {
                add_language(&call.node()?, call, &region, (language, source))
            }
        }
    }
}

fn list(node: &Node, call: &Call) -> Result<ExitCode, AppError> {
    let snapshot = node.db.read(|tx: &mut Read<'_>| {
        crate::domain::content::assemble::assemble(tx, std::collections::HashMap::new(), None)
    })?;
    let mut rows = Vec::new();
    let mut text = String::new();
    for region in &snapshot.regions {
        text.push_str(&format!("{} ({})\n", region.name, region.slug));
        let mut languages = Vec::new();
        for (language, edition) in region.languages.iter().zip(&region.editions) {
            text.push_str(&format!(
                "  {:8} {:20} {:5} pages\n",
                language.slug,
                language.native_name,
                edition.pages.len()
            ));
            languages
                .push(json!({ "slug": language.slug, "tag": language.tag, "pages": edition.pages.len() }));
        }
        rows.push(
            json!({ "slug": region.slug, "name": region.name, "id": region.id, "languages": languages }),
        );
    }
    if rows.is_empty() {
        text.push_str("No region yet. Add one: lotse region add <slug> --name <name> --languages de,en");
    }
    call.say.result(&rows, &text);
    Ok(ExitCode::SUCCESS)
}

fn add(
    node: &Node,
    call: &Call,
    slug: String,
    name: String,
    languages: &[String],
) -> Result<ExitCode, AppError> {
    let languages: Vec<LanguageTag> = languages
        .iter()
        .map(|tag| tag.parse::<LanguageTag>().map_err(asked("--languages")))
        .collect::<Result<_, _>>()?;
    let region = found(node, slug, name, &languages)?;
    node.log()?;
    let address = format!("{}{}/", node.config.site.url, region.slug);
    call.say.result(
        &json!({ "id": region.id, "url": address }),
        &format!("{} will be at {address}", region.name),
    );
    Ok(ExitCode::SUCCESS)
}

fn add_language(
    node: &Node,
    call: &Call,
    slug: &str,
    (tag, source): (LanguageTag, Option<LanguageTag>),
) -> Result<ExitCode, AppError> {
    let language = node.db.write(|tx: &mut Write<'_>| {
        let known =
            || ContentError::UnknownRegion { slug: slug.to_owned(), known: "see `lotse region list`".into() };
        let region = store::regions::by_slug(tx, slug)?.ok_or_else(known)?;
        let source = source.unwrap_or_else(|| region.default_language.clone());
        let (slug, native_name) = (tag.as_str().to_lowercase(), native_name(&tag));
        region::add_language(tx, &region, NewLanguage { tag, slug, native_name, source: Some(source) })
    })?;
    let words =
        format!("{} is a language of the region now; it is shown with its first page.", language.native_name);
    call.say.result(&json!({ "tag": language.tag, "slug": language.slug }), &words);
    Ok(ExitCode::SUCCESS)
}

/// Founds a region; the first language is the one that the others are translated from.
/// # Errors: as [`region::found`] and [`region::add_language`].
pub(super) fn found(
    node: &Node,
    slug: String,
    name: String,
    languages: &[LanguageTag],
) -> Result<region::Region, AppError> {
    let Some(default_language) = languages.first().cloned() else {
        return Err(asked("--languages")("at least one language is needed"));
    };
    let settings = RegionSettings {
        name_without_prefix: name.clone(),
        attribution: name.clone(),
        ..RegionSettings::default()
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
        store::touch_content(tx)?;
        Ok::<_, ContentError>(region)
    })?;
    Ok(founded)
}
