//! Adler-32, the checksum of zlib streams (RFC 1950, section 8.2).

const BASE: u32 = 65521;

/// Bytes that are summed side by side.
const LANES: usize = 32;

/// Rows of lanes in a piece: as many as sums of 16 bits hold, `255 * ROWS * (ROWS - 1) / 2`.
const ROWS: usize = 21;

/// The checksum of what `sum` was the checksum of (1 for nothing) and `bytes`.
#[inline(always)]
pub(super) fn adler32(sum: u32, bytes: &[u8]) -> u32 {
    let (mut low, mut high) = (sum & 0xffff, sum >> 16);
    let (rows, rest) = bytes.as_chunks::<LANES>();
    for piece in rows.chunks(ROWS) {
        // Per lane: its sum, and the sum of what its sum was before each row.
        let (mut sums, mut earlier) = ([0_u16; LANES], [0_u16; LANES]);
        for row in piece {
            for ((sum, earlier), &value) in sums.iter_mut().zip(&mut earlier).zip(row) {
                *earlier += *sum;
                *sum += u16::from(value);
            }
        }
        high += low * (piece.len() * LANES) as u32;
        let weights = (1..=LANES as u32).rev();
        for ((&sum, &earlier), weight) in sums.iter().zip(&earlier).zip(weights) {
            low += u32::from(sum);
            high += u32::from(earlier) * LANES as u32 + u32::from(sum) * weight;
        }
        low %= BASE;
        high %= BASE;
    }
    for &value in rest {
        low += u32::from(value);
        high += low;
    }
    (high % BASE) << 16 | (low % BASE)
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
        let largest = vec![255; 100_003];
        let mixed: Vec<u8> = (0..100_003_u32)
            .map(|k| (k.wrapping_mul(k) >> 3) as u8)
            .collect();
        for bytes in [&largest, &mixed] {
            for length in [0, 1, 31, 32, 33, 671, 672, 673, 5552, 65521, bytes.len()] {
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
