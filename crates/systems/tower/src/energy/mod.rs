//! Energy and water: does the energy that comes in go out again, and how much water evaporated?
//!
//! | module | question |
//! |---|---|
//! | [`closure`] | which part of the available energy do the turbulent fluxes carry? |
//! | [`correction`] | what would they be if they carried all of it (ONEFlux)? |
//! | [`water`] | how much water is so much latent heat? |

pub mod closure;
pub mod correction;
pub mod water;
