//! The files of `[co2]`, looked through before anything is computed.

use std::path::Path;

use nutag_formats::co2::{
    Co2Error, Co2File, Layout, Month, MonthSet, MonthlyGrid, Product, RasterRequest, Request,
    find_files, month_set, recognise,
};
use nutag_formats::files_of;
use nutag_frame::Frame;
use nutag_problem::{Error, OrProblem, Problem, Steps, Watch};
use nutag_system::{Announced, Computed, Facts, Given, InputFile, Planned, Summary};

use crate::Area;
use crate::areas::areas;
use crate::months::month_in_name;
use crate::results::Air;
use crate::section::Co2Section;

/// What `[co2]` asks for, and that it can be done.
#[derive(Debug, Clone)]
pub struct Co2Plan {
    /// What was asked.
    pub section: Co2Section,
    /// The files, in order of their paths.
    pub files: Vec<Co2File>,
    /// The months that were asked for and are there, and those missing between the first and the last asked for.
    pub set: MonthSet,
    /// Country, regions and zones with what they share with the cells of the files.
    pub areas: Vec<Area>,
    /// What the user should know although the plan stands.
    pub warnings: Vec<String>,
}

impl Co2Plan {
    /// Opens the files, refuses what must not be mixed, looks through the values of every month, and shares
    /// the areas of `plan` among the cells.
    ///
    /// # Errors
    /// Whatever makes the question unanswerable: all "asked wrongly".
    pub fn make(section: &Co2Section, frame: &Frame<'_>, watch: &Watch<'_>) -> Result<Self, Error> {
        let (files, set) = open_files(section, watch)?;
        let first = files.first().ok_or_else(|| {
            Problem::of(&Co2Error::NoFiles {
                place: section.files.clone(),
            })
            .asked()
        })?;
        let areas = areas(frame, first.cells())?;
        let mut warnings = warnings(section, &set, &areas)?;
        warnings.extend(crate::maps::check(section, &set, &files, frame)?);
        Ok(Self {
            section: section.clone(),
            files,
            set,
            areas,
            warnings,
        })
    }

    /// Reads a month.
    ///
    /// # Errors
    /// A file that cannot be read any more.
    pub fn read(&self, month: Month) -> Result<Option<MonthlyGrid>, Error> {
        let Some(file) = self.set.months.get(&month) else {
            return Ok(None);
        };
        self.files[*file].read(month).map(Some).or_failed()
    }

    /// What made the grids.
    #[must_use]
    pub fn product(&self) -> String {
        self.files.first().map_or_else(String::new, |file| {
            format!("{} ({} XCO2)", file.product(), file.correction())
        })
    }
}

impl Planned for Co2Plan {
    fn summary(&self) -> Summary {
        let missing: Vec<String> = self.set.missing.iter().map(ToString::to_string).collect();
        let (files, months, areas) = (self.files.len(), self.set.months.len(), self.areas.len());
        let of_missing = match missing.len() {
            0 => String::new(),
            n => format!(" ({n} missing)"),
        };
        Summary {
            label: "CO2",
            line: format!(
                "{}: {files} files, {months} months{of_missing}, {areas} areas",
                self.product()
            ),
            facts: Facts::default()
                .with("product", self.product())
                .with("files", files)
                .with("months", months)
                .with("months_missing", missing)
                .with("areas", areas),
        }
    }

    fn inputs(&self) -> Result<Vec<InputFile>, Error> {
        let mut inputs = Vec::new();
        for file in self.files.iter().map(Co2File::path) {
            // GDAL reads plain rasters, with what lies beside them; the named file comes first.
            let mut all = match recognise(file) {
                Ok(Layout::Raster) => files_of(file).or_asked()?,
                _ => vec![file.to_owned()],
            };
            all.sort_by_key(|path| path != file);
            inputs.extend(all.into_iter().map(|path| InputFile {
                role: "CO2 grid",
                path,
            }));
        }
        Ok(inputs)
    }

    fn warnings(&self) -> Vec<String> {
        self.warnings.clone()
    }

