//! Takes a text apart into rules, as the specification of OpenStreetMap's `opening_hours` (0.7) writes them:
//! `[dates] [weekdays] [times] [off|open|unknown] ["comment"]`, joined by `;` or `,`. What the rules come to together is
//! for [`super::gather`] to say.

use super::day::{MOST_SLOTS, WEEKDAYS};
use super::error::{HoursError, excerpt};
use super::exception::{MonthDay, When};
use super::print::MONTHS;
use jiff::civil::Date;

const DAY: u16 = 24 * 60;
const SUN: [&str; 4] = ["sunrise", "sunset", "dawn", "dusk"];

/// One rule as it is written.
pub(super) struct Rule<'a> {
    /// Whether it follows a comma, and so adds to what was said before.
    pub additional: bool,
    pub dates: Vec<When>,
    /// Monday first; all `false` if the rule names no weekday.
    pub weekdays: [bool; 7],
    pub holidays: bool,
    pub spans: Vec<Span>,
    pub modifier: Modifier,
    pub comment: Option<&'a str>,
    /// The rule itself, for errors.
    pub text: &'a str,
}

/// Minutes since midnight; the end is past 24:00 if it is on the next day.
pub(super) type Span = (u16, u16);

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Modifier {
    None,
    Closed,
    Open,
    Unknown,
}

/// A date as far as it is written.
#[derive(Clone, Copy, Default)]
struct Point {
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
}

pub(super) fn rules(text: &str) -> Result<Vec<Rule<'_>>, HoursError> {
    let mut cursor = Cursor { text, at: 0 };
    let mut rules: Vec<Rule<'_>> = Vec::new();
    let mut additional = false;
    loop {
        // People end a text with a semicolon, or write two.
        while !additional && cursor.eats(";") {}
        if cursor.rest().is_empty() && !additional {
            return if rules.is_empty() { Err(HoursError::Empty) } else { Ok(rules) };
        }
        let rule = cursor.rule(additional)?;
        // SPEC: a comma begins another rule only after times, a modifier or a comment; elsewhere it joins days.
        let ended = !rule.spans.is_empty() || rule.modifier != Modifier::None || rule.comment.is_some();
        rules.push(rule);
        additional = ended && cursor.eats(",");
        if !additional && !cursor.rest().is_empty() && !cursor.eats(";") {
            return Err(cursor.leftover());
        }
    }
}

