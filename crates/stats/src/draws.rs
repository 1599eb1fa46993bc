//! Seeded random numbers with the same bits on every machine.
//!
//! The generator is xoshiro256++ 1.0 (D. Blackman and S. Vigna, "Scrambled Linear Pseudorandom
//! Number Generators", ACM TOMS 47, 2021), its state filled by `SplitMix64` as its authors advise.
//! Each numbered stream of a seed starts from its own state, so work can be split over any number
//! of threads without changing a draw.

use crate::quantile::normal_quantile;

/// A seeded stream of random numbers.
#[derive(Debug, Clone)]
pub struct Draws {
    state: [u64; 4],
}

impl Draws {
    /// The stream `stream` of `seed`.
    #[must_use]
    pub fn new(seed: u64, stream: u64) -> Self {
        // Two rounds: the stream number is mixed before it meets the seed, so that seed 1 stream 2
        // and seed 2 stream 1 have nothing in common.
        let mut mixer = SplitMix64(stream);
        let mut mixer = SplitMix64(seed ^ mixer.next().rotate_left(32));
        Self {
            state: [mixer.next(), mixer.next(), mixer.next(), mixer.next()],
        }
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        let [a, b, c, d] = &mut self.state;
        let result = a.wrapping_add(*d).rotate_left(23).wrapping_add(*a);
        let t = *b << 17;
        *c ^= *a;
        *d ^= *b;
        *b ^= *c;
        *a ^= *d;
        *c ^= t;
        *d = d.rotate_left(45);
        result
    }

    /// Uniform on the open interval (0, 1): the middles of 2^52 equal cells.
    #[expect(clippy::cast_precision_loss, reason = "52 bits fit a float's mantissa")]
    pub fn uniform(&mut self) -> f64 {
        ((self.bits() >> 12) as f64 + 0.5) * (1.0 / 4_503_599_627_370_496.0)
    }

    /// Uniform on `0..bound`, without bias: D. Lemire, "Fast Random Integer Generation in an
    /// Interval", ACM TOMACS 29, 2019. 0 if `bound` is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        if bound == 0 {
            return 0;
        }
        let reject_below = bound.wrapping_neg() % bound;
        loop {
            let product = u128::from(self.bits()) * u128::from(bound);
            let [low, high] = [product as u64, (product >> 64) as u64];
            if low >= reject_below {
                return high;
            }
        }
    }

    /// Standard normal, by the inverse of its distribution function.
    pub fn normal(&mut self) -> f64 {
        normal_quantile(self.uniform())
    }

    /// A random order of `0..n` (Fisher and Yates, Durstenfeld 1964).
    pub fn permutation(&mut self, n: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..n).collect();
        for last in (1..n).rev() {
            let pick = usize::try_from(self.below(last as u64 + 1)).unwrap_or(last);
            order.swap(last, pick);
        }
        order
    }
}

/// S. Vigna's `SplitMix64` (public domain, prng.di.unimi.it).
struct SplitMix64(u64);

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generators_give_their_authors_numbers() {
        let mut mixer = SplitMix64(1_234_567);
        let expected = [
            6_457_827_717_110_365_317_u64,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
        ];
        for e in expected {
            assert_eq!(mixer.next(), e);
        }
        let mut draws = Draws {
            state: [1, 2, 3, 4],
        };
        let expected = [
            41_943_041_u64,
            58_720_359,
            3_588_806_011_781_223,
            3_591_011_842_654_386,
            9_228_616_714_210_784_205,
        ];
        for e in expected {
            assert_eq!(draws.bits(), e);
        }
    }

    #[test]
    fn streams_differ_and_repeat() {
        let first = |seed, stream| Draws::new(seed, stream).bits();
        assert_eq!(first(7, 3), first(7, 3));
        let all = [first(1, 2), first(2, 1), first(1, 1), first(0, 0)];
        for i in 0..4 {
            for j in 0..i {
                assert_ne!(all[i], all[j]);
            }
        }
    }

    #[test]
    fn moments_and_orders() {
        let mut draws = Draws::new(42, 0);
        let n = 100_000;
        let (mut sum, mut squares) = (0.0, 0.0);
        for _ in 0..n {
            let z = draws.normal();
            sum += z;
            squares += z * z;
        }
        // Four standard errors.
        assert!((sum / f64::from(n)).abs() < 4.0 / f64::from(n).sqrt());
        assert!((squares / f64::from(n) - 1.0).abs() < 4.0 * (2.0 / f64::from(n)).sqrt());
        let mut counts = [0_i32; 6];
        for _ in 0..60_000 {
            let p = draws.permutation(3);
            counts[p[0] * 2 + usize::from(p[1] > p[2])] += 1;
        }
        for c in counts {
            assert!((c - 10_000).abs() < 4 * 92, "{counts:?}");
        }
    }
}
