//! What a merge promises: nothing is lost, nothing invented, and a side that changed nothing changes nothing.

use super::{Choice, Merge, Name, Open, Outcome, Value};
use crate::base::html::{CleanHtml, Piece};
use crate::domain::content::blocks;
use crate::domain::content::body::{Block, Body, Medium};
use crate::domain::content::facts::{Facts, OrganisationFacts, PlaceFacts};
use proptest::prelude::*;
use std::collections::{HashMap, HashSet};
use std::io::Read as _;

fn body(title: &str, html: &str, old: &[Block]) -> Body {
    let (wrap, pieces) = blocks::split(&CleanHtml::parse(html));
    let blocks = blocks::identify(pieces, old, &[]);
    Body { title: title.to_owned(), blocks, wrap, ..Body::untitled("AAAAAAAAAAAAAAAAAAAAAA".to_owned()) }
}

fn merged(merge: &Merge) -> Body {
    merge.settle(&HashMap::new()).unwrap()
}

const BASE: &str = "<h2>Anmelden</h2><p>Gehen Sie zum Amt.</p><p>Es kostet 5 Euro.</p><ul><li>Pass</li></ul>";

#[test]
fn each_side_keeps_what_it_alone_changed() {
    let base = body("Anmelden", BASE, &[]);
    let ours = BASE.replace("Gehen Sie zum Amt.", "Gehen Sie zum Amt im ersten Stock.");
    let ours = body("Anmelden", &format!("{ours}<p>Unser Zusatz.</p>"), &base.blocks);
    let theirs =
        BASE.replace("<h2>Anmelden</h2>", "<h2>Anmelden</h2><p>Ganz neu.</p>").replace("5 Euro", "6 Euro");
    let theirs = body("Sich anmelden", &theirs, &base.blocks);
    let text = merged(&Merge::of(&base, &ours, &theirs));
    assert_eq!(text.title, "Sich anmelden");
    assert_eq!(
        text.html().as_str(),
        "<h2>Anmelden</h2><p>Ganz neu.</p><p>Gehen Sie zum Amt im ersten Stock.</p><p>Es kostet 6 Euro.</p>\
         <ul><li>Pass</li></ul><p>Unser Zusatz.</p>"
    );
}

#[test]
fn a_block_that_both_changed_waits_for_a_person() {
    let base = body("Anmelden", BASE, &[]);
    let ours = body("Anmelden", &BASE.replace("5 Euro", "7 Euro"), &base.blocks);
    let theirs = body("Anmelden", &BASE.replace("5 Euro", "6 Euro"), &base.blocks);
    let merge = Merge::of(&base, &ours, &theirs);
    let conflicts: Vec<&Name> = merge.conflicts().map(|part| &part.name).collect();
    let [name] = conflicts.as_slice() else { panic!("{conflicts:?}") };
    assert_eq!(merge.settle(&HashMap::new()), Err(vec![Open::Conflict((*name).clone())]));
    for (choice, price) in [
        (Choice::Ours, "7 Euro"),
        (Choice::Theirs, "6 Euro"),
        (Choice::Written("<p>8 Euro<script>x</script></p>".to_owned()), "8 Euro"),
    ] {
        let text = merge.settle(&HashMap::from([((*name).clone(), choice)])).unwrap();
        assert!(text.html().as_str().contains(price));
        assert!(!text.html().as_str().contains("script"));
    }
}

#[test]
fn what_one_side_deleted_and_the_other_changed_waits_for_a_person() {
    let base = body("Anmelden", BASE, &[]);
    let without = body("Anmelden", &BASE.replace("<p>Es kostet 5 Euro.</p>", ""), &base.blocks);
    let changed = body("Anmelden", &BASE.replace("5 Euro", "6 Euro"), &base.blocks);
    for (ours, theirs) in [(&without, &changed), (&changed, &without)] {
        let merge = Merge::of(&base, ours, theirs);
        assert_eq!(merge.conflicts().count(), 1);
        let name = merge.conflicts().next().unwrap().name.clone();
        for (choice, expected) in [(Choice::Ours, ours), (Choice::Theirs, theirs)] {
            let text = merge.settle(&HashMap::from([(name.clone(), choice)])).unwrap();
            assert_eq!(text.html(), expected.html());
        }
    }
    // Deleted there and untouched here: it goes.
    assert_eq!(merged(&Merge::of(&base, &base, &without)).html(), without.html());
}

