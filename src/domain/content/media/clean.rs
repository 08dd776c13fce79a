//! Looks at a file before it becomes a medium: only pictures that can be shown are taken, upright, and without anything
//! in them that is no picture.

use super::error::MediaError;
use super::parts;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use std::io::Cursor;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// SPEC: media 20 MiB (civic-feed §2.17).
pub const LARGEST_FILE_BYTES: usize = 20 * 1024 * 1024;
/// A good camera's picture. Its pixels take 80 to 220 MB while it is worked on, which is why they are counted first.
pub const MOST_PIXELS: u32 = 27_000_000;
const MOST_DECODED_BYTES: u64 = 256 * 1024 * 1024;
/// A turned photograph is coded anew, once, and should not look it.
const TURNED_QUALITY: u8 = 92;

/// A picture that can be kept as it is.
#[derive(Debug)]
pub struct Clean {
    pub bytes: Vec<u8>,
    pub mime: &'static str,
    /// Whether it shows more than one view.
    pub moves: bool,
}

/// The pixels of a picture, upright, eight bits a colour.
pub(super) struct Pixels {
    pub image: DynamicImage,
    /// An ICC profile that says what its colours mean.
    pub profile: Option<Vec<u8>>,
    /// Whether its file leaves out what eyes hardly see.
    pub lossy: bool,
}

/// What there is room for at a time: whoever works on pixels holds this.
pub(super) fn one_at_a_time() -> MutexGuard<'static, ()> {
    static ROOM: Mutex<()> = Mutex::new(());
    ROOM.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Blocks for as long as it takes to read a picture, one at a time in a process.
/// # Errors: it is no picture of the types taken, too large, or damaged.
pub fn clean(bytes: &[u8]) -> Result<Clean, MediaError> {
    if bytes.len() > LARGEST_FILE_BYTES {
        return Err(MediaError::TooLarge { size_bytes: bytes.len() });
    }
    let mime = kind(bytes)?;
    let damaged = |why: &str| MediaError::Damaged { mime, why: why.to_owned() };
    let parts = parts::of(mime, bytes).ok_or_else(|| damaged("its parts do not fit together"))?;
    let _room = one_at_a_time();
    // The file as it came knows how the camera was held; the one that is kept must show a picture, too.
    let turn = decoder(mime, bytes)?.orientation().unwrap_or(Orientation::NoTransforms);
    let mut pixels = read(mime, &parts.bytes)?;
    if turn == Orientation::NoTransforms || parts.moves {
        return Ok(Clean { bytes: parts.bytes, mime, moves: parts.moves });
    }
    pixels.image.apply_orientation(turn);
    let (mime, bytes) = if pixels.lossy && !pixels.image.color().has_alpha() {
        ("image/jpeg", pixels.jpeg(TURNED_QUALITY))
    } else {
        ("image/png", pixels.png())
    };
    let bytes = bytes.map_err(|error| damaged(&error.to_string()))?;
    match bytes.len() {
        size_bytes if size_bytes > LARGEST_FILE_BYTES => Err(MediaError::TooLarge { size_bytes }),
        _ => Ok(Clean { bytes, mime, moves: false }),
    }
}

/// What the first bytes say it is. # Errors: none of the types taken.
pub fn kind(bytes: &[u8]) -> Result<&'static str, MediaError> {
    let found = infer::get(bytes).map(|kind| kind.mime_type());
    let start = bytes.get(..bytes.len().min(1024)).unwrap_or_default();
    let is_drawing = start.windows(4).any(|letters| letters.eq_ignore_ascii_case(b"<svg"));
    match found {
        Some(mime) if format_of(mime).is_some() => Ok(mime),
        _ if is_drawing => Err(MediaError::Drawing),
        found => Err(MediaError::Type { found: found.unwrap_or("unknown").to_owned() }),
    }
}

pub(super) fn format_of(mime: &str) -> Option<ImageFormat> {
    match mime {
        "image/jpeg" => Some(ImageFormat::Jpeg),
        "image/png" => Some(ImageFormat::Png),
        "image/webp" => Some(ImageFormat::WebP),
        "image/gif" => Some(ImageFormat::Gif),
        _ => None,
    }
}

/// Reads the header; pixels are counted before there is room for one.
fn decoder<'b>(mime: &'static str, bytes: &'b [u8]) -> Result<impl ImageDecoder + 'b, MediaError> {
    let damaged = |error: image::ImageError| MediaError::Damaged { mime, why: error.to_string() };
    let format = format_of(mime).ok_or_else(|| MediaError::Type { found: mime.to_owned() })?;
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MOST_DECODED_BYTES);
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    match u64::from(width) * u64::from(height) > u64::from(MOST_PIXELS) {
        true => Err(MediaError::TooManyPixels { width, height }),
        false => Ok(decoder),
    }
}

/// Reads a picture as it lies in its file. Of one that moves, the first view.
pub(super) fn read(mime: &'static str, bytes: &[u8]) -> Result<Pixels, MediaError> {
    let mut decoder = decoder(mime, bytes)?;
    let profile = decoder.icc_profile().ok().flatten();
    let image = DynamicImage::from_decoder(decoder);
    let image = image.map_err(|error| MediaError::Damaged { mime, why: error.to_string() })?;
    let image = eight_bits(image);
    // A profile for printing colours says nothing of the colours on screens that they were made to.
    let space: &[u8] = if image.color().has_color() { b"RGB " } else { b"GRAY" };
    let profile = profile.filter(|profile| profile.get(16..20) == Some(space));
    // SPEC: RFC 9649, 2.5: the lossy kind of WebP is the chunk `VP8 `.
    let is_lossy_webp = || bytes.windows(4).take(64 * 1024).any(|id| id == b"VP8 ");
    let lossy = mime == "image/jpeg" || mime == "image/webp" && is_lossy_webp();
    Ok(Pixels { image, profile, lossy })
}

fn eight_bits(image: DynamicImage) -> DynamicImage {
    let image = match image {
        DynamicImage::ImageLuma16(_) => DynamicImage::ImageLuma8(image.into_luma8()),
        DynamicImage::ImageLumaA16(_) => DynamicImage::ImageLumaA8(image.into_luma_alpha8()),
        DynamicImage::ImageRgb16(_) | DynamicImage::ImageRgb32F(_) => {
            DynamicImage::ImageRgb8(image.into_rgb8())
        }
        DynamicImage::ImageRgba16(_) | DynamicImage::ImageRgba32F(_) => {
            DynamicImage::ImageRgba8(image.into_rgba8())
        }
        eight => eight,
    };
    // Nothing shines through: then it need not be said of every pixel.
    match image {
        DynamicImage::ImageRgba8(pixels) if pixels.pixels().all(|pixel| pixel.0[3] == u8::MAX) => {
            DynamicImage::ImageRgb8(DynamicImage::ImageRgba8(pixels).into_rgb8())
        }
        DynamicImage::ImageLumaA8(pixels) if pixels.pixels().all(|pixel| pixel.0[1] == u8::MAX) => {
            DynamicImage::ImageLuma8(DynamicImage::ImageLumaA8(pixels).into_luma8())
        }
        image => image,
    }
}
