//! Showing all regions of a followed node under our address, as they are: so one address can show a whole federation.
//! Each is a region of its own here with an adoption of everything in it; nobody edits it, our feed does not tell it.

use super::error::AdoptionError;
use super::store::remote::{self, RemoteText};
use super::store::{self, Adoption, Peer, Scope, regions as rows};
use super::{end, mirror};
use crate::base::digest::Digest;
use crate::base::id::{ItemId, NodeId, ObjectId, RegionId};
use crate::base::language::LanguageTag;
use crate::domain::content::body::{Body, RegionCard};
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::mirrored_region::{self, Standing, ToldRegion};
use crate::domain::content::published::RegionOrigin;
use crate::domain::content::region::{Language, Region, is_slug};
use crate::domain::content::{Desk, store as content};
use crate::domain::peers::filter::Filter;
use crate::domain::peers::wanted;
use crate::platform::db::{Reading, Write};
use std::collections::{BTreeSet, HashMap, HashSet};

/// A state of a few hundred counties and cities has fewer; somebody who tells of more is not shown whole.
const MOST_REGIONS: usize = 2000;
/// Bodies read at once: of a quarter of a megabyte at most.
const AT_ONCE: usize = 64;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switch {
    On,
    Off,
}

/// Shows all regions of a followed feed from now on, or no longer; how many are shown now.
/// # Errors: an unknown feed.
pub fn switch(tx: &mut Write<'_>, desk: &Desk<'_>, origin: &str, to: Switch) -> Result<usize, AdoptionError> {
    peer(tx, origin)?;
    match to {
        Switch::On => rows::show(tx, origin)?,
        Switch::Off => rows::hide(tx, origin)?,
    }
    mirror::refresh_all(tx, desk, origin)?;
    Ok(present(tx, origin)?.len())
}

/// Whether all regions of a feed are shown.
pub fn are_shown(tx: &mut impl Reading, origin: &str) -> Result<bool, AdoptionError> {
    Ok(rows::is_shown(tx, origin)?)
}

fn peer(tx: &mut impl Reading, origin: &str) -> Result<Peer, AdoptionError> {
    let known = store::peers(tx)?.into_iter().find(|peer| peer.origin == origin);
    known.ok_or_else(|| AdoptionError::UnknownPeer { peer: origin.to_owned() })
}

/// The regions of a feed that stand here now.
fn present(tx: &mut impl Reading, origin: &str) -> Result<Vec<(ObjectId, Standing)>, AdoptionError> {
    let here: HashSet<_> = content::regions::all(tx)?.into_iter().map(|region| region.id).collect();
    let mut standings = rows::standings(tx, origin)?;
    standings.retain(|(_, standing)| here.contains(&standing.id));
    Ok(standings)
}

/// Lets the regions of a feed be those that its profiles tell now, each with an adoption of all that is in it.
pub(super) fn follow(tx: &mut Write<'_>, desk: &Desk<'_>, origin: &str) -> Result<(), AdoptionError> {
    let told = if rows::is_shown(tx, origin)? { told(tx, origin)? } else { Vec::new() };
    let stay: HashSet<ObjectId> = told.iter().map(|(object, ..)| *object).collect();
    let gone = present(tx, origin)?.into_iter().filter(|(object, _)| !stay.contains(object));
    let gone: Vec<RegionId> = gone.map(|(_, standing)| standing.id).collect();
    remove(tx, origin, &gone)?;
    if told.is_empty() {
        return Ok(());
    }
    let node = peer(tx, origin)?.node;
    let adopted: HashSet<_> = store::adoptions(tx, origin)?.into_iter().map(|one| one.region).collect();
    let mut addresses = Addresses::of(tx, origin)?;
    let mut here: HashMap<RegionId, Region> =
        content::regions::all(tx)?.into_iter().map(|region| (region.id, region)).collect();
    let mut languages: HashMap<RegionId, Vec<Language>> = HashMap::new();
    for (region, language) in content::regions::all_languages(tx)? {
        languages.entry(region).or_default().push(language);
    }
    for (object, wish, region) in told {
        let standing = addresses.standing(tx, desk, &node, (object, &wish))?;
        if addresses.known.get(&object) != Some(&standing) {
            rows::keep(tx, origin, object, &standing)?;
        }
        let before = here.remove(&standing.id);
        let before = before.map(|region| (region, languages.remove(&standing.id).unwrap_or_default()));
        mirrored_region::show(tx, &standing, region, before)?;
        if !adopted.contains(&standing.id) {
            let (id, adopted_at) = (desk.clock.fresh_id().into(), desk.clock.now());
            let (region, parent, origin, scope) = (standing.id, None, origin.to_owned(), Scope::Subtree);
            store::insert(tx, &Adoption { id, region, parent, origin, object, scope, adopted_at })?;
        }
    }
    Ok(())
}