#[test]
fn facts_are_merged_member_by_member() {
    let facts = |closed: bool, town: &str, on_map: bool| {
        let address = crate::domain::content::facts::Address { town: town.to_owned(), ..Default::default() };
        let facts = PlaceFacts { temporarily_closed: closed, on_map, address, ..PlaceFacts::default() };
        Body { facts: Some(Facts::Place(Box::new(facts))), ..body("", "", &[]) }
    };
    let base = facts(false, "Augsburg", true);
    let text = merged(&Merge::of(&base, &facts(false, "Gersthofen", true), &facts(true, "Augsburg", false)));
    assert_eq!(text, facts(true, "Gersthofen", false));
    let merge = Merge::of(&base, &facts(false, "Gersthofen", true), &facts(false, "Neusäß", true));
    assert_eq!(merge.settle(&HashMap::new()), Err(vec![Open::Conflict(Name::Fact("address".to_owned()))]));
    let choice = HashMap::from([(Name::Fact("address".to_owned()), Choice::Written("x".to_owned()))]);
    assert_eq!(merge.settle(&choice), Err(vec![Open::NotWords(Name::Fact("address".to_owned()))]));
}

#[test]
fn an_organisation_keeps_its_facts_when_nothing_is_told_there() {
    let facts = OrganisationFacts { slug: "amt".to_owned(), ..OrganisationFacts::default() };
    let base = Body { facts: Some(Facts::Organisation(facts)), ..body("", "", &[]) };
    assert_eq!(merged(&Merge::of(&base, &base, &base)), base);
}

#[test]
fn a_picture_stays_described_as_long_as_a_block_shows_it() {
    let sha256 = crate::base::digest::Digest::of(b"picture");
    let medium =
        Medium { sha256, size: 7, mime: "image/png".into(), alt: "Das Amt".into(), credit: None, lic: None };
    let picture = format!("<p><img src=\"media:{sha256}\"></p>");
    let with = |html: &str, old: &[Block]| Body { media: vec![medium.clone()], ..body("Amt", html, old) };
    let base = with(&format!("<p>Alt</p>{picture}"), &[]);
    let ours = with(&format!("<p>Alt</p>{}", picture.replace("</p>", " So sieht es aus.</p>")), &base.blocks);
    let theirs = body("Amt", "<p>Alt</p>", &base.blocks);
    let merge = Merge::of(&base, &ours, &theirs);
    let name = merge.conflicts().next().unwrap().name.clone();
    let kept = merge.settle(&HashMap::from([(name.clone(), Choice::Ours)])).unwrap();
    assert_eq!(kept.media, [medium]);
    assert!(merge.settle(&HashMap::from([(name, Choice::Theirs)])).unwrap().media.is_empty());
}

/// The blocks of every German page of a real region.
fn real_blocks() -> Vec<Vec<Block>> {
    let packed = include_bytes!("../../../../tests/fixtures/lkaugsburg/pages.de.json.gz");
    let mut json = String::new();
    flate2::read::GzDecoder::new(&packed[..]).read_to_string(&mut json).unwrap();
    let pages: Vec<serde_json::Value> = serde_json::from_str(&json).unwrap();
    let texts = pages.iter().map(|page| body("", page["content"].as_str().unwrap_or_default(), &[]).blocks);
    texts.filter(|blocks| blocks.len() > 1).collect()
}

/// One step of an editor.
#[derive(Clone, Debug)]
enum Step {
    Reword(prop::sample::Index, u8),
    Delete(prop::sample::Index),
    /// A block of another page, at this place.
    Insert(prop::sample::Index, prop::sample::Index),
    Move(prop::sample::Index, prop::sample::Index),
    Title(u8),
}

fn step() -> impl Strategy<Value = Step> {
    let at = any::<prop::sample::Index>;
    prop_oneof![
        (at(), 0u8..3).prop_map(|(at, word)| Step::Reword(at, word)),
        at().prop_map(Step::Delete),
        (at(), at()).prop_map(|(at, which)| Step::Insert(at, which)),
        (at(), at()).prop_map(|(from, to)| Step::Move(from, to)),
        (0u8..3).prop_map(Step::Title),
    ]
}

fn edited(base: &Body, steps: &[Step], real: &[Vec<Block>]) -> Body {
    let mut text = base.clone();
    for step in steps {
        let length = text.blocks.len();
        match step {
            Step::Title(word) => text.title = format!("Titel {word}"),
            Step::Insert(at, which) => {
                let page = &real[which.index(real.len())];
                let html = page[which.index(page.len())].html.clone();
                let mut pieces: Vec<Piece> = text.blocks.iter().map(piece).collect();
                pieces.insert(at.index(length + 1), Piece { tag: "p".to_owned(), html });
                text.blocks = blocks::identify(pieces, &text.blocks, &base.blocks);
            }
            _ if length == 0 => {}
            Step::Reword(at, word) => {
                let block = &mut text.blocks[at.index(length)];
                block.html =
                    CleanHtml::joined([&block.html, &CleanHtml::parse(&format!("<p>Wort {word}</p>"))]);
            }
            Step::Delete(at) => drop(text.blocks.remove(at.index(length))),
            Step::Move(from, to) => {
                let block = text.blocks.remove(from.index(length));
                text.blocks.insert(to.index(length), block);
            }
        }
    }
    text
}

