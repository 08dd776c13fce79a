//! Words every room speaks, and their rules. Nothing here reads a clock, a file, a socket or chance.

pub mod error;
pub mod digest;
pub mod html;
pub mod id;
pub mod language;
pub mod moment;
pub mod slug;
pub mod url;
