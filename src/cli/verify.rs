//! `lotse verify`: checks a whole feed.

use super::{Call, say};
use crate::app::AppError;
use crate::base::id::NodeId;
use crate::domain::peers::audit::{Verdict, audit};
use crate::platform::fetch::{FetchPolicy, Fetcher};
use clap::Args;
use std::process::ExitCode;

#[derive(Args)]
pub struct Verify {
    /// Address of a node's site, or a folder with an exported feed.
    place: String,
    /// The node id it must have.
    #[arg(long)]
    node: Option<NodeId>,
}

impl Verify {
    pub fn run(self, call: &Call) -> Result<ExitCode, AppError> {
        // Works without a node of one's own; its settings decide about private addresses if there is one.
        let config = call.settings()?;
        say::start_log(&config.log, say::Quiet::OnlyWarnings);
        let fetcher = Fetcher::new(FetchPolicy { allow_private: config.federation.allow_private_addresses });
        let bar = call.say.counting("entries");
        let told = |done: u64, all: u64| {
            bar.set_length(all);
            bar.set_position(done);
        };
        let audit = call.wait(audit(&fetcher, &self.place, self.node.as_ref(), told))??;
        bar.finish_and_clear();
        let mut text = format!("Node {}\n  {}\n\n", audit.node, audit.spoken_fingerprint);
        for finding in &audit.findings {
            let mark = match finding.verdict {
                Verdict::Holds => "holds ",
                Verdict::Remark => "remark",
                Verdict::Broken => "BROKEN",
            };
            text.push_str(&format!("  {mark}  {}\n", finding.words));
        }
        text.push_str(if audit.holds() {
            "\nThe feed holds."
        } else {
            "\nThe feed does NOT hold; see above."
        });
        call.say.result(&audit, &text);
        Ok(if audit.holds() { ExitCode::SUCCESS } else { super::finding() })
    }
}
