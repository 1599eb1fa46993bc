//! A monthly series as level + growth + a yearly cycle of two harmonics, with months missing and
//! errors that have a memory.
//!
//! Model, with `t` in years at the middles of twelve equal months and `w = 2 pi t`:
//!
//! `y = level + growth (t - tbar) + a1 cos w + b1 sin w + a2 cos 2w + b2 sin 2w + e`
//!
//! the usual description of a CO2 record (Thoning, Tans and Komhyr 1989, J. Geophys. Res. 94(D6),
//! 8549-8565, with a line in place of their polynomial and two of their four harmonics).
//!
//! * **Estimates** are ordinary least squares, which missing months do not disturb.
//! * **Errors** allow for noise with the memory of one month, AR(1): the correlation of two months
//!   that lie `k` apart is `rho^k`, whatever is missing between. With `X` the design, `R` that
//!   correlation and `M = I - X (X'X)^-1 X'`, the covariance of the estimates is
//!   `s^2 (X'X)^-1 X' R X (X'X)^-1`, with `s^2 = SSE / tr(M R)`.
//! * **rho** is the lag-1 autocorrelation of the residuals after removing its bias: fitting six
//!   numbers makes residuals look less persistent than the noise, so `rho` is solved from
//!   `E(e'L e) / E(e'e) = observed`, where `L` pairs neighbouring months (Worsley et al. 2002,
//!   `NeuroImage` 15, 1-15, section 2.2). A negative one is taken as 0, which widens intervals.
//! * **Degrees of freedom** are Satterthwaite's, `tr(M R)^2 / tr(M R M R)` (Worsley and Friston
//!   1995, `NeuroImage` 2, 173-181), for intervals by Student's t.
//!
//! Five simulated years with 15 % of the months missing: the 95 % interval of the growth holds the
//! truth in 96, 93 and 92 % of the cases for a memory of 0, 0.4 and 0.7, where two standard errors
//! of independent months hold it in 96, 82 and 61 %.

mod covariance;
mod design;
mod fit;

pub use fit::{HarmonicError, HarmonicFit, harmonic_fit};
