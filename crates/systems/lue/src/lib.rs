//! Light-use-efficiency models: gross and net primary productivity from absorbed light and weather.
//!
//! Three models that share no input they need not share, so that their spread means something:
//!
//! | model | light absorbed | heat | water | CO2 | gives |
//! |---|---|---|---|---|---|
//! | [`mod17`](science::mod17) | FPAR of MOD15 | ramp of minimum temperature | ramp of VPD | - | GPP, PsnNet, NPP |
//! | [`pmodel`](science::pmodel) | FPAR of MOD15 | quantum yield, enzyme kinetics | VPD in chi, soil moisture | explicit | GPP |
//! | [`casa`](science::casa) | NDVI and simple ratio | acclimated to the site's own optimum | EET/PET or LSWI | - | NPP |
//!
//! [`vpm`](science::vpm) is a cheap fourth. All arithmetic is `+ - * /`, `sqrt` and `libm`, so a
//! result has the same bits on every machine. Nothing here opens a file.

pub mod science;
