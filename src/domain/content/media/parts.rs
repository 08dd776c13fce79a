//! The parts of picture files that make the picture: everything else is left out, such as where, when and with which
//! camera it was taken, small copies of what was cut away, comments, and whatever follows the picture's end.

use img_parts::Bytes;
use img_parts::jpeg::markers;
use img_parts::png::Png;
use img_parts::riff::RiffContent;
use img_parts::webp::WebP;

/// What is left of a file.
pub(super) struct Parts {
    pub bytes: Vec<u8>,
    /// Whether it shows more than one view.
    pub moves: bool,
}

/// `None` if the file is not built as its type says.
pub(super) fn of(mime: &str, bytes: &[u8]) -> Option<Parts> {
    match mime {
        "image/jpeg" => Some(Parts { bytes: jpeg(bytes)?, moves: false }),
        "image/png" => png(bytes),
        "image/webp" => webp(bytes),
        "image/gif" => gif(bytes),
        _ => None,
    }
}

/// SPEC: ITU-T T.81, B.1.1: segments that begin with a marker, then coded scans, up to the marker of the end.
fn jpeg(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut rest = bytes.strip_prefix(&[markers::P, markers::SOI])?;
    let mut kept = vec![markers::P, markers::SOI];
    loop {
        // Some cameras leave out the end; what reads the picture knows how much of it there is.
        let Some(at) = rest.iter().position(|byte| *byte != markers::P).filter(|at| *at > 0) else {
            if !rest.is_empty() {
                return None;
            }
            break;
        };
        let marker = *rest.get(at)?;
        rest = rest.get(at + 1..)?;
        if marker == markers::EOI {
            break;
        }
        if matches!(marker, 0x01 | markers::RST0..=markers::RST7 | markers::SOI) {
            continue;
        }
        let length = usize::from(u16::from_be_bytes(rest.first_chunk().copied()?));
        let (segment, after) = rest.split_at_checked(length.max(2))?;
        rest = after;
        if shows(marker, segment.get(2..)?) {
            kept.extend([markers::P, marker]);
            kept.extend(segment);
        }
        if marker == markers::SOS {
            let (scan, after) = rest.split_at(end_of_scan(rest));
            kept.extend(scan);
            rest = after;
        }
    }
    kept.extend([markers::P, markers::EOI]);
    Some(kept)
}

/// Whether a segment is needed to show the picture: the tables and frames, its colours, and nothing of applications.
fn shows(marker: u8, contents: &[u8]) -> bool {
    /// A JFIF header that holds no small copy of the picture.
    const JFIF_BYTES: usize = 14;
    match marker {
        markers::APP0 => contents.starts_with(b"JFIF\0") && contents.len() == JFIF_BYTES,
        markers::APP2 => contents.starts_with(b"ICC_PROFILE\0"),
        markers::APP14 => contents.starts_with(b"Adobe"),
        markers::APP1..=markers::APP15 | markers::COM => false,
        _ => true,
    }
}

/// Coded bytes end at a marker that is neither an escaped 0xff nor a restart.
fn end_of_scan(coded: &[u8]) -> usize {
    let ends = |pair: &[u8]| matches!(pair, [markers::P, next] if !matches!(next, 0 | 0xd0..=0xd7 | 0xff));
    coded.windows(2).position(ends).unwrap_or(coded.len())
}

/// SPEC: PNG (third edition), 11: these make the picture, its colours, its density and its movement.
const PNG_CHUNKS: [&[u8; 4]; 18] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP",
    b"mDCV", b"cLLI", b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT",
];

fn png(bytes: &[u8]) -> Option<Parts> {
    let mut png = Png::from_bytes(Bytes::copy_from_slice(bytes)).ok()?;
    png.chunks_mut().retain(|chunk| PNG_CHUNKS.contains(&&chunk.kind()));
    let moves = png.chunk_by_type(*b"acTL").is_some();
    Some(Parts { bytes: png.encoder().bytes().to_vec(), moves })
}

/// SPEC: RFC 9649, 2.7.
const WEBP_CHUNKS: [&[u8; 4]; 7] = [b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ICCP", b"ANIM", b"ANMF"];
/// The flags in its first byte that announce EXIF and XMP.
const WEBP_EXIF_AND_XMP: u8 = 0x08 | 0x04;

fn webp(bytes: &[u8]) -> Option<Parts> {
    let mut webp = WebP::from_bytes(Bytes::copy_from_slice(bytes)).ok()?;
    webp.chunks_mut().retain(|chunk| WEBP_CHUNKS.contains(&&chunk.id()));
    for chunk in webp.chunks_mut().iter_mut().filter(|chunk| chunk.id() == *b"VP8X") {
        let mut header = chunk.content().data()?.to_vec();
        *header.first_mut()? &= !WEBP_EXIF_AND_XMP;
        *chunk.content_mut() = RiffContent::Data(header.into());
    }
    let moves = webp.has_chunk(*b"ANIM");
    Some(Parts { bytes: webp.encoder().bytes().to_vec(), moves })
}

/// SPEC: GIF89a: a header, then images and extensions, up to the trailer. Of the extensions, what tells time and
/// transparency of an image stays, and how often a film is repeated.
fn gif(bytes: &[u8]) -> Option<Parts> {
    let header = 13 + colours(*bytes.get(10)?);
    let (start, mut rest) = bytes.split_at_checked(header)?;
    let (mut kept, mut images) = (start.to_vec(), 0);
    loop {
        let length = match rest {
            [0x3b, ..] => break,
            [0x21, label, ..] => {
                let length = 2 + sub_blocks(rest.get(2..)?)?;
                let stays = *label == 0xf9 || *label == 0xff && rest.get(3..14) == Some(b"NETSCAPE2.0");
                if !stays {
                    rest = rest.get(length..)?;
                    continue;
                }
                length
            }
            [0x2c, ..] => {
                images += 1;
                let data = 11 + colours(*rest.get(9)?);
                data + sub_blocks(rest.get(data..)?)?
            }
            _ => return None,
        };
        let (part, after) = rest.split_at_checked(length)?;
        kept.extend(part);
        rest = after;
    }
    kept.push(0x3b);
    (images > 0).then_some(Parts { bytes: kept, moves: images > 1 })
}

/// How many bytes the colours take that a packed field announces.
fn colours(packed: u8) -> usize {
    if packed & 0x80 == 0 { 0 } else { 3 << ((packed & 7) + 1) }
}

/// How many bytes these blocks take, each with its length before it, the empty one at the end included.
fn sub_blocks(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        let length = usize::from(*bytes.get(at)?);
        at += 1 + length;
        if length == 0 {
            return Some(at);
        }
    }
}
