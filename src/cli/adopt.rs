//! `lotse adopt`: shows what a followed node publishes in a region of ours, or no longer.

use super::Call;
use crate::app::{AppError, Node, asked};
use crate::base::id::{ItemId, ObjectId, RegionId};
use crate::domain::adoption::adopt::{self, Request, Scope};
use crate::domain::adoption::{end, offers};
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::{ContentError, store};
use crate::domain::peers::peer;
use crate::platform::db::{Reading, Write};
use clap::{Args, ValueEnum};
use serde_json::json;
use std::process::ExitCode;

#[derive(Args)]
pub struct Adopt {
    /// The followed node: its id, the beginning of it, its name or address.
    #[arg(required_unless_present = "remove")]
    peer: Option<String>,
    /// What to show, such as a page, an event or a place; `lotse peers show <node> --items` lists all. With --all a
    /// region there, needed if the node has several.
    #[arg(required_unless_present_any = ["remove", "all"])]
    object: Option<ObjectId>,
    /// The page of ours below which a page is to stand; without it, at the top of the region.
    #[arg(long)]
    under: Option<ItemId>,
    /// The region of ours; needed if there are several and --under is not given.
    #[arg(long)]
    region: Option<String>,
    /// Only this page, not what is below it.
    #[arg(long)]
    only_page: bool,
    /// All of a kind that a region there publishes, now and later.
    #[arg(long, value_name = "KIND", conflicts_with_all = ["under", "only_page"])]
    all: Option<All>,
    /// Ends an adoption: this item of ours, or what --all brought by the id that it told, and what came with it are taken
    /// out of your region. It may be adopted again, here or elsewhere.
    #[arg(long, value_name = "ID", conflicts_with_all = ["peer", "object", "under", "region", "only_page", "all"])]
    remove: Option<ObjectId>,
}

#[derive(Clone, Copy, ValueEnum)]
enum All {
    Events,
    Places,
    News,
    Contacts,
    Organisations,
    Categories,
    Offers,
}

impl All {
    fn kind(self) -> ObjectKind {
        match self {
            All::Events => ObjectKind::Event,
            All::Places => ObjectKind::Place,
            All::News => ObjectKind::News,
            All::Contacts => ObjectKind::Contact,
            All::Organisations => ObjectKind::Organisation,
            All::Categories => ObjectKind::Category,
            All::Offers => ObjectKind::Offer,
        }
    }
}

impl Adopt {
    pub fn run(self, call: &Call) -> Result<ExitCode, AppError> {
        let node = call.node()?;
        if let Some(what) = self.remove {
            return remove(&node, call, what);
        }
        let Some(peer) = &self.peer else {
            return Err(asked("adopt")("name the node and what to adopt of it; see --help"));
        };
        let (object, adopted) = node.db.write(|tx: &mut Write<'_>| {
            let request = self.request(tx, peer)?;
            Ok::<_, AppError>((request.object, adopt::adopt(tx, &node.desk(), request)?))
        })?;
        let items = adopted.items;
        let ending = match self.all {
            Some(_) => {
                format!(" What is new comes by itself; `lotse adopt --remove {}` ends it.", adopted.adoption)
            }
            None => String::new(),
        };
        call.say.result(
            &json!({ "object": object, "adoption": adopted.adoption, "items": items }),
            &format!(
                "{items} items are shown in your region now, and follow every change of their origin.{ending}"
            ),
        );
        Ok(ExitCode::SUCCESS)
    }

    fn request(&self, tx: &mut Write<'_>, peer: &str) -> Result<Request, AppError> {
        let origin = peer::find(tx, peer)?;
        let region = match (&self.under, &self.region) {
            (Some(page), _) => {
                let unknown = ContentError::UnknownItem { item: *page };
                store::items::find(tx, *page)?.ok_or(unknown)?.region
            }
            (None, slug) => region(tx, slug.as_deref())?,
        };
        let scope = match self.all {
            Some(all) => Scope::All(all.kind()),
            None if self.only_page => Scope::Item,
            None => Scope::Subtree,
        };
        let object = match self.object {
            Some(object) => object,
            None => only_region(tx, &origin)?,
        };
        Ok(Request { region, parent: self.under, origin, object, scope })
    }
}

/// The region of a followed node that has one.
fn only_region(tx: &mut impl Reading, origin: &str) -> Result<ObjectId, AppError> {
    let regions = offers::regions(tx, origin)?;
    match regions.as_slice() {
        [only] => Ok(only.object),
        [] => Err(asked("adopt")("that node has not told of any region yet; see `lotse sync`")),
        several => {
            let named = |region: &offers::Offer| {
                let name = region.titles.values().next().map_or("", String::as_str);
                format!("{} {name}", region.object)
            };
            let all = several.iter().map(named).collect::<Vec<_>>().join(", ");
            Err(asked("adopt")(format!("say of which region there, by its id: {all}")))
        }
    }
}

fn remove(node: &Node, call: &Call, what: ObjectId) -> Result<ExitCode, AppError> {
    let items = node.db.write(|tx: &mut Write<'_>| end::end(tx, &node.desk(), what))?;
    call.say.result(
        &json!({ "removed": items }),
        &format!(
            "{items} items were taken out of your region; their origin keeps them and can be adopted again."
        ),
    );
    Ok(ExitCode::SUCCESS)
}

/// The region that a person means, or the only one.
fn region(tx: &mut Write<'_>, slug: Option<&str>) -> Result<RegionId, AppError> {
    if let Some(slug) = slug {
        return Ok(super::region::by_slug(tx, slug)?.id);
    }
    let mut regions = store::regions::all(tx)?;
    regions.retain(|region| region.settings.origin.is_none());
    let known = regions.iter().map(|region| region.slug.as_str()).collect::<Vec<_>>().join(", ");
    match regions.as_slice() {
        [only] => Ok(only.id),
        _ => Err(asked("--region")(format!("say which region; there are: {known}"))),
    }
}
