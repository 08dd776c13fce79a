//! Smaller copies of a picture, so that a telephone need not fetch what it cannot show. What they are made of, and in
//! which sizes, is written down here alone; they can be deleted and made again.

use super::clean::{Pixels, one_at_a_time, read};
use super::error::MediaError;
use super::parts;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType as PngFilter, PngEncoder};
use image::{DynamicImage, ImageEncoder, ImageResult};

/// Widths in pixels, largest first: a phone held upright, one with fine pixels or a tablet, and a text's whole width on
/// a fine screen.
const WIDTHS: [u32; 3] = [1280, 640, 320];
const QUALITY: u8 = 80;
/// A picture without losses is still made of one with some if that is so many times smaller: it is a photograph.
const MUCH_SMALLER: usize = 3;

/// A picture's size, and its smaller copies.
pub(super) struct Smaller {
    pub width: u32,
    pub height: u32,
    pub copies: Vec<Copied>,
}

pub(super) struct Copied {
    pub width: u32,
    pub mime: &'static str,
    pub bytes: Vec<u8>,
}

/// Makes every copy that is narrower than the picture and lighter than its file; of a picture that moves, none.
/// # Errors: it is no picture that can be read, or has too many pixels.
pub(super) fn copies(mime: &'static str, bytes: &[u8]) -> Result<Smaller, MediaError> {
    let moves = mime != "image/jpeg" && parts::of(mime, bytes).is_some_and(|parts| parts.moves);
    let _room = one_at_a_time();
    let damaged = |why: String| MediaError::Damaged { mime, why };
    let mut pixels = read(mime, bytes)?;
    let (width, height) = (pixels.image.width(), pixels.image.height());
    let mut copies = Vec::new();
    for narrow in WIDTHS.into_iter().filter(|narrow| *narrow < width && !moves) {
        // Each is made from the one before, which is as good and takes a fraction of the time.
        pixels.image = scaled(&pixels.image, narrow, low(narrow, width, height)).map_err(damaged)?;
        let (mime, made) = pixels.coded().map_err(|error| damaged(error.to_string()))?;
        if made.len() < bytes.len() {
            copies.push(Copied { width: narrow, mime, bytes: made });
        }
    }
    copies.reverse();
    Ok(Smaller { width, height, copies })
}

/// The height that goes with a width.
fn low(narrow: u32, width: u32, height: u32) -> u32 {
    let exact = (u64::from(narrow) * u64::from(height) + u64::from(width) / 2) / u64::from(width.max(1));
    u32::try_from(exact).unwrap_or(u32::MAX).max(1)
}

fn scaled(image: &DynamicImage, width: u32, height: u32) -> Result<DynamicImage, String> {
    let mut made = DynamicImage::new(width, height, image.color());
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
    Resizer::new().resize(image, &mut made, &options).map_err(|error| error.to_string())?;
    Ok(made)
}

impl Pixels {
    /// Photographs as JPEG, drawings and what shines through as PNG.
    fn coded(&self) -> ImageResult<(&'static str, Vec<u8>)> {
        if self.image.color().has_alpha() {
            return Ok(("image/png", self.png()?));
        }
        let jpeg = self.jpeg(QUALITY)?;
        if !self.lossy {
            let png = self.png()?;
            if png.len() < jpeg.len() * MUCH_SMALLER {
                return Ok(("image/png", png));
            }
        }
        Ok(("image/jpeg", jpeg))
    }

    /// Without what shines through, which JPEG cannot say.
    pub(super) fn jpeg(&self, quality: u8) -> ImageResult<Vec<u8>> {
        let mut bytes = Vec::new();
        self.write(JpegEncoder::new_with_quality(&mut bytes, quality))?;
        Ok(bytes)
    }

    pub(super) fn png(&self) -> ImageResult<Vec<u8>> {
        let mut bytes = Vec::new();
        self.write(PngEncoder::new_with_quality(&mut bytes, CompressionType::Default, PngFilter::Adaptive))?;
        Ok(bytes)
    }

    fn write(&self, mut encoder: impl ImageEncoder) -> ImageResult<()> {
        if let Some(profile) = &self.profile {
            encoder.set_icc_profile(profile.clone()).map_err(image::ImageError::Unsupported)?;
        }
        self.image.write_with_encoder(encoder)
    }
}
