//! The inflater against zlib (streams and verdicts in `fixtures/zlib.bin`) and libdeflate.

#[path = "support/inflate.rs"]
mod support;

use hdf4::inflate::{InflateError, Inflater};
use libdeflater::{CompressionLvl, Compressor};
use proptest::prelude::*;

fn deflated(plain: &[u8], level: i32) -> Vec<u8> {
    let mut compressor = Compressor::new(CompressionLvl::new(level).expect("0 to 12"));
    let mut packed = vec![0; compressor.zlib_compress_bound(plain.len())];
    let length = compressor.zlib_compress(plain, &mut packed).expect("room");
    packed.truncate(length);
    packed
}

#[test]
fn agrees_with_zlib() {
    let mut rest = &include_bytes!("fixtures/zlib.bin")[..];
    // One for all: nothing may be left over from the stream before.
    let mut inflater = Inflater::new();
    let (mut taken, mut refused) = (0, 0);
    while let Some((&[a, b, c, d, e, f, g, h], after)) = rest.split_first_chunk() {
        let stream = u32::from_le_bytes([a, b, c, d]) as usize;
        let length = u32::from_le_bytes([e, f, g, h]);
        let (stream, after) = after.split_at(stream);
        rest = after;
        let name = format!("stream {}, {} bytes", taken + refused, stream.len());
        if length == u32::MAX {
            refused += 1;
            let found = inflater.zlib(stream, &mut vec![0; 200_000]);
            assert!(found.is_err(), "{name}: zlib refuses it, not {found:?}");
            continue;
        }
        taken += 1;
        let length = length as usize;
        let mut exact = vec![0; length];
        assert_eq!(inflater.zlib(stream, &mut exact), Ok(length), "{name}");
        let mut roomy = vec![0; length + 1000];
        assert_eq!(inflater.zlib(stream, &mut roomy), Ok(length), "{name}");
        assert_eq!(exact, roomy[..length], "{name}");
        if length > 0 {
            let found = inflater.zlib(stream, &mut exact[1..]);
            assert_eq!(found, Err(InflateError::TooLong), "{name}");
        }
        for cut in (0..stream.len()).rev().take(12) {
            let found = inflater.zlib(&stream[..cut], &mut roomy);
            assert_eq!(found, Err(InflateError::CutOff), "{name}, cut at {cut}");
        }
    }
    assert!(
        rest.is_empty() && taken > 150 && refused > 150,
        "{taken}, {refused}"
    );
}

#[test]
fn each_fault_has_its_name() {
    let plain = b"numbers, numbers, numbers";
    let whole = deflated(plain, 6);
    let fails = |stream: &[u8], why| {
        let found = Inflater::new().zlib(stream, &mut [0; 100]);
        assert_eq!(found, Err(why));
    };
    fails(&[], InflateError::CutOff);
    fails(&[0x78], InflateError::CutOff);
    fails(&[0x78, 0x02], InflateError::Header);
    // A dictionary, and a window of more than 32 KiB.
    fails(&[0x78, 0x20 | 0x1d], InflateError::Header);
    fails(&[0x88, 0x1c], InflateError::Header);
    fails(&[0x78, 0x01, 0b111], InflateError::BlockKind);
    fails(&[0x78, 0x01, 1, 5, 0, 5, 0], InflateError::StoredLength);
    fails(&[0x78, 0x01, 1, 5, 0, !5, !0, 1, 2], InflateError::CutOff);
    // A fixed block: a match before the first byte; the symbol 286; the distance 30.
    fails(
        &[0x78, 0x01, 0b011, 0b10, 0, 0, 0, 0],
        InflateError::Distance,
    );
    let mut wrong = whole.clone();
    *wrong.last_mut().expect("a checksum") ^= 1;
    fails(&wrong, InflateError::Checksum);
    let mut followed = whole;
    followed.extend_from_slice(b"more");
    let mut out = [0; 25];
    assert_eq!(Inflater::new().zlib(&followed, &mut out), Ok(25));
    assert_eq!(&out, plain);
}

