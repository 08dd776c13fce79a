//! Calendars of others that a region takes over by the clock: which, how often, and how it went. A failure leaves what
//! was taken over, and is met with patience.

use super::error::CalendarError;
use super::import::{Order, import, take_all_back};
use super::read::{ReadCalendar, read};
use super::report::Report;
use super::store;
use crate::base::id::RegionId;
use crate::base::language::LanguageTag;
use crate::base::moment::Moment;
use crate::base::url::WebUrl;
use crate::domain::content::recurrence::Zone;
use crate::domain::content::region::Region;
use crate::domain::content::store as content;
use crate::domain::content::{ContentError, Desk};
use crate::platform::db::{Reading, Write};
use crate::platform::fetch::{Ask, Fetcher};
use serde::Serialize;
use std::time::Duration;

/// Of a foreign calendar; a year of a busy town is a tenth of it.
pub const LARGEST_BYTES: usize = 8 * 1024 * 1024;
/// How often a calendar may be asked for, and is if nobody says otherwise.
pub const LEAST_MINUTES: i64 = 15;
pub const DAILY_MINUTES: i64 = 24 * 60;
const MOST_MINUTES: i64 = 31 * DAILY_MINUTES;
/// Some calendars are written while one waits.
const DEADLINE: Duration = Duration::from_secs(60);
/// The first wait after a failure; each further one doubles it.
const FIRST_WAIT_SECONDS: i64 = 15 * 60;

/// A calendar that a region takes over.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Subscription {
    pub number: i64,
    pub region: RegionId,
    pub url: WebUrl,
    /// In which its texts are.
    pub language: LanguageTag,
    /// Only events of one of these; none: all.
    pub categories: Vec<String>,
    pub every_minutes: i64,
    pub etag: Option<String>,
    pub next_at: Moment,
    /// Failures since the last good run.
    pub fails: i64,
    pub last_error: Option<String>,
    pub last_good: Option<Moment>,
    /// What the last good run told.
    pub report: Option<Report>,
}

/// What is needed to take over a calendar.
pub struct NewSubscription {
    pub url: WebUrl,
    /// Without it, the region's default language.
    pub language: Option<LanguageTag>,
    pub categories: Vec<String>,
    pub every_minutes: i64,
}

/// What becomes of the events of a calendar that is no longer taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Stay,
    Archived,
}

/// What a calendar's server said.
#[derive(Debug)]
pub enum Fetched {
    /// It is as it was.
    Unchanged,
    File {
        bytes: Vec<u8>,
        etag: Option<String>,
    },
}

/// # Errors: the region takes it over already, does not speak the language, or it is to be asked too often or seldom.
pub fn add(
    tx: &mut Write<'_>,
    desk: &Desk<'_>,
    region: &Region,
    new: NewSubscription,
) -> Result<Subscription, CalendarError> {
    let NewSubscription { url, language, categories, every_minutes } = new;
    if !(LEAST_MINUTES..=MOST_MINUTES).contains(&every_minutes) {
        return Err(CalendarError::Interval { minutes: every_minutes, most: MOST_MINUTES });
    }
    let language = spoken(tx, region, language)?;
    let known = store::all(tx)?.into_iter().find(|known| known.region == region.id && known.url == url);
    if let Some(known) = known {
        return Err(CalendarError::Known { url: url.to_string(), number: known.number });
    }
    let subscription = Subscription {
        number: content::take_numbers(tx, "calendars", 1)?,
        region: region.id,
        url,
        language,
        categories,
        every_minutes,
        etag: None,
        next_at: desk.clock.now(),
        fails: 0,
        last_error: None,
        last_good: None,
        report: None,
    };
    store::save(tx, &subscription)?;
    Ok(subscription)
}

/// The language, if the region speaks it; its default one if none is named.
pub fn spoken(
    tx: &mut Write<'_>,
    region: &Region,
    language: Option<LanguageTag>,
) -> Result<LanguageTag, CalendarError> {
    let language = language.unwrap_or_else(|| region.default_language.clone());
    let known = content::regions::languages_of(tx, region.id)?;
    match known.iter().any(|known| known.tag == language) {
        true => Ok(language),
        false => Err(ContentError::UnknownLanguage { language }.into()),
    }
}

/// All of them, each with the address part of its region.
pub fn list(tx: &mut impl Reading) -> Result<Vec<(String, Subscription)>, CalendarError> {
    let regions = content::regions::all(tx)?;
    let named = |subscription: Subscription| {
        let region = regions.iter().find(|region| region.id == subscription.region)?;
        Some((region.slug.clone(), subscription))
    };
    Ok(store::all(tx)?.into_iter().filter_map(named).collect())
}