/// Shows regions of a feed no more, and lets go of the texts that nothing else shows.
fn remove(tx: &mut Write<'_>, origin: &str, regions: &[RegionId]) -> Result<(), AdoptionError> {
    let mut left: Vec<String> = Vec::new();
    for region in regions {
        let items: Vec<ItemId> =
            content::items::of_region(tx, *region)?.into_iter().map(|item| item.id).collect();
        let public = content::revisions::public_of(tx, &items)?;
        left.extend(public.into_iter().map(|revision| revision.body.to_string()));
        mirrored_region::remove(tx, *region)?;
    }
    if left.is_empty() {
        return Ok(());
    }
    Ok(wanted::forget(tx, origin, &left, &[])?)
}

/// Who has which address here.
struct Addresses {
    known: HashMap<ObjectId, Standing>,
    /// Of regions of ours, of other feeds, and those that were given just now.
    taken: HashSet<String>,
    /// Which region stands at an address now.
    holders: HashMap<String, RegionId>,
}

impl Addresses {
    fn of(tx: &mut impl Reading, origin: &str) -> Result<Addresses, AdoptionError> {
        let known: HashMap<ObjectId, Standing> = rows::standings(tx, origin)?.into_iter().collect();
        let mine: HashSet<_> = known.values().map(|standing| standing.id).collect();
        let holders: HashMap<String, RegionId> =
            content::regions::all(tx)?.into_iter().map(|region| (region.slug, region.id)).collect();
        let others = holders.iter().filter(|(_, id)| !mine.contains(*id)).map(|(slug, _)| slug.clone());
        let taken = others.chain(rows::slugs(tx)?).collect();
        Ok(Addresses { known, taken, holders })
    }

    /// Once given an address stays, unless a region of ours took it while the foreign one was not shown.
    fn standing(
        &mut self,
        tx: &mut Write<'_>,
        desk: &Desk<'_>,
        node: &NodeId,
        (object, wish): (ObjectId, &str),
    ) -> Result<Standing, AdoptionError> {
        let known = self.known.get(&object).cloned();
        if let Some(standing) = &known
            && self.holders.get(&standing.slug).is_none_or(|holder| *holder == standing.id)
        {
            return Ok(standing.clone());
        }
        let slug = free(wish, node, object, &self.taken);
        self.taken.insert(slug.clone());
        match known {
            Some(standing) => Ok(Standing { slug, ..standing }),
            None => {
                let number = content::take_numbers(tx, "regions", 1)?;
                Ok(Standing { id: desk.clock.fresh_id().into(), number, slug })
            }
        }
    }
}

/// What is added to a wished address is cut off it before, so that the whole is short enough.
const LONGEST_WISH: usize = 40;

/// The wish; if it is taken, with the beginning of the node's id behind it, as much as it takes; if other nodes took
/// all of these too, the object's id, with a number if it must be.
fn free(wish: &str, node: &NodeId, object: ObjectId, taken: &HashSet<String>) -> String {
    let usable = |slug: &String| is_slug(slug) && !taken.contains(slug);
    let short: String =
        if is_slug(wish) { wish.chars().take(LONGEST_WISH).collect() } else { "region".to_owned() };
    let id = node.as_str().get(2..).unwrap_or_default();
    let with_id = [6, 12, 18].map(|length| format!("{short}-{}", id.get(..length).unwrap_or(id)));
    let numbered = (2_u64..).map(|number| format!("{object}-{number}"));
    let last = std::iter::once(object.to_string()).chain(numbered);
    let mut wishes = std::iter::once(wish.to_owned()).chain(with_id).chain(last);
    // Some number is always free.
    wishes.find(usable).unwrap_or_else(|| object.to_string())
}

