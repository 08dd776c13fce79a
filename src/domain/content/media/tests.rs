//! Files as people bring them: photographs that know where they were taken, drawings, and what only looks like a picture.

use super::clean::{Clean, MOST_PIXELS, clean};
use super::clear::clear;
use super::error::MediaError;
use super::library::{self, Said, Upload};
use super::smaller::{Smaller, copies};
use crate::base::digest::Digest;
use crate::base::moment::Moment;
use crate::platform::blobs::Blobs;
use crate::platform::db::testing::database;
use image::{DynamicImage, GenericImageView, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use img_parts::jpeg::{Jpeg, JpegSegment, markers};
use img_parts::png::{Png, PngChunk};
use img_parts::webp::WebP;
use img_parts::{Bytes, ImageEXIF};
use std::io::Cursor;

const RED: Rgb<u8> = Rgb([220, 20, 20]);
const BLUE: Rgb<u8> = Rgb([20, 20, 220]);

fn coded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// Red on the left, blue on the right.
fn flag(width: u32, height: u32) -> DynamicImage {
    RgbImage::from_fn(width, height, |x, _| if x < width / 2 { RED } else { BLUE }).into()
}

/// Neither flat nor regular, as the world is.
fn photograph(width: u32, height: u32) -> DynamicImage {
    let noise = |x: u32, y: u32| {
        let mixed = x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(2_246_822_519);
        u8::try_from((mixed ^ (mixed >> 13)).wrapping_mul(1_274_126_177) >> 28).unwrap()
    };
    RgbImage::from_fn(width, height, |x, y| {
        let shade = |by: u32| u8::try_from((x / by + y / (by + 1)) % 200).unwrap() + noise(x, y);
        Rgb([shade(3), shade(5), shade(7)])
    })
    .into()
}

/// EXIF that says how the camera was held, and where.
fn exif(orientation: u8) -> Bytes {
    let mut tiff = b"MM\0\x2a\0\0\0\x08\0\x02".to_vec();
    tiff.extend(b"\x01\x12\0\x03\0\0\0\x01\0");
    tiff.push(orientation);
    tiff.extend(b"\0\0");
    tiff.extend(b"\x88\x25\0\x04\0\0\0\x01\0\0\0\x26\0\0\0\0");
    tiff.extend(b"\0\x01\0\x01\0\x02\0\0\0\x02N\0\0\0\0\0\0\0 GPS 48.37N 10.89E");
    tiff.into()
}

fn jpeg_with(image: &DynamicImage, orientation: u8) -> Vec<u8> {
    let mut jpeg = Jpeg::from_bytes(coded(image, ImageFormat::Jpeg).into()).unwrap();
    jpeg.set_exif(Some(exif(orientation)));
    let xmp = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>GPSLatitude</x:xmpmeta>";
    for (marker, contents) in
        [(markers::APP1, &xmp[..]), (markers::COM, b"GPS of mine"), (markers::APP13, b"GPS")]
    {
        let segment = JpegSegment::new_with_contents(marker, Bytes::copy_from_slice(contents));
        jpeg.segments_mut().insert(1, segment);
    }
    jpeg.encoder().bytes().to_vec()
}

fn says(bytes: &[u8], words: &[u8]) -> bool {
    bytes.windows(words.len()).any(|window| window == words)
}

fn cleaned(bytes: &[u8]) -> (Clean, DynamicImage) {
    let clean = clean(bytes).unwrap();
    let image = image::load_from_memory(&clean.bytes).unwrap();
    (clean, image)
}

fn is_like(pixel: Rgba<u8>, colour: Rgb<u8>) -> bool {
    pixel.0.iter().zip(colour.0).all(|(a, b)| a.abs_diff(b) < 40)
}

#[test]
fn a_photograph_is_kept_upright_and_does_not_tell_where_it_was_taken() {
    let brought = jpeg_with(&flag(64, 32), 6);
    assert!(says(&brought, b"GPS") && says(&brought, b"Exif"));
    let (clean, image) = cleaned(&brought);
    for words in [&b"GPS"[..], b"Exif", b"xmp", b"48.37"] {
        assert!(!says(&clean.bytes, words), "{}", String::from_utf8_lossy(words));
    }
    // Its camera was turned by a quarter: what lies left in the file is above.
    assert_eq!((clean.mime, image.dimensions()), ("image/jpeg", (32, 64)));
    assert!(is_like(image.get_pixel(16, 8), RED) && is_like(image.get_pixel(16, 56), BLUE));
}

#[test]
fn an_upright_photograph_loses_no_pixel_and_nothing_follows_its_end() {
    let plain = coded(&photograph(80, 60), ImageFormat::Jpeg);
    let mut brought = jpeg_with(&photograph(80, 60), 1);
    brought.extend(b"PK\x03\x04 a folder of programs <script>alert(1)</script>");
    let (clean, image) = cleaned(&brought);
    assert!(
        !says(&clean.bytes, b"GPS") && !says(&clean.bytes, b"PK\x03\x04") && !says(&clean.bytes, b"script")
    );
    assert_eq!(image, image::load_from_memory(&plain).unwrap());
    assert_eq!(clean.bytes, super::clean::clean(&plain).unwrap().bytes, "one picture, one medium");
}

#[test]
fn a_drawing_loses_its_words_and_is_the_same_medium_with_others() {
    let plain = coded(&flag(40, 20), ImageFormat::Png);
    let with = |words: &'static [u8]| {
        let mut png = Png::from_bytes(plain.clone().into()).unwrap();
        for kind in [*b"tEXt", *b"iTXt", *b"zTXt", *b"tIME", *b"prVt"] {
            png.chunks_mut().insert(1, PngChunk::new(kind, Bytes::from_static(words)));
        }
        let mut bytes = png.encoder().bytes().to_vec();
        bytes.extend(b"<html>");
        bytes
    };
    let (one, two) =
        (clean(&with(b"Author\0Anna")).unwrap(), clean(&with(b"Author\0Bernd, secretly")).unwrap());
    assert_eq!((&one.bytes, one.mime), (&two.bytes, "image/png"));
    assert_eq!(one.bytes, plain);
}

