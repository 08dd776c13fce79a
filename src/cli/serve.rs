//! `lotse serve`: runs the node.

use super::{Call, say};
use crate::app::serve::{Serving, listen};
use crate::app::{AppError, Node, Purpose};
use crate::platform::clock::Clock;
use clap::Args;
use serde_json::json;
use std::process::ExitCode;

#[derive(Args)]
pub struct Serve {
    /// Only prints what was understood of the configuration, with who decided each value.
    #[arg(long)]
    check: bool,
}

impl Serve {
    pub fn run(self, call: &Call) -> Result<ExitCode, AppError> {
        if self.check {
            let understood = call.settings()?.understood();
            call.say.result(&json!({ "understood": understood }), &understood);
            return Ok(ExitCode::SUCCESS);
        }
        let config = call.settings_of_node()?;
        say::start_log(&config.log, say::Quiet::AsConfigured);
        let listener = listen(config.site.listen)?;
        let node = Node::open(config, Clock::default(), Purpose::Serve)?;
        call.wait(async {
            let serving = Serving::start(node.clone(), listener).await?;
            tracing::info!(address = %serving.address, site = %node.config.site.url, node = %node.id(), "serving");
            asked_to_stop().await;
            tracing::info!("stopping; requests under way may finish");
            serving.stop().await;
            Ok(ExitCode::SUCCESS)
        })?
    }
}

/// Waits for Ctrl-C, or for the signal with which service managers end a process.
pub async fn asked_to_stop() {
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
}
