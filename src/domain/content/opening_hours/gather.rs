//! Puts rules together to what they say of each day: a later rule replaces what an earlier one says of the same days,
//! one after a comma adds to it.

use super::day::{ClockTime, Day, Slot, Slots};
use super::error::HoursError;
use super::exception::{Comment, Exception, When, appointment};
use super::hours::OpeningHours;
use super::read::{Modifier, Rule, Span};

const DAY: u16 = 24 * 60;

/// A day in the making: closed if there are no spans and no appointment is needed.
#[derive(Clone, Default)]
struct Draft {
    by_appointment: bool,
    spans: Vec<Span>,
}

/// An exception in the making.
struct Pending {
    when: When,
    comment: Option<Comment>,
    days: [Option<Draft>; 7],
}

pub(super) fn hours(rules: Vec<Rule<'_>>) -> Result<OpeningHours, HoursError> {
    let mut week: [Draft; 7] = Default::default();
    let mut exceptions: Vec<Pending> = Vec::new();
    for rule in &rules {
        let (draft, comment) = said(rule)?;
        let any = rule.weekdays.contains(&true);
        if rule.dates.is_empty() && (any || !rule.holidays) {
            add_to_week(&mut week, !exceptions.is_empty(), rule, &draft, comment.as_ref())?;
        }
        if !rule.dates.is_empty() && rule.holidays {
            return Err(HoursError::unsupported(rule.text, "holidays of a season; give dates, or PH alone"));
        }
        let holidays = rule.holidays.then_some(When::PublicHolidays);
        let alone = rule.dates.is_empty() || !any;
        let weekdays = if alone { [true; 7] } else { rule.weekdays };
        for when in rule.dates.iter().copied().chain(holidays) {
            let days = weekdays.map(|named| named.then(|| draft.clone()));
            add_exception(&mut exceptions, Pending { when, comment: comment.clone(), days }, rule)?;
        }
    }
    let exceptions = exceptions.into_iter().map(Pending::finish).collect::<Result<Vec<_>, _>>()?;
    OpeningHours::new(finished(week)?, exceptions)
}

/// What a rule says of a day.
fn said(rule: &Rule<'_>) -> Result<(Draft, Option<Comment>), HoursError> {
    let no_place = |why| Err(HoursError::unsupported(rule.text, why));
    let needed = rule.comment.filter(|_| rule.modifier != Modifier::Closed).and_then(appointment);
    if let Some(rest) = needed {
        let comment = if rest.is_empty() { None } else { Some(Comment::parse(rest)?) };
        return Ok((Draft { by_appointment: true, spans: rule.spans.clone() }, comment));
    }
    let comment = rule.comment.map(Comment::parse).transpose()?;
    match rule.modifier {
        Modifier::Closed if !rule.spans.is_empty() => no_place("closed hours; give the open ones"),
        Modifier::Closed => Ok((Draft::default(), comment)),
        Modifier::Unknown => no_place("hours nobody knows; say \"by appointment\" if that is meant"),
        // SPEC: a comment alone makes the state unknown.
        Modifier::None if comment.is_some() => no_place("a condition; say open before a mere remark"),
        Modifier::None | Modifier::Open if rule.spans.is_empty() => {
            Ok((Draft { by_appointment: false, spans: vec![(0, DAY)] }, comment))
        }
        Modifier::None | Modifier::Open => {
            Ok((Draft { by_appointment: false, spans: rule.spans.clone() }, comment))
        }
    }
}

fn add_to_week(
    week: &mut [Draft; 7],
    late: bool,
    rule: &Rule<'_>,
    draft: &Draft,
    comment: Option<&Comment>,
) -> Result<(), HoursError> {
    if comment.is_some() {
        return Err(HoursError::unsupported(
            rule.text,
            "a remark on the usual week; only exceptions have one",
        ));
    }
    // It would hold on the days of the exception as well, which hardly anybody who writes `PH off` first means.
    if late {
        return Err(HoursError::unsupported(rule.text, "the usual week after an exception; put it first"));
    }
    let all = !rule.weekdays.contains(&true);
    for (day, _) in week.iter_mut().zip(rule.weekdays).filter(|(_, named)| all || *named) {
        day.take(draft, rule)?;
    }
    Ok(())
}

