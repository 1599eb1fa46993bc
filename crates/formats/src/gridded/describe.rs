//! What is in a netCDF or HDF5 file, whatever it is of.

use std::path::Path;

use gdal::spatial_ref::{AxisMappingStrategy, CoordTransform, SpatialRef};
use netcdf::Variable;

use super::attribute::{Attribute, global_text, text};
use super::coordinates::{Coordinates, Role};
use super::stored::Kind;
use super::{CfError, axes, guarded, open, time, values};

/// What a file says that it holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Description {
    /// Facts about the whole file: a name and what it is.
    pub facts: Vec<(String, String)>,
    /// What it holds, in its order.
    pub variables: Vec<DescribedVariable>,
}

/// A variable of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescribedVariable {
    /// Its name, with its groups.
    pub name: String,
    /// Its type and dimensions, such as `float (time 48, lat 10, lon 14)`.
    pub what: String,
    /// Facts about it: unit, months, extent, attributes.
    pub facts: Vec<(String, String)>,
}

/// Attributes that are shown where a variable has them, besides those that have a line of their own.
const LONGEST_TEXT: usize = 200;

/// Looks into a netCDF file, or an HDF5 file that the netCDF library reads.
///
/// # Errors
/// Returns an error if the file cannot be opened as netCDF.
pub fn describe(path: &Path) -> Result<Description, CfError> {
    guarded(path, || {
        let file = open(path)?;
        let mut description = Description::default();
        for name in [
            "title",
            "summary",
            "source",
            "institution",
            "Conventions",
            "comment",
        ] {
            if let Some(text) = global_text(&file, name) {
                description.facts.push((name.to_owned(), short(&text)));
            }
        }
        for variable in file.variables() {
            description
                .variables
                .push(described(&file, path, &variable, ""));
        }
        if let Ok(groups) = file.groups() {
            for group in groups {
                nested(&file, path, &group, "", &mut description.variables);
            }
        }
        Ok(description)
    })
}

fn nested(
    file: &netcdf::File,
    path: &Path,
    group: &netcdf::Group<'_>,
    above: &str,
    found: &mut Vec<DescribedVariable>,
) {
    let place = format!("{above}{}/", group.name());
    for variable in group.variables() {
        found.push(described(file, path, &variable, &place));
    }
    for inner in group.groups() {
        nested(file, path, &inner, &place, found);
    }
}

fn described(
    file: &netcdf::File,
    path: &Path,
    variable: &Variable<'_>,
    place: &str,
) -> DescribedVariable {
    let kind = Kind::of(variable).map_or("text or a type of its own", Kind::name);
    let dimensions: Vec<String> = variable
        .dimensions()
        .iter()
        .map(|d| format!("{} {}", d.name(), d.len()))
        .collect();
    let what = if dimensions.is_empty() {
        kind.to_owned()
    } else {
        format!("{kind} ({})", dimensions.join(", "))
    };
    let mut facts = Vec::new();
    // What has no axes of a map is described without them.
    if place.is_empty() {
        if let Ok(coordinates) = Coordinates::new(file, path, variable, "") {
            facts.extend(map_facts(file, path, &coordinates));
        } else if let Some(mapped) = projected(file, path, variable) {
            facts.extend(mapped);
        } else if let Ok(steps) = time::steps(file, path, variable)
            && let (Some(first), Some(last)) = (steps.first(), steps.last())
        {
            let day = |step: &time::Step| {
                format!(
                    "{:04}-{:02}-{:02}",
                    step.date.year, step.date.month, step.date.day
                )
            };
            facts.push((
                "from, to".to_owned(),
                format!("{}, {}", day(first), day(last)),
            ));
        }
    }
    for attribute in variable.attributes() {
        let name = attribute.name().to_owned();
        let shown = Attribute::of(variable, &name).map(|value| match value {
            Attribute::Text(text) => short(text.trim()),
            Attribute::Numbers(numbers) => {
                let list: Vec<String> = numbers
                    .values
                    .iter()
                    .take(32)
                    .map(ToString::to_string)
                    .collect();
                let more = if numbers.values.len() > 32 {
                    ", ..."
                } else {
                    ""
                };
                format!("{}{more}", list.join(", "))
            }
        });
        facts.extend(shown.map(|shown| (name, shown)));
    }
    DescribedVariable {
        name: format!("{place}{}", variable.name()),
        what,
        facts,
    }
}

