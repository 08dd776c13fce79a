//! Opening hours as Integreat has them: seven days and nothing else. Exceptions cannot be told there and are left out.

use super::day::{ClockTime, Day, Slot, Slots};
use super::error::HoursError;
use super::hours::OpeningHours;
use serde::{Deserialize, Serialize};

const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
/// The last minute that Integreat can tell.
const LAST: &str = "23:59";

/// A day, with its members in Integreat's order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IntegreatDay {
    pub all_day: bool,
    pub closed: bool,
    pub appointment_only: bool,
    pub time_slots: Vec<IntegreatSlot>,
}

/// A slot, with its members in Integreat's order; the times are local whatever the zone says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntegreatSlot {
    pub end: String,
    pub start: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
}

impl OpeningHours {
    /// What Integreat says of a week, Monday first; `None` if it says nothing: no day at all, or, its default, all closed.
    /// # Errors: [`HoursError`] names the day that contradicts itself, or the hours that are wrong.
    pub fn from_integreat(days: &[IntegreatDay]) -> Result<Option<OpeningHours>, HoursError> {
        if days.is_empty() {
            return Ok(None);
        }
        let mut week = [const { Day::Closed }; 7];
        if days.len() != week.len() {
            return Err(HoursError::WeekLength(days.len()));
        }
        for ((day, foreign), weekday) in week.iter_mut().zip(days).zip(WEEKDAYS) {
            *day = foreign.read(weekday)?;
        }
        let provided = !week.iter().all(Day::is_closed);
        provided.then(|| OpeningHours::new(week, Vec::new())).transpose()
    }

    /// The usual week for Integreat, Monday first; `None` if every day is closed, which there means *not provided*.
    /// `timezone` is the region's, by its IANA name.
    pub fn to_integreat(&self, timezone: &str) -> Option<[IntegreatDay; 7]> {
        let provided = !self.week().iter().all(Day::is_closed);
        provided.then(|| self.week().each_ref().map(|day| IntegreatDay::of(day, timezone)))
    }
}

impl IntegreatDay {
    /// A day by appointment without hours is closed there, with the mark for appointments: one of all day, closed and
    /// slots must be said, and all day would show the place as open.
    fn of(day: &Day, timezone: &str) -> IntegreatDay {
        let all_day = day.is_all_day();
        let slot = |slot: &Slot| IntegreatSlot {
            end: if slot.end() == ClockTime::DAY_ENDS { LAST.to_owned() } else { slot.end().to_string() },
            start: slot.start().to_string(),
            timezone: Some(timezone.to_owned()),
        };
        IntegreatDay {
            all_day,
            closed: day.slots().is_empty(),
            appointment_only: day.is_by_appointment(),
            time_slots: if all_day { Vec::new() } else { day.slots().iter().map(slot).collect() },
        }
    }

