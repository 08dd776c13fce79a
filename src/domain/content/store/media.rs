//! Rows of media: which are here, what the library says of them, their smaller copies, which texts show them, and which
//! files are to be deleted.

use super::{BATCH, read_back};
use crate::base::digest::Digest;
use crate::base::id::ItemId;
use crate::base::language::LanguageTag;
use crate::base::moment::Moment;
use crate::domain::content::media::library::{Entry, Record};
use crate::domain::content::media::pictures::{Copy, Picture};
use crate::on_both;
use crate::platform::db::schema::{
    body_media, idle_media, items, library, library_alts, media, picture_variants, pictures, revisions,
    translations,
};
use crate::platform::db::{DbError, Reading, Write};
use diesel::prelude::*;
use diesel::upsert::excluded;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Types of which smaller copies can be made.
const PICTURES: [&str; 4] = ["image/jpeg", "image/png", "image/webp", "image/gif"];
/// Counts what was said of media.
const VERSIONS: &str = "library";

/// Says that a file is here; what is said of it already stays.
pub fn add(tx: &mut Write<'_>, sha256: Digest, size_bytes: u64, mime: &str) -> Result<(), DbError> {
    let size_bytes = i64::try_from(size_bytes).unwrap_or(i64::MAX);
    on_both!(tx, c => diesel::insert_into(media::table)
        .values((media::sha256.eq(sha256.to_string()), media::size_bytes.eq(size_bytes), media::mime.eq(mime)))
        .on_conflict_do_nothing().execute(c))?;
    Ok(())
}

pub fn is_here(tx: &mut impl Reading, sha256: &Digest) -> Result<bool, DbError> {
    let found: Option<String> = on_both!(tx, c => media::table
        .find(sha256.to_string()).select(media::sha256).first(c).optional())?;
    Ok(found.is_some())
}

/// Takes media that are here into the library under a file name; what the library holds already stays as it is.
pub fn enlist(tx: &mut Write<'_>, all: &[(Digest, String)], at: Moment) -> Result<(), DbError> {
    for batch in all.chunks(BATCH) {
        let first = super::take_numbers(tx, VERSIONS, batch.len())?;
        let rows: Vec<_> = (first..)
            .zip(batch)
            .map(|(version, (sha256, name))| {
                (
                    library::medium.eq(sha256.to_string()),
                    library::file_name.eq(name.as_str()),
                    library::uploaded_at.eq(at.micros()),
                    library::version.eq(version),
                )
            })
            .collect();
        on_both!(tx, c => diesel::insert_into(library::table)
            .values(&rows).on_conflict_do_nothing().execute(c))?;
    }
    Ok(())
}

/// Writes what the library is to say of a medium that it holds, as a new version.
pub fn save_record(tx: &mut Write<'_>, sha256: &Digest, record: &mut Record) -> Result<(), DbError> {
    record.version = super::take_numbers(tx, VERSIONS, 1)?;
    let Record { file_name, credit, licence, alts, version, uploaded_at: _ } = record;
    let medium = sha256.to_string();
    on_both!(tx, c => diesel::update(library::table.find(&medium))
        .set((library::file_name.eq(file_name.as_str()), library::credit.eq(credit.as_deref()),
            library::licence.eq(licence.as_deref()), library::version.eq(&*version)))
        .execute(c))?;
    on_both!(tx, c => diesel::delete(library_alts::table.filter(library_alts::medium.eq(&medium))).execute(c))?;
    let alt = |(language, alt): (&LanguageTag, &String)| {
        (
            library_alts::medium.eq(medium.clone()),
            library_alts::language.eq(language.to_string()),
            library_alts::alt.eq(alt.clone()),
        )
    };
    let rows: Vec<_> = alts.iter().map(alt).collect();
    on_both!(tx, c => diesel::insert_into(library_alts::table).values(&rows).execute(c))?;
    Ok(())
}

type EntryRow = (String, i64, String, Option<RecordRow>);
type RecordRow = (String, Option<String>, Option<String>, i64, i64);

