//! Rows of followed nodes and feeds: who they are, how far we are, when to ask again.

use crate::on_both;
use crate::platform::db::schema::{checkpoints_seen, evidence, peer_feeds, peer_identities, peer_nodes};
use crate::platform::db::{DbError, Reading, Write};
use diesel::prelude::*;

#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = peer_nodes, treat_none_as_default_value = false)]
pub struct NodeRow {
    pub node_id: String,
    pub name: String,
    pub site_url: Option<String>,
    pub state: String,
    pub pinned_at: i64,
    pub identity_seq: i64,
    pub why: Option<String>,
}

#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = peer_feeds, treat_none_as_default_value = false)]
pub struct FeedRow {
    pub origin: String,
    pub node_id: String,
    pub url: String,
    pub identity_url: String,
    pub size: i64,
    pub frontier: String,
    pub note: Option<String>,
    pub etag: Option<String>,
    pub state: String,
    pub why: Option<String>,
    pub filter: String,
    pub next_poll_at: i64,
    pub lease_until: i64,
    pub fail_count: i64,
    pub last_ok_at: Option<i64>,
    pub last_new_at: Option<i64>,
    pub behind_since: Option<i64>,
    /// A person agreed to take so many entries over, however many at once.
    pub confirmed_size: i64,
    /// Bytes of its entries and of what `held_blobs` says.
    pub held_bytes: i64,
    pub last_error: Option<String>,
}

#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = peer_identities, treat_none_as_default_value = false)]
pub struct IdentityRow {
    pub node_id: String,
    pub seq: i64,
    pub sha256: String,
    pub note: String,
    pub seen_at: i64,
    pub source: String,
}

#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = checkpoints_seen, treat_none_as_default_value = false)]
pub struct SeenRow {
    pub origin: String,
    pub size: i64,
    pub root: String,
    pub note: String,
    pub source: String,
    pub seen_at: i64,
}

#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = evidence, treat_none_as_default_value = false)]
pub struct EvidenceRow {
    pub id: String,
    pub origin: String,
    pub what: String,
    pub detail: String,
    pub found_at: i64,
}

pub fn nodes(tx: &mut impl Reading) -> Result<Vec<NodeRow>, DbError> {
    Ok(on_both!(tx, c => peer_nodes::table.order((peer_nodes::pinned_at, peer_nodes::node_id))
        .select(NodeRow::as_select()).load(c))?)
}

pub fn node(tx: &mut impl Reading, node_id: &str) -> Result<Option<NodeRow>, DbError> {
    Ok(on_both!(tx, c => peer_nodes::table.find(node_id).select(NodeRow::as_select()).first(c).optional())?)
}

pub fn insert_node(tx: &mut Write<'_>, row: &NodeRow) -> Result<(), DbError> {
    on_both!(tx, c => diesel::insert_into(peer_nodes::table).values(row).execute(c))?;
    Ok(())
}

/// What the node's own profile says of it.
pub fn introduce(tx: &mut Write<'_>, node_id: &str, name: &str, site: &str) -> Result<(), DbError> {
    on_both!(tx, c => diesel::update(peer_nodes::table.find(node_id))
        .set((peer_nodes::name.eq(name), peer_nodes::site_url.eq(site))).execute(c))?;
    Ok(())
}

pub fn freeze(tx: &mut Write<'_>, node_id: &str, why: &str) -> Result<(), DbError> {
    on_both!(tx, c => diesel::update(peer_nodes::table.find(node_id))
        .set((peer_nodes::state.eq("frozen"), peer_nodes::why.eq(why))).execute(c))?;
    Ok(())
}

/// Takes a freeze back.
pub fn unfreeze(tx: &mut Write<'_>, node_id: &str) -> Result<(), DbError> {
    on_both!(tx, c => diesel::update(peer_nodes::table.find(node_id))
        .filter(peer_nodes::state.eq("frozen"))
        .set((peer_nodes::state.eq("followed"), peer_nodes::why.eq(None::<String>))).execute(c))?;
    Ok(())
}

