//! `[co2]` of the pipeline file.

use std::path::PathBuf;

use nutag_formats::co2::{Field, Month, Request, Unit};
use nutag_frame::Frame;
use nutag_problem::{Error, Problem, Watch};
use nutag_system::{Asked, FileKey, Planned, Reference, ReferenceKind, Section};
use serde::{Deserialize, Serialize};

use crate::plan::Co2Plan;

/// `[co2]`: monthly grids of CO2 in the air column.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Co2Section {
    /// A folder, a pattern such as `"../data/*_03C01SV0305.h5"`, or one file.
    pub files: PathBuf,
    /// First and last month, both included, as `["2009-06", "2012-12"]`.
    pub months: [String; 2],
    /// GOSAT: `"bias-corrected"` or `"raw"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<Co2Field>,
    /// Months of which less than this share (0..1) of an area has values are flagged, and left out of
    /// the fit.
    pub least_valid_fraction: f64,
    /// netCDF: the variable, where more than one could be meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variable: Option<String>,
    /// The unit (`"ppm"`, `"mol/mol"`, `"kg/kg"`), where files say none or a wrong one; needed for
    /// plain rasters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Plain rasters: where year and month stand in the file name, such as
    /// `"xco2_{year}{month}.tif"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub month_in_name: Option<String>,
    /// Plain rasters: what made them, for the report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// Maps of some months of a year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maps: Option<Co2Maps>,
}

/// `[co2.maps]`: a picture of some months side by side, and one of the whole year.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Co2Maps {
    /// The year.
    pub year: i32,
    /// The months, 1 to 12, in the order of the panels.
    pub months: Vec<u8>,
    /// West, south, east, north in degrees; the regions and a margin if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<[f64; 4]>,
}

/// Which field of GOSAT.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Co2Field {
    /// With known biases removed.
    BiasCorrected,
    /// As retrieved.
    Raw,
}

impl From<Co2Field> for Field {
    fn from(field: Co2Field) -> Self {
        match field {
            Co2Field::BiasCorrected => Self::BiasCorrected,
            Co2Field::Raw => Self::Raw,
        }
    }
}

impl Co2Section {
    /// Checks what text can show.
    ///
    /// # Errors
    /// Returns an error for months that are none or run backwards, a share outside 0..1, an unknown unit, a
    /// map of no month or of no place.
    fn check_text(&self) -> Result<(), Error> {
        let wrong =
            |what: String, advice: &str| Err(Problem::new(what).at("[co2]").advice(advice).asked());
        let (first, last) = self.range()?;
        if first > last {
            return wrong(
                format!("[co2] months = [{first}, {last}] runs backwards"),
                "write the first month first; both are included",
            );
        }
        if !(0.0..=1.0).contains(&self.least_valid_fraction) {
            return wrong(
                format!(
                    "[co2] least_valid_fraction must be between 0 and 1, found {}",
                    self.least_valid_fraction
                ),
                "write 0 to 1; 0.5 flags months of which less than half the area has values",
            );
        }
        self.parsed_unit()?;
        let pattern = self.month_in_name.as_deref().unwrap_or("{year}{month}");
        if pattern.matches("{year}").count() != 1 || pattern.matches("{month}").count() != 1 {
            return wrong(
                format!(
                    "[co2] month_in_name = \"{pattern}\" does not say where year and month stand"
                ),
                "write {year} and {month} once each, as in \"xco2_{year}{month}.tif\"",
            );
        }
        let Some(maps) = &self.maps else {
            return Ok(());
        };
        if maps.months.is_empty()
            || maps
                .months
                .iter()
                .any(|month| Month::new(maps.year, *month).is_none())
        {
            return wrong(
                format!(
                    "[co2.maps] year = {}, months = {:?}: months are 1 to 12, at least one",
                    maps.year, maps.months
                ),
                "months = [1, 4, 7, 10]",
            );
        }
        if let Some([west, south, east, north]) = maps.area {
            let lies = west < east && east - west <= 360.0 && south < north;
            if !(lies && (-180.0..=360.0).contains(&west) && south >= -90.0 && north <= 90.0) {
                return wrong(
                    format!(
                        "[co2.maps] area = [{west}, {south}, {east}, {north}] is not a place on Earth"
                    ),
                    "west, south, east, north in degrees: area = [80, 36, 125, 60]",
                );
            }
        }
        Ok(())
    }

    /// The first and the last month.
    ///
    /// # Errors
    /// Text that is no month.
    pub fn range(&self) -> Result<(Month, Month), Error> {
        let month = |text: &String| {
            text.parse::<Month>()
                .map_err(|error| Problem::new(error).at("[co2] months").asked())
        };
        Ok((month(&self.months[0])?, month(&self.months[1])?))
    }