/// Those of `digests` that are here, with what the library says of those that it holds.
pub fn entries(tx: &mut impl Reading, digests: &[Digest]) -> Result<HashMap<Digest, Entry>, DbError> {
    let mut found = HashMap::with_capacity(digests.len());
    for batch in digests.chunks(BATCH) {
        let wanted: Vec<String> = batch.iter().map(Digest::to_string).collect();
        let rows: Vec<EntryRow> = on_both!(tx, c => media::table
            .left_join(library::table.on(library::medium.eq(media::sha256)))
            .filter(media::sha256.eq_any(&wanted))
            .select((media::sha256, media::size_bytes, media::mime,
                (library::file_name, library::credit, library::licence, library::uploaded_at, library::version)
                    .nullable()))
            .load(c))?;
        let alts: Vec<(String, String, String)> = on_both!(tx, c => library_alts::table
            .filter(library_alts::medium.eq_any(&wanted)).load(c))?;
        let mut alts = by_medium(alts)?;
        for row in rows {
            let (sha256, entry) = entry(row, &mut alts)?;
            found.insert(sha256, entry);
        }
    }
    Ok(found)
}

/// Where a medium stands in the library: when it came, then its digest.
pub type Place = (Moment, Digest);

/// What the library holds, newest first: of what stands after a place, so many.
pub fn listed(tx: &mut impl Reading, after: Option<Place>, most: usize) -> Result<Vec<Entry>, DbError> {
    let (at, last) =
        after.map_or((i64::MAX, String::new()), |(at, sha256)| (at.micros(), sha256.to_string()));
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let rows: Vec<String> = on_both!(tx, c => library::table
        .filter(library::uploaded_at.lt(at).or(library::uploaded_at.eq(at).and(library::medium.gt(&last))))
        .order((library::uploaded_at.desc(), library::medium))
        .limit(most)
        .select(library::medium)
        .load(c))?;
    let digests: Vec<Digest> = rows.iter().map(|medium| read_back(medium)).collect::<Result<_, _>>()?;
    let mut found = entries(tx, &digests)?;
    Ok(digests.iter().filter_map(|sha256| found.remove(sha256)).collect())
}

type Alts = HashMap<String, BTreeMap<LanguageTag, String>>;

fn by_medium(rows: Vec<(String, String, String)>) -> Result<Alts, DbError> {
    let mut alts = Alts::new();
    for (medium, language, alt) in rows {
        alts.entry(medium).or_default().insert(read_back(&language)?, alt);
    }
    Ok(alts)
}

fn entry(row: EntryRow, alts: &mut Alts) -> Result<(Digest, Entry), DbError> {
    let (hex, size_bytes, mime, record) = row;
    let sha256 = read_back(&hex)?;
    let record = record.map(|(file_name, credit, licence, uploaded_at, version)| Record {
        file_name,
        credit,
        licence,
        alts: alts.remove(&hex).unwrap_or_default(),
        uploaded_at: Moment::from_micros(uploaded_at),
        version,
    });
    Ok((sha256, Entry { sha256, size_bytes: u64::try_from(size_bytes).unwrap_or(0), mime, record }))
}

/// Those of `digests` that the library holds.
pub fn in_library(tx: &mut impl Reading, digests: &[String]) -> Result<HashSet<String>, DbError> {
    let mut found = HashSet::new();
    for batch in digests.chunks(BATCH) {
        let rows: Vec<String> = on_both!(tx, c => library::table
            .filter(library::medium.eq_any(batch)).select(library::medium).load(c))?;
        found.extend(rows);
    }
    Ok(found)
}

/// A public text, or public facts under `zxx`, that name a medium: item, language, body.
pub type Naming = (ItemId, LanguageTag, Digest);

/// Where a medium is named in what is public, or was before it was archived.
pub fn named_in(tx: &mut impl Reading, sha256: &Digest) -> Result<Vec<Naming>, DbError> {
    let rows: Vec<(String, String, String)> = on_both!(tx, c => body_media::table
        .inner_join(revisions::table.on(revisions::body.eq(body_media::body)))
        .inner_join(translations::table.on(translations::public.eq(revisions::number.nullable())))
        .filter(body_media::medium.eq(sha256.to_string()))
        .order((revisions::item_id, revisions::language))
        .select((revisions::item_id, revisions::language, revisions::body))
        .load(c))?;
    rows.into_iter()
        .map(|(item, language, body)| Ok((read_back(&item)?, read_back(&language)?, read_back(&body)?)))
        .collect()
}