/// In the order of their numbers; more than one with a number is a fork.
pub fn identities(tx: &mut impl Reading, node_id: &str) -> Result<Vec<IdentityRow>, DbError> {
    Ok(on_both!(tx, c => peer_identities::table.filter(peer_identities::node_id.eq(node_id))
        .order((peer_identities::seq, peer_identities::seen_at))
        .select(IdentityRow::as_select()).load(c))?)
}

pub fn keep_identities(tx: &mut Write<'_>, rows: &[IdentityRow]) -> Result<(), DbError> {
    for row in rows {
        on_both!(tx, c => diesel::insert_into(peer_identities::table).values(row)
            .on_conflict_do_nothing().execute(c))?;
    }
    let Some(newest) = rows.iter().max_by_key(|row| row.seq) else { return Ok(()) };
    on_both!(tx, c => diesel::update(peer_nodes::table.find(&newest.node_id))
        .set(peer_nodes::identity_seq.eq(newest.seq)).execute(c))?;
    Ok(())
}

pub fn feeds(tx: &mut impl Reading) -> Result<Vec<FeedRow>, DbError> {
    Ok(on_both!(tx, c => peer_feeds::table.order(peer_feeds::origin)
        .select(FeedRow::as_select()).load(c))?)
}

pub fn feed(tx: &mut impl Reading, origin: &str) -> Result<Option<FeedRow>, DbError> {
    Ok(on_both!(tx, c => peer_feeds::table.find(origin).select(FeedRow::as_select()).first(c).optional())?)
}

pub fn insert_feed(tx: &mut Write<'_>, row: &FeedRow) -> Result<(), DbError> {
    on_both!(tx, c => diesel::insert_into(peer_feeds::table).values(row).execute(c))?;
    Ok(())
}

/// Deletes a feed with all it said, and its node if that has no other.
pub fn delete(tx: &mut Write<'_>, feed: &FeedRow) -> Result<(), DbError> {
    on_both!(tx, c => diesel::delete(peer_feeds::table.find(&feed.origin)).execute(c))?;
    let others: i64 = on_both!(tx, c => peer_feeds::table.filter(peer_feeds::node_id.eq(&feed.node_id))
        .count().get_result(c))?;
    if others == 0 {
        on_both!(tx, c => diesel::delete(peer_nodes::table.find(&feed.node_id)).execute(c))?;
    }
    Ok(())
}

pub fn set_filter(tx: &mut Write<'_>, origin: &str, filter: &str) -> Result<(), DbError> {
    on_both!(tx, c => diesel::update(peer_feeds::table.find(origin))
        .set(peer_feeds::filter.eq(filter)).execute(c))?;
    Ok(())
}

/// Where the files of a feed lie, after its node moved.
pub fn move_feed(tx: &mut Write<'_>, origin: &str, url: &str, identity_url: &str) -> Result<(), DbError> {
    on_both!(tx, c => diesel::update(peer_feeds::table.find(origin))
        .set((peer_feeds::url.eq(url), peer_feeds::identity_url.eq(identity_url),
            peer_feeds::etag.eq(None::<String>), peer_feeds::next_poll_at.eq(0))).execute(c))?;
    Ok(())
}

/// Feeds to ask at `now`, the longest due first.
pub fn due(tx: &mut impl Reading, now: i64) -> Result<Vec<String>, DbError> {
    Ok(on_both!(tx, c => peer_feeds::table
        .inner_join(peer_nodes::table.on(peer_nodes::node_id.eq(peer_feeds::node_id)))
        .filter(peer_nodes::state.eq("followed"))
        .filter(peer_feeds::state.eq("following"))
        .filter(peer_feeds::next_poll_at.le(now))
        .filter(peer_feeds::lease_until.le(now))
        .order(peer_feeds::next_poll_at)
        .select(peer_feeds::origin).load(c))?)
}

