//! Answers that are taken over from one picture to the next: they are the ones that a node gives that has just begun.

use super::verbs::Verb;
use super::world::World;
use super::{picture, verb};
use actix_web::body::to_bytes;
use actix_web::{App, test as http, web};
use lotse::base::id::NodeId;
use lotse::domain::content::assemble::Assembler;
use lotse::domain::content::kind::ObjectKind;
use lotse::domain::content::published::Snapshot;
use lotse::domain::content::revision::Edit;
use lotse::web::{About, State, routes};
use proptest::prelude::*;
use std::path::Path;
use std::sync::Arc;

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 60, ..ProptestConfig::with_cases(6) })]

    #[test]
    fn an_answer_taken_over_is_the_one_made_anew(verbs in prop::collection::vec(verb(), 10..20)) {
        let mut world = World::found();
        let folder = tempfile::tempdir().unwrap();
        let (mut assembler, state) = (Assembler::default(), state(&world, folder.path()));
        for verb in [Verb::Page { region: 0, parent: 0 }, Verb::Flat { region: 0, kind: 2 }].iter().chain(&verbs) {
            world.carry_out(verb);
            show(&state, picture(&world, &mut assembler));
            let anew = self::state(&world, folder.path());
            show(&anew, picture(&world, &mut Assembler::default()));
            let addresses = addresses(&state.showing().snapshot);
            for (told, (expected, address)) in asked(&state, &addresses).iter().zip(asked(&anew, &addresses).iter().zip(&addresses)) {
                prop_assert_eq!(told, expected, "{} after {:?}", address, verb);
            }
        }
    }
}

#[test]
fn an_edit_leaves_the_answers_alone_that_say_nothing_of_it() {
    let world = World::found();
    let region = &world.regions[0];
    let [page, beside, event] = [world.page(0, None), world.page(0, None), world.flat(0, ObjectKind::Event)];
    for item in [page, beside, event] {
        for language in ["de", "en"] {
            world.say(region, item, (language, "eins"), Edit::Major).unwrap();
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let (mut assembler, state) = (Assembler::default(), state(&world, folder.path()));
    show(&state, picture(&world, &mut assembler));
    let kept =
        |key: &str| state.showing().answer(key, |_| Err("made anew")).map(|answer| answer.bytes().as_ptr());
    let paths = [
        "/api/v3/eins/de/events/?combine_recurring",
        "/api/v3/eins/de/pages/",
        "/eins/de/eins/",
        "/eins/en/eins/",
    ];
    asked(&state, &paths.map(str::to_owned));
    let keys =
        ["v3/events/eins/de/true/", "v3/pages/eins/de", "reader//eins/de/eins/", "reader//eins/en/eins/"];
    let before = keys.map(kept);
    assert!(before.iter().all(Result::is_ok), "{before:?}");
    world.say(region, page, ("en", "eins"), Edit::Minor).unwrap();
    show(&state, picture(&world, &mut assembler));
    let after = keys.map(kept);
    // The list of German pages names the revision of each English one.
    assert_eq!([0, 1, 2, 3].map(|at| before[at] == after[at]), [true, false, true, false]);
}

fn state(world: &World, folder: &Path) -> web::Data<State> {
    let about = About {
        site: "https://node.example/".into(),
        node_name: "Node".into(),
        node_id: NodeId::of_genesis([1; 32]),
        data: folder.to_owned(),
    };
    web::Data::new(State::new(about, world.db.clone(), world.blobs.clone(), world.clock.clone()))
}

fn show(state: &State, snapshot: Snapshot) {
    routes::show(state, Arc::new(snapshot));
}

/// Lists of every kind in every language, and the page of each item.
fn addresses(snapshot: &Snapshot) -> Vec<String> {
    const LISTS: [&str; 10] = [
        "pages/",
        "children/?depth=9",
        "events/",
        "events/?combine_recurring",
        "locations/",
        "location-categories/",
        "news/",
        "fcm/",
        "imprint/",
        "offers/",
    ];
    let mut all = vec!["/api/v3/regions/".to_owned(), "/sitemap.xml".to_owned()];
    for region in &snapshot.regions {
        for (language, edition) in region.languages.iter().zip(&region.editions) {
            let place = format!("{}/{}/", region.slug, language.slug);
            all.extend(LISTS.map(|list| format!("/api/v3/{place}{list}")));
            all.extend(
                ["", "events/", "locations/", "news/", "sitemap.xml"].map(|list| format!("/{place}{list}")),
            );
            all.push(format!("/print/{place}"));
            let paths = edition.items().map(|item| item.path.clone());
            all.extend(paths.filter(|path| !path.is_empty()));
        }
    }
    all
}

/// Status and body of each.
fn asked(state: &web::Data<State>, addresses: &[String]) -> Vec<(u16, String)> {
    actix_web::rt::System::new().block_on(async {
        let app = http::init_service(App::new().app_data(state.clone()).configure(routes::configure)).await;
        let mut told = Vec::with_capacity(addresses.len());
        for address in addresses {
            let request = http::TestRequest::with_uri(address).to_request();
            let answer = http::call_service(&app, request).await;
            let status = answer.status().as_u16();
            let body = to_bytes(answer.into_body()).await.unwrap();
            told.push((status, String::from_utf8_lossy(&body).into_owned()));
        }
        told
    })
}