#[test]
fn webp_and_gif_lose_their_words_too() {
    let mut webp = WebP::from_bytes(coded(&flag(40, 20), ImageFormat::WebP).into()).unwrap();
    webp.set_exif(Some(exif(1)));
    let brought = webp.encoder().bytes();
    assert!(says(&brought, b"GPS"));
    let (clean, image) = cleaned(&brought);
    assert!(!says(&clean.bytes, b"GPS") && !says(&clean.bytes, b"EXIF"));
    assert_eq!((clean.mime, image.dimensions()), ("image/webp", (40, 20)));

    let plain = coded(&flag(40, 20), ImageFormat::Gif);
    let at = plain.iter().position(|byte| *byte == 0x21).unwrap();
    let mut brought = plain.clone();
    brought.splice(at..at, *b"\x21\xfe\x04GPS!\0\x21\xff\x0bXMP DataXMP\x03GPS\0");
    brought.extend(b"GPS");
    let (clean, image) = cleaned(&brought);
    assert!(!says(&clean.bytes, b"GPS"));
    assert_eq!((clean.mime, clean.moves, image.dimensions()), ("image/gif", false, (40, 20)));
}

#[test]
fn a_film_is_told_from_a_picture() {
    let mut bytes = Vec::new();
    let mut encoder = image::codecs::gif::GifEncoder::new(&mut bytes);
    let frame = || image::Frame::new(flag(400, 20).into_rgba8());
    encoder.encode_frames([frame(), frame()]).unwrap();
    drop(encoder);
    let clean = clean(&bytes).unwrap();
    assert!(clean.moves);
    assert!(
        copies(clean.mime, &clean.bytes).unwrap().copies.is_empty(),
        "a still copy would be another picture"
    );
}

/// A PNG that says how large it is and then hardly anything.
fn bomb(width: u32, height: u32) -> Vec<u8> {
    let mut png = Png::from_bytes(coded(&flag(4, 4), ImageFormat::Png).into()).unwrap();
    let mut header = png.chunks()[0].contents().to_vec();
    header[..4].copy_from_slice(&width.to_be_bytes());
    header[4..8].copy_from_slice(&height.to_be_bytes());
    png.chunks_mut()[0] = PngChunk::new(*b"IHDR", header.into());
    png.encoder().bytes().to_vec()
}

#[test]
fn pixels_are_counted_before_there_is_room_for_them() {
    for (width, height) in [(60_000, 60_000), (MOST_PIXELS + 1, 1), (u32::MAX >> 1, 2)] {
        let refused = clean(&bomb(width, height)).unwrap_err();
        assert!(
            matches!(refused, MediaError::TooManyPixels { .. } | MediaError::Damaged { .. }),
            "{refused}"
        );
        assert!(!matches!(refused, MediaError::Damaged { .. }) || width > MOST_PIXELS, "{refused}");
    }
    // Few enough, and not there.
    let refused = clean(&bomb(5000, 5000)).unwrap_err();
    assert!(matches!(refused, MediaError::Damaged { .. }), "{refused}");
    let refused = clean(&vec![0xff; super::clean::LARGEST_FILE_BYTES + 1]).unwrap_err();
    assert!(matches!(refused, MediaError::TooLarge { .. }), "{refused}");
}

