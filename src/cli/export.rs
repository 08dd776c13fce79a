//! `lotse export`: the feed as a folder.

use super::Call;
use crate::app::AppError;
use crate::domain::feed::export::export;
use clap::Args;
use serde_json::json;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Args)]
pub struct Export {
    /// Where to write; run again, only what is new is added.
    folder: PathBuf,
}

impl Export {
    pub fn run(self, call: &Call) -> Result<ExitCode, AppError> {
        let node = call.node()?;
        let bar = call.say.working("writing");
        std::fs::create_dir_all(&self.folder).map_err(AppError::file(&self.folder))?;
        let done = export(&node.sequencer, &node.blobs, &self.folder)?;
        bar.finish_and_clear();
        let missing = match done.missing_media {
            0 => String::new(),
            count => format!(
                "\n  {count} media are named by the feed but not held here, and are not in the folder."
            ),
        };
        call.say.result(
            &json!({ "entries": done.entries, "blobs": done.blobs, "new_files": done.new_files,
                "missing_media": done.missing_media }),
            &format!(
                "{} holds the whole feed: {} entries, {} texts and media, {} files new.{missing}\n\
                 Any web server can serve it; others follow it by its address or as a folder.",
                self.folder.display(),
                done.entries,
                done.blobs,
                done.new_files,
            ),
        );
        Ok(ExitCode::SUCCESS)
    }
}