/// Months and extent of a map in longitude and latitude.
fn map_facts(file: &netcdf::File, path: &Path, coordinates: &Coordinates) -> Vec<(String, String)> {
    let mut facts = Vec::new();
    let steps = coordinates
        .variable(file, path, Role::Time)
        .and_then(|time| time::steps(file, path, &time));
    if let Ok(steps) = steps
        && let (Some(first), Some(last)) = (steps.first(), steps.last())
    {
        let months = |step: &time::Step| step.month().map(|month| month.to_string());
        if let (Some(from), Some(to)) = (months(first), months(last)) {
            let count = match steps.len() {
                1 => "1 step".to_owned(),
                n => format!("{n} steps"),
            };
            facts.push(("months".to_owned(), format!("{from} to {to}, {count}")));
        }
    }
    if let Ok(axes) = axes(file, path, coordinates) {
        let ends = |edges: &[f64]| match edges {
            [first, .., last] => format!("{first} to {last}"),
            _ => String::new(),
        };
        let cells = &axes.cells;
        facts.push((
            "longitude, degrees".to_owned(),
            ends(cells.lon_edges_degrees()),
        ));
        facts.push((
            "latitude, degrees".to_owned(),
            ends(cells.lat_edges_degrees()),
        ));
    }
    facts
}

/// The extent of a map on a projected grid, through its `grid_mapping`.
fn projected(
    file: &netcdf::File,
    path: &Path,
    variable: &Variable<'_>,
) -> Option<Vec<(String, String)>> {
    let mapping = file.variable(&text(variable, "grid_mapping")?)?;
    let wkt = text(&mapping, "spatial_ref").or_else(|| text(&mapping, "crs_wkt"))?;
    let [.., y, x] = variable.dimensions() else {
        return None;
    };
    let edges = |name: String| -> Option<(f64, f64)> {
        let axis = values(path, &file.variable(&name)?, None).ok()?;
        let (first, second) = (axis.first().copied()??, axis.get(1).copied()??);
        let last = axis.last().copied()??;
        let half = (second - first) / 2.0;
        Some((
            (first - half).min(last + half),
            (first - half).max(last + half),
        ))
    };
    let ((west, east), (south, north)) = (edges(x.name())?, edges(y.name())?);
    let mut source = SpatialRef::from_wkt(&wkt).ok()?;
    let mut target = source.geog_cs().ok()?;
    source.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
    target.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
    let mut facts = vec![
        (
            "reference system".to_owned(),
            source.name().unwrap_or_else(|| "not named".to_owned()),
        ),
        ("x".to_owned(), format!("{west} to {east}")),
        ("y".to_owned(), format!("{south} to {north}")),
    ];
    let bounds = CoordTransform::new(&source, &target)
        .and_then(|transform| transform.transform_bounds(&[west, south, east, north], 21));
    // Corners of tiles may lie beyond the edge of the Earth, where nothing has a place.
    let on_earth = |[west, south, east, north]: &[f64; 4]| {
        (-180.0..*east).contains(west) && *east <= 180.0 && (-90.0..*north).contains(south)
    };
    if let Some([west, south, east, north]) = bounds.ok().filter(on_earth) {
        facts.push((
            "longitude, degrees".to_owned(),
            format!("{west:.4} to {east:.4}"),
        ));
        facts.push((
            "latitude, degrees".to_owned(),
            format!("{south:.4} to {north:.4}"),
        ));
    }
    Some(facts)
}

fn short(text: &str) -> String {
    let text = text.replace('\n', " ");
    let mut cut: String = text.chars().take(LONGEST_TEXT).collect();
    if cut.len() < text.len() {
        cut.push_str(" ...");
    }
    cut
}
