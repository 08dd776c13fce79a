//! `lotse import`: takes content over from another system.

use super::Call;
use super::region::by_slug;
use crate::app::{AppError, Node, asked};
use crate::base::language::LanguageTag;
use crate::base::url::WebUrl;
use crate::domain::content::media::pictures;
use crate::domain::exchange::ical::subscription::{Fetched, LARGEST_BYTES, fetch, read_for, spoken};
use crate::domain::exchange::ical::{self, CalendarError, Order};
use crate::domain::exchange::integreat::{
    Answers, Held, Options, Report, download, fetch_media, import, prepare, wanted_media,
};
use crate::platform::db::{Read, Write};
use clap::{Args, Subcommand, ValueEnum};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Subcommand)]
pub enum Import {
    /// A region from an Integreat server, or from a folder of its recorded answers. May be run again:
    /// only what changed there makes new revisions here.
    Integreat(Integreat),
    /// Events from a calendar, once: an address, or a file, which is known again by its name. May be run again: events
    /// are known by their UID, those that are no longer told are archived. `lotse calendar` does it by the clock.
    Ical(Ical),
}

#[derive(Args)]
pub struct Ical {
    /// The address of the calendar, or a file.
    place: String,
    /// The region's address part.
    #[arg(long)]
    region: String,
    /// BCP 47 tag of the language in which its texts are; without it, the region's default language.
    #[arg(long)]
    language: Option<LanguageTag>,
    /// Only events of this category; may be repeated.
    #[arg(long = "category")]
    categories: Vec<String>,
}

#[derive(Args)]
pub struct Integreat {
    /// Address of the server, such as <https://cms.integreat-app.de>.
    #[arg(required_unless_present = "from")]
    base_url: Option<String>,
    /// A folder with recorded answers: pages.de.json (or .json.gz) for each language, and regions.json if there is one.
    #[arg(long, conflicts_with = "base_url")]
    from: Option<PathBuf>,
    /// The region's address part, there and here.
    #[arg(long)]
    region: String,
    /// The region's name; without it, what the answers tell. What is given here and below also changes a region that
    /// is here already.
    #[arg(long)]
    name: Option<String>,
    /// The language that the others are translated from, if the answers do not tell it.
    #[arg(long)]
    default_language: Option<String>,
    /// SPDX identifier of the licence of the texts; without it, a new region gets CC-BY-4.0.
    #[arg(long)]
    licence: Option<String>,
    /// Whom to name when the texts are reused.
    #[arg(long)]
    attribution: Option<String>,
    /// Whether pictures and files are fetched into this node or only linked to.
    #[arg(long, default_value = "fetch")]
    media: Media,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Media {
    Fetch,
    Link,
}

/// So many pictures and files are fetched before they are remembered.
const AT_ONCE: usize = 16;

impl Import {
    pub fn run(self, call: &Call) -> Result<ExitCode, AppError> {
        let node = call.node()?;
        match self {
            Import::Integreat(asked) => {
                let report = asked.carry_out(&node, call)?;
                node.log()?;
                call.say.result(&report, &report.to_string());
            }
            Import::Ical(asked) => {
                let report = asked.carry_out(&node, call)?;
                node.log()?;
                call.say.result(&report, &report.to_string());
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Ical {
    fn carry_out(self, node: &Node, call: &Call) -> Result<ical::Report, AppError> {
        let Ical { place, region, language, categories } = self;
        let (region, language) = node.db.write(|tx: &mut Write<'_>| {
            let region = by_slug(tx, &region)?;
            let language = spoken(tx, &region, language)?;
            Ok::<_, AppError>((region, language))
        })?;
        let (name, bytes) = match address(&place)? {
            Some(url) => match call.wait(fetch(&node.fetcher, &url, None))?? {
                Fetched::File { bytes, .. } => (url.to_string(), bytes),
                Fetched::Unchanged => (url.to_string(), Vec::new()),
            },
            None => file(&place)?,
        };
        let read = read_for(&region, &bytes)?;
        let order = Order { region: &region, language: &language, place: &name, categories: &categories };
        Ok(node.db.write(|tx: &mut Write<'_>| ical::import(tx, &node.desk(), &order, read))?)
    }
}

/// The address of a calendar, if it is one: `webcal` is how some write `https`.
/// # Errors: it is not on the web.
pub(super) fn address(place: &str) -> Result<Option<WebUrl>, AppError> {
    let place = place.trim();
    let place =
        place.strip_prefix("webcal://").map_or_else(|| place.to_owned(), |rest| format!("https://{rest}"));
    if !place.contains("://") {
        return Ok(None);
    }
    place.parse().map(Some).map_err(asked("the calendar"))
}

/// The name of a file and what it holds.
fn file(path: &str) -> Result<(String, Vec<u8>), AppError> {
    let failed = |source| CalendarError::File { path: path.to_owned(), source };
    let mut bytes = Vec::new();
    let opened = std::fs::File::open(path).map_err(failed)?;
    // One byte more than is read tells that it is too large.
    opened.take(LARGEST_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
    let name = Path::new(path).file_name().map(|name| name.to_string_lossy().into_owned());
    Ok((name.unwrap_or_default(), bytes))
}

impl Integreat {
    /// The database is asked outside of the runtime: its calls block.
    fn carry_out(self, node: &Node, call: &Call) -> Result<Report, AppError> {
        let bar = call.say.working("reading");
        let mut tell = |what: &str| bar.set_message(what.to_owned());
        let answers = match (&self.from, &self.base_url) {
            (Some(folder), _) => Answers::read_folder(folder, &self.region)?,
            (None, Some(base)) => call.wait(download(&node.fetcher, base, &self.region, &mut tell))??,
            (None, None) => Answers::default(),
        };
        let options = Options {
            region: self.region,
            name: self.name,
            default_language: self.default_language,
            licence: self.licence,
            attribution: self.attribution,
        };
        let prepared = prepare(answers, &options)?;
        let mut held = node.db.read(|tx: &mut Read<'_>| Held::remembered(tx))?;
        if self.media == Media::Fetch {
            for wanted in wanted_media(&prepared).chunks(AT_ONCE) {
                call.wait(fetch_media(&node.fetcher, &node.blobs, wanted, &mut held, &mut tell))??;
                node.db.write(|tx: &mut Write<'_>| held.remember(tx, node.clock.now()))?;
            }
        }
        bar.set_message("publishing");
        let report = node.db.write(|tx: &mut Write<'_>| {
            held.retain_here(&node.blobs);
            import(tx, &node.desk(), prepared, &held)
        })?;
        bar.set_message("making smaller pictures");
        pictures::make_all(&node.db, &node.blobs)?;
        bar.finish_and_clear();
        Ok(report)
    }
}

/// Imports recorded answers without fetching media. Blocks.
pub(super) fn from_folder(node: &Node, region: &str, name: &str, folder: &Path) -> Result<Report, AppError> {
    let answers = Answers::read_folder(folder, region)?;
    let options = Options {
        region: region.to_owned(),
        name: Some(name.to_owned()),
        attribution: Some(name.to_owned()),
        ..Options::default()
    };
    let prepared = prepare(answers, &options)?;
    Ok(node.db.write(|tx: &mut Write<'_>| import(tx, &node.desk(), prepared, &Held::default()))?)
}
