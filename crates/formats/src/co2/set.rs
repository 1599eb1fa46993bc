//! Files put together: which months there are, and what must not be mixed.

use std::collections::BTreeMap;

use super::{Co2Error, Co2File, Month};

/// The months of a set of files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthSet {
    /// Each month, and the position of its file.
    pub months: BTreeMap<Month, usize>,
    /// Months between the first and the last that no file holds.
    pub missing: Vec<Month>,
}

/// Puts files together.
///
/// # Errors
/// [`Co2Error::NoFiles`] for an empty list; [`Co2Error::Mixed`] when products, versions or corrections differ;
/// [`Co2Error::Grids`] when cells differ; [`Co2Error::MonthTwice`].
pub fn month_set(files: &[Co2File]) -> Result<MonthSet, Co2Error> {
    let first = files.first().ok_or_else(|| Co2Error::NoFiles {
        place: std::path::PathBuf::new(),
    })?;
    let mut months = BTreeMap::new();
    for (position, file) in files.iter().enumerate() {
        if (&first.product, first.correction) != (&file.product, file.correction) {
            let describe = |file: &Co2File| format!("{} ({})", file.product, file.correction);
            return Err(Co2Error::Mixed {
                first: first.path.clone(),
                first_product: describe(first),
                second: file.path.clone(),
                second_product: describe(file),
            });
        }
        if first.axes.cells != file.axes.cells {
            let size = |file: &Co2File| {
                let cells = &file.axes.cells;
                format!("{} x {}", cells.rows(), cells.cols())
            };
            return Err(Co2Error::Grids {
                first: first.path.clone(),
                first_cells: size(first),
                second: file.path.clone(),
                second_cells: size(file),
            });
        }
        for month in &file.months {
            if let Some(earlier) = months.insert(*month, position) {
                let earlier: &Co2File = &files[earlier];
                return Err(Co2Error::MonthTwice {
                    month: *month,
                    first: earlier.path.clone(),
                    second: file.path.clone(),
                });
            }
        }
    }
    let ends = months.keys().next().zip(months.keys().next_back());
    let missing = ends.map_or_else(Vec::new, |(from, to)| {
        from.through(*to)
            .filter(|month| !months.contains_key(month))
            .collect()
    });
    Ok(MonthSet { months, missing })
}
