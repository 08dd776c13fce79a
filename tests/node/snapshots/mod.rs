//! Pictures that follow changes: whatever happens to the content, the picture made from the last one and what changed is
//! the one that is made from nothing; and what did not change is the same, not a copy.

mod answers;
mod beside;
mod verbs;
mod world;

use lotse::domain::content::assemble::{Assembler, assemble};
use lotse::domain::content::kind::ObjectKind;
use lotse::domain::content::published::{RegionView, Snapshot};
use lotse::domain::content::revision::Edit;
use lotse::platform::db::Read;
use proptest::prelude::*;
use verbs::Verb;
use world::World;

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 200, ..ProptestConfig::with_cases(24) })]

    #[test]
    fn a_picture_that_followed_changes_is_the_one_made_from_nothing(verbs in prop::collection::vec(verb(), 30..60)) {
        let mut world = World::found();
        // One process looks after each change, another one now and then.
        let (mut often, mut seldom) = (Assembler::default(), Assembler::default());
        for (step, verb) in verbs.iter().enumerate() {
            world.carry_out(verb);
            let anew = picture(&world, &mut Assembler::default());
            let followed = picture(&world, &mut often);
            prop_assert!(followed == anew, "step {step}, {verb:?}: {}", difference(&followed, &anew));
            if step % 4 == 3 {
                let followed = picture(&world, &mut seldom);
                prop_assert!(followed == anew, "four up to {step}, {verb:?}: {}", difference(&followed, &anew));
            }
        }
    }
}

fn verb() -> impl Strategy<Value = Verb> {
    let at = any::<u8>;
    prop_oneof![
        3 => (at(), at()).prop_map(|(region, parent)| Verb::Page { region, parent }),
        3 => (at(), at()).prop_map(|(region, kind)| Verb::Flat { region, kind }),
        8 => (at(), at(), at(), any::<bool>()).prop_map(|(item, language, slug, minor)| Verb::Say { item, language, slug, minor }),
        3 => (at(), at()).prop_map(|(item, hours)| Verb::Facts { item, hours }),
        2 => (at(), at()).prop_map(|(item, language)| Verb::Hide { item, language }),
        2 => (at(), any::<bool>()).prop_map(|(item, back)| Verb::Archive { item, back }),
        1 => (at(), prop::option::of(at())).prop_map(|(item, language)| Verb::Erase { item, language }),
        1 => at().prop_map(|item| Verb::Silence { item }),
        3 => (at(), at(), any::<bool>()).prop_map(|(page, parent, first)| Verb::Move { page, parent, first }),
        1 => (at(), at()).prop_map(|(region, what)| Verb::Describe { region, what }),
        1 => (at(), at()).prop_map(|(region, language)| Verb::Language { region, language }),
        1 => (at(), at()).prop_map(|(item, slug)| Verb::FormerSlug { item, slug }),
        1 => (at(), at()).prop_map(|(item, licence)| Verb::Label { item, licence }),
        1 => (at(), at(), any::<bool>()).prop_map(|(item, language, draft)| Verb::Unseen { item, language, draft }),
        2 => (at(), at()).prop_map(|(region, parent)| Verb::Mirror { region, parent }),
        3 => (at(), at(), any::<bool>()).prop_map(|(mirror, language, late)| Verb::Mirrored { mirror, language, late }),
        1 => Just(Verb::Arrive),
        1 => (at(), at()).prop_map(|(mirror, language)| Verb::HideMirrored { mirror, language }),
        1 => (at(), any::<bool>()).prop_map(|(mirror, known)| Verb::Doubt { mirror, known }),
        1 => at().prop_map(|mirror| Verb::End { mirror }),
        3 => at().prop_map(|hours| Verb::Wait { hours }),
        1 => Just(Verb::SetBack),
        5 => beside(),
        4 => media(),
    ]
}

fn beside() -> impl Strategy<Value = Verb> {
    let at = any::<u8>;
    prop_oneof![
        2 => at().prop_map(|item| Verb::RestoreBelow { item }),
        2 => (at(), prop::bool::weighted(0.7)).prop_map(|(region, back)| Verb::Region { region, back }),
        2 => (at(), at()).prop_map(|(region, kind)| Verb::MirrorFlat { region, kind }),
        4 => (at(), at()).prop_map(|(mirror, hours)| Verb::MirroredFacts { mirror, hours }),
        3 => (at(), at(), at()).prop_map(|(item, language, contact)| Verb::Card { item, language, contact }),
        3 => (at(), at()).prop_map(|(regions, hours)| Verb::Tell { regions, hours }),
        1 => at().prop_map(|news| Verb::Withdraw { news }),
        2 => (at(), any::<bool>()).prop_map(|(word, remove)| Verb::Term { word, remove }),
        2 => (at(), at()).prop_map(|(item, word)| Verb::Sort { item, word }),
    ]
}

fn media() -> impl Strategy<Value = Verb> {
    let at = any::<u8>;
    prop_oneof![
        3 => at().prop_map(|medium| Verb::Upload { medium }),
        4 => (at(), at(), at()).prop_map(|(item, language, medium)| Verb::Picture { item, language, medium }),
        2 => (at(), at(), any::<bool>()).prop_map(|(medium, language, credit)| Verb::Alt { medium, language, credit }),
        2 => (at(), at()).prop_map(|(medium, with)| Verb::Replace { medium, with }),
        1 => at().prop_map(|medium| Verb::DeleteMedium { medium }),
    ]
}

