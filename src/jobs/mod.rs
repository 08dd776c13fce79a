//! What a node does by itself: load, call one room, say when to try again. The timetable stands in `app`.

pub mod forget_feedback;
pub mod tell_news;
pub mod sync_peers;
pub mod take_over_calendars;
