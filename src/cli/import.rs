//! `lotse import`: takes content over from another system.

use super::Call;
use crate::app::{AppError, Node};
use crate::domain::exchange::integreat::{
    Answers, Held, Options, Report, download, fetch_media, import, prepare, wanted_media,
};
use crate::platform::db::{Read, Write};
use clap::{Args, Subcommand, ValueEnum};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Subcommand)]
pub enum Import {
    /// A region from an Integreat server, or from a folder of its recorded answers. May be run again:
    /// only what changed there makes new revisions here.
    Integreat(Integreat),
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

impl Import {
    pub fn run(self, call: &Call) -> Result<ExitCode, AppError> {
        let Import::Integreat(asked) = self;
        let node = call.node()?;
        let report = asked.carry_out(&node, call)?;
        node.log()?;
        call.say.result(&report, &report.to_string());
        Ok(ExitCode::SUCCESS)
    }
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
            let wanted = wanted_media(&prepared);
            call.wait(fetch_media(&node.fetcher, &node.blobs, &wanted, &mut held, &mut tell))??;
        }
        bar.set_message("publishing");
        let report = node.db.write(|tx: &mut Write<'_>| {
            held.retain_here(&node.blobs);
            import(tx, &node.desk(), prepared, &held)
        })?;
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
