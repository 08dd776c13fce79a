//! `lotse adopt`: shows pages of a followed node in the own tree, or no longer.

use super::Call;
use crate::app::{AppError, Node, asked};
use crate::base::id::{ItemId, ObjectId, RegionId};
use crate::domain::adoption::adopt::{self, Request, Scope};
use crate::domain::adoption::end;
use crate::domain::content::{ContentError, store};
use crate::domain::peers::peer;
use crate::platform::db::Write;
use clap::Args;
use serde_json::json;
use std::process::ExitCode;

#[derive(Args)]
pub struct Adopt {
    /// The followed node: its id, the beginning of it, its name or address.
    #[arg(required_unless_present = "remove")]
    peer: Option<String>,
    /// The page there; `lotse peers show <node> --pages` lists them.
    #[arg(required_unless_present = "remove")]
    object: Option<ObjectId>,
    /// The page of ours below which it is to stand; without it, at the top of the region.
    #[arg(long)]
    under: Option<ItemId>,
    /// The region of ours; needed if there are several and --under is not given.
    #[arg(long)]
    region: Option<String>,
    /// Only this page, not what is below it.
    #[arg(long)]
    only_page: bool,
    /// Ends an adoption: this page of ours, and what came with it, are taken out of your tree. It may be adopted again,
    /// here or elsewhere.
    #[arg(long, value_name = "PAGE", conflicts_with_all = ["peer", "object", "under", "region", "only_page"])]
    remove: Option<ItemId>,
}

impl Adopt {
    pub fn run(self, call: &Call) -> Result<ExitCode, AppError> {
        let node = call.node()?;
        if let Some(page) = self.remove {
            return remove(&node, call, page);
        }
        let (Some(peer), Some(object)) = (self.peer, self.object) else {
            return Err(asked("adopt")("name the node and its page; see --help"));
        };
        let scope = if self.only_page { Scope::Page } else { Scope::Subtree };
        let pages = node.db.write(|tx: &mut Write<'_>| {
            let origin = peer::find(tx, &peer)?;
            let region = match (&self.under, &self.region) {
                (Some(page), _) => {
                    let unknown = ContentError::UnknownItem { item: *page };
                    store::items::find(tx, *page)?.ok_or(unknown)?.region
                }
                (None, slug) => region(tx, slug.as_deref())?,
            };
            let request = Request { region, parent: self.under, origin, object, scope };
            Ok::<_, AppError>(adopt::adopt(tx, &node.desk(), request)?)
        })?;
        call.say.result(
            &json!({ "object": object, "pages": pages }),
            &format!("{pages} pages are shown in your tree now, and follow every change of their origin."),
        );
        Ok(ExitCode::SUCCESS)
    }
}

fn remove(node: &Node, call: &Call, page: ItemId) -> Result<ExitCode, AppError> {
    let pages = node.db.write(|tx: &mut Write<'_>| end::end(tx, &node.desk(), page))?;
    call.say.result(
        &json!({ "removed": pages }),
        &format!(
            "{pages} pages were taken out of your tree; their origin keeps them and can be adopted again."
        ),
    );
    Ok(ExitCode::SUCCESS)
}

/// The region that a person means, or the only one.
fn region(tx: &mut Write<'_>, slug: Option<&str>) -> Result<RegionId, AppError> {
    if let Some(slug) = slug {
        return Ok(super::region::by_slug(tx, slug)?.id);
    }
    let regions = store::regions::all(tx)?;
    let known = regions.iter().map(|region| region.slug.as_str()).collect::<Vec<_>>().join(", ");
    match regions.as_slice() {
        [only] => Ok(only.id),
        _ => Err(asked("--region")(format!("say which region; there are: {known}"))),
    }
}