/// Those media that something public, or archived, names.
pub fn all_named(tx: &mut impl Reading) -> Result<BTreeSet<Digest>, DbError> {
    let rows: Vec<String> = on_both!(tx, c => body_media::table
        .inner_join(revisions::table.on(revisions::body.eq(body_media::body)))
        .inner_join(translations::table.on(translations::public.eq(revisions::number.nullable())))
        .select(body_media::medium).distinct().load(c))?;
    rows.iter().map(|medium| read_back(medium)).collect()
}

/// Whether readers see a text or facts that name the medium: those of archived items and regions are hidden.
pub fn is_public(tx: &mut impl Reading, sha256: &Digest) -> Result<bool, DbError> {
    let regions: Vec<String> = on_both!(tx, c => body_media::table
        .inner_join(revisions::table.on(revisions::body.eq(body_media::body)))
        .inner_join(translations::table.on(translations::public.eq(revisions::number.nullable())))
        .inner_join(items::table.on(items::id.eq(translations::item_id)))
        .filter(body_media::medium.eq(sha256.to_string()))
        .filter(items::archived.eq(false))
        .select(items::region_id).distinct().load(c))?;
    if regions.is_empty() {
        return Ok(false);
    }
    let mut all = super::regions::all(tx)?.into_iter();
    Ok(all.any(|region| !region.settings.archived && regions.contains(&region.id.to_string())))
}

/// The size of every picture that has one, with its smaller copies.
pub fn pictures(tx: &mut impl Reading) -> Result<HashMap<Digest, Picture>, DbError> {
    let rows: Vec<(String, Option<i64>, Option<i64>)> =
        on_both!(tx, c => pictures::table.filter(pictures::width.is_not_null()).load(c))?;
    let copies: Vec<(String, i64, String, String)> = on_both!(tx, c => picture_variants::table
        .order((picture_variants::medium, picture_variants::width)).load(c))?;
    let mut all = HashMap::with_capacity(rows.len());
    for (medium, width, height) in rows {
        let (width, height) = (pixels(width.unwrap_or(0)), pixels(height.unwrap_or(0)));
        all.insert(read_back(&medium)?, Picture { width, height, copies: Vec::new() });
    }
    for (medium, width, sha256, mime) in copies {
        if let Some(picture) = all.get_mut(&read_back(&medium)?) {
            picture.copies.push(Copy { width: pixels(width), sha256: read_back(&sha256)?, mime });
        }
    }
    Ok(all)
}

/// Width and height in pixels of those of `digests` of which they are known.
pub fn sizes(tx: &mut impl Reading, digests: &[Digest]) -> Result<HashMap<Digest, (u32, u32)>, DbError> {
    let mut found = HashMap::with_capacity(digests.len());
    for batch in digests.chunks(BATCH) {
        let wanted: Vec<String> = batch.iter().map(Digest::to_string).collect();
        let rows: Vec<(String, Option<i64>, Option<i64>)> = on_both!(tx, c => pictures::table
            .filter(pictures::medium.eq_any(&wanted)).load(c))?;
        for (medium, width, height) in rows {
            let (Some(width), Some(height)) = (width, height) else { continue };
            found.insert(read_back(&medium)?, (pixels(width), pixels(height)));
        }
    }
    Ok(found)
}

fn pixels(stored: i64) -> u32 {
    u32::try_from(stored).unwrap_or(0)
}

/// Some media of which nobody knows yet whether smaller copies can be made of them, each with its type.
pub fn unseen_pictures(tx: &mut impl Reading, most: usize) -> Result<Vec<(Digest, String)>, DbError> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let rows: Vec<(String, String)> = on_both!(tx, c => media::table
        .left_join(pictures::table.on(pictures::medium.eq(media::sha256)))
        .filter(pictures::medium.is_null())
        .filter(media::mime.eq_any(PICTURES))
        .order(media::sha256)
        .limit(most)
        .select((media::sha256, media::mime))
        .load(c))?;
    rows.into_iter().map(|(sha256, mime)| Ok((read_back(&sha256)?, mime))).collect()
}

