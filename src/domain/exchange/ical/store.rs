//! All SQL of calendars that are taken over by the clock.

use super::subscription::Subscription;
use crate::base::moment::Moment;
use crate::on_both;
use crate::platform::db::schema::calendars;
use crate::platform::db::{DbError, Reading, Write};
use diesel::prelude::*;
use std::fmt::Display;

type Row = (
    i64,
    String,
    String,
    String,
    String,
    i64,
    Option<String>,
    i64,
    i64,
    Option<String>,
    Option<i64>,
    Option<String>,
);

fn subscription(row: Row) -> Result<Subscription, DbError> {
    let (
        number,
        region,
        url,
        language,
        categories,
        every_minutes,
        etag,
        next_at,
        fails,
        last_error,
        last_good,
        report,
    ) = row;
    Ok(Subscription {
        number,
        region: region.parse().map_err(unreadable)?,
        url: url.parse().map_err(unreadable)?,
        language: language.parse().map_err(unreadable)?,
        categories: serde_json::from_str(&categories).map_err(unreadable)?,
        every_minutes,
        etag,
        next_at: Moment::from_micros(next_at),
        fails,
        last_error,
        last_good: last_good.map(Moment::from_micros),
        report: report.as_deref().map(serde_json::from_str).transpose().map_err(unreadable)?,
    })
}

fn unreadable(why: impl Display) -> DbError {
    DbError::Unreadable(why.to_string())
}

/// In the order in which they were added.
pub fn all(tx: &mut impl Reading) -> Result<Vec<Subscription>, DbError> {
    let rows: Vec<Row> = on_both!(tx, c => calendars::table.order(calendars::number).load(c))?;
    rows.into_iter().map(subscription).collect()
}

pub fn find(tx: &mut impl Reading, number: i64) -> Result<Option<Subscription>, DbError> {
    let row: Option<Row> = on_both!(tx, c => calendars::table.find(number).first(c).optional())?;
    row.map(subscription).transpose()
}

pub fn due(tx: &mut impl Reading, now: Moment) -> Result<Vec<Subscription>, DbError> {
    let rows: Vec<Row> = on_both!(tx, c => calendars::table
        .filter(calendars::next_at.le(now.micros())).order((calendars::next_at, calendars::number)).load(c))?;
    rows.into_iter().map(subscription).collect()
}

/// Inserts it, or replaces how it went; number, region, address and what is wanted of it stay.
pub fn save(tx: &mut Write<'_>, one: &Subscription) -> Result<(), DbError> {
    let categories = serde_json::to_string(&one.categories).map_err(unreadable)?;
    let report = one.report.as_ref().map(serde_json::to_string).transpose().map_err(unreadable)?;
    let went = (
        calendars::etag.eq(one.etag.as_deref()),
        calendars::next_at.eq(one.next_at.micros()),
        calendars::fails.eq(one.fails),
        calendars::last_error.eq(one.last_error.as_deref()),
        calendars::last_good.eq(one.last_good.map(Moment::micros)),
        calendars::report.eq(report.as_deref()),
    );
    on_both!(tx, c => diesel::insert_into(calendars::table)
        .values((
            calendars::number.eq(one.number),
            calendars::region_id.eq(one.region.to_string()),
            calendars::url.eq(one.url.as_str()),
            calendars::language.eq(one.language.as_str()),
            calendars::categories.eq(&categories),
            calendars::every_minutes.eq(one.every_minutes),
            went,
        ))
        .on_conflict(calendars::number)
        .do_update()
        .set(went)
        .execute(c))?;
    Ok(())
}

pub fn delete(tx: &mut Write<'_>, number: i64) -> Result<(), DbError> {
    on_both!(tx, c => diesel::delete(calendars::table.find(number)).execute(c))?;
    Ok(())
}
