//! Who may change something here: the holder of a token, who says which version of an item or medium they saw.

use super::part;
use super::refusal::{Refusal, Refused};
use crate::base::digest::Digest;
use crate::base::id::{ItemId, RegionId};
use crate::domain::access::AccessError;
use crate::domain::access::recognise::{note_use, recognise};
use crate::domain::access::token::{Scope, Secret, Token};
use crate::domain::content::Desk;
use crate::domain::content::media::{library, usage};
use crate::domain::content::present::{Present, present};
use crate::platform::db::{Read, Write};
use crate::web::State;
use crate::web::problem::Problem;
use actix_web::http::header;
use actix_web::{HttpRequest, web};

/// Somebody who may change content of a region.
pub struct Caller {
    state: web::Data<State>,
    /// Of the token's secret.
    sha256: Digest,
    pub region: RegionId,
    pub region_slug: String,
}

/// Which version of an item the caller wants to change.
pub enum Seen {
    /// Whichever there is.
    Any,
    /// Empty: none that there ever was.
    Versions(Vec<i64>),
}

impl Caller {
    /// # Errors: no token, one that is of no use, or not for this region; too many strangers came from there.
    pub async fn of(request: &HttpRequest, state: &web::Data<State>) -> Result<Caller, Refused> {
        let (token, sha256) = holder(request, state).await?;
        let showing = state.showing();
        let region = super::regions::named(&showing.snapshot, request)?;
        token.check(Scope::ContentWrite, region.id)?;
        Ok(Caller { state: state.clone(), sha256, region: region.id, region_slug: region.slug.clone() })
    }

    /// Looks at the item that the path names, as it is at present.
    pub async fn look(self, request: &HttpRequest) -> Result<(Caller, Present), Refused> {
        let (id, region) = (item(request)?, self.region);
        let look = move |tx: &mut Read<'_>| present(tx, region, id).map_err(Refusal::from);
        let present = self.state.database.run(move |database| database.read(look)).await?;
        Ok((self, present))
    }

    /// Makes something new; what it is afterwards.
    pub async fn make<F>(self, work: F) -> Result<Present, Refused>
    where
        F: FnOnce(&mut Write<'_>, &Desk<'_>) -> Result<ItemId, Refusal> + Send + 'static,
    {
        let (state, sha256, region) = (self.state.clone(), self.sha256, self.region);
        let change = move |tx: &mut Write<'_>| {
            still(tx, &state, sha256)?.check(Scope::ContentWrite, region)?;
            let desk = Desk { clock: &state.clock, site: &state.about.site };
            let id = work(tx, &desk)?;
            Ok::<_, Refusal>(present(tx, region, id)?)
        };
        Ok(self.state.database.run(move |database| database.write(change)).await?)
    }

    /// Changes the item that the path names, if it is ours and still what the caller saw; what it is afterwards.
    pub async fn change<F>(self, request: &HttpRequest, work: F) -> Result<Present, Refused>
    where
        F: FnOnce(&mut Write<'_>, &Desk<'_>, &Present) -> Result<(), Refusal> + Send + 'static,
    {
        let (seen, id, region) = (Seen::by(request)?, item(request)?, self.region);
        self.make(move |tx, desk| {
            let before = present(tx, region, id)?;
            seen.check(before.item.version)?;
            before.is_ours()?;
            work(tx, desk, &before)?;
            Ok(id)
        })
        .await
    }
}

/// Somebody who may use the library, which all regions share.
pub struct Librarian {
    state: web::Data<State>,
    sha256: Digest,
    /// `None`: whoever works for every region.
    pub region: Option<RegionId>,
}

impl Librarian {
    /// # Errors: no token, one that is of no use, or not for this; too many strangers came from there.
    pub async fn of(request: &HttpRequest, state: &web::Data<State>) -> Result<Librarian, Refused> {
        let (token, sha256) = holder(request, state).await?;
        token.check_scope(Scope::ContentWrite)?;
        Ok(Librarian { state: state.clone(), sha256, region: token.region })
    }