/// Keeps how large a picture is and its smaller copies; `None` says that there are none and that its size is unknown.
pub fn keep_picture(tx: &mut Write<'_>, sha256: &Digest, seen: Option<&Picture>) -> Result<(), DbError> {
    let medium = sha256.to_string();
    let size = |of: fn(&Picture) -> u32| seen.map(|seen| i64::from(of(seen)));
    let row = (
        pictures::medium.eq(&medium),
        pictures::width.eq(size(|seen| seen.width)),
        pictures::height.eq(size(|seen| seen.height)),
    );
    on_both!(tx, c => diesel::insert_into(pictures::table).values(row).on_conflict(pictures::medium).do_update()
        .set((pictures::width.eq(excluded(pictures::width)), pictures::height.eq(excluded(pictures::height))))
        .execute(c))?;
    let copies = seen.iter().flat_map(|seen| &seen.copies);
    let rows: Vec<_> = copies
        .map(|copy| {
            (
                picture_variants::medium.eq(medium.clone()),
                picture_variants::width.eq(i64::from(copy.width)),
                picture_variants::sha256.eq(copy.sha256.to_string()),
                picture_variants::mime.eq(copy.mime.clone()),
            )
        })
        .collect();
    on_both!(tx, c => diesel::insert_into(picture_variants::table)
        .values(&rows).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

/// Lets go of media with all that is known of them and their smaller copies: their files are to be deleted.
pub fn let_go(tx: &mut Write<'_>, digests: &[String]) -> Result<(), DbError> {
    if digests.is_empty() {
        return Ok(());
    }
    // Pages name the copies.
    super::take_numbers(tx, "pictures", 1)?;
    super::versions::next(tx)?;
    for batch in digests.chunks(BATCH) {
        let copies: Vec<String> = on_both!(tx, c => picture_variants::table
            .filter(picture_variants::medium.eq_any(batch)).select(picture_variants::sha256).load(c))?;
        on_both!(tx, c => diesel::delete(media::table.filter(media::sha256.eq_any(batch))).execute(c))?;
        mark_idle(tx, &copies)?;
    }
    mark_idle(tx, digests)
}

/// Says that these files are to be deleted, unless a row names them by then.
pub fn mark_idle(tx: &mut Write<'_>, digests: &[String]) -> Result<(), DbError> {
    for batch in digests.chunks(BATCH) {
        let rows: Vec<_> = batch.iter().map(|digest| idle_media::sha256.eq(digest)).collect();
        on_both!(tx, c => diesel::insert_into(idle_media::table).values(&rows)
            .on_conflict_do_nothing().execute(c))?;
    }
    Ok(())
}

/// What [`mark_idle`] said and was not done yet.
pub fn idle(tx: &mut impl Reading) -> Result<Vec<String>, DbError> {
    Ok(on_both!(tx, c => idle_media::table.order(idle_media::sha256)
        .select(idle_media::sha256).load(c))?)
}

pub fn unmark_idle(tx: &mut Write<'_>, digests: &[String]) -> Result<(), DbError> {
    for batch in digests.chunks(BATCH) {
        on_both!(tx, c => diesel::delete(idle_media::table.filter(idle_media::sha256.eq_any(batch)))
            .execute(c))?;
    }
    Ok(())
}

/// Those of `digests` that are media or smaller copies of some.
pub fn named(tx: &mut impl Reading, digests: &[String]) -> Result<HashSet<String>, DbError> {
    let mut found = HashSet::new();
    for batch in digests.chunks(BATCH) {
        let rows: Vec<String> = on_both!(tx, c => media::table
            .filter(media::sha256.eq_any(batch)).select(media::sha256).load(c))?;
        found.extend(rows);
        let rows: Vec<String> = on_both!(tx, c => picture_variants::table
            .filter(picture_variants::sha256.eq_any(batch)).select(picture_variants::sha256).load(c))?;
        found.extend(rows);
    }
    Ok(found)
}
