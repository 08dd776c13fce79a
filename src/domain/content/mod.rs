//! What the municipality says, in which language, in which state. It does not know that other nodes exist.

pub mod body;
pub mod change;
pub mod published;
