//! Runs a node until it is told to stop: the doors, the log, the picture, and the nodes it follows.

use super::picture::Shown;
use super::{AppError, Node};
use crate::base::error::Told;
use crate::domain::adoption::{AdoptionError, mirror};
use crate::domain::content::media::pictures;
use crate::jobs::sync_peers::Following;
use crate::jobs::{forget_feedback, tell_news};
use crate::platform::db::{Read, Write};
use crate::web::{State, routes};
use actix_web::dev::ServerHandle;
use actix_web::{App, HttpServer, web};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval_at};

/// The log is looked at this often; SPEC (§2.9): every 5 seconds at most.
const LOG_EVERY: Duration = Duration::from_secs(2);
const PICTURE_EVERY: Duration = Duration::from_millis(500);
const NEWS_EVERY: Duration = Duration::from_secs(1);
const NEWS_AFTER_TROUBLE: Duration = Duration::from_secs(60);
const INBOX_EVERY: Duration = Duration::from_secs(3600);
const PEERS_EVERY: Duration = Duration::from_secs(1);
const CALENDARS_EVERY: Duration = Duration::from_secs(30);

/// Pictures that others brought, such as a sync or a command, are looked for this often.
const COPIES_EVERY: Duration = Duration::from_secs(5);

/// Requests under way at the end get this long.
const GRACE_SECONDS: u64 = 10;

/// A node that serves. Dropping it stops it without grace; [`Serving::stop`] is better.
pub struct Serving {
    pub address: SocketAddr,
    server: ServerHandle,
    picture: Picture,
    stop: watch::Sender<bool>,
    tasks: Vec<tokio::task::JoinHandle<()>>,
}

/// What readers see, and what it was made from.
#[derive(Clone)]
struct Picture {
    node: Node,
    state: web::Data<State>,
    shown: Arc<Mutex<Shown>>,
}

impl Picture {
    async fn refresh(&self) -> Result<bool, AppError> {
        let picture = self.clone();
        blocking(move || {
            let mut shown = picture.shown.lock().unwrap_or_else(PoisonError::into_inner);
            shown.refresh(&picture.node, &picture.state)
        })
        .await
    }
}

/// Takes the port. # Errors: [`AppError::Listen`] names the address and a way out.
pub fn listen(address: SocketAddr) -> Result<TcpListener, AppError> {
    TcpListener::bind(address).map_err(|cause| AppError::Listen { address: address.to_string(), cause })
}

impl Serving {
    /// Begins to serve on `listener`. Readers find a complete picture from the first request on.
    pub async fn start(node: Node, listener: TcpListener) -> Result<Serving, AppError> {
        let listening = |cause| AppError::Listen { address: "the chosen address".to_owned(), cause };
        let address = listener.local_addr().map_err(listening)?;
        let state = State::new(node.about(), node.db.clone(), node.blobs.clone(), node.clock.clone());
        let state = web::Data::new(state.behind_proxy(&node.config.site.client_address_header));
        let picture = Picture { node: node.clone(), state: state.clone(), shown: Arc::default() };
        picture.refresh().await?;
        let for_doors = state.clone();
        let server = HttpServer::new(move || {
            App::new()
                .app_data(for_doors.clone())
                .wrap(routes::security_headers())
                .configure(routes::configure)
        })
        .workers(workers())
        .disable_signals()
        .shutdown_timeout(GRACE_SECONDS)
        .listen(listener)
        .map_err(listening)?
        .run();
        let handle = server.handle();
        let (stop, stopped) = watch::channel(false);
        let tasks = vec![
            tokio::spawn(async move {
                if let Err(error) = server.await {
                    tracing::error!(%error, "the server ended");
                }
            }),
            tokio::spawn(keep_log(node.clone(), stopped.clone())),
            tokio::spawn(keep_news(node.clone(), stopped.clone())),
            tokio::spawn(keep_inbox(node.clone(), stopped.clone())),
            tokio::spawn(keep_picture(picture.clone(), stopped.clone())),
            tokio::spawn(keep_calendars(node.clone(), stopped.clone())),
            tokio::spawn(keep_copies(node.clone(), stopped.clone())),
            tokio::spawn(keep_peers(node, stopped)),
        ];
        Ok(Serving { address, server: handle, picture, stop, tasks })
    }

    /// Shows at once what was published, instead of within half a second; whether there was anything new to show.
    /// # Errors: the database cannot be read; readers keep seeing what they saw.
    pub async fn refresh(&self) -> Result<bool, AppError> {
        self.picture.refresh().await
    }

    /// Lets requests and the work at hand finish, then returns.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        self.server.stop(true).await;
        for task in self.tasks {
            let _ = task.await;
        }
    }
}

fn workers() -> usize {
    std::thread::available_parallelism().map_or(2, usize::from)
}

