//! All SQL of this room.

use super::feedback::{Feedback, Given, Opinion, Rating, SearchQuery, Seen, Subject};
use super::inbox::{State, Wanted};
use crate::base::id::RegionId;
use crate::base::moment::Moment;
use crate::on_both;
use crate::platform::db::schema::feedback;
use crate::platform::db::{DbError, Reading, Write};
use diesel::IntoSql;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use std::fmt::Display;
use std::str::FromStr;

type Row = (
    i64,
    String,
    String,
    String,
    Option<String>,
    Option<i64>,
    Option<String>,
    String,
    Option<String>,
    bool,
    i64,
    Option<i64>,
);

fn feedback_of(row: Row) -> Result<Feedback, DbError> {
    let (
        number,
        region,
        language,
        subject,
        item,
        revision,
        rating,
        comment,
        query,
        technical,
        created_at,
        read_at,
    ) = row;
    let seen = match item.zip(revision) {
        Some((item, revision)) => Some(Seen { item: parsed(&item)?, revision }),
        None => None,
    };
    let rating = rating.map(|word| known(Rating::parse(&word), &word)).transpose()?;
    let given = Given {
        region: parsed(&region)?,
        language: parsed(&language)?,
        subject: known(Subject::parse(&subject), &subject)?,
        seen,
        opinion: Opinion::new(rating, &comment).map_err(unreadable)?,
        query: query.as_deref().map(SearchQuery::parse).transpose().map_err(unreadable)?,
        technical,
    };
    let (created_at, read_at) = (Moment::from_micros(created_at), read_at.map(Moment::from_micros));
    Ok(Feedback { number, given, created_at, read_at })
}

fn parsed<T: FromStr<Err: Display>>(text: &str) -> Result<T, DbError> {
    text.parse().map_err(unreadable)
}

fn known<T>(value: Option<T>, word: &str) -> Result<T, DbError> {
    value.ok_or_else(|| unreadable(format!("{word:?} in feedback")))
}

fn unreadable(why: impl Display) -> DbError {
    DbError::Unreadable(why.to_string())
}

pub fn insert(tx: &mut Write<'_>, new: &Feedback) -> Result<(), DbError> {
    let Feedback { number, given, created_at, read_at } = new;
    let Given { region, language, subject, seen, opinion, query, technical } = given;
    on_both!(tx, c => diesel::insert_into(feedback::table)
        .values((
            feedback::number.eq(number),
            feedback::region_id.eq(region.to_string()),
            feedback::language.eq(language.as_str()),
            feedback::subject.eq(subject.as_str()),
            feedback::item_id.eq(seen.map(|seen| seen.item.to_string())),
            feedback::revision.eq(seen.map(|seen| seen.revision)),
            feedback::rating.eq(opinion.rating().map(Rating::as_str)),
            feedback::comment.eq(opinion.comment()),
            feedback::query.eq(query.as_ref().map(SearchQuery::as_str)),
            feedback::technical.eq(technical),
            feedback::created_at.eq(created_at.micros()),
            feedback::read_at.eq(read_at.map(Moment::micros)),
        ))
        .execute(c))?;
    Ok(())
}

/// One query text for every combination: what is not asked for is let through by a bound truth value.
pub fn list(tx: &mut impl Reading, wanted: Wanted) -> Result<Vec<Feedback>, DbError> {
    let Wanted { region, state, before, most } = wanted;
    let any_region = region.is_none();
    let region = region.map(|region| region.to_string()).unwrap_or_default();
    let (unread_too, read_too) = (state != State::Read, state != State::Unread);
    let rows: Vec<Row> = on_both!(tx, c => feedback::table
        .filter(feedback::number.lt(before.unwrap_or(i64::MAX)))
        .filter(feedback::region_id.eq(&region).or(any_region.into_sql::<Bool>()))
        .filter(feedback::read_at.is_not_null().or(unread_too.into_sql::<Bool>()))
        .filter(feedback::read_at.is_null().or(read_too.into_sql::<Bool>()))
        .order(feedback::number.desc())
        .limit(most)
        .load(c))?;
    rows.into_iter().map(feedback_of).collect()
}

pub fn find(tx: &mut impl Reading, number: i64) -> Result<Option<Feedback>, DbError> {
    let row: Option<Row> = on_both!(tx, c => feedback::table.find(number).first(c).optional())?;
    row.map(feedback_of).transpose()
}

pub fn mark_read(tx: &mut Write<'_>, number: i64, at: Moment) -> Result<(), DbError> {
    on_both!(tx, c => diesel::update(feedback::table.find(number))
        .set(feedback::read_at.eq(at.micros())).execute(c))?;
    Ok(())
}

/// How many were there to delete: one or none.
pub fn delete(tx: &mut Write<'_>, number: i64) -> Result<usize, DbError> {
    Ok(on_both!(tx, c => diesel::delete(feedback::table.find(number)).execute(c))?)
}

/// What was said in a region before a time; how much.
pub fn delete_older(tx: &mut Write<'_>, region: RegionId, before: Moment) -> Result<usize, DbError> {
    Ok(on_both!(tx, c => diesel::delete(feedback::table
        .filter(feedback::region_id.eq(region.to_string()))
        .filter(feedback::created_at.lt(before.micros()))).execute(c))?)
}