fn add_exception(exceptions: &mut Vec<Pending>, new: Pending, rule: &Rule<'_>) -> Result<(), HoursError> {
    let mut drafts = new.days.iter().flatten();
    if drafts.any(|draft| draft.spans.iter().any(|(_, end)| *end > DAY)) {
        return Err(HoursError::unsupported(rule.text, "exceptional hours past midnight; give both days"));
    }
    let Pending { when, comment, days } = new;
    let continued = exceptions.pop_if(|last| last.when == when && last.comment == comment);
    let mut pending = continued.unwrap_or_else(|| Pending { when, comment, days: Default::default() });
    for (day, new) in pending.days.iter_mut().zip(days) {
        match (day, new) {
            (_, None) => {}
            (Some(day), Some(new)) => day.take(&new, rule)?,
            // They would be added to the hours of the usual week, whichever these are.
            (None, Some(new)) if rule.additional && !new.is_closed() => {
                return Err(HoursError::unsupported(
                    rule.text,
                    "hours besides the usual ones; write ; before",
                ));
            }
            (day, new) => *day = new,
        }
    }
    exceptions.push(pending);
    Ok(())
}

impl Draft {
    fn is_closed(&self) -> bool {
        !self.by_appointment && self.spans.is_empty()
    }

    /// Becomes `new`, or gains its hours if the rule only adds.
    fn take(&mut self, new: &Draft, rule: &Rule<'_>) -> Result<(), HoursError> {
        if !rule.additional || self.is_closed() || new.is_closed() {
            *self = new.clone();
            return Ok(());
        }
        self.gain(new).ok_or_else(|| mixed(rule.text))
    }

    /// `None` if one needs an appointment and the other does not, or has no hours to add to.
    fn gain(&mut self, new: &Draft) -> Option<()> {
        let alike =
            self.by_appointment == new.by_appointment && !self.spans.is_empty() && !new.spans.is_empty();
        self.spans.extend(alike.then_some(&new.spans)?);
        Some(())
    }

    /// The day as it is; spans that overlap or touch are the same hours as their union.
    fn day(mut self) -> Result<Day, HoursError> {
        self.spans.sort_unstable();
        let mut united: Vec<Span> = Vec::new();
        for (start, end) in self.spans {
            match united.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => united.push((start, end)),
            }
        }
        let slot = |(start, end)| Slot::new(ClockTime::from_minutes(start)?, ClockTime::from_minutes(end)?);
        let slots = united.into_iter().map(slot).collect::<Result<Vec<_>, _>>()?;
        Ok(match (self.by_appointment, slots.is_empty()) {
            (false, true) => Day::Closed,
            (false, false) => Day::Open(Slots::new(slots)?),
            (true, true) => Day::ByAppointment(None),
            (true, false) => Day::ByAppointment(Some(Slots::new(slots)?)),
        })
    }
}

impl Pending {
    fn finish(self) -> Result<Exception, HoursError> {
        let mut days = [const { None }; 7];
        for (day, draft) in days.iter_mut().zip(self.days) {
            *day = draft.map(Draft::day).transpose()?;
        }
        Exception::weekly(self.when, days, self.comment)
    }
}

/// The usual week, with hours past midnight moved to the day they are on.
fn finished(mut week: [Draft; 7]) -> Result<[Day; 7], HoursError> {
    for weekday in 0..7 {
        let draft = &mut week[weekday];
        let after: Vec<Span> =
            draft.spans.iter().filter(|(_, end)| *end > DAY).map(|(_, end)| (0, end - DAY)).collect();
        draft.spans.iter_mut().for_each(|(_, end)| *end = (*end).min(DAY));
        if after.is_empty() {
            continue;
        }
        let night = Draft { by_appointment: draft.by_appointment, spans: after };
        let next = &mut week[(weekday + 1) % 7];
        if next.is_closed() {
            *next = night;
        } else {
            let hours = night.clone().day()?;
            let text = || hours.slots().iter().map(Slot::to_string).collect::<Vec<_>>().join(",");
            next.gain(&night).ok_or_else(|| mixed(&text()))?;
        }
    }
    let mut days = [const { Day::Closed }; 7];
    for (day, draft) in days.iter_mut().zip(week) {
        *day = draft.day()?;
    }
    Ok(days)
}

fn mixed(part: &str) -> HoursError {
    HoursError::unsupported(part, "hours with and without appointment on the same day")
}