    /// For the transaction of a change: whether they still may.
    pub fn may(&self) -> impl FnOnce(&mut Write<'_>) -> Result<(), Refusal> + Send + 'static {
        let (state, sha256) = (self.state.clone(), self.sha256);
        move |tx| Ok(still(tx, &state, sha256)?.check_scope(Scope::ContentWrite)?)
    }

    /// Changes these media, in the version that the caller saw of the first. Who works for one region changes none that
    /// another one shows.
    pub async fn change<T, F>(self, media: Vec<Digest>, seen: Seen, work: F) -> Result<T, Refused>
    where
        T: Send + 'static,
        F: FnOnce(&mut Write<'_>, &Desk<'_>) -> Result<T, Refusal> + Send + 'static,
    {
        let (state, sha256) = (self.state.clone(), self.sha256);
        let change = move |tx: &mut Write<'_>| {
            let token = still(tx, &state, sha256)?;
            token.check_scope(Scope::ContentWrite)?;
            for (at, medium) in media.into_iter().enumerate() {
                let entry = library::find(tx, medium)?;
                if at == 0 {
                    seen.check(entry.record.map_or(0, |record| record.version))?;
                }
                for region in usage::regions(tx, medium)? {
                    token.check(Scope::ContentWrite, region)?;
                }
            }
            work(tx, &Desk { clock: &state.clock, site: &state.about.site })
        };
        Ok(self.state.database.run(move |database| database.write(change)).await?)
    }
}

/// The token that comes with a request, and the hash of its secret.
/// # Errors: as [`recognise`]; too many strangers came from there.
async fn holder(request: &HttpRequest, state: &web::Data<State>) -> Result<(Token, Digest), Refused> {
    match recognised(request, state).await {
        Err(AccessError::Stranger) => {
            state.strangers.admit(request)?;
            Err(AccessError::Stranger.into())
        }
        other => Ok(other?),
    }
}

/// The token again, in the transaction of a change: it may have been revoked or have expired while the body arrived.
fn still(tx: &mut Write<'_>, state: &State, sha256: Digest) -> Result<Token, AccessError> {
    let token = recognise(tx, &state.clock, sha256)?;
    note_use(tx, &state.clock, &token)?;
    Ok(token)
}

async fn recognised(request: &HttpRequest, state: &web::Data<State>) -> Result<(Token, Digest), AccessError> {
    let given = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    // SPEC: RFC 9110 §11.1: the name of the scheme is case-insensitive.
    let bearer = given.and_then(|given| given.split_once(' '));
    let bearer = bearer.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let secret = bearer.and_then(|(_, secret)| Secret::read(secret.trim())).ok_or(AccessError::Stranger)?;
    let (clock, sha256) = (state.clock.clone(), secret.digest());
    let look = move |tx: &mut Read<'_>| recognise(tx, &clock, sha256);
    let token = state.database.run(move |database| database.read(look)).await?;
    Ok((token, sha256))
}

/// The item that the path names.
pub fn item(request: &HttpRequest) -> Result<ItemId, Refusal> {
    let named = part(request, "item");
    named.parse().map_err(|_| Refusal::UnknownItem { item: named.chars().take(60).collect() })
}

impl Seen {
    /// What If-Match says. # Errors: it is missing.
    pub fn by(request: &HttpRequest) -> Result<Seen, Problem> {
        let mut versions = Vec::new();
        let mut is_there = false;
        // SPEC: RFC 9110 §13.1.1: `*`, or a list of tags, compared strongly: a weak one never matches.
        for line in request.headers().get_all(header::IF_MATCH) {
            is_there = true;
            for tag in line.to_str().unwrap_or_default().split(',').map(str::trim) {
                if tag == "*" {
                    return Ok(Seen::Any);
                }
                let inside = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"')).unwrap_or_default();
                // How it was told, compressed or in part, does not matter: the version does.
                versions.extend(inside.split('-').next().and_then(|version| version.parse::<i64>().ok()));
            }
        }
        if is_there { Ok(Seen::Versions(versions)) } else { Err(Problem::unseen()) }
    }

    /// # Errors: [`Refusal::Stale`].
    fn check(&self, now: i64) -> Result<(), Refusal> {
        match self {
            Seen::Versions(versions) if !versions.contains(&now) => Err(Refusal::Stale { now }),
            _ => Ok(()),
        }
    }
}