    fn parsed_unit(&self) -> Result<Option<Unit>, Error> {
        let Some(text) = &self.unit else {
            return Ok(None);
        };
        Unit::parse(text, None).map(Some).ok_or_else(|| {
            Problem::new(format!("\"{text}\" is not a unit of CO2 in air"))
                .at("[co2] unit")
                .advice("\"ppm\", \"ppb\", \"mol/mol\" or \"kg/kg\"")
                .asked()
        })
    }

    /// How files are to be read, but for what belongs to a single raster.
    ///
    /// # Errors
    /// An unknown unit.
    pub fn request(&self) -> Result<Request, Error> {
        Ok(Request {
            field: self.field.map_or_else(Field::default, Field::from),
            variable: self.variable.clone(),
            unit: self.parsed_unit()?,
            raster: None,
        })
    }
}

impl Section for Co2Section {
    fn key(&self) -> &'static str {
        "co2"
    }

    fn check(&self, _: &Asked) -> Result<(), Error> {
        self.check_text()
    }

    fn files(&mut self, each: &mut dyn FnMut(FileKey, &mut PathBuf)) {
        each(FileKey::new("[co2] files", "CO2 grid"), &mut self.files);
    }

    fn references(&self) -> Vec<&'static Reference> {
        let mut references = vec![&BALLANTYNE];
        if self.field.is_some() {
            references.insert(0, &GOSAT_LEVEL_3);
        }
        references
    }

    fn plan(&self, frame: &Frame<'_>, watch: &Watch<'_>) -> Result<Box<dyn Planned>, Error> {
        Ok(Box::new(Co2Plan::make(self, frame, watch)?))
    }
}

/// How a field of CO2 columns is made from soundings.
const GOSAT_LEVEL_3: Reference = Reference {
    kind: ReferenceKind::Article,
    doi: Some("10.1080/01431161.2015.1011792"),
    authors: &[
        ("Watanabe", "H."),
        ("Hayashi", "K."),
        ("Saeki", "T."),
        ("Maksyutov", "S."),
        ("Nasuno", "I."),
        ("Shimono", "Y."),
        ("Hirose", "Y."),
        ("Takaichi", "K."),
        ("Kanekon", "S."),
        ("Ajiro", "M."),
        ("Matsumoto", "Y."),
        ("Yokota", "T."),
    ],
    year: 2015,
    title: "Global mapping of greenhouse gases retrieved from GOSAT Level 2 products by using a kriging method",
    where_published: "International Journal of Remote Sensing 36, 1509-1528",
};

/// How much carbon one ppm of the atmosphere is.
const BALLANTYNE: Reference = Reference {
    kind: ReferenceKind::Article,
    doi: Some("10.1038/nature11299"),
    authors: &[
        ("Ballantyne", "A. P."),
        ("Alden", "C. B."),
        ("Miller", "J. B."),
        ("Tans", "P. P."),
        ("White", "J. W. C."),
    ],
    year: 2012,
    title: "Increase in observed net carbon dioxide uptake by land and oceans during the past 50 years",
    where_published: "Nature 488, 70-72",
};

#[cfg(test)]
mod tests {
    use super::*;

    const SECTION: &str = r#"
files = "co2"
months = ["2009-06", "2012-12"]
field = "bias-corrected"
least_valid_fraction = 0.5
[maps]
year = 2011
months = [1, 4, 7, 10]
area = [80.0, 36.0, 125.0, 60.0]
"#;

    fn check(text: &str) -> Result<Co2Section, String> {
        let section: Co2Section = nutag_settings::read(text).map_err(|e| e.to_string())?;
        section.check_text().map_err(|e| e.to_string())?;
        Ok(section)
    }

    #[test]
    fn a_whole_section_is_read() {
        let mut section = check(SECTION).unwrap();
        let mut met = Vec::new();
        section.files(&mut |key, path| met.push((key.key, path.clone())));
        assert_eq!(met, [("[co2] files", PathBuf::from("co2"))]);
        let (first, last) = section.range().unwrap();
        assert_eq!(first.through(last).count(), 43);
        assert_eq!(section.request().unwrap().field, Field::BiasCorrected);
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for (from, to, word) in [
            ("2009-06", "2013-06", "runs backwards"),
            ("2009-06", "June 2009", "expected a month"),
            ("= 0.5", "= 50.0", "between 0 and 1"),
            ("field =", "filed =", "did you mean `field`?"),
            (
                "\"bias-corrected\"",
                "\"best\"",
                "expected \"bias-corrected\"",
            ),
            ("[1, 4, 7, 10]", "[1, 13]", "months are 1 to 12"),
            ("[1, 4, 7, 10]", "[]", "months are 1 to 12"),
            ("80.0, 36.0", "125.0, 36.0", "not a place"),
            ("field =", "unit = \"mg\"\nfield =", "not a unit of CO2"),
            (
                "field =",
                "month_in_name = \"x_{year}.tif\"\nfield =",
                "does not say where",
            ),
        ] {
            let error = check(&SECTION.replacen(from, to, 1)).unwrap_err();
            assert!(error.contains(word), "{to}: {error}");
        }
    }
}