/// Where reading has come to. What it looks for may stand after blanks.
#[derive(Clone, Copy)]
struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    fn rest(&self) -> &'a str {
        self.text[self.at..].trim_start()
    }

    /// Steps over `length` bytes of the rest.
    fn step(&mut self, length: usize) {
        self.at = self.text.len() - self.rest().len() + length;
    }

    fn eats(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.step(token.len());
        }
        found
    }

    /// The Latin letters ahead, in lower case.
    fn word(&self) -> String {
        self.rest().chars().take_while(char::is_ascii_alphabetic).collect::<String>().to_lowercase()
    }

    fn eats_word(&mut self, word: &str) -> bool {
        let found = self.word() == word;
        if found {
            self.step(word.len());
        }
        found
    }

    /// The number ahead, if it has `least` to `most` digits and is not the hour of a time.
    fn number(&mut self, least: usize, most: usize) -> Option<i16> {
        let (number, after) = self.rest().split_at(digits(self.rest()));
        let hour = after.strip_prefix(':').is_some_and(|minutes| digits(minutes) > 0);
        if hour || !(least..=most).contains(&number.len()) {
            return None;
        }
        self.step(number.len());
        number.parse().ok()
    }

    /// What was read since `start`.
    fn since(&self, start: Cursor<'a>) -> &'a str {
        self.text[start.at..self.at].trim()
    }

    /// What could not be read: to the next blank, or why it has no place.
    fn leftover(&self) -> HoursError {
        let rest = self.rest();
        let part = rest.split_whitespace().next().unwrap_or(self.text);
        let word = self.word();
        let why = match word.as_str() {
            _ if rest.starts_with("||") => "a rule for the rest of the time; say it for each day",
            "week" => "weeks of the year; give dates",
            "easter" => "a day that moves; give dates, or PH if it is a public holiday",
            "sh" => "school holidays; give their dates",
            _ if SUN.contains(&word.as_str()) || rest.starts_with('(') => "the sun; give times",
            _ if rest.starts_with('[') => "weekdays counted by the month; give dates",
            _ if rest.starts_with('+') => "an open end, or days counted from another; give both ends",
            _ if rest.starts_with('/') => "what repeats in steps; give each time",
            _ => return HoursError::unreadable(part),
        };
        HoursError::unsupported(if rest.starts_with("||") { rest } else { part }, why)
    }

    fn rule(&mut self, additional: bool) -> Result<Rule<'a>, HoursError> {
        let start = *self;
        let dates = self.dates()?;
        // SPEC: separator_for_readability stands after dates; after weekdays it is wrong, and usual.
        if !dates.is_empty() {
            self.eats(":");
        }
        let (weekdays, holidays) = self.weekdays()?;
        if holidays || weekdays.contains(&true) {
            self.eats(":");
        }
        let spans = self.spans()?;
        let modifier = self.modifier();
        let comment = self.comment()?;
        match self.since(start) {
            "" => Err(self.leftover()),
            text => Ok(Rule { additional, dates, weekdays, holidays, spans, modifier, comment, text }),
        }
    }

    fn dates(&mut self) -> Result<Vec<When>, HoursError> {
        let mut dates = Vec::new();
        let mut last = Point::default();
        loop {
            let start = *self;
            let mut from = self.point()?;
            // SPEC allows only whole dates in a list; `Dec 25,26` is usual, and clear.
            if from.month.is_none() && last.day.is_some() && from.year.is_none() {
                from = Point { day: Some(self.day().ok_or_else(|| self.leftover())?), ..last };
            }
            if from.month.is_none() {
                return if dates.is_empty() { Ok(dates) } else { Err(self.leftover()) };
            }
            let mut to = from;
            last = from;
            if self.eats("-") {
                let day = from.day.and_then(|_| self.day());
                // A day alone is of the same month, so it cannot be an earlier one.
                let same = Point { day, month: from.month.filter(|_| day >= from.day), ..from };
                to = if day.is_some() { same } else { self.point()? };
                last = if day.is_some() { same } else { Point::default() };
            }
            dates.push(when(from, to, self.since(start))?);
            if self.rest().starts_with('+') {
                return Err(self.leftover());
            }
            if !self.eats(",") {
                return Ok(dates);
            }
        }
    }

    /// `[year] [month [day]]`, as much of it as there is.
    fn point(&mut self) -> Result<Point, HoursError> {
        let point = Point { year: self.number(4, 4), ..Point::default() };
        let word = self.word();
        let month = MONTHS.iter().zip(1..).find(|(name, _)| name.eq_ignore_ascii_case(&word));
        let Some((_, month)) = month else {
            let reserved = ["week", "easter"].contains(&word.as_str());
            return if point.year.is_some() || reserved { Err(self.leftover()) } else { Ok(point) };
        };
        self.step(word.len());
        Ok(Point { month: Some(month), day: self.day(), ..point })
    }

    fn day(&mut self) -> Option<i8> {
        i8::try_from(self.number(1, 2)?).ok()
    }

    /// Monday first, and whether public holidays are named.
    fn weekdays(&mut self) -> Result<([bool; 7], bool), HoursError> {
        let (mut named, mut holidays) = ([false; 7], false);
        let start = *self;
        loop {
            if self.eats_word("ph") {
                holidays = true;
            } else if let Some(from) = self.weekday() {
                let mut to = from;
                if self.eats("-") {
                    to = self.weekday().ok_or_else(|| self.leftover())?;
                }
                // SPEC: a range may pass the end of the week, as `Sa-Mo` does.
                (0..=(to + 7 - from) % 7).for_each(|step| named[(from + step) % 7] = true);
            } else if self.word() == "sh" || self.at != start.at {
                return Err(self.leftover());
            } else {
                return Ok((named, holidays));
            }
            if self.rest().starts_with(['[', '+', '-']) {
                return Err(self.leftover());
            }
            if !self.eats(",") {
                break;
            }
        }
        // SPEC: `PH Mo-Fr` are the holidays that fall on these days, `PH,Mo-Fr` are both.
        if self.weekday().is_some() || self.eats_word("ph") {
            let part = start.rest().split(';').next().unwrap_or_default();
            return Err(HoursError::unsupported(
                part,
                "days without a comma, which are only those that are both",
            ));
        }
        Ok((named, holidays))
    }

    fn weekday(&mut self) -> Option<usize> {
        let word = self.word();
        let weekday = WEEKDAYS.iter().position(|name| name.eq_ignore_ascii_case(&word))?;
        self.step(word.len());
        Some(weekday)
    }

    fn spans(&mut self) -> Result<Vec<Span>, HoursError> {
        if self.eats("24/7") {
            return Ok(vec![(0, DAY)]);
        }
        let mut spans = Vec::new();
        loop {
            let before = *self;
            if !spans.is_empty() && !self.eats(",") {
                return Ok(spans);
            }
            let Some(start) = self.time().filter(|start| *start < DAY) else {
                if SUN.contains(&self.word().as_str()) || self.rest().starts_with('(') {
                    return Err(self.leftover());
                }
                // The comma begins another rule.
                *self = before;
                return Ok(spans);
            };
            if !self.eats("-") {
                let open = self.rest().starts_with('+');
                let why = if open { "an open end; say when it ends" } else { "a time without an end" };
                return Err(HoursError::unsupported(self.since(before), why));
            }
            let end = self.time().ok_or_else(|| self.leftover())?;
            // SPEC: hours that end before they begin end on the next day.
            let end = if end <= start { end + DAY } else { end };
            if end - start > DAY {
                return Err(HoursError::unsupported(self.since(before), "more than a day at a stretch"));
            }
            if self.rest().starts_with(['+', '/']) {
                return Err(self.leftover());
            }
            spans.push((start, end));
            if spans.len() > MOST_SLOTS {
                return Err(HoursError::TooManySlots(spans.len()));
            }
        }
    }

    /// `8:00`, `08:00`, up to `48:00`.
    fn time(&mut self) -> Option<u16> {
        let rest = self.rest();
        let hours = digits(rest);
        let minutes = rest[hours..].strip_prefix(':')?;
        if !(1..=2).contains(&hours) || digits(minutes) != 2 {
            return None;
        }
        let (hour, minute): (u16, u16) = (rest[..hours].parse().ok()?, minutes[..2].parse().ok()?);
        let time = hour * 60 + minute;
        let fine = minute < 60 && time <= 2 * DAY;
        if fine {
            self.step(hours + 3);
        }
        fine.then_some(time)
    }

    fn modifier(&mut self) -> Modifier {
        let modifier = match self.word().as_str() {
            "off" | "closed" => Modifier::Closed,
            "open" => Modifier::Open,
            "unknown" => Modifier::Unknown,
            _ => return Modifier::None,
        };
        self.step(self.word().len());
        modifier
    }

    fn comment(&mut self) -> Result<Option<&'a str>, HoursError> {
        let Some(quoted) = self.rest().strip_prefix('"') else { return Ok(None) };
        let Some((comment, _)) = quoted.split_once('"') else {
            return Err(HoursError::unreadable(self.rest()));
        };
        self.step(comment.len() + 2);
        Ok(Some(comment))
    }
}