fn picture(world: &World, assembler: &mut Assembler) -> Snapshot {
    let (now, origins) = (world.clock.now(), world.origins.clone());
    world.db.read(|tx: &mut Read<'_>| assembler.refresh(tx, now, origins)).unwrap()
}

/// Where two pictures first differ.
fn difference(one: &Snapshot, other: &Snapshot) -> String {
    if (one.version, one.next_end, one.regions.len()) != (other.version, other.next_end, other.regions.len())
    {
        return format!("{:?} or {:?}", (one.version, one.next_end), (other.version, other.next_end));
    }
    let regions = one.regions.iter().zip(&other.regions).find(|(one, other)| one != other);
    let Some((one, other)) = regions else { return "nothing".to_owned() };
    let about =
        |region: &RegionView| (region.name.clone(), region.settings.clone(), region.languages.clone());
    if about(one) != about(other) {
        return format!("{:#?} or {:#?}", about(one), about(other));
    }
    if (&one.known, &one.mirrored) != (&other.known, &other.mirrored) {
        return format!(
            "{}: {:?} or {:?}",
            one.name,
            (&one.known, &one.mirrored),
            (&other.known, &other.mirrored)
        );
    }
    for (language, (one, other)) in one.languages.iter().zip(one.editions.iter().zip(&other.editions)) {
        for kind in ObjectKind::ITEMS {
            let (one, other) = (one.shelf(kind), other.shelf(kind));
            if one != other {
                return format!("{kind:?} in {}: {one:#?} or {other:#?}", language.tag);
            }
        }
        if one.roots != other.roots {
            return format!("the roots in {}: {:?} or {:?}", language.tag, one.roots, other.roots);
        }
    }
    "elsewhere".to_owned()
}

#[test]
fn a_change_leaves_alone_what_it_does_not_touch() {
    let world = World::found();
    let region = &world.regions[0];
    let [top, below, event] = [world.page(0, None), world.page(0, None), world.flat(0, ObjectKind::Event)];
    world.page(1, None);
    for item in [top, below, event] {
        for language in ["de", "en", "ar"] {
            world.say(region, item, (language, "eins"), Edit::Major).unwrap();
        }
    }
    let mut assembler = Assembler::default();
    let before = picture(&world, &mut assembler);
    world.say(region, top, ("en", "eins"), Edit::Minor).unwrap();
    let after = picture(&world, &mut assembler);
    let regions = |slug| (before.region(slug).unwrap(), after.region(slug).unwrap());
    let (old, new) = regions("zwei");
    assert!(std::sync::Arc::ptr_eq(old, new), "the other region");
    let (old, new) = regions("eins");
    let is_same = |language: usize| old.editions[language].stamp() == new.editions[language].stamp();
    assert_eq!([0, 1, 2].map(is_same), [true, false, true], "only what is said in English changed");
    let (old, new) = (&old.editions[1], &new.editions[1]);
    assert_eq!(old.shelf(ObjectKind::Event).unwrap().stamp(), new.shelf(ObjectKind::Event).unwrap().stamp());
    assert!(std::sync::Arc::ptr_eq(&old.pages.by_slug, &new.pages.by_slug), "no address changed");
    let is_same = |item| old.item(item).unwrap().stamp() == new.item(item).unwrap().stamp();
    assert_eq!([top, below].map(is_same), [false, true]);
    let again = picture(&world, &mut assembler);
    let again = again.region("eins").unwrap();
    assert!(std::sync::Arc::ptr_eq(after.region("eins").unwrap(), again), "nothing happened");
}

#[test]
fn a_new_address_reaches_what_stands_below_and_nothing_else() {
    let world = World::found();
    let region = &world.regions[0];
    let top = world.page(0, None);
    let [below, beside] = [world.page(0, Some(top)), world.page(0, None)];
    for item in [top, below, beside] {
        world.say(region, item, ("de", "eins"), Edit::Major).unwrap();
    }
    let mut assembler = Assembler::default();
    let before = picture(&world, &mut assembler);
    world.say(region, top, ("de", "zwei"), Edit::Major).unwrap();
    let after = picture(&world, &mut assembler);
    let edition = |picture: &'_ Snapshot| picture.region("eins").unwrap().editions[0].clone();
    let (old, new) = (edition(&before), edition(&after));
    assert!(new.item(below).unwrap().path.starts_with("/eins/de/zwei/"), "{}", new.item(below).unwrap().path);
    assert_eq!(old.item(beside).unwrap().stamp(), new.item(beside).unwrap().stamp());
}

#[test]
fn what_is_over_goes_when_its_time_comes_without_any_change() {
    let world = World::found();
    let event = world.flat(0, ObjectKind::Event);
    world.say(&world.regions[0], event, ("de", "eins"), Edit::Major).unwrap();
    let mut assembler = Assembler::default();
    let before = picture(&world, &mut assembler);
    assert!(before.region("eins").unwrap().known.contains_key(&event));
    world.clock.advance(400 * 24 * 3600);
    assert!(before.next_end.unwrap() <= world.clock.now());
    let after = picture(&world, &mut assembler);
    assert_eq!(after.version, before.version);
    assert!(!after.region("eins").unwrap().known.contains_key(&event));
}

#[test]
fn a_picture_from_nothing_is_what_the_program_asks_for_elsewhere() {
    let world = World::found();
    let page = world.page(0, None);
    world.say(&world.regions[0], page, ("de", "eins"), Edit::Major).unwrap();
    let now = world.clock.now();
    let asked = world.db.read(|tx: &mut Read<'_>| assemble(tx, now, world.origins.clone())).unwrap();
    assert!(asked == picture(&world, &mut Assembler::default()));
}
