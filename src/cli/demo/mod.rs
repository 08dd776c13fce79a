//! `lotse demo`: two nodes on this machine share the real content of Landkreis Augsburg.

mod items;
mod district;
mod town;

use super::Call;
use super::serve::asked_to_stop;
use crate::app::serve::{Serving, listen};
use crate::app::{AppError, Node, settings};
use crate::config::Config;
use crate::platform::clock::{self, Clock};
use clap::Args;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

#[derive(Args)]
pub struct Demo {
    /// Keeps the folder with both nodes when it ends, and says where it is.
    #[arg(long)]
    keep: bool,
    /// Ends by itself once the change has arrived, instead of waiting for Ctrl-C.
    #[arg(long)]
    once: bool,
}

/// A change at the district must have arrived at the town by then.
const ARRIVAL: Duration = Duration::from_secs(60);

impl Demo {
    pub fn run(self, call: &Call) -> Result<ExitCode, AppError> {
        let folder = Folder::new(self.keep)?;
        call.wait(async {
            tokio::select! {
                outcome = show(call, &folder.path, self.once) => outcome,
                () = asked_to_stop() => Ok(()),
            }
        })??;
        if self.keep {
            call.say.remark(&again(&folder.path));
        }
        Ok(ExitCode::SUCCESS)
    }
}

const PLACES: [&str; 2] = ["landkreis-augsburg", "musterstadt"];

/// How to run the kept nodes again.
fn again(folder: &Path) -> String {
    let program = std::env::current_exe().unwrap_or_else(|_| PathBuf::from("lotse"));
    let files = PLACES.iter().map(|place| folder.join(place).join(settings::FILE_NAME));
    let serve = |file: PathBuf| format!("\n  {} --config {} serve", program.display(), file.display());
    let commands: String = files.filter(|file| file.exists()).map(serve).collect();
    format!(
        "The nodes are kept in {}. To run them again, each in a terminal of its own:{commands}",
        folder.display()
    )
}

async fn show(call: &Call, folder: &Path, once: bool) -> Result<(), AppError> {
    let say = |sentence: &str| call.say.remark(sentence);
    say("Lotse demo: two independent nodes on this machine.\n");
    say("1. Landkreis Augsburg takes over its real content (CC-BY-4.0, January 2024) …");
    let (district, district_port) = node(folder, PLACES[0], "Landkreis Augsburg").await?;
    say(&format!("   {}", on_a_thread(&district, district::import).await?));
    say(&format!("   Beside them, invented: {}.", on_a_thread(&district, district::invent).await?));
    let district_serving = Serving::start(district.clone(), district_port).await?;

    say("2. Musterstadt, an invented town in that district, writes ten pages of its own …");
    let (town, town_port) = node(folder, PLACES[1], "Musterstadt").await?;
    let (region, beside) = on_a_thread(&town, town::write).await?;
    say(&format!("   Beside them {beside}, in German and English, mostly in Arabic and Ukrainian too."));

    say("3. The town follows the district. These thirty digits are what both would compare by telephone:");
    say(&format!("   {}", district.id().spoken_fingerprint()));
    let entries = town::follow(&town, &district.config.site.url).await?;
    say(&format!("   {entries} entries verified against one signature."));
    say("   Adopted live, in German and English:");
    for (kind, title) in town::ADOPTED {
        let items = town::adopt(&town, &district, region, (kind, title)).await?;
        say(&format!("   - {} \"{title}\" with all that it needs ({items} in all)", kind.as_str()));
    }
    let town_serving = Serving::start(town.clone(), town_port).await?;
    invite(call, &district, &town);

    say("4. The district changes a page …");
    let change = on_a_thread(&district, district::change_a_page).await?;
    let seconds =
        tokio::time::timeout(ARRIVAL, town::await_change(&town, &change)).await.map_err(|_| {
            crate::app::asked("the demo")("the change did not arrive at the town within a minute")
        })??;
    say(&format!("   … and it stands at the town {seconds:.1} seconds later: {}", change.at_town(&town)));
    say(&format!("   Its origin: {}", change.at_district));
    if !once {
        say("\nLook around; Ctrl-C ends both nodes and removes their folder.");
        asked_to_stop().await;
    }
    town_serving.stop().await;
    district_serving.stop().await;
    Ok(())
}

fn invite(call: &Call, district: &Node, town: &Node) {
    let (district, town) = (&district.config.site.url, &town.config.site.url);
    call.say.remark(&format!(
        "\n   Open in a browser:\n   \
         {town}musterstadt/de/       the town, with its own and the district's pages\n   \
         {town}musterstadt/ar/       the same in Arabic; English and Ukrainian are one click away\n   \
         {town}musterstadt/de/events/      its events, one of the district's among them\n   \
         {town}musterstadt/de/locations/   its places with what holds today, likewise\n   \
         {town}musterstadt/de/news/        its news\n   \
         {district}lkaugsburg/de/    the district\n   \
         {district}api/v3/lkaugsburg/de/pages/   what the Integreat apps ask for\n   \
         {district}feed/pub/1/checkpoint         the signed head of the district's feed\n"
    ));
}

/// A fresh node with a free port of its own.
async fn node(folder: &Path, place: &str, name: &str) -> Result<(Node, TcpListener), AppError> {
    let listener = listen(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
    let address = listener.local_addr().map_err(AppError::file("the listening port"))?;
    let (url, listen, home) = (format!("http://{address}/"), address.to_string(), folder.join(place));
    let options = [
        ("node.name", name),
        ("site.url", url.as_str()),
        ("site.listen", listen.as_str()),
        ("federation.allow_private_addresses", "true"),
        ("federation.poll_min_seconds", "1"),
        ("federation.poll_max_seconds", "2"),
    ];
    let config = Config::of(&home, &options)?;
    super::say::start_log(&config.log, super::say::Quiet::OnlyWarnings);
    let made = tokio::task::spawn_blocking(move || Node::init(config, Clock::default()));
    let node = made.await.map_err(crate::app::asked("the node"))??;
    let flags: Vec<String> = options.iter().map(|(key, value)| format!("{key}={value}")).collect();
    super::init::keep(&home.join(settings::FILE_NAME), &flags)?;
    Ok((node, listener))
}

async fn on_a_thread<T: Send + 'static>(
    node: &Node,
    work: fn(&Node) -> Result<T, AppError>,
) -> Result<T, AppError> {
    let node = node.clone();
    tokio::task::spawn_blocking(move || work(&node)).await.map_err(crate::app::asked("the demo"))?
}

/// A folder that goes with the demo.
struct Folder {
    path: PathBuf,
    keep: bool,
}

impl Folder {
    fn new(keep: bool) -> Result<Folder, AppError> {
        let name = format!("lotse-demo-{}", data_encoding::HEXLOWER.encode(&clock::chance::<6>()));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).map_err(AppError::file(&path))?;
        Ok(Folder { path, keep })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.keep {
            drop(std::fs::remove_dir_all(&self.path));
        }
    }
}
