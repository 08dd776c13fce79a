//! The recovery code: a seed as fourteen groups of four characters, with a checksum against typing errors.

use super::error::IdentityError;
use data_encoding::{Encoding, Specification};
use sha2::Digest as _;
use std::sync::LazyLock;
use zeroize::Zeroizing;

/// Crockford's base32: no I, L, O, U; what is easily confused is read as what was meant.
static CROCKFORD: LazyLock<Option<Encoding>> = LazyLock::new(|| {
    let mut specification = Specification::new();
    specification.symbols.push_str("0123456789ABCDEFGHJKMNPQRSTVWXYZ");
    specification.translate.from.push_str("abcdefghjkmnpqrstvwxyzIiLlOo");
    specification.translate.to.push_str("ABCDEFGHJKMNPQRSTVWXYZ111100");
    specification.ignore.push_str(" -\n\r\t");
    specification.encoding().ok()
});

/// 32 bytes of seed and 3 of checksum are exactly 56 characters.
const CHECKSUM_BYTES: usize = 3;

/// Two lines of seven groups.
pub(super) fn write(seed: &[u8; 32]) -> Zeroizing<String> {
    let mut bytes = Zeroizing::new(seed.to_vec());
    bytes.extend_from_slice(&checksum(seed));
    let letters = Zeroizing::new(CROCKFORD.as_ref().map(|code| code.encode(&bytes)).unwrap_or_default());
    let mut text = Zeroizing::new(String::with_capacity(80));
    for (at, letter) in letters.chars().enumerate() {
        match at {
            0 => {}
            28 => text.push('\n'),
            _ if at % 4 == 0 => text.push(' '),
            _ => {}
        }
        text.push(letter);
    }
    text
}

/// # Errors: [`IdentityError::Recovery`] tells whether characters are missing, unknown or mistyped.
pub(super) fn read(code: &str) -> Result<Zeroizing<[u8; 32]>, IdentityError> {
    let decoded = CROCKFORD.as_ref().and_then(|encoding| encoding.decode(code.as_bytes()).ok());
    let bytes = Zeroizing::new(decoded.ok_or(IdentityError::Recovery(
        "expected 56 letters and digits in groups of four; the letter U does not occur",
    ))?);
    let (seed, sum) = match bytes.split_first_chunk::<32>() {
        Some((seed, sum)) if sum.len() == CHECKSUM_BYTES => (seed, sum),
        _ => {
            return Err(IdentityError::Recovery(
                "it does not have 56 characters; compare the groups one by one",
            ));
        }
    };
    if checksum(seed) != *sum {
        return Err(IdentityError::Recovery("the checksum does not fit; a character is mistyped"));
    }
    Ok(Zeroizing::new(*seed))
}

fn checksum(seed: &[u8; 32]) -> [u8; CHECKSUM_BYTES] {
    let hash = sha2::Sha256::new_with_prefix("lotse recovery code").chain_update(seed).finalize();
    [hash[0], hash[1], hash[2]]
}

#[cfg(test)]
mod tests {
    use super::{read, write};

    #[test]
    fn a_code_is_read_again_also_when_typed_carelessly() {
        let seed = [7u8; 32];
        let code = write(&seed);
        assert_eq!(code.lines().count(), 2);
        assert_eq!(code.split_whitespace().map(str::len).collect::<Vec<_>>(), [4; 14]);
        assert_eq!(*read(&code).unwrap(), seed);
        assert_eq!(*read(&code.to_lowercase().replace([' ', '\n'], "-").replace('0', "o")).unwrap(), seed);
    }

    #[test]
    fn a_typing_error_is_noticed() {
        let code = write(&[9u8; 32]).to_string();
        for at in code.char_indices().filter(|(_, c)| c.is_alphanumeric()).map(|(at, _)| at) {
            let mut wrong = code.clone();
            let other = if &code[at..=at] == "A" { "B" } else { "A" };
            wrong.replace_range(at..=at, other);
            assert!(read(&wrong).is_err());
        }
        assert!(read(&code[..code.len() - 1]).is_err());
        assert!(read(&format!("{code}A")).is_err());
        assert!(read("U").is_err());
        assert!(read("").is_err());
    }
}
