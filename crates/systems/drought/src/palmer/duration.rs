//! How long a spell must last to be extreme: the duration factors of Wells, Goddard and Hayes (2004).

/// Wet or dry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Spells above what is usual.
    Wet,
    /// Spells below.
    Dry,
}

impl Side {
    fn sign(self) -> f64 {
        match self {
            Self::Wet => 1.0,
            Self::Dry => -1.0,
        }
    }
}

/// `X_t = (1 - m/(m+b)) X_{t-1} + Z/(m+b)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Duration {
    /// Slope of the extreme sums of Z against their length, over 4.
    pub m: f64,
    /// Intercept, over 4.
    pub b: f64,
    /// What the anomaly of this side was multiplied with in the end.
    pub scale: f64,
}

impl Duration {
    /// Palmer's own: p = 0.897, q = 1/3.
    pub(super) const PALMER: Self = Self {
        m: 0.309,
        b: 2.691,
        scale: 1.0,
    };

    pub(super) fn denominator(&self) -> f64 {
        self.m + self.b
    }

    /// What of a spell is left after a month.
    pub(super) fn carried(&self) -> f64 {
        1.0 - self.m / self.denominator()
    }
}

/// Windows, months.
const WINDOWS: [usize; 10] = [3, 6, 9, 12, 18, 24, 30, 36, 42, 48];
/// A sum this much beyond the 98th percentile is a freak.
const FREAK: f64 = 1.25;
/// Windows are dropped, the longest first, until the sums follow their length this well...
const WANTED_CORRELATION: f64 = 0.85;
/// ...or this many are left.
const LEAST_WINDOWS: usize = 4;

/// The `floor(share n)`-th smallest of the numbers among `values`; `None` if that is none.
pub(super) fn ranked(values: &[f64], share: f64) -> Option<f64> {
    let mut known: Vec<f64> = values.iter().copied().filter(|x| !x.is_nan()).collect();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of a count"
    )]
    let rank = (share * crate::standard::count(known.len())) as usize;
    let at = rank.checked_sub(1)?;
    known.sort_unstable_by(f64::total_cmp);
    known.get(at).copied()
}

/// The duration factors of one side from the known anomalies of the calibration, in order; `None`
/// if the sums do not vary.
pub(super) fn fit(known: &[f64], side: Side) -> Option<Duration> {
    let mut sums = [0.0; WINDOWS.len()];
    for (sum, window) in sums.iter_mut().zip(WINDOWS) {
        *sum = extreme_sum(known, window, side)?;
    }
    let lengths = WINDOWS.map(crate::standard::count);
    let (slope, intercept) = outer_line(&lengths, &sums, side)?;
    let quarter = 4.0 * side.sign();
    Some(Duration {
        m: slope / quarter,
        b: intercept / quarter,
        scale: 1.0,
    })
}

/// The most extreme sum over `window` months; of wet ones the greatest that is no freak.
fn extreme_sum(known: &[f64], window: usize, side: Side) -> Option<f64> {
    let mut sum: f64 = known.get(..window)?.iter().sum();
    let mut sums = vec![sum];
    for (leaving, entering) in known.iter().zip(&known[window..]) {
        sum -= leaving;
        sum += entering;
        sums.push(sum);
    }
    if side == Side::Dry {
        return sums.into_iter().reduce(f64::min);
    }
    let usual = ranked(&sums, 0.98);
    let reasonable =
        |sum: &f64| *sum > 0.0 && usual.is_none_or(|usual| usual != 0.0 && sum / usual < FREAK);
    Some(sums.into_iter().filter(reasonable).fold(0.0, f64::max))
}

/// Least squares over the windows that follow their length, moved out to the outermost point.
fn outer_line(x: &[f64], y: &[f64], side: Side) -> Option<(f64, f64)> {
    let sign = side.sign();
    let mut n = x.len();
    let slope = loop {
        let (x, y) = (&x[..n], &y[..n]);
        let count = crate::standard::count(n);
        let sum =
            |f: &dyn Fn(f64, f64) -> f64| -> f64 { x.iter().zip(y).map(|(x, y)| f(*x, *y)).sum() };
        let (sum_x, sum_y) = (sum(&|x, _| x), sum(&|_, y| y));
        let ss_x = sum(&|x, _| x * x) - sum_x * sum_x / count;
        let ss_y = sum(&|_, y| y * y) - sum_y * sum_y / count;
        let ss_xy = sum(&|x, y| x * y) - sum_x * sum_y / count;
        if !(ss_x > 0.0 && ss_y > 0.0 && ss_x.is_finite() && ss_y.is_finite()) {
            return None;
        }
        let correlation = ss_xy / (libm::sqrt(ss_x) * libm::sqrt(ss_y));
        if sign * correlation >= WANTED_CORRELATION || n <= LEAST_WINDOWS {
            break ss_xy / ss_x;
        }
        n -= 1;
    };
    let mut outermost = 0.0;
    for (x, y) in x[..n].iter().zip(y) {
        let rest = y - slope * x;
        if sign * rest > sign * outermost {
            outermost = rest;
        }
    }
    if outermost == 0.0 {
        // No point lies outside a line through the origin: the line starts at the first length.
        outermost = -slope * x[0];
    }
    Some((slope, outermost))
}
