//! The contract of our own API, asked over HTTP of a node with real content.

mod reading;