    fn announces(&self) -> Vec<Announced> {
        Vec::new()
    }

    fn compute<'a>(
        &'a self,
        given: &Given<'a>,
        watch: &Watch<'_>,
    ) -> Result<Box<dyn Computed + 'a>, Error> {
        Ok(Box::new(Air::of(self, given, watch)?))
    }
}

/// The files with a month that was asked for, and their months.
pub(crate) fn open_files(
    section: &Co2Section,
    watch: &Watch<'_>,
) -> Result<(Vec<Co2File>, MonthSet), Error> {
    let paths = find_files(&section.files).or_asked()?;
    watch.begin("checking CO2 grids", paths.len(), Steps::Items);
    let mut files = Vec::new();
    for path in &paths {
        files.push(open(section, path)?);
        watch.advance(1)?;
    }
    let range = section.range()?;
    let asked_for = |month: &Month| (range.0..=range.1).contains(month);
    files.retain(|file| file.months().iter().any(asked_for));
    if files.is_empty() {
        return Err(Problem::new(format!(
            "none of the {} CO2 files has a month within {} to {}",
            paths.len(),
            range.0,
            range.1
        ))
        .at(section.files.display())
        .advice("`nutag inspect FILE` shows the months of a file")
        .asked());
    }
    let mut set = month_set(&files).or_asked()?;
    set.months.retain(|month, _| asked_for(month));
    set.missing = range
        .0
        .through(range.1)
        .filter(|month| !set.months.contains_key(month))
        .collect();
    // A magnitude that is no ppm, or a month without a value, stops here and not in the middle of a run.
    for (month, file) in &set.months {
        files[*file].read(*month).or_asked()?;
    }
    watch.finish();
    Ok((files, set))
}

fn open(section: &Co2Section, path: &Path) -> Result<Co2File, Error> {
    let layout = recognise(path).or_asked()?;
    if layout == Layout::Gosat && section.field.is_none() {
        return Err(
            Problem::new("GOSAT files hold two fields, and [co2] does not say which")
                .at(path.display())
                .advice("write field = \"bias-corrected\" (advised) or field = \"raw\" in [co2]")
                .asked(),
        );
    }
    let mut request: Request = section.request()?;
    if layout == Layout::Raster
        && let Some(pattern) = &section.month_in_name
    {
        let month = month_in_name(path, pattern).ok_or_else(|| {
            Problem::new(format!(
                "the name does not say its month by the pattern \"{pattern}\""
            ))
            .at(path.display())
            .advice("correct `month_in_name` in [co2], or narrow `files` to the files it fits")
            .asked()
        })?;
        let name = section
            .product
            .clone()
            .unwrap_or_else(|| "raster".to_owned());
        request.raster = Some(RasterRequest {
            month,
            band: 1,
            product: Product {
                name,
                version: None,
            },
        });
    }
    Co2File::open(path, &request).map_err(|error| match error {
        Co2Error::RasterUntold { path } => {
            Problem::new("a raster says neither its unit nor its month")
                .at(path.display())
                .advice(
                    "write unit = \"ppm\" and month_in_name = \"xco2_{year}{month}.tif\" in [co2]",
                )
                .asked()
        }
        other => Problem::of(&other).asked(),
    })
}

fn warnings(section: &Co2Section, set: &MonthSet, areas: &[Area]) -> Result<Vec<String>, Error> {
    let mut warnings = Vec::new();
    if !set.missing.is_empty() {
        let names: Vec<String> = set.missing.iter().map(ToString::to_string).collect();
        warnings.push(format!(
            "{} of the months {} to {} have no CO2 grid: {}",
            names.len(),
            section.range()?.0,
            section.range()?.1,
            names.join(", ")
        ));
    }
    for area in areas {
        let covered: f64 = area.shares.iter().map(|share| share.area_km2).sum();
        if covered < 0.999 * area.area_km2 {
            warnings.push(format!(
                "the CO2 grid covers {:.1} % of {}; the rest counts as without a value",
                100.0 * covered / area.area_km2,
                area.name
            ));
        }
    }
    Ok(warnings)
}
