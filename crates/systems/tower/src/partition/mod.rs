//! NEE into ecosystem respiration and gross primary production, by night and by day.
//!
//! | module | question |
//! |---|---|
//! | [`night`] | what do the nights say of respiration (Reichstein et al. 2005)? |
//! | [`day`] | what do the days say of both (Lasslop et al. 2010)? |
//! | [`respiration`] | how does respiration rise with temperature (Lloyd and Taylor 1994)? |
//!
//! The two differ by up to a third in respiration at the same tower, so both are always shown. The
//! night method gives GPP as a difference, negative at times: a negative half-hour is noise, and to
//! cut it off would bias the sum.

pub mod day;
mod gauss_newton;
pub mod night;
pub mod respiration;
