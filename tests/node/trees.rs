//! The tree of pages: how deep it may be, and the keys by which it is ordered.

use super::content::{Town, tag};
use lotse::domain::content::archive;
use lotse::domain::content::body::Body;
use lotse::domain::content::change::{Change, Via};
use lotse::domain::content::item::{self, Item, NewItem, Stewardship};
use lotse::domain::content::kind::ObjectKind;
use lotse::domain::content::revision::Edit;
use lotse::domain::content::{order, store};
use lotse::platform::db::Read;

#[test]
fn pages_stand_no_deeper_than_anybody_would_look() {
    let town = Town::new();
    let mut chain = vec![town.page(None)];
    for _ in 1..64 {
        chain.push(town.page(chain.last()));
    }
    let below = |parent: &Item| {
        town.write(|tx, desk| {
            let id = desk.clock.fresh_id().into();
            let (parent, ord) = (Some(parent.id), "V".to_owned());
            let new = NewItem::page(id, parent, ord);
            item::create(tx, desk, town.region.id, vec![new])
        })
    };
    let refused = below(&chain[63]).unwrap_err();
    assert!(refused.to_string().contains("64 levels"), "{refused}");
    let other = town.page(None);
    let moved = |page: &Item, parent: &Item| {
        town.write(|tx, desk| {
            item::relocate(tx, desk, town.region.id, &[(page.id, Some(parent.id), "V".to_owned())])
        })
    };
    let refused = moved(&chain[1], &town.page(Some(&other))).unwrap_err();
    assert!(refused.to_string().contains("64 levels"), "{refused}");
    moved(&chain[1], &other).unwrap();
    moved(&chain[63], &chain[0]).unwrap();
    assert!(below(&chain[63]).is_ok() && below(&chain[62]).is_ok());
}

#[test]
fn a_tree_that_was_made_deeper_keeps_no_node_from_starting() {
    use lotse::domain::content::revision::Revision;
    use lotse::domain::content::store::items::SlugRow;
    let town = Town::new();
    let region = town.region.id;
    let (bytes, body) =
        Body { title: "Tief".into(), ..Body::untitled("AAECAwQFBgcICQoLDA0ODw".into()) }.to_bytes();
    let ids: Vec<lotse::base::id::ItemId> = (0..5000).map(|_| town.clock.fresh_id().into()).collect();
    let page = |at: usize| Item {
        id: ids[at],
        number: at as i64,
        region,
        parent: at.checked_sub(1).map(|above| ids[above]),
        ord: "V".into(),
        archived: false,
        stewardship: Stewardship::Own,
        icon: None,
        kind: ObjectKind::Page,
        expires_at: None,
        version: 1,
    };
    let slug = |at: usize| SlugRow {
        region,
        kind: ObjectKind::Page,
        language: "de".into(),
        slug: at.to_string(),
        item: ids[at],
        number: at as i64,
    };
    let revision = |at: usize| Revision {
        number: at as i64,
        item: ids[at],
        language: tag("de"),
        rev: Some(1),
        body,
        edit: Edit::Major,
        via: Via::Human,
        source: None,
        updated_at: town.clock.now(),
    };
    let all = 0..ids.len();
    town.write(|tx, _| {
        store::items::save(tx, &all.clone().map(page).collect::<Vec<_>>())?;
        store::items::save_slugs(tx, &all.clone().map(slug).collect::<Vec<_>>())?;
        store::bodies::save(tx, &[(body, bytes)])?;
        Ok(store::revisions::save_public(tx, &all.clone().map(revision).collect::<Vec<_>>())?)
    })
    .unwrap();
    let snapshot = town.snapshot();
    let (_, edition) = snapshot.region("town").unwrap().edition("de").unwrap();
    assert_eq!(edition.pages.items.iter().map(|page| page.depth).max(), Some(64));
}

#[test]
fn pages_can_be_put_at_one_place_again_and_again_and_the_log_takes_each_of_them() {
    let town = Town::new();
    let (first, last) = (town.page(None), town.page(None));
    town.say(&first, "de", "Anfang", (Edit::Major, None));
    town.say(&last, "de", "Ende", (Edit::Major, None));
    let ord = |id| town.db.read(|tx: &mut Read<'_>| store::items::find(tx, id)).unwrap().unwrap().ord;
    let mut before = first.id;
    for _ in 0..450 {
        before = town
            .write(|tx, desk| {
                let pages = store::items::of_region(tx, town.region.id)?;
                let key = |id| pages.iter().find(|page| page.id == id).map(|page| page.ord.as_str());
                let (id, ord) = (desk.clock.fresh_id().into(), order::between(key(before), key(last.id)));
                let new = NewItem::page(id, None, ord);
                item::create(tx, desk, town.region.id, vec![new])?;
                Ok(id)
            })
            .unwrap();
        assert!(ord(first.id) < ord(before) && ord(before) < ord(last.id));
    }
    let page = town.db.read(|tx: &mut Read<'_>| store::items::find(tx, before)).unwrap().unwrap();
    town.say(&page, "de", "Mitte", (Edit::Major, None));
    let changes = town.changes();
    for change in &changes {
        lotse::domain::feed::from_change::logged_bytes(change).unwrap();
    }
    // The log knows the keys that readers' order is made of.
    for page in [first.id, before, last.id] {
        let told = changes.iter().rev().find_map(|change| match change {
            Change::Put(put) if put.object == page.into() => put.ord.clone(),
            _ => None,
        });
        assert_eq!(told, Some(ord(page)));
    }
}

#[test]
fn what_stands_below_a_page_that_its_origin_withdrew_does_not_keep_the_rest_hidden() {
    let town = Town::new();
    let region = town.region.id;
    let (top, beside) = (town.page(None), town.page(None));
    let make = |parent: &Item, stewardship: Stewardship| {
        let id = town.clock.fresh_id().into();
        let new = NewItem { archived: true, stewardship, ..NewItem::page(id, Some(parent.id), "V".into()) };
        town.write(|tx, desk| item::create(tx, desk, region, vec![new])).unwrap().remove(0)
    };
    let mirrored = make(&top, Stewardship::Mirrored);
    let below = make(&mirrored, Stewardship::Own);
    town.write(|tx, desk| archive::archive(tx, desk, region, &[top.id])).unwrap();
    let shown = town.write(|tx, desk| archive::restore_below(tx, desk, region, top.id)).unwrap();
    let pages = town.db.read(|tx: &mut Read<'_>| store::items::of_region(tx, region)).unwrap();
    let hidden = |page: &Item| pages.iter().find(|known| known.id == page.id).unwrap().archived;
    assert_eq!(shown, 1);
    assert_eq!([&top, &beside, &mirrored, &below].map(hidden), [false, false, true, true]);
}
