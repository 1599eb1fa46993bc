//! The layers of rasters: what each holds, in which unit, in which colours.

use nutag_carbon::Quantity;
use nutag_report::draw::{ClassEntry, Ramp, Rgb, zone_fills};
use nutag_report::raster::{Layer, LayerKind};

use crate::cells::{CELL_FALSE_DISCOVERY_RATE, TrendClass, ValueLayer};
use crate::plan::NppPlan;

/// Where the cells of a layer come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Floats.
    Value(ValueLayer),
    /// The same as whole numbers.
    Whole(ValueLayer),
    /// Classes of trends, or why there is no value.
    Trend,
    /// Zones of the first (0) or second (1) epoch.
    Zone(usize),
    /// Regions.
    Region,
}

/// Most classes of a layer; their codes and that of no data fill a byte.
pub const MOST_CLASSES: usize = 250;

/// The quantity as part of file names: "npp".
pub fn slug(quantity: &Quantity) -> String {
    let letters = quantity.name.chars().filter(char::is_ascii_alphanumeric);
    let slug: String = letters.map(|c| c.to_ascii_lowercase()).collect();
    if slug.starts_with(|c: char| c.is_ascii_alphabetic()) {
        slug
    } else {
        format!("value{slug}")
    }
}

/// The layers of a plan; those of cells only where there are any.
pub fn layers(plan: &NppPlan<'_>, quantity: &Quantity, has_cells: bool) -> Vec<(Source, Layer)> {
    let mut layers = Vec::new();
    if has_cells {
        layers.extend(ValueLayer::ALL.map(|layer| of_values(plan, quantity, layer)));
        layers.push((Source::Trend, trend_classes(plan, quantity)));
    }
    let zones = &plan.counted.zone_maps;
    for (i, (name, map)) in [("zone_from", &zones.from), ("zone_to", &zones.to)]
        .into_iter()
        .enumerate()
    {
        let fills = zone_fills(plan.zones.len()).into_iter();
        let mut entries: Vec<ClassEntry> = (1..=u8::MAX)
            .zip(plan.zones.iter().zip(fills))
            .map(|(code, (zone, fill))| entry(code, zone, fill))
            .collect();
        if let Ok(code) = u8::try_from(plan.zones.len() + 1) {
            entries.push(entry(code, "in no zone", Rgb(0xb4, 0xb4, 0xb4)));
        }
        let layer = Layer {
            name: name.to_owned(),
            title: format!("Permafrost zone, {}", map.epoch.trim()),
            description: "The zone that holds the centre of the cell. Nothing outside the regions"
                .to_owned(),
            unit: String::new(),
            udunits: String::new(),
            kind: LayerKind::Classes(entries),
        };
        layers.push((Source::Zone(i), layer));
    }
    layers.push((Source::Region, regions(plan)));
    layers
}

fn of_values(plan: &NppPlan<'_>, quantity: &Quantity, layer: ValueLayer) -> (Source, Layer) {
    let (name, slug) = (&quantity.name, slug(quantity));
    let label = |period: Option<&nutag_granules::granule::Period>| {
        period
            .map(|period| period.label.clone())
            .unwrap_or_default()
    };
    let (first, last) = (
        label(plan.counted.periods.first()),
        label(plan.counted.periods.last()),
    );
    let span = format!("{first} to {last}");
    let (density, udunits) = (
        quantity.density_unit.as_str(),
        udunits(&quantity.density_unit),
    );
    let per_year = match (density, udunits.as_str()) {
        ("1", _) => ("per year".to_owned(), "year-1".to_owned()),
        (density, udunits) => (format!("{density} per year"), format!("{udunits} year-1")),
    };
    let number = ("1".to_owned(), "1".to_owned());
    let (ending, title, description, unit) = match layer {
        ValueLayer::Mean => (
            "mean",
            format!("Mean {name}, {span}"),
            "Mean over the periods that have a value",
            (density.to_owned(), udunits),
        ),
        ValueLayer::OlsSlope => (
            "slope_ols",
            format!("Slope of {name}, least squares, {span}"),
            "Slope by ordinary least squares over the real years",
            per_year,
        ),
        ValueLayer::SenSlope => (
            "slope_sen",
            format!("Slope of {name}, Theil-Sen, {span}"),
            "Median of the slopes between all pairs of years",
            per_year,
        ),
        ValueLayer::S => (
            "mann_kendall_s",
            format!("Mann-Kendall S of {name}, {span}"),
            "Pairs of years that rise minus pairs that fall",
            number,
        ),
        ValueLayer::P => (
            "mann_kendall_p",
            format!("Mann-Kendall p of {name}, {span}"),
            "Two-sided p of a single cell: exact without ties and up to 40 years, else normal. \
             It takes no account of the other cells: the class does",
            number,
        ),
        ValueLayer::N => (
            "years",
            format!("Years with a value of {name}, {span}"),
            "Number of periods that count in this cell",
            number,
        ),
    };
    let (source, kind) = match layer {
        ValueLayer::S | ValueLayer::N => (Source::Whole(layer), LayerKind::Integers),
        _ => (Source::Value(layer), LayerKind::Values),
    };
    let layer = Layer {
        name: format!("{slug}_{ending}"),
        title,
        description: description.to_owned(),
        unit: unit.0,
        udunits: unit.1,
        kind,
    };
    (source, layer)
}

