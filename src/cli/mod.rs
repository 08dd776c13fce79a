//! The command line: one file per command; each asks, calls one room, prints, and gives an exit code.

mod adopt;
mod calendar;
mod demo;
mod doctor;
mod export;
mod feedback;
mod follow;
mod import;
mod init;
mod item;
mod key;
mod media;
mod news;
mod page;
mod peers;
mod region;
mod say;
mod serve;
mod sync;
mod token;
mod verify;
mod vocabulary;

use crate::app::settings::Place;
use crate::app::{AppError, Node, Purpose, settings};
use crate::base::error::{Kind, Told};
use crate::config::Config;
use crate::platform::clock::Clock;
use clap::{Parser, Subcommand};
use say::Say;
use std::path::PathBuf;
use std::process::ExitCode;

/// Lotse: a node for multilingual local information. It publishes what your municipality says, follows other
/// nodes, and shows their pages beside yours, always in step with their origin.
#[derive(Parser)]
#[command(version, about, after_help = EXIT_CODES, propagate_version = true)]
struct Cli {
    /// The node's configuration file; its folder is where the node lives. Without it: lotse.toml in this folder.
    #[arg(long, global = true, env = "LOTSE_CONFIG")]
    config: Option<PathBuf>,
    /// Sets one option for this call, such as --set site.listen=0.0.0.0:80; may be repeated.
    #[arg(long = "set", global = true, value_name = "SECTION.KEY=VALUE")]
    set: Vec<String>,
    /// Prints one JSON document instead of sentences, for scripts.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 done; 1 looked and found something wrong; 2 asked wrongly; \
    3 not found; 4 not allowed; 5 contradicts what is there; 6 busy or unreachable, try again; 70 something is broken.";

#[derive(Subcommand)]
enum Command {
    /// Makes a new node: configuration, keys, database, identity.
    Init(init::Init),
    /// Runs the node: site, app API, feed, and following others.
    Serve(serve::Serve),
    /// Shows two nodes sharing a real region, in a temporary folder, until Ctrl-C.
    Demo(demo::Demo),
    /// Regions of this node: list them, add one, add a language.
    #[command(subcommand)]
    Region(region::Region),
    /// Pages of this node: list, archive, restore, erase.
    #[command(subcommand)]
    Page(page::Page),
    /// News: tell them, now or later, list them, take them back.
    #[command(subcommand)]
    News(news::News),
    /// What items say of themselves: licence, attribution, topics, audiences.
    #[command(subcommand)]
    Item(item::Item),
    /// The words by which items are sorted: what they are about, and whom they are for.
    #[command(subcommand)]
    Vocabulary(vocabulary::Vocabulary),
    /// Pictures of this node: list, add, describe, replace, delete, and which texts show them.
    #[command(subcommand)]
    Media(media::Media),
    /// What readers said: list it, look at one, mark as read, delete.
    #[command(subcommand)]
    Feedback(feedback::Inbox),
    /// Calendars of others whose events a region takes over by the clock: add one, list them, remove one, run one now.
    #[command(subcommand)]
    Calendar(calendar::Calendar),
    /// What lets machines change content through the API: make tokens, list them, take them back.
    #[command(subcommand)]
    Token(token::Token),
    /// Takes content over from another system.
    #[command(subcommand)]
    Import(import::Import),
    /// Begins to follow another node: shows who it is, remembers it, and fetches what it publishes.
    Follow(follow::Follow),
    /// Asks the nodes that are followed for news, now.
    Sync(sync::Sync),
    /// Shows a page of a followed node, or a page with all below it, in your own tree, or no longer.
    Adopt(adopt::Adopt),
    /// The nodes that this one follows.
    #[command(subcommand)]
    Peers(peers::Peers),
    /// Checks a whole feed, ours or another's, and says in plain words what holds.
    Verify(verify::Verify),
    /// Writes the feed into a folder that any web server can serve and any stick can carry.
    Export(export::Export),
    /// The keys of this node: fingerprint, recovery sheet, and back from the sheet.
    #[command(subcommand)]
    Key(key::Key),
    /// Looks the node over and says what is well and what needs a person.
    Doctor(doctor::Doctor),
}

/// What every command may use.
struct Call {
    config: Place,
    set: Vec<String>,
    say: Say,
}

impl Call {
    fn settings(&self) -> Result<Config, AppError> {
        settings::read(&self.config, &self.set)
    }

    fn settings_of_node(&self) -> Result<Config, AppError> {
        settings::of_node(&self.config, &self.set)
    }

    fn node(&self) -> Result<Node, AppError> {
        let config = self.settings_of_node()?;
        say::start_log(&config.log, say::Quiet::OnlyWarnings);
        Node::open(config, Clock::default(), Purpose::Write)
    }

    /// A node to look at: nothing is signed, whatever state it is in.
    fn looking(&self) -> Result<Node, AppError> {
        let config = self.settings_of_node()?;
        say::start_log(&config.log, say::Quiet::OnlyWarnings);
        Node::open(config, Clock::default(), Purpose::Look)
    }

    /// Runs asynchronous work to its end.
    fn wait<T>(&self, work: impl Future<Output = T>) -> Result<T, AppError> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        Ok(runtime.map_err(AppError::file("the runtime"))?.block_on(work))
    }
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let Cli { config, set, json, command } = Cli::parse();
    let config = config.map_or(Place::Usual, Place::Named);
    let call = Call { config, set, say: Say::new(json) };
    let outcome = match command {
        Command::Init(command) => command.run(&call),
        Command::Serve(command) => command.run(&call),
        Command::Demo(command) => command.run(&call),
        Command::Region(command) => command.run(&call),
        Command::Page(command) => command.run(&call),
        Command::News(command) => command.run(&call),
        Command::Item(command) => command.run(&call),
        Command::Vocabulary(command) => command.run(&call),
        Command::Media(command) => command.run(&call),
        Command::Feedback(command) => command.run(&call),
        Command::Calendar(command) => command.run(&call),
        Command::Token(command) => command.run(&call),
        Command::Import(command) => command.run(&call),
        Command::Follow(command) => command.run(&call),
        Command::Sync(command) => command.run(&call),
        Command::Adopt(command) => command.run(&call),
        Command::Peers(command) => command.run(&call),
        Command::Verify(command) => command.run(&call),
        Command::Export(command) => command.run(&call),
        Command::Key(command) => command.run(&call),
        Command::Doctor(command) => command.run(&call),
    };
    match outcome {
        Ok(_) if call.say.is_unwritten() => ExitCode::from(exit_code(Kind::Broken)),
        Ok(code) => code,
        Err(error) => {
            call.say.error(&error);
            ExitCode::from(exit_code(error.kind()))
        }
    }
}

fn exit_code(kind: Kind) -> u8 {
    match kind {
        Kind::Invalid => 2,
        Kind::NotFound => 3,
        Kind::Forbidden => 4,
        Kind::Conflict => 5,
        Kind::Busy | Kind::TooOften => 6,
        Kind::Broken => 70,
    }
}

/// "Looked and found something wrong".
fn finding() -> ExitCode {
    ExitCode::from(1)
}
