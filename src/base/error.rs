//! What every room's error tells the doors: which kind of trouble, and a stable code.

/// What a door must know to answer; `web/problem.rs` alone makes status codes of it, `cli` exit codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// What was asked cannot be done as asked; asking differently can help.
    Invalid,
    NotFound,
    Forbidden,
    /// It contradicts what is already there.
    Conflict,
    /// Another process or the network; trying again can help.
    Busy,
    /// The same caller asks too often; waiting helps.
    TooOften,
    /// Somebody must look: a defect, a disk, a lost key.
    Broken,
}

/// An error that can be told to a person or a machine.
pub trait Told: std::error::Error {
    fn kind(&self) -> Kind;
    /// A stable word such as `unknown-region`.
    fn code(&self) -> &'static str;
}
