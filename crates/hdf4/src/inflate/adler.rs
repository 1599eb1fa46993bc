//! Adler-32, the checksum of zlib streams (RFC 1950, section 8.2).

const BASE: u32 = 65521;

/// Bytes that are summed side by side.
const LANES: usize = 32;

/// Rows of lanes in a piece: as many as sums of 16 bits hold, `255 * ROWS * (ROWS - 1) / 2`.
const ROWS: usize = 21;

/// Pieces in a group: as many as sums of 32 bits hold, in the same way.
const PIECES: usize = 256;

/// The checksum of what `sum` was the checksum of (1 for nothing) and `bytes`.
#[inline(always)]
pub(super) fn adler32(sum: u32, bytes: &[u8]) -> u32 {
    let (mut low, mut high) = (u64::from(sum & 0xffff), u64::from(sum >> 16));
    let base = u64::from(BASE);
    let (rows, rest) = bytes.as_chunks::<LANES>();
    for group in rows.chunks(ROWS * PIECES) {
        // Per lane: its sum, and the sum of what its sum was before each row.
        let (mut sums, mut earlier) = ([0_u32; LANES], [0_u32; LANES]);
        let (pieces, last) = group.as_chunks::<ROWS>();
        for piece in pieces {
            add(piece, &mut sums, &mut earlier);
        }
        add(last, &mut sums, &mut earlier);
        high += low * (group.len() * LANES) as u64;
        let weights = (1..=LANES as u64).rev();
        for ((&sum, &earlier), weight) in sums.iter().zip(&earlier).zip(weights) {
            low += u64::from(sum);
            high += u64::from(earlier) * LANES as u64 + u64::from(sum) * weight;
        }
        low %= base;
        high %= base;
    }
    for &value in rest {
        low += u64::from(value);
        high += low;
    }
    ((high % base) << 16 | (low % base)) as u32
}

/// Adds a piece of at most [`ROWS`] rows.
#[inline(always)]
fn add(piece: &[[u8; LANES]], sums: &mut [u32; LANES], earlier: &mut [u32; LANES]) {
    let (mut piece_sums, mut piece_earlier) = ([0_u16; LANES], [0_u16; LANES]);
    for row in piece {
        for ((sum, earlier), &value) in piece_sums.iter_mut().zip(&mut piece_earlier).zip(row) {
            *earlier += *sum;
            *sum += u16::from(value);
        }
    }
    let rows = piece.len() as u32;
    for (((sum, earlier), &piece_sum), &piece_earlier) in sums
        .iter_mut()
        .zip(earlier)
        .zip(&piece_sums)
        .zip(&piece_earlier)
    {
        *earlier += *sum * rows + u32::from(piece_earlier);
        *sum += u32::from(piece_sum);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition, byte by byte.
    fn plain(bytes: &[u8]) -> u32 {
        let (mut low, mut high) = (1, 0);
        for &value in bytes {
            low = (low + u32::from(value)) % BASE;
            high = (high + low) % BASE;
        }
        high << 16 | low
    }

    #[test]
    fn is_the_published_sum() {
        // RFC 1950 gives the definition; this value of it is the usual example.
        assert_eq!(adler32(1, b"Wikipedia"), 0x11e6_0398);
        assert_eq!(adler32(1, b""), 1);
    }

    #[test]
    fn no_sum_overflows_and_pieces_go_together() {
        let largest = vec![255; 400_003];
        let mixed: Vec<u8> = (0..400_003_u32)
            .map(|k| (k.wrapping_mul(k) >> 3) as u8)
            .collect();
        for bytes in [&largest, &mixed] {
            for length in [
                0,
                1,
                31,
                32,
                33,
                671,
                672,
                673,
                5552,
                65521,
                172_032,
                172_033,
                bytes.len(),
            ] {
                let bytes = &bytes[..length];
                assert_eq!(adler32(1, bytes), plain(bytes), "{length} bytes");
                let (a, b) = bytes.split_at(length / 3);
                assert_eq!(adler32(adler32(1, a), b), plain(bytes), "{length} bytes");
            }
        }
        // The largest sums to begin with.
        let begin = (BASE - 1) << 16 | (BASE - 1);
        let mut expected = begin;
        for &value in &largest {
            let low = ((expected & 0xffff) + u32::from(value)) % BASE;
            expected = (((expected >> 16) + low) % BASE) << 16 | low;
        }
        assert_eq!(adler32(begin, &largest), expected);
    }
}