#[test]
fn agrees_with_libdeflate_on_what_fuzzing_found() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/corpus/inflate");
    let mut whole = 0;
    for entry in std::fs::read_dir(folder).expect("the corpus") {
        let bytes = std::fs::read(entry.expect("an entry").path()).expect("a file");
        if let [_, _, body @ ..] = &bytes[..] {
            whole += usize::from(support::compare(body, 65535));
            support::compare(body, 100);
        }
    }
    assert!(whole >= 6, "only {whole} streams of the corpus inflate");
}

/// Bytes as files have them: noise beside slow bytes, runs, repeats from near and far.
fn plain() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        prop::collection::vec(any::<u8>(), 1..300),
        (any::<u8>(), prop::collection::vec(any::<u8>(), 1..400))
            .prop_map(|(high, low)| low.iter().flat_map(|&l| [high, l % 90]).collect()),
        (prop::collection::vec(any::<u8>(), 1..40), 1..120_usize)
            .prop_map(|(period, times)| period.repeat(times)),
        prop::collection::vec(0..4_u8, 1..2000),
    ];
    prop::collection::vec((piece, 0..3_usize), 0..12).prop_map(|pieces| {
        let mut out: Vec<u8> = Vec::new();
        for (piece, again) in pieces {
            for _ in 0..=again {
                out.extend_from_slice(&piece);
            }
            let half = out.len() / 2;
            out.extend_from_within(half..half + half.min(500));
        }
        out
    })
}

#[test]
fn pieces_are_done_when_nothing_is_copied_from_them() {
    // Noise that comes again from as far back as can be.
    let mut state = 1_u32;
    let mut random = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state >> 8
    };
    let mut plain: Vec<u8> = (0..32 << 10).map(|_| random() as u8).collect();
    while plain.len() < 1 << 20 {
        let back = (32 << 10) - (random() % 3) as usize;
        let begin = plain.len() - back;
        plain.extend_from_within(begin..begin + 300);
        plain.extend((0..random() % 600).map(|_| random() as u8 & 63));
    }
    let mut inflater = Inflater::new();
    for level in [0, 1, 6, 12] {
        let packed = deflated(&plain, level);
        let mut out = vec![0; plain.len()];
        let mut pieces = Vec::new();
        let found = inflater.zlib_with(&packed, &mut out, |piece| {
            pieces.push(piece.len());
            piece.iter_mut().for_each(|byte| *byte = !*byte);
        });
        assert_eq!(found, Ok(plain.len()), "level {level}");
        out.iter_mut().for_each(|byte| *byte = !*byte);
        assert!(out == plain, "level {level}");
        out.fill(0);
        let found = inflater.zlib_from(&mut support::Parts::new(&packed), &mut out, |_| ());
        assert_eq!(found, Ok(plain.len()), "level {level}, in parts");
        assert!(out == plain, "level {level}, in parts");
        let cut = &packed[..packed.len() - 1];
        let found = inflater.zlib_from(&mut support::Parts::new(cut), &mut out, |_| ());
        assert_eq!(found, Err(InflateError::CutOff), "level {level}");
        assert!(pieces.len() > 3, "level {level}: {pieces:?}");
        let (_, but_last) = pieces.split_last().expect("a piece");
        assert!(but_last.iter().all(|n| n % 8 == 0), "level {level}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn inflates_what_libdeflate_packs(plain in plain(), level in 0..=12) {
        let packed = deflated(&plain, level);
        let mut out = vec![0; plain.len()];
        prop_assert_eq!(Inflater::new().zlib(&packed, &mut out), Ok(plain.len()));
        prop_assert!(out == plain);
    }

    #[test]
    fn agrees_with_libdeflate_on_changed_bits(
        plain in plain(),
        level in 0..=12,
        flips in prop::collection::vec((any::<prop::sample::Index>(), 0..8), 1..4),
        room in 0..40_000_usize,
    ) {
        let mut packed = deflated(&plain, level);
        for (at, bit) in flips {
            let end = packed.len();
            packed[2 + at.index(end - 2)] ^= 1_u8 << bit;
        }
        support::compare(&packed[2..], room);
    }

    #[test]
    fn agrees_with_libdeflate_on_noise(body in prop::collection::vec(any::<u8>(), 0..400)) {
        support::compare(&body, 10_000);
    }
}
