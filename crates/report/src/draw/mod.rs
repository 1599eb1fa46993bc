//! Pictures: maps as PNG and charts as SVG, from numbers in memory.
//!
//! Maps ([`MapPicture`]) are drawn in an equal-area projection that follows from the area, with
//! borders, graticule, scale bar, key and notes; several panels share one scale. Charts
//! ([`SeriesChart`], [`FlowChart`], [`BarChart`], [`IntervalChart`], [`ProportionChart`]) are plain SVG without scripts
//! or styles, to be put into a page or opened alone. Texts are measured with the embedded font and
//! placed so that they do not collide.
//!
//! Nothing here opens a file; the same input gives the same bytes. No C library and no font of the
//! system is used.

mod bars;
mod canvas;
mod chart;
mod colour;
mod colour_bar;
mod distance;
mod error;
mod fingerprint;
mod flows;
mod font;
mod frame;
mod graticule;
mod intervals;
mod key;
mod legend;
mod map;
mod paint;
mod place;
mod projection;
mod proportion;
mod scale;
mod series;
mod sheet;
mod svg;
mod ticks;

pub use bars::{BarChart, BarGroup, BarPart};
pub use colour::{Ramp, Rgb, part_fills, zone_fills, zone_inks};
pub use error::DrawError;
pub use fingerprint::Fingerprint;
pub use flows::{FlowChart, FlowClass};
pub use font::text_width_px;
pub use intervals::{Interval, IntervalChart};
pub use legend::{ClassEntry, ClassLegend};
pub use map::{Cells, Key, MapPicture, Panel, Weak};
pub use projection::{EqualArea, LonLatBox};
pub use proportion::{Proportion, ProportionChart};
pub use scale::ValueScale;
pub use series::{FitPoint, Series, SeriesChart};
