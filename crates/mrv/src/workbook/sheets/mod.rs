//! The sheets of the workbook.

mod cover;
mod data;
mod inputs;
mod pen;
mod people;
mod process;
mod style;
mod uncertainty;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use super::figures::Figures;
use super::interval::Intervals;
use super::policy::Policy;
use super::project::Project;
use super::run_folder::RunFolder;
use super::source::Source;
use pen::Book;

pub(super) use pen::BANNER;

/// All that the sheets are written from.
pub(super) struct Content<'a> {
    pub project: &'a Project,
    pub file_sha256: &'a str,
    pub run: &'a RunFolder,
    pub source: &'a Source,
    pub intervals: Option<&'a Intervals>,
    pub policy: &'a Policy,
    pub figures: &'a Figures,
    pub eligibility: String,
}

impl Content<'_> {
    /// Number of a region as monitoring point, from 1.
    fn point(&self, region: &str) -> usize {
        let regions = &self.project.project.regions;
        regions
            .iter()
            .position(|name| name == region)
            .map_or(0, |place| place + 1)
    }

    fn monitoring_years(&self) -> String {
        let [first, last] = self.project.monitoring.years;
        if first == last {
            first.to_string()
        } else {
            format!("{first}-{last}")
        }
    }

    /// Valid area of a region in the first monitoring year.
    fn first_area(&self, region: &str) -> Option<f64> {
        let year = self.project.monitoring.years[0];
        self.source
            .of(region, year)
            .map(|row| row.valid_area_km2)
            .sum()
    }

    /// Name of the MRV file, without the folders of this machine.
    fn file_name(&self) -> String {
        let name = self.project.file.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }
}

/// The formula that sums the rows of a point in a year.
fn run_total(point: usize, year: u16) -> String {
    format!("=SUMIFS(source_value,source_point,{point},source_year,{year})")
}

/// The formula that sums all points in a year, as CO2.
fn regions_sum(prefix: &str, year: u16, content: &Content<'_>) -> String {
    let points = content.project.project.regions.len();
    let terms: Vec<String> = (1..=points)
        .map(|index| format!("{prefix}_{year}_{index}"))
        .collect();
    format!("=({})*to_tCO2", terms.join("+"))
}

/// The whole workbook as bytes; the same content gives the same bytes.
pub(super) fn workbook(content: &Content<'_>) -> Result<Vec<u8>, XlsxError> {
    let about = &content.project.about;
    let mut book = Book {
        project: format!(
            "{} | {} | run {}, manifest {}",
            about.title,
            content.monitoring_years(),
            content.run.name(),
            &content.run.manifest_sha256[..12]
        ),
        note: about.note.clone().or_else(|| content.run.note.clone()),
        ..Book::default()
    };
    inputs::plan(&mut book, content)?;
    process::plan(&mut book, content)?;
    people::structure(&mut book, content)?;
    inputs::report(&mut book, content)?;
    process::report(&mut book, content)?;
    data::reference(&mut book, content)?;
    uncertainty::uncertainty(&mut book, content)?;
    people::eligibility(&mut book, content)?;
    people::defaults(&mut book, content)?;
    data::source_rows(&mut book, content)?;
    data::trace(&mut book, content)?;
    // Last, for it counts what the others compare; and first to be read.
    cover::cover(&mut book, content)?;
    book.sheets.rotate_right(1);

    let mut workbook = Workbook::new();
    // Any fixed moment will do: the real one would change the bytes.
    let moment = ExcelDateTime::from_ymd(2000, 1, 1)?;
    let properties = DocProperties::new()
        .set_title(format!("Monitoring workbook: {}", about.title))
        .set_subject(BANNER)
        .set_status("Draft, not creditable")
        .set_creation_datetime(&moment);
    workbook.set_properties(&properties);
    for sheet in book.sheets {
        workbook.push_worksheet(sheet);
    }
    for (name, place) in &book.names {
        workbook.define_name(name, place)?;
    }
    workbook.save_to_buffer()
}

/// The verdict of the eligibility sheet.
pub(super) use people::verdict;