/// # Errors: there is none of this number.
pub fn find(tx: &mut impl Reading, number: i64) -> Result<Subscription, CalendarError> {
    store::find(tx, number)?.ok_or(CalendarError::Unknown { number })
}

/// Those that are due, the longest due first.
pub fn due(tx: &mut impl Reading, now: Moment) -> Result<Vec<Subscription>, CalendarError> {
    Ok(store::due(tx, now)?)
}

/// Takes a calendar over no more; titles of the events that were archived with it.
pub fn remove(
    tx: &mut Write<'_>,
    desk: &Desk<'_>,
    number: i64,
    fate: Fate,
) -> Result<Vec<String>, CalendarError> {
    let subscription = find(tx, number)?;
    store::delete(tx, number)?;
    let region = region_of(tx, &subscription)?;
    match (region, fate) {
        (Some(region), Fate::Archived) => take_all_back(tx, desk, &subscription.order(&region)),
        _ => Ok(Vec::new()),
    }
}

fn region_of(tx: &mut impl Reading, subscription: &Subscription) -> Result<Option<Region>, CalendarError> {
    Ok(content::regions::all(tx)?.into_iter().find(|region| region.id == subscription.region))
}

/// Asks for a calendar at an address, unless it is as `etag` says.
/// # Errors: it does not answer, or not with a file within the limits.
pub async fn fetch(fetcher: &Fetcher, url: &WebUrl, etag: Option<String>) -> Result<Fetched, CalendarError> {
    let mut ask = Ask::new(url.as_str(), LARGEST_BYTES as u64);
    (ask.deadline, ask.unless) = (DEADLINE, etag);
    let answer = fetcher.get(&ask).await?;
    match answer.status {
        200 => Ok(Fetched::File { bytes: answer.bytes, etag: answer.etag }),
        304 => Ok(Fetched::Unchanged),
        status => Err(CalendarError::Gone { url: url.to_string(), status }),
    }
}

/// Reads a calendar for a region, whose clock is that of times without a zone.
/// # Errors: as [`read`].
pub fn read_for(region: &Region, bytes: &[u8]) -> Result<ReadCalendar, CalendarError> {
    let home = Zone::named(&region.settings.time_zone).unwrap_or_else(|_| Zone::utc());
    Ok(read(bytes, LARGEST_BYTES, &home)?)
}

impl Subscription {
    fn order<'a>(&'a self, region: &'a Region) -> Order<'a> {
        let Subscription { url, language, categories, .. } = self;
        Order { region, language, place: url.as_str(), categories }
    }

    /// Takes over what was fetched; what there was to tell, `None` if nothing was new or nobody wants it any more.
    /// # Errors: it is no calendar, or the database's; nothing is changed then.
    pub fn take_over(
        mut self,
        database: &crate::platform::db::Database,
        desk: &Desk<'_>,
        fetched: Fetched,
    ) -> Result<Option<Report>, CalendarError> {
        let region = database.read(|tx: &mut crate::platform::db::Read<'_>| region_of(tx, &self))?;
        let Some(region) = region else { return Ok(None) };
        let read = match fetched {
            Fetched::Unchanged => None,
            Fetched::File { bytes, etag } => {
                self.etag = etag;
                Some(read_for(&region, &bytes)?)
            }
        };
        database.write(|tx: &mut Write<'_>| {
            if store::find(tx, self.number)?.is_none() {
                return Ok(None);
            }
            let now = desk.clock.now();
            let report = read.map(|read| import(tx, desk, &self.order(&region), read)).transpose()?;
            (self.fails, self.last_error, self.last_good) = (0, None, Some(now));
            self.next_at = now.plus_seconds(self.every_minutes * 60);
            self.report = report.clone().or(self.report.take());
            store::save(tx, &self)?;
            Ok(report)
        })
    }

    /// Notes a failure: what was taken over stays, and it is asked for again after a while that doubles each time.
    pub fn fail(
        mut self,
        tx: &mut Write<'_>,
        now: Moment,
        error: &CalendarError,
    ) -> Result<(), CalendarError> {
        let doublings = u32::try_from(self.fails.clamp(0, 20)).unwrap_or(20);
        let longest = (self.every_minutes * 60).max(DAILY_MINUTES * 60);
        self.next_at = now.plus_seconds((FIRST_WAIT_SECONDS << doublings).min(longest));
        (self.fails, self.last_error) = (self.fails + 1, Some(error.to_string()));
        if store::find(tx, self.number)?.is_some() {
            store::save(tx, &self)?;
        }
        Ok(())
    }
}