/// Runs `f` on a thread that may block; a panic goes on here.
async fn blocking<T: Send + 'static>(f: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(f).await {
        Ok(value) => value,
        Err(failed) => std::panic::resume_unwind(failed.into_panic()),
    }
}

/// Waits; `false` when it is time to stop.
async fn pause(stopped: &mut watch::Receiver<bool>, length: Duration) -> bool {
    if *stopped.borrow() {
        return false;
    }
    tokio::select! {
        () = tokio::time::sleep(length) => true,
        changed = stopped.changed() => changed.is_ok() && !*stopped.borrow(),
    }
}

async fn keep_log(node: Node, mut stopped: watch::Receiver<bool>) {
    let mut told = false;
    loop {
        let working = node.clone();
        match blocking(move || working.log()).await {
            Ok(_) => told = false,
            Err(error) if !told => {
                tracing::error!(code = error.code(), %error, "nothing is signed");
                told = true;
            }
            Err(_) => {}
        }
        if !pause(&mut stopped, LOG_EVERY).await {
            return;
        }
    }
}

/// Tells news that are due; after trouble less often.
async fn keep_news(node: Node, mut stopped: watch::Receiver<bool>) {
    loop {
        let working = node.clone();
        let told = blocking(move || tell_news::tell_due(&working.db, &working.desk())).await;
        if let Err(error) = &told {
            tracing::error!(code = error.code(), %error, "news that are due could not be told");
        }
        if !pause(&mut stopped, if told.is_ok() { NEWS_EVERY } else { NEWS_AFTER_TROUBLE }).await {
            return;
        }
    }
}

async fn keep_inbox(node: Node, mut stopped: watch::Receiver<bool>) {
    loop {
        let working = node.clone();
        if let Err(error) = blocking(move || forget_feedback::forget_old(&working.db, &working.clock)).await {
            tracing::warn!(code = error.code(), %error, "old feedback stays for now");
        }
        if !pause(&mut stopped, INBOX_EVERY).await {
            return;
        }
    }
}

async fn keep_picture(picture: Picture, mut stopped: watch::Receiver<bool>) {
    while pause(&mut stopped, PICTURE_EVERY).await {
        if let Err(error) = picture.refresh().await {
            tracing::error!(code = error.code(), %error, "readers keep seeing the last picture");
        }
    }
}

/// What is under way when the node stops is dropped: a calendar is taken over whole or not at all.
async fn keep_calendars(node: Node, mut stopped: watch::Receiver<bool>) {
    let calendars = node.calendars();
    let mut ending = stopped.clone();
    while pause(&mut stopped, CALENDARS_EVERY).await {
        tokio::select! {
            _ = ending.wait_for(|stop| *stop) => return,
            done = calendars.due() => if let Err(error) = done {
                tracing::warn!(code = error.code(), %error, "calendars could not be taken over");
            },
        }
    }
}

/// Makes smaller copies of new pictures, some at a time and one after the other. Nothing waits for them: until they are
/// there, the pictures are shown as they are.
async fn keep_copies(node: Node, mut stopped: watch::Receiver<bool>) {
    while pause(&mut stopped, COPIES_EVERY).await {
        let mut more = true;
        while more && !*stopped.borrow() {
            let working = node.clone();
            let made = blocking(move || pictures::make_some(&working.db, &working.blobs)).await;
            more = made.as_ref().is_ok_and(|count| *count > 0);
            if let Err(error) = made {
                tracing::error!(code = error.code(), %error, "pictures are shown in their own size alone");
            }
        }
    }
}

async fn keep_peers(node: Node, mut stopped: watch::Receiver<bool>) {
    let mut following = Following::new(node.peers());
    let mut round = interval_at(Instant::now() + PEERS_EVERY, PEERS_EVERY);
    round.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        // Whoever is done has its news shown at once, whoever is still being asked.
        let is_time = tokio::select! {
            _ = stopped.wait_for(|stop| *stop) => break,
            _ = round.tick() => true,
            Some(_) = following.done() => false,
        };
        if is_time && let Err(error) = following.begin().await {
            tracing::warn!(code = error.code(), %error, "followed nodes could not be asked");
        }
        refresh_mirrors(&node).await;
    }
    following.stop().await;
}

/// Brings mirrors up to date with all news, whichever process brought them; what fails is tried again.
async fn refresh_mirrors(node: &Node) {
    let working = node.clone();
    let refreshed = blocking(move || {
        let mut failed = None;
        let now = working.clock.now();
        for origin in working.db.read(|tx: &mut Read<'_>| mirror::stale(tx, now))? {
            let refresh = |tx: &mut Write<'_>| mirror::refresh(tx, &working.desk(), &origin);
            // One feed's trouble is not the others'.
            failed = working.db.write(refresh).err().or(failed);
        }
        failed.map_or(Ok::<_, AdoptionError>(()), Err)
    });
    if let Err(error) = refreshed.await {
        tracing::error!(code = error.code(), %error, "mirrors stay as they were for now");
    }
}