fn trend_classes(plan: &NppPlan<'_>, quantity: &Quantity) -> Layer {
    let words = |class: TrendClass| match class {
        TrendClass::Down => ("falls, significant", Ramp::PurpleGreen.at(0.12)),
        TrendClass::NotSignificant => ("not significant", Rgb(0xea, 0xe8, 0xe2)),
        TrendClass::Up => ("rises, significant", Ramp::PurpleGreen.at(0.88)),
        TrendClass::NotTested => ("too few years to be tested", Rgb(0xd2, 0xd0, 0xca)),
    };
    let tested = TrendClass::ALL.into_iter().map(|class| {
        let (label, fill) = words(class);
        (class.code(), label.to_owned(), fill)
    });
    let names = plan.counted.reasons.names();
    let reasons = names.iter().enumerate().map(|(i, reason)| {
        // Greys apart from each other, none as light as a class above.
        let share = u8::try_from(80 * i / names.len().max(1)).unwrap_or(80);
        let grey = 0xb4 - share;
        let label = format!("no value: {reason}");
        (TrendClass::no_value(i), label, Rgb(grey, grey, grey))
    });
    let entries = tested
        .chain(reasons)
        .filter_map(|(code, label, fill)| Some(entry(u8::try_from(code).ok()?, &label, fill)))
        .collect();
    Layer {
        name: format!("{}_trend_class", slug(quantity)),
        title: format!("Trend of {}", quantity.name),
        description: format!(
            "Mann-Kendall, significant at a false discovery rate of {:.0} % over all cells of the \
             area; or why the cell has no value",
            100.0 * CELL_FALSE_DISCOVERY_RATE
        ),
        unit: String::new(),
        udunits: String::new(),
        kind: LayerKind::Classes(entries),
    }
}

/// Soft colours for neighbours, in turn.
const REGION_FILLS: [Rgb; 8] = [
    Rgb(0x8d, 0xd3, 0xc7),
    Rgb(0xff, 0xf2, 0xae),
    Rgb(0xbe, 0xba, 0xda),
    Rgb(0xfb, 0xb4, 0xae),
    Rgb(0xb3, 0xcd, 0xe3),
    Rgb(0xfd, 0xcd, 0xac),
    Rgb(0xcc, 0xeb, 0xc5),
    Rgb(0xe5, 0xd8, 0xbd),
];

fn regions(plan: &NppPlan<'_>) -> Layer {
    let is_list = plan.regions.len() <= MOST_CLASSES;
    let entries = (1..=u8::MAX)
        .zip(&plan.regions)
        .zip(REGION_FILLS.into_iter().cycle())
        .map(|((code, name), fill)| entry(code, name, fill));
    Layer {
        name: "region".to_owned(),
        title: "Region".to_owned(),
        description: "The region that holds the centre of the cell, numbered from 1 in the order \
                      of the file"
            .to_owned(),
        unit: if is_list { "" } else { "1" }.to_owned(),
        udunits: if is_list { "" } else { "1" }.to_owned(),
        kind: if is_list {
            LayerKind::Classes(entries.collect())
        } else {
            LayerKind::Integers
        },
    }
}

fn entry(code: u8, label: &str, fill: Rgb) -> ClassEntry {
    ClassEntry {
        code,
        label: label.to_owned(),
        fill,
    }
}

/// A unit as UDUNITS reads it: mass of carbon is mass.
fn udunits(unit: &str) -> String {
    let words = unit.split(' ').map(|word| match word {
        "gC" => "g",
        "kgC" => "kg",
        "tC" => "t",
        "yr-1" => "year-1",
        word => word,
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_become_units_of_udunits() {
        assert_eq!(udunits("gC m-2"), "g m-2");
        assert_eq!(udunits("1"), "1");
        assert_eq!(udunits("kgC m-2 yr-1"), "kg m-2 year-1");
    }
}