fn piece(block: &Block) -> Piece {
    Piece { tag: block.tag.clone(), html: block.html.clone() }
}

/// What the rules say of one block, in the plainest way there is.
fn expected<'a>(
    base: Option<&'a Block>,
    ours: Option<&'a Block>,
    theirs: Option<&'a Block>,
) -> (Outcome, Option<&'a Block>) {
    match () {
        () if ours == theirs => (Outcome::Same, ours),
        () if base == ours => (Outcome::Theirs, theirs),
        () if base == theirs => (Outcome::Ours, ours),
        () => (Outcome::Conflict, None),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn three_sides_of_real_pages_are_merged_without_loss_or_invention(
        page in any::<prop::sample::Index>(),
        here in proptest::collection::vec(step(), 0..6),
        there in proptest::collection::vec(step(), 0..6),
    ) {
        use std::sync::LazyLock;
        static REAL: LazyLock<Vec<Vec<Block>>> = LazyLock::new(real_blocks);
        let base = Body { blocks: REAL[page.index(REAL.len())].clone(), ..body("Titel", "", &[]) };
        let (ours, theirs) = (edited(&base, &here, &REAL), edited(&base, &there, &REAL));
        let merge = Merge::of(&base, &ours, &theirs);
        prop_assert_eq!(&Merge::of(&base, &ours, &theirs), &merge, "it is deterministic");

        // A side that changed nothing changes nothing; two that did the same agree.
        let as_settled = |base: &Body, ours: &Body, theirs: &Body| merged(&Merge::of(base, ours, theirs));
        prop_assert_eq!(as_settled(&base, &base, &theirs), theirs.clone());
        prop_assert_eq!(as_settled(&base, &ours, &base), ours.clone());
        prop_assert_eq!(as_settled(&base, &ours, &ours), ours.clone());

        // Every block of either side is there once, with the outcome that the rules give.
        let named: Vec<&str> = merge.parts.iter().filter_map(|part| match &part.name {
            Name::Block(id) => Some(id.as_str()),
            _ => None,
        }).collect();
        let once: HashSet<&str> = named.iter().copied().collect();
        prop_assert_eq!(once.len(), named.len());
        let either: HashSet<&str> = ours.blocks.iter().chain(&theirs.blocks).map(|block| block.id.as_str()).collect();
        prop_assert_eq!(&once, &either);
        let of = |body: &Body, id: &str| body.blocks.iter().find(|block| block.id == id).cloned();
        let conflicts: Vec<Name> = merge.conflicts().map(|part| part.name.clone()).collect();
        for choice in [Choice::Ours, Choice::Theirs] {
            let choices = conflicts.iter().map(|name| (name.clone(), choice.clone())).collect();
            let text = merge.settle(&choices).unwrap();
            for id in &once {
                let [was, here, there] = [&base, &ours, &theirs].map(|side| of(side, id));
                let (outcome, block) = expected(was.as_ref(), here.as_ref(), there.as_ref());
                let part = merge.parts.iter().find(|part| part.name == Name::Block((*id).to_owned())).unwrap();
                prop_assert_eq!(part.outcome(), outcome);
                let block = match (outcome, &choice) {
                    (Outcome::Conflict, Choice::Ours) => here.as_ref(),
                    (Outcome::Conflict, _) => there.as_ref(),
                    _ => block,
                };
                let now = of(&text, id);
                prop_assert_eq!(now.as_ref(), block);
            }
            // In each side's order, unless the other side moved blocks.
            let place = |body: &Body| body.blocks.iter().map(|block| block.id.clone()).collect::<Vec<_>>();
            let [before, here, there, now] = [&base, &ours, &theirs, &text].map(place);
            let common = |ids: &[String]| -> Vec<String> {
                let all = [&before, &here, &there, &now];
                ids.iter().filter(|id| all.iter().all(|side| side.contains(id))).cloned().collect()
            };
            let kept = if common(&here) == common(&before) { common(&there) } else { common(&here) };
            prop_assert_eq!(common(&now), kept);
        }
        for part in merge.parts.iter().filter(|part| matches!(part.name, Name::Block(_))) {
            let is_block = |side: &&Option<Value>| matches!(side, None | Some(Value::Block { .. }));
            prop_assert!([&part.base, &part.ours, &part.theirs].iter().all(is_block));
        }
    }
}
