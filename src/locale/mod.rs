//! The node's own words to readers, in their language, and dates as they write them.
//! Operators' messages stay in English where they arise; contents are not translated here.

pub mod accept;
pub mod date;
pub mod words;
pub mod native_names;