/// Whether the lease was free and is now ours.
pub fn take_lease(tx: &mut Write<'_>, origin: &str, now: i64, until: i64) -> Result<bool, DbError> {
    let taken = on_both!(tx, c => diesel::update(peer_feeds::table.find(origin))
        .filter(peer_feeds::lease_until.le(now))
        .set(peer_feeds::lease_until.eq(until)).execute(c))?;
    Ok(taken == 1)
}

/// Holds a lease for longer; one that ended meanwhile stays ended.
pub fn extend_lease(tx: &mut Write<'_>, origin: &str, until: i64) -> Result<(), DbError> {
    on_both!(tx, c => diesel::update(peer_feeds::table.find(origin))
        .filter(peer_feeds::lease_until.gt(0))
        .set(peer_feeds::lease_until.eq(until)).execute(c))?;
    Ok(())
}

pub fn free_leases(tx: &mut Write<'_>) -> Result<(), DbError> {
    on_both!(tx, c => diesel::update(peer_feeds::table)
        .set(peer_feeds::lease_until.eq(0)).execute(c))?;
    Ok(())
}

/// Moves a feed on from one size to a larger one; false if another process was faster. The ETag goes: the checkpoint
/// it belongs to is no longer the newest, so that showing it again is news.
pub fn advance(tx: &mut Write<'_>, origin: &str, sizes: (i64, i64), frontier: &str) -> Result<bool, DbError> {
    let moved = on_both!(tx, c => diesel::update(peer_feeds::table.find(origin))
        .filter(peer_feeds::size.eq(sizes.0))
        .set((peer_feeds::size.eq(sizes.1), peer_feeds::frontier.eq(frontier),
            peer_feeds::etag.eq(None::<String>))).execute(c))?;
    Ok(moved == 1)
}

/// The checkpoint that a feed's size and frontier belong to.
pub fn keep_note(tx: &mut Write<'_>, origin: &str, note: &str, etag: Option<&str>) -> Result<(), DbError> {
    on_both!(tx, c => diesel::update(peer_feeds::table.find(origin))
        .set((peer_feeds::note.eq(note), peer_feeds::etag.eq(etag))).execute(c))?;
    Ok(())
}

/// A sync that went well: `new` if it brought entries. The lease ends.
pub fn went_well(tx: &mut Write<'_>, origin: &str, now: i64, next: i64, new: bool) -> Result<(), DbError> {
    on_both!(tx, c => diesel::update(peer_feeds::table.find(origin))
        .set((peer_feeds::last_ok_at.eq(now), peer_feeds::next_poll_at.eq(next), peer_feeds::lease_until.eq(0),
            peer_feeds::fail_count.eq(0), peer_feeds::behind_since.eq(None::<i64>),
            peer_feeds::last_error.eq(None::<String>))).execute(c))?;
    if new {
        on_both!(tx, c => diesel::update(peer_feeds::table.find(origin))
            .set(peer_feeds::last_new_at.eq(now)).execute(c))?;
    }
    Ok(())
}

/// A sync that failed for now. The lease ends.
pub fn went_wrong(tx: &mut Write<'_>, origin: &str, next: i64, why: &str) -> Result<(), DbError> {
    on_both!(tx, c => diesel::update(peer_feeds::table.find(origin))
        .set((peer_feeds::next_poll_at.eq(next), peer_feeds::lease_until.eq(0),
            peer_feeds::fail_count.eq(peer_feeds::fail_count + 1), peer_feeds::last_error.eq(why))).execute(c))?;
    Ok(())
}

/// Remembers since when the feed shows less than we have.
pub fn fell_behind(tx: &mut Write<'_>, origin: &str, since: i64) -> Result<(), DbError> {
    on_both!(tx, c => diesel::update(peer_feeds::table.find(origin))
        .set(peer_feeds::behind_since.eq(since)).execute(c))?;
    Ok(())
}

