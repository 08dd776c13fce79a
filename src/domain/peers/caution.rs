//! Two speeds of trust (civic-feed §2.7): what looks dangerous is not taken over before enough witnesses have cosigned it,
//! or a person has said so.

use super::Peers;
use super::error::PeerError;
use super::freshness::SKEW_SECONDS;
use super::quarantine;
use super::store::feeds::{self, FeedRow};
use super::verify::{Signed, Verified};
use crate::platform::db::{DbError, Write};
use crate::tlog::signed_note::Note;

/// SPEC: withdrawal of > 20 % of objects in one sync (civic-feed §2.7); one in so many.
const TOO_MANY_ONE_IN: u64 = 5;
/// Fewer than so many are a tidy editor's morning, however small the node is.
const FEW: u64 = 20;

/// Whether so many withdrawals of objects at once look like an accident or an attack. Erasures are none of them: they
/// must arrive wherever texts are held.
pub fn is_mass_withdrawal(withdrawn: u64, of: u64) -> bool {
    withdrawn >= FEW && withdrawn * TOO_MANY_ONE_IN > of
}

/// Whose word a feed waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// A person's alone.
    Person,
    /// A person's, or that of the witnesses whom the policy names.
    Witnesses,
}

/// Whether a checkpoint is one that a person has agreed to, or that the witnesses of the policy vouch for.
pub fn is_vouched_for(peers: &Peers, feed: &FeedRow, signed: &Verified<Signed>) -> bool {
    let agreed = u64::try_from(feed.confirmed_size).is_ok_and(|agreed| signed.checkpoint.size <= agreed);
    agreed || is_witnessed(peers, signed)
}

fn is_witnessed(peers: &Peers, signed: &Verified<Signed>) -> bool {
    let Some(policy) = peers.policy.as_ref().filter(|policy| policy.needs_witnesses()) else { return false };
    let latest = peers.clock.now().plus_seconds(SKEW_SECONDS).unix_seconds();
    Note::parse(signed.note.as_bytes()).is_ok_and(|note| policy.accepts(&note, latest))
}

/// Takes nothing over until somebody gives their word; the error to tell. Where witnesses may, the feed goes on being
/// asked, for their lines come later.
pub async fn hold(
    peers: &Peers,
    feed: &FeedRow,
    signed: &Verified<Signed>,
    why: String,
    word: Word,
) -> PeerError {
    let now = peers.clock.now();
    let may_be_witnessed = peers.policy.as_ref().is_some_and(|policy| policy.needs_witnesses());
    let next = match word {
        Word::Witnesses if may_be_witnessed => now.plus_seconds(peers.limits.poll_min_seconds).micros(),
        _ => 0,
    };
    let seen = quarantine::seen(&feed.origin, signed, "origin", now);
    let (origin, told) = (feed.origin.clone(), why.clone());
    let wait = move |tx: &mut Write<'_>| -> Result<(), DbError> {
        feeds::keep_seen(tx, &seen)?;
        feeds::hold(tx, &seen.origin, &told, (seen.size, next))
    };
    match peers.database.run(move |database| database.write(wait)).await {
        Ok(()) => PeerError::Held { origin, why },
        Err(error) => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::is_mass_withdrawal;

    #[test]
    fn more_than_a_fifth_at_once_is_too_many_unless_they_are_few() {
        for (withdrawn, of, holds) in [(19, 19, false), (20, 100, false), (20, 99, true), (21, 100, true)] {
            assert_eq!(is_mass_withdrawal(withdrawn, of), holds, "{withdrawn} of {of}");
        }
    }
}