    fn read(&self, weekday: &'static str) -> Result<Day, HoursError> {
        let refused = |what| Err(HoursError::Contradiction { weekday, what });
        let slot = |slot: &IntegreatSlot| Slot::new(slot.start.parse()?, slot.end.parse()?);
        let slots = self.time_slots.iter().map(slot).collect::<Result<Vec<_>, _>>()?;
        let slots = match (self.all_day, self.closed, slots.is_empty()) {
            (true, true, _) => return refused("both open all day and closed"),
            (true, false, false) => return refused("open all day and has hours besides"),
            (false, true, false) => return refused("closed and has hours"),
            (false, false, true) if !self.appointment_only => {
                return refused("neither closed nor open all day and has no hours");
            }
            (true, false, true) => Some(Slots::all_day()),
            (false, _, true) => None,
            (false, false, false) => Some(Slots::new(slots)?),
        };
        Ok(match (self.appointment_only, slots) {
            (true, slots) => Day::ByAppointment(slots),
            (false, Some(slots)) => Day::Open(slots),
            (false, None) => Day::Closed,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const CLOSED: &str = r#"{"allDay":false,"closed":true,"appointmentOnly":false,"timeSlots":[]}"#;
    const MORNING: &str = r#"{"allDay":false,"closed":false,"appointmentOnly":false,"timeSlots":[{"end":"12:00","start":"08:00","timezone":"Europe/Berlin"}]}"#;
    const ALL_DAY: &str = r#"{"allDay":true,"closed":false,"appointmentOnly":false,"timeSlots":[]}"#;
    const ARRANGED: &str = r#"{"allDay":false,"closed":true,"appointmentOnly":true,"timeSlots":[]}"#;

    fn read(days: &[&str]) -> Result<Option<OpeningHours>, HoursError> {
        let days: Vec<IntegreatDay> = serde_json::from_str(&format!("[{}]", days.join(","))).unwrap();
        OpeningHours::from_integreat(&days)
    }

    #[test]
    fn a_week_from_integreat_goes_back_byte_for_byte() {
        let both = MORNING.replace("\"appointmentOnly\":false", "\"appointmentOnly\":true");
        let always = ALL_DAY.replace("\"appointmentOnly\":false", "\"appointmentOnly\":true");
        let days = [MORNING, ALL_DAY, ARRANGED, &both, &always, CLOSED, CLOSED];
        let hours = read(&days).unwrap().unwrap();
        assert_eq!(
            hours.to_string(),
            "Mo 08:00-12:00; Tu 00:00-24:00; We \"by appointment\"; Th 08:00-12:00 \"by appointment\"; \
             Fr 00:00-24:00 \"by appointment\""
        );
        let written = serde_json::to_string(&hours.to_integreat("Europe/Berlin")).unwrap();
        assert_eq!(written, format!("[{}]", days.join(",")));
    }

    #[test]
    fn a_week_without_a_day_says_nothing() {
        assert_eq!(read(&[CLOSED; 7]), Ok(None));
        assert_eq!(read(&[]), Ok(None));
        let holidays: OpeningHours = "PH 10:00-12:00".parse().unwrap();
        assert_eq!(holidays.to_integreat("UTC"), None);
        assert!(read(&[ARRANGED; 7]).unwrap().is_some());
    }

    #[test]
    fn midnight_is_the_last_minute_there() {
        let late: OpeningHours = "Fr 22:00-02:00".parse().unwrap();
        let week = late.to_integreat("Europe/Berlin").unwrap();
        assert_eq!(week[4].time_slots[0].end, "23:59");
        assert_eq!(week[5].time_slots[0].end, "02:00");
    }

    #[test]
    fn a_day_that_contradicts_itself_is_refused_by_name() {
        let refused = |monday: serde_json::Value| {
            let monday = monday.to_string();
            read(&[&monday, CLOSED, CLOSED, CLOSED, CLOSED, CLOSED, CLOSED]).unwrap_err()
        };
        let day = |all_day: bool, closed: bool, slots: &[[&str; 2]]| {
            let slots: Vec<_> =
                slots.iter().map(|[start, end]| json!({"start": start, "end": end})).collect();
            json!({"allDay": all_day, "closed": closed, "appointmentOnly": false, "timeSlots": slots})
        };
        let said = |what| HoursError::Contradiction { weekday: "Monday", what };
        let morning = ["08:00", "12:00"];
        assert_eq!(refused(day(true, true, &[])), said("both open all day and closed"));
        assert_eq!(refused(day(true, false, &[morning])), said("open all day and has hours besides"));
        assert_eq!(refused(day(false, true, &[morning])), said("closed and has hours"));
        assert_eq!(refused(day(false, false, &[])), said("neither closed nor open all day and has no hours"));
        let meet = refused(day(false, false, &[morning, ["11:00", "14:00"]]));
        assert!(matches!(meet, HoursError::SlotsMeet { .. }));
        assert!(matches!(refused(day(false, false, &[["12:00", "08:00"]])), HoursError::SlotOrder { .. }));
        assert!(matches!(refused(day(false, false, &[["8", "12:00"]])), HoursError::Time(_)));
        assert_eq!(read(&[MORNING]), Err(HoursError::WeekLength(1)));
    }
}
