//! Everything of a region that is no page: places with their contacts and categories, events, news, imprint, offers.
//! `answers` is what was said, `draft` what it becomes, `take_over` brings it into the region.

pub mod answers;
pub mod draft;
pub mod take_over;
