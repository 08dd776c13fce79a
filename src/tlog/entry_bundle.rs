//! Bundles of entries (C2SP tlog-tiles): each entry behind its length in two bytes, with our stricter limits.

use super::error::TlogError;

/// Largest entry in bytes (C2SP allows 65,535).
pub const LARGEST_ENTRY_BYTES: usize = 8192;
/// Largest full bundle in bytes, as it is after decompression.
pub const LARGEST_BUNDLE_BYTES: usize = 256 * (2 + LARGEST_ENTRY_BYTES);

/// Appends an entry to a bundle.
///
/// # Errors
/// [`TlogError::Bundle`] if the entry is larger than 8,192 bytes.
pub fn append_entry(bundle: &mut Vec<u8>, entry: &[u8]) -> Result<(), TlogError> {
    let length = u16::try_from(entry.len()).ok().filter(|length| usize::from(*length) <= LARGEST_ENTRY_BYTES);
    let length = length.ok_or(TlogError::Bundle("an entry is larger than 8192 bytes"))?;
    // SPEC: tlog-tiles, big-endian uint16 length prefix.
    bundle.extend_from_slice(&length.to_be_bytes());
    bundle.extend_from_slice(entry);
    Ok(())
}

/// The entries of a bundle or range, `count` of them; an empty one was redacted.
///
/// # Errors
/// [`TlogError::Bundle`] if an entry is larger than 8,192 bytes, one is cut off, or there are not exactly `count`.
pub fn read_entries(bundle: &[u8], count: usize) -> Result<Vec<&[u8]>, TlogError> {
    let mut entries = Vec::with_capacity(count.min(bundle.len() / 2));
    let mut rest = bundle;
    while let Some((length, after)) = rest.split_first_chunk::<2>() {
        let length = usize::from(u16::from_be_bytes(*length));
        if length > LARGEST_ENTRY_BYTES {
            return Err(TlogError::Bundle("an entry is larger than 8192 bytes"));
        }
        if entries.len() == count {
            return Err(TlogError::Bundle("more entries than its place in the log holds"));
        }
        let (entry, after) =
            after.split_at_checked(length).ok_or(TlogError::Bundle("its last entry is cut off"))?;
        entries.push(entry);
        rest = after;
    }
    match (rest.is_empty(), entries.len() == count) {
        (true, true) => Ok(entries),
        (false, _) => Err(TlogError::Bundle("it ends inside a length")),
        (true, false) => Err(TlogError::Bundle("fewer entries than its place in the log holds")),
    }
}

#[cfg(test)]
mod tests {
    use super::{LARGEST_ENTRY_BYTES, append_entry, read_entries};
    use crate::tlog::vectors;
    use proptest::prelude::*;

    #[test]
    fn the_published_bundle_is_made_and_read() {
        let mut bundle = Vec::new();
        for entry in vectors::ENTRIES {
            append_entry(&mut bundle, entry.as_bytes()).unwrap();
        }
        assert_eq!(bundle[..8], [0x00, 0x63, 0x7b, 0x22, 0x64, 0x6f, 0x63, 0x22]);
        assert_eq!(bundle[101..106], [0x01, 0x86, 0x7b, 0x22, 0x61]);
        assert_eq!(bundle[493..498], [0x00, 0x72, 0x7b, 0x22, 0x6f]);
        assert_eq!(read_entries(&bundle, 3).unwrap(), vectors::ENTRIES.map(str::as_bytes));
        for count in [0, 2, 4, usize::MAX] {
            assert!(read_entries(&bundle, count).is_err());
        }
        assert!(read_entries(&bundle[..bundle.len() - 1], 3).is_err());
        assert!(read_entries(&[&bundle[..], &[0]].concat(), 3).is_err());
    }

    #[test]
    fn an_entry_above_the_limit_is_neither_made_nor_read() {
        let mut bundle = Vec::new();
        assert!(append_entry(&mut bundle, &vec![b'x'; LARGEST_ENTRY_BYTES + 1]).is_err());
        append_entry(&mut bundle, &vec![b'x'; LARGEST_ENTRY_BYTES]).unwrap();
        assert!(read_entries(&bundle, 1).is_ok());
        let larger = [&8193u16.to_be_bytes()[..], &[b'x'; 8193]].concat();
        assert!(read_entries(&larger, 1).is_err());
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..100), count in 0usize..5) {
            let _ = read_entries(&bytes, count);
        }
    }
}
