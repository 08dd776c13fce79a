//! The contract of API v3.
