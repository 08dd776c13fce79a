//! Mirroring trees as no honest node would publish them.

use super::adopt::{self, Request, Scope};
use super::{AdoptionError, mirror};
use crate::base::id::{ItemId, RegionId};
use crate::domain::content::assemble::assemble;
use crate::domain::content::item::{self, DEEPEST, Item, NewItem, Stewardship};
use crate::domain::content::published::{ItemView, RegionSettings, Snapshot};
use crate::domain::content::region::{self, NewLanguage, NewRegion};
use crate::domain::content::{ContentError, Desk, store as content};
use crate::domain::peers::testing::{Follower, Publisher, apart, body_json, object};
use crate::domain::peers::{bodies, sync};
use crate::platform::db::Write;
use std::collections::HashMap;

impl Follower {
    pub(super) async fn brings(&self, origin: &str) {
        sync::sync(&self.peers, origin, |_, _| {}).await.unwrap();
        bodies::fetch_wanted(&self.peers, origin, |_| {}).await.unwrap();
    }

    pub(super) fn edits<T: Send>(
        &self,
        act: impl FnOnce(&mut Write<'_>, &Desk<'_>) -> Result<T, AdoptionError> + Send,
    ) -> T {
        let desk = Desk { clock: &self.peers.clock, site: "https://ort.example/" };
        self.write(|tx| act(tx, &desk))
    }

    pub(super) fn founds(&self) -> RegionId {
        self.founds_one("ort")
    }

    /// A region at this address.
    pub(super) fn founds_one(&self, slug: &str) -> RegionId {
        self.edits(|tx, desk| {
            let default_language = "de".parse().unwrap();
            let settings = RegionSettings::default();
            let new = NewRegion { slug: slug.to_lowercase(), name: "Ort".into(), default_language, settings };
            let region = region::found(tx, desk, new)?;
            let new = NewLanguage {
                tag: "de".parse().unwrap(),
                slug: "de".into(),
                native_name: "Deutsch".into(),
                source: None,
            };
            region::add_language(tx, &region, new)?;
            Ok(region.id)
        })
    }

    /// The depth of each page that readers see.
    fn depths(&self) -> Vec<usize> {
        let snapshot: Snapshot = self.read(|tx| assemble(tx, self.peers.clock.now(), HashMap::new()));
        let pages = snapshot.regions[0].editions[0].pages.items.iter();
        pages.map(|page: &ItemView| page.depth).collect()
    }
}

#[tokio::test]
async fn a_foreign_tree_of_any_depth_is_shown_down_to_the_deepest_level() {
    let (mut publisher, follower) = (Publisher::new(), Follower::new());
    let (body, size) = publisher.body(&body_json(1, "de", 1));
    let text = format!(r#""de":{{"body":"{}","rev":1,"size":{size}}}"#, body.to_base64url());
    for number in 1..=5000 {
        publisher.put("page", number, (number > 1).then(|| number - 1), &text);
    }
    publisher.publish();
    let origin = follower.follow_folder(&publisher).await;
    follower.brings(&origin).await;
    let region = follower.founds();
    let request =
        Request { region, parent: None, origin: origin.clone(), object: object(1), scope: Scope::Subtree };
    assert_eq!(follower.edits(|tx, desk| adopt::adopt(tx, desk, request)).items, DEEPEST);
    assert_eq!(follower.depths(), (1..=DEEPEST).collect::<Vec<_>>());
    // What moves up comes, as far as there is room, and what moves down goes.
    publisher.put("page", 1000, Some(1), "");
    publisher.put("page", 63, Some(64), "");
    publisher.publish();
    follower.brings(&origin).await;
    follower.edits(|tx, desk| mirror::refresh(tx, desk, &origin));
    let depths = follower.depths();
    assert_eq!(depths, [(1..=62).collect::<Vec<_>>(), (2..=DEEPEST).collect()].concat());
}

#[tokio::test]
async fn what_is_adopted_far_down_counts_from_the_top_of_the_own_tree() {
    let (mut publisher, follower) = (Publisher::new(), Follower::new());
    for number in 1..=5 {
        publisher.page(number, (number > 1).then(|| number - 1), &[("de", 1)]);
    }
    publisher.publish();
    let origin = follower.follow_folder(&publisher).await;
    follower.brings(&origin).await;
    let region = follower.founds();
    let own = follower.edits(|tx, desk| {
        let mut own: Vec<ItemId> = Vec::new();
        for _ in 1..=DEEPEST {
            let (id, parent) = (desk.clock.fresh_id().into(), own.last().copied());
            let new = NewItem::page(id, parent, "V".into());
            item::create(tx, desk, region, vec![new])?;
            own.push(id);
        }
        Ok(own)
    });
    let adopts = |parent: ItemId| {
        let (origin, object, scope) = (origin.clone(), object(1), Scope::Subtree);
        let request = Request { region, parent: Some(parent), origin, object, scope };
        let desk = Desk { clock: &follower.peers.clock, site: "https://ort.example/" };
        apart(|| follower.peers.database.write(|tx: &mut Write<'_>| adopt::adopt(tx, &desk, request)))
    };
    let refused = adopts(own[DEEPEST - 1]).map(|adopted| adopted.items).unwrap_err();
    assert!(matches!(refused, AdoptionError::Content(ContentError::TooDeep { .. })), "{refused}");
    assert_eq!(adopts(own[DEEPEST - 4]).unwrap().items, 3);
    // A mirror keeps no page of ours from moving; what then stands too deep is gone with the next refresh.
    let shown = || follower.read(|tx| content::items::of_region(tx, region));
    let moved = (own[DEEPEST - 4], Some(own[DEEPEST - 3]), "V".to_owned());
    follower.edits(|tx, desk| {
        item::relocate(tx, desk, region, &[(own[DEEPEST - 3], Some(own[DEEPEST - 5]), "V".to_owned())])?;
        Ok(item::relocate(tx, desk, region, &[moved])?)
    });
    follower.edits(|tx, desk| mirror::refresh(tx, desk, &origin));
    let mirrored = |page: &&Item| page.stewardship == Stewardship::Mirrored && !page.archived;
    assert_eq!(shown().iter().filter(mirrored).count(), 2);
}