#[test]
fn what_is_no_picture_is_refused_by_name() {
    let drawing =
        b"<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
    assert!(matches!(clean(drawing), Err(MediaError::Drawing)));
    for (bytes, kind) in
        [(&b"<html><img src=x onerror=alert(1)>"[..], "html"), (b"%PDF-1.7\n", "pdf"), (b"hello", "unknown")]
    {
        match clean(bytes) {
            Err(MediaError::Type { found }) => assert!(found.contains(kind), "{found}"),
            other => panic!("{other:?}"),
        }
    }
    let jpeg = coded(&flag(40, 20), ImageFormat::Jpeg);
    let disguised: [&[u8]; 5] = [
        b"GIF89a/*\x01\x01\x01\x01\x01\x01*/=alert(1);//",
        b"\x89PNG\r\n\x1a\n<script>alert(1)</script>",
        b"\xff\xd8\xff\xe0<?php system($_GET['c']); ?>",
        b"RIFF\x20\0\0\0WEBPVP8 <script>alert(1)</script>",
        &jpeg[..120],
    ];
    for bytes in disguised {
        let refused = clean(bytes).unwrap_err();
        assert!(matches!(refused, MediaError::Damaged { .. }), "{refused}");
    }
}

fn sizes(smaller: &Smaller) -> Vec<(u32, u32, &'static str)> {
    let size = |bytes: &[u8]| image::load_from_memory(bytes).unwrap().dimensions();
    let copies = smaller.copies.iter();
    copies.map(|copy| (size(&copy.bytes).0, size(&copy.bytes).1, copy.mime)).collect()
}

#[test]
fn a_photograph_gets_copies_that_are_narrower_and_lighter() {
    let image = photograph(2000, 1001);
    for format in [ImageFormat::Jpeg, ImageFormat::Png] {
        let file = coded(&image, format);
        let smaller = copies(format.to_mime_type(), &file).unwrap();
        assert_eq!((smaller.width, smaller.height), (2000, 1001));
        let jpeg = "image/jpeg";
        assert_eq!(sizes(&smaller), [(320, 160, jpeg), (640, 320, jpeg), (1280, 641, jpeg)], "{format:?}");
        assert!(smaller.copies.iter().all(|copy| copy.bytes.len() < file.len()));
    }
    assert!(
        sizes(&copies("image/jpeg", &coded(&photograph(320, 300), ImageFormat::Jpeg)).unwrap()).is_empty()
    );
}

#[test]
fn drawings_and_what_shines_through_stay_without_losses() {
    let drawing = coded(&flag(1000, 500), ImageFormat::Png);
    let made = copies("image/png", &drawing).unwrap();
    assert!(sizes(&made).iter().all(|(.., mime)| *mime == "image/png"), "{:?}", sizes(&made));
    let mut glass = RgbaImage::from_pixel(1000, 500, Rgba([255, 0, 0, 0]));
    photograph(400, 400).pixels().for_each(|(x, y, pixel)| glass.put_pixel(x, y, pixel));
    let made = copies("image/png", &coded(&glass.into(), ImageFormat::Png)).unwrap();
    assert_eq!(sizes(&made)[0], (320, 160, "image/png"));
    let small = image::load_from_memory(&made.copies[0].bytes).unwrap();
    assert_eq!((small.get_pixel(300, 100).0[3], small.get_pixel(50, 50).0[3]), (0, 255));
}

#[test]
fn a_picture_that_may_not_be_taken_leaves_no_file() {
    let ((database, _scratch), folder) = (database(), tempfile::tempdir().unwrap());
    let blobs = Blobs::open(folder.path().join("blobs")).unwrap();
    let bytes = coded(&flag(20, 20), ImageFormat::Png);
    let sha256 = Digest::of(&cleaned(&bytes).0.bytes);
    let (said, at) = (Said::default(), Moment::from_seconds(0));
    let upload = |may: Result<(), MediaError>| {
        let upload = Upload { bytes: &bytes, file_name: "Bild.png", said: said.clone(), at };
        let told = library::upload(&database, &blobs, upload, |_| may).map(drop);
        clear::<MediaError>(&database, &blobs).unwrap();
        (told.is_ok(), blobs.holds(&sha256))
    };
    assert_eq!(upload(Err(MediaError::Moving)), (false, false));
    assert_eq!(upload(Ok(())), (true, true));
    assert_eq!(upload(Err(MediaError::Moving)), (false, true), "somebody else brought it");
}