/// How many ASCII digits a text begins with.
fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// The days from one point to another, whole months where no day is written.
fn when(from: Point, to: Point, part: &str) -> Result<When, HoursError> {
    let unclear = || HoursError::unreadable(part);
    let no_such = || HoursError::NoSuchDate(excerpt(part));
    let (first, last) = (from.month.ok_or_else(unclear)?, to.month.ok_or_else(unclear)?);
    if from.day.is_some() != to.day.is_some() || (from.year.is_none() && to.year.is_some()) {
        return Err(unclear());
    }
    let days_in = |year| Date::new(year, last, 1).map_or(31, Date::days_in_month);
    let end_in = |year| MonthDay::new(last, to.day.unwrap_or_else(|| days_in(year))).map_err(|_| no_such());
    let begin = MonthDay::new(first, from.day.unwrap_or(1)).map_err(|_| no_such())?;
    // 2000 had a 29 February, as a February of any year may have.
    let end = end_in(2000)?;
    let Some(year) = from.year else { return Ok(When::EachYear { from: begin, to: end }) };
    // A year that is not repeated is the same, or the next one if the range passes the new year.
    let end_year = to.year.unwrap_or(year + i16::from(end < begin));
    let date = |year, on: MonthDay| Date::new(year, on.month(), on.day()).map_err(|_| no_such());
    Ok(When::Dates { from: date(year, begin)?, to: date(end_year, end_in(end_year)?)? })
}
