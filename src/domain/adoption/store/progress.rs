//! Rows that say how far the mirrors of each feed were brought.

use crate::base::moment::Moment;
use crate::on_both;
use crate::platform::db::schema::{adoptions, mirrored_feeds, peer_feeds, regions};
use crate::platform::db::{DbError, Reading, Write};
use diesel::prelude::*;
use std::collections::HashMap;

/// How far a feed is, and how far its mirrors are.
pub struct Progress {
    pub origin: String,
    pub news: i64,
    /// With which of its news it last had something at another place.
    pub moved: i64,
    /// With which version of the content a region that shows something of it last changed.
    pub regions: i64,
    /// `None`: they were not brought yet.
    pub brought: Option<Brought>,
}

/// What the mirrors of a feed show.
#[derive(Clone, Debug)]
pub struct Brought {
    pub news: i64,
    /// The version of the content when all of them were looked at last.
    pub version: i64,
    /// The kinds that the program understood then.
    pub understood: String,
    /// When the first of them is over by itself.
    pub ends_at: Option<Moment>,
}

/// Those of these feeds that are followed.
pub fn of(tx: &mut impl Reading, origins: &[String]) -> Result<Vec<Progress>, DbError> {
    type Row = (String, i64, i64, Option<(i64, i64, String, Option<i64>)>);
    let versions: Vec<(String, Option<i64>)> = on_both!(tx, c => adoptions::table
        .inner_join(regions::table.on(regions::id.eq(adoptions::region_id)))
        .filter(adoptions::origin.eq_any(origins))
        .group_by(adoptions::origin)
        .select((adoptions::origin, diesel::dsl::max(regions::changed)))
        .load(c))?;
    let versions: HashMap<String, Option<i64>> = versions.into_iter().collect();
    let rows: Vec<Row> = on_both!(tx, c => peer_feeds::table
        .left_join(mirrored_feeds::table.on(mirrored_feeds::origin.eq(peer_feeds::origin)))
        .filter(peer_feeds::origin.eq_any(origins))
        .order(peer_feeds::origin)
        .select((peer_feeds::origin, peer_feeds::news, peer_feeds::moved,
            (mirrored_feeds::news, mirrored_feeds::version, mirrored_feeds::understood,
                mirrored_feeds::ends_at).nullable()))
        .load(c))?;
    let progress = |(origin, news, moved, brought): Row| Progress {
        regions: versions.get(&origin).copied().flatten().unwrap_or(0),
        brought: brought.map(|(news, version, understood, ends_at)| Brought {
            news,
            version,
            understood,
            ends_at: ends_at.map(Moment::from_micros),
        }),
        origin,
        news,
        moved,
    };
    Ok(rows.into_iter().map(progress).collect())
}

pub fn keep(tx: &mut Write<'_>, origin: &str, brought: Brought) -> Result<(), DbError> {
    let Brought { news, version, understood, ends_at } = brought;
    let values = (
        mirrored_feeds::news.eq(news),
        mirrored_feeds::version.eq(version),
        mirrored_feeds::understood.eq(&understood),
        mirrored_feeds::ends_at.eq(ends_at.map(Moment::micros)),
    );
    on_both!(tx, c => diesel::insert_into(mirrored_feeds::table)
        .values((mirrored_feeds::origin.eq(origin), values))
        .on_conflict(mirrored_feeds::origin).do_update().set(values).execute(c))?;
    Ok(())
}
