//! Heterotrophic respiration (Rh): what soil life gives back, by models that disagree.
//!
//! | model | form | driven by |
//! |---|---|---|
//! | Raich 2002 + Bond-Lamberty 2004 | soil respiration by month, its heterotrophic part by year | T, P |
//! | Hashimoto 2015 + Bond-Lamberty 2004 | the same with a parabola in T and the month before | T, P |
//! | Pei 2009 | Rh by month, as used in Inner Mongolia | T, P |
//! | Q10, Lloyd-Taylor | Rh at 10 degC given by the user, times a curve | T, and P where a half-saturation is given |
//!
//! None was fitted to the permafrost rangeland of Mongolia, and none is verified here. For one cold dry
//! year they give 126 to 283 gC m-2, where NPP is 110 to 150: the sign of NEP is that of the model.

mod agreement;
mod models;

pub use agreement::{Agreement, agreement};
pub use models::{Curve, FrozenCut, Perturbation, RhModel, YearClimate};