/// The regions that a feed tells of: what each is called there, the address that it has there, and what it is.
fn told(tx: &mut impl Reading, origin: &str) -> Result<Vec<(ObjectId, String, ToldRegion)>, AdoptionError> {
    let peer = peer(tx, origin)?;
    let limits = rows::filter(tx, origin)?.and_then(|filter| Filter::parse(&filter).ok());
    let limits: Option<BTreeSet<ObjectId>> = limits.and_then(|filter| filter.regions);
    let mut profiles = remote::of_kind(tx, origin, ObjectKind::Profile)?;
    profiles.retain(|profile| limits.as_ref().is_none_or(|limits| limits.contains(&profile.object)));
    let profiles: Vec<ObjectId> = profiles.into_iter().map(|profile| profile.object).collect();
    let texts = remote::texts(tx, origin, &profiles)?;
    let (mut told, mut seen) = (Vec::new(), HashSet::new());
    for batch in texts.chunks(AT_ONCE) {
        let digests: Vec<Digest> = batch.iter().filter_map(|text| text.ready.map(|(body, _)| body)).collect();
        let bodies = content::bodies::load(tx, &digests)?;
        let mut cards: Vec<Card<'_>> = Vec::new();
        for text in batch {
            let bytes = text.ready.and_then(|(body, _)| bodies.get(&body));
            let Some(body) = bytes.and_then(|bytes| Body::parse(bytes.as_bytes()).ok()) else { continue };
            let Some(card) = body.region.filter(|_| seen.len() < MOST_REGIONS) else { continue };
            if seen.insert(text.object) {
                cards.push((text, body.title, card));
            }
        }
        told.extend(checked(tx, &peer, cards)?);
    }
    Ok(told)
}

/// The profile of a region as it was told: its text, its title and what it says.
type Card<'a> = (&'a RemoteText, String, RegionCard);

/// What these profiles say, as far as it can be: a fraction of what they may be as they were told.
fn checked(
    tx: &mut impl Reading,
    peer: &Peer,
    cards: Vec<Card<'_>>,
) -> Result<Vec<(ObjectId, String, ToldRegion)>, AdoptionError> {
    // Only older nodes do not name the languages of a region; then they are those of what stands right below it.
    let silent: Vec<ObjectId> =
        cards.iter().filter(|(.., card)| card.about.is_none()).map(|(text, ..)| text.object).collect();
    let spoken = remote::spoken_below(tx, &peer.origin, &silent)?;
    let region = |(text, title, card): Card<'_>| {
        let spoken: Vec<LanguageTag> = spoken.get(&text.object).into_iter().flatten().cloned().collect();
        let mut region = ToldRegion::read(&title, &card, &text.language, &spoken)?;
        let web = card.site.starts_with("https://") || card.site.starts_with("http://");
        region.settings.origin = Some(RegionOrigin {
            node: peer.node.clone(),
            node_name: peer.name.clone(),
            object: text.object,
            url: (web && is_slug(&card.slug)).then(|| format!("{}{}/", card.site, card.slug)),
        });
        Some((text.object, card.slug, region))
    };
    Ok(cards.into_iter().filter_map(region).collect())
}

/// What keeps a feed from being forgotten: items and regions that are shown of it. # Errors: those, named.
pub fn refuse_shown(tx: &mut impl Reading, origin: &str, asked: &str) -> Result<(), AdoptionError> {
    if rows::is_shown(tx, origin)? {
        return Err(AdoptionError::RegionsShown { peer: asked.to_owned() });
    }
    let adopted = end::adopted(tx, origin)?;
    match adopted.is_empty() {
        true => Ok(()),
        false => Err(AdoptionError::StillShown { peer: asked.to_owned(), adopted }),
    }
}

#[cfg(test)]
mod tests {
    use super::free;
    use crate::base::id::{NodeId, ObjectId};
    use crate::domain::content::region::is_slug;
    use std::collections::HashSet;
    use uuid::Uuid;

    #[test]
    fn however_many_addresses_others_took_one_is_found() {
        let (node, object) = (NodeId::of_genesis([7; 32]), ObjectId::from_uuid(Uuid::from_u128(1 << 100)));
        for wish in ["stadt", "", "Größe", &"x".repeat(60)] {
            let mut taken = HashSet::new();
            for at in 0..8 {
                let slug = free(wish, &node, object, &taken);
                assert!(is_slug(&slug) && taken.insert(slug.clone()), "{wish:?}, {at}: {slug}");
            }
            let last = object.to_string();
            assert!(taken.contains(&last) && taken.contains(&format!("{last}-2")), "{taken:?}");
        }
        let mut taken = HashSet::from(["stadt".to_owned()]);
        let second = format!("stadt-{}", &node.as_str()[2..8]);
        assert_eq!(free("stadt", &node, object, &taken), second);
        taken.insert(second);
        assert_eq!(free("stadt", &node, object, &taken), format!("stadt-{}", &node.as_str()[2..14]));
    }
}
