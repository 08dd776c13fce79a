//! Who a node is: its chain of identity notes and its keys. The only room that can sign; private keys do not leave it.

pub mod error;
pub mod note;
pub mod chain;
pub mod keyring;
pub mod recovery;
pub mod establish;
pub mod store;
