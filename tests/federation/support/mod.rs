//! Real nodes in temporary folders, with verbs to tell stories in. What the stories are stands beside this.

mod node;
mod http;
mod writing;
mod cards;
mod traces;

pub use http::static_server;
pub use node::TestNode;
pub use writing::{page, tag};