pub fn set_state(tx: &mut Write<'_>, origin: &str, state: &str, why: Option<&str>) -> Result<(), DbError> {
    on_both!(tx, c => diesel::update(peer_feeds::table.find(origin))
        .set((peer_feeds::state.eq(state), peer_feeds::why.eq(why), peer_feeds::lease_until.eq(0),
            peer_feeds::next_poll_at.eq(0), peer_feeds::behind_since.eq(None::<i64>),
            peer_feeds::fail_count.eq(0))).execute(c))?;
    Ok(())
}

/// A person agrees to take so many entries over; what waited for that goes on.
pub fn confirm(tx: &mut Write<'_>, origin: &str, size: i64) -> Result<(), DbError> {
    on_both!(tx, c => diesel::update(peer_feeds::table.find(origin))
        .filter(peer_feeds::confirmed_size.lt(size))
        .set(peer_feeds::confirmed_size.eq(size)).execute(c))?;
    on_both!(tx, c => diesel::update(peer_feeds::table.find(origin))
        .filter(peer_feeds::state.eq("held"))
        .set((peer_feeds::state.eq("following"), peer_feeds::why.eq(None::<String>),
            peer_feeds::next_poll_at.eq(0))).execute(c))?;
    Ok(())
}

pub fn add_held(tx: &mut Write<'_>, origin: &str, bytes: i64) -> Result<(), DbError> {
    on_both!(tx, c => diesel::update(peer_feeds::table.find(origin))
        .set(peer_feeds::held_bytes.eq(peer_feeds::held_bytes + bytes)).execute(c))?;
    Ok(())
}

/// What is other than before in a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// Words of what was there before.
    Words,
    /// What there is, where it stands, or what it needs.
    Places,
}

/// Counts that something of this feed is to be shown otherwise, in the transaction that makes it so: whoever mirrors
/// the feed learns of it even if the process is killed right after. The number goes with the heads that changed.
pub fn count_news(tx: &mut Write<'_>, origin: &str, what: News) -> Result<i64, DbError> {
    let number: i64 = on_both!(tx, c => diesel::update(peer_feeds::table.find(origin))
        .set(peer_feeds::news.eq(peer_feeds::news + 1)).returning(peer_feeds::news).get_result(c))?;
    if what == News::Places {
        on_both!(tx, c => diesel::update(peer_feeds::table.find(origin))
            .set(peer_feeds::moved.eq(number)).execute(c))?;
    }
    Ok(number)
}

/// SPEC: keep all distinct checkpoints (civic-feed §2.15).
pub fn keep_seen(tx: &mut Write<'_>, row: &SeenRow) -> Result<(), DbError> {
    on_both!(tx, c => diesel::insert_into(checkpoints_seen::table).values(row)
        .on_conflict_do_nothing().execute(c))?;
    Ok(())
}

/// The size of the largest signed checkpoint ever seen of a feed.
pub fn largest_seen(tx: &mut impl Reading, origin: &str) -> Result<Option<i64>, DbError> {
    Ok(on_both!(tx, c => checkpoints_seen::table.filter(checkpoints_seen::origin.eq(origin))
        .select(diesel::dsl::max(checkpoints_seen::size)).first(c))?)
}

/// Signed checkpoints of one size: more than one root is a fork by itself.
pub fn seen_at_size(tx: &mut impl Reading, origin: &str, size: i64) -> Result<Vec<SeenRow>, DbError> {
    Ok(on_both!(tx, c => checkpoints_seen::table
        .filter(checkpoints_seen::origin.eq(origin)).filter(checkpoints_seen::size.eq(size))
        .select(SeenRow::as_select()).load(c))?)
}

pub fn keep_evidence(tx: &mut Write<'_>, row: &EvidenceRow) -> Result<(), DbError> {
    on_both!(tx, c => diesel::insert_into(evidence::table).values(row).execute(c))?;
    Ok(())
}

pub fn evidence_of(tx: &mut impl Reading, origin: &str) -> Result<Vec<EvidenceRow>, DbError> {
    Ok(on_both!(tx, c => evidence::table.filter(evidence::origin.eq(origin))
        .order(evidence::found_at).select(EvidenceRow::as_select()).load(c))?)
}
