//! Makes this node somebody: its first identity note, and a further one when its addresses change.

use super::chain::Chain;
use super::error::IdentityError;
use super::keyring::{Keyring, PUBLIC_FEED};
use super::note::{IdentityDocument, IdentityNote};
use super::store;
use crate::platform::db::Write;
use crate::tlog::jcs::is_profile_text;

/// The node's chain, begun or continued so that its newest note names `urls` (base addresses with a slash at the end).
///
/// # Errors
/// [`IdentityError::ForeignKeys`] if the chain in the database is not of these keys, [`IdentityError::Address`] if
/// an address holds what a note cannot.
pub fn establish(tx: &mut Write<'_>, keys: &Keyring, urls: &[String]) -> Result<Chain, IdentityError> {
    if let Some(url) = urls.iter().find(|url| !is_profile_text(url)) {
        return Err(IdentityError::Address(url.clone()));
    }
    let Some(mut chain) = store::own_chain(tx)? else {
        let note = keys.genesis(urls)?.to_string();
        let chain = Chain::verify(note.as_bytes())?;
        store::add_note(tx, 0, &note)?;
        return Ok(chain);
    };
    check_keys(&chain, keys)?;
    if chain.newest().document.urls != urls {
        let newest = chain.newest();
        let document = IdentityDocument {
            seq: newest.document.seq + 1,
            prev: Some(newest.digest()),
            urls: urls.to_vec(),
            ..newest.document.clone()
        };
        let note = keys.sign_identity(&document)?.to_string();
        chain.append(IdentityNote::parse(note.as_bytes())?)?;
        store::add_note(tx, document.seq, &note)?;
    }
    Ok(chain)
}

/// # Errors: [`IdentityError::ForeignKeys`] unless the newest note names this keyring's feed key.
pub fn check_keys(chain: &Chain, keys: &Keyring) -> Result<(), IdentityError> {
    match chain.feed(PUBLIC_FEED) {
        Some(feed) if feed.key == keys.feed_key()? => Ok(()),
        _ => Err(IdentityError::ForeignKeys { keys: "the key folder" }),
    }
}

#[cfg(test)]
mod tests {
    use super::establish;
    use crate::domain::identity::error::IdentityError;
    use crate::domain::identity::keyring::Keyring;
    use crate::domain::identity::store::own_chain;
    use crate::platform::db::testing;

    #[test]
    fn a_node_keeps_its_id_when_it_moves() {
        let (database, _scratch) = testing::database();
        let place = tempfile::tempdir().unwrap();
        let keys = Keyring::create(&place.path().join("keys")).unwrap();
        let at = |url: &str| database.write(|tx| establish(tx, &keys, &[url.to_owned()])).unwrap();
        let first = at("https://alt.example/");
        assert_eq!(at("https://alt.example/").notes().len(), 1);
        let moved = at("https://neu.example/");
        assert_eq!((moved.node(), moved.notes().len()), (first.node(), 2));
        let stored = database.read(|tx| own_chain(tx)).unwrap().unwrap();
        assert_eq!(stored.to_string(), moved.to_string());
        assert_eq!(stored.newest().document.urls, ["https://neu.example/"]);
    }

    #[test]
    fn other_keys_than_the_nodes_are_refused() {
        let (database, _scratch) = testing::database();
        let place = tempfile::tempdir().unwrap();
        let keys = |name: &str| Keyring::create(&place.path().join(name)).unwrap();
        let (own, foreign) = (keys("own"), keys("foreign"));
        database.write(|tx| establish(tx, &own, &[])).unwrap();
        let refused = database.write(|tx| establish(tx, &foreign, &[]));
        assert!(matches!(refused, Err(IdentityError::ForeignKeys { .. })));
        let refused = database.write(|tx| establish(tx, &own, &["http://[::1]/".to_owned()]));
        assert!(matches!(refused, Err(IdentityError::Address(_))));
    }
}
