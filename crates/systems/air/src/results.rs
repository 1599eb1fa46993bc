//! Everything that `[co2]` adds to a run.

use crate::science::{COLUMN_TC_PER_KM2_PER_PPM, VENTILATION_DAYS, why_context};
use nutag_frame::Frame;
use nutag_problem::{Error, Watch};
use nutag_report::{Block, Section, Table};
use nutag_system::{Computed, Given, Pages, Picture, Yearly};

use crate::charts::charts;
use crate::maps::maps;
use crate::series::{AreaSeries, area_series};
use crate::tables::{beside_table, deseasonalised_table, fit_table, month_table};
use crate::{AreaKind, Co2Plan};

/// What `[co2]` has computed.
pub struct Air<'a> {
    plan: &'a Co2Plan,
    frame: &'a Frame<'a>,
    series: Vec<AreaSeries<'a>>,
    /// `xco2_by_region_month`, `xco2_fit`, `xco2_deseasonalised` and, beside NPP by the year, `xco2_beside_npp`.
    tables: Vec<Table>,
}

impl<'a> Air<'a> {
    /// Averages every month over every area, and fits.
    ///
    /// # Errors
    /// Returns an error if a file cannot be read any more, or the user stops.
    pub(crate) fn of(
        plan: &'a Co2Plan,
        given: &Given<'a>,
        watch: &Watch<'_>,
    ) -> Result<Self, Error> {
        let series = area_series(plan, watch)?;
        let mut tables = vec![
            month_table(plan, &series),
            fit_table(&series),
            deseasonalised_table(&series),
        ];
        tables.extend(beside_table(given, &series));
        Ok(Self {
            plan,
            frame: given.frame,
            series,
            tables,
        })
    }
}

impl Computed for Air<'_> {
    fn tables(&self) -> &[Table] {
        &self.tables
    }

    fn yearly(&self) -> &[Yearly] {
        &[]
    }

    fn pages(&self, watch: &Watch<'_>) -> Result<Pages, Error> {
        let mut section = section(self.plan, &self.series, &self.tables[1]);
        let charts = charts(self.plan, &self.series, self.frame.note);
        // The country comes first; the charts of its regions are beside the report.
        let country = charts.first();
        section
            .blocks
            .extend(country.map(|(_, svg)| Block::Figure(svg.clone())));
        watch.check()?;
        let maps = maps(self.plan, self.frame)?;
        let charts = charts
            .into_iter()
            .map(|(name, svg)| Picture::figure(&name, svg));
        let maps = maps.into_iter().map(|(name, png)| Picture::map(&name, png));
        Ok(Pages {
            answer: None,
            sections: vec![section],
            method: method(),
            pictures: charts.chain(maps).collect(),
        })
    }
}

/// The formulas behind the tables.
fn method() -> Vec<(String, String)> {
    let term = |name: &str, what: String| (name.to_owned(), what);
    vec![
        term(
            "XCO2 of an area",
            "Σ a x / Σ a over the cells with a value that the area shares: a the shared area, x the XCO2 of the \
             cell"
                .to_owned(),
        ),
        term(
            "growth and cycle of XCO2",
            "least squares of x(t) = c + b t + two yearly harmonics over the months that are not sparse; the \
             interval of b allows for the memory of the noise by an effective number of months"
                .to_owned(),
        ),
        term(
            "signal of an uptake",
            format!(
                "uptake per area and year x {VENTILATION_DAYS} / days of a year / {COLUMN_TC_PER_KM2_PER_PPM:.2} tC km-2 \
                 ppm-1, the carbon in one ppm of the column (Ballantyne et al. 2012, doi:10.1038/nature11299)"
            ),
        ),
    ]
}

fn section(plan: &Co2Plan, series: &[AreaSeries<'_>], fit: &Table) -> Section {
    let mut blocks = vec![Block::Paragraph(why_context())];
    if let Some(country) = series
        .iter()
        .find(|series| series.area.kind == AreaKind::Country)
    {
        blocks.push(Block::Paragraph(country_text(country)));
    }
    blocks.push(Block::Table(fit.brief()));
    let mut notes = vec![format!(
        "Source: {}; {} months.",
        plan.product(),
        plan.set.months.len()
    )];
    notes.extend(plan.warnings.iter().cloned());
    blocks.push(Block::List(notes));
    Section {
        id: "air".to_owned(),
        heading: "The air above".to_owned(),
        blocks,
    }
}

fn country_text(country: &AreaSeries<'_>) -> String {
    let growth = match &country.fit {
        Ok(fit) => {
            let (low, high) = fit.growth_interval(0.95).unwrap_or((f64::NAN, f64::NAN));
            format!(
                "Over all regions XCO2 grew by {:.2} ppm a year (95 % interval {low:.2} to {high:.2}); its yearly cycle spans {:.1} ppm.",
                fit.growth_per_year, fit.amplitude
            )
        }
        Err(why) => format!("There is no fit over all regions: {why}."),
    };
    let months = country.rows.len();
    let sparse = country.rows.iter().filter(|row| row.mean.sparse).count();
    let half_seen = country
        .rows
        .iter()
        .filter(|row| row.mean.observed_fraction.is_some_and(|seen| seen < 0.5));
    format!(
        "{growth} Of {months} months, {sparse} have values over too little of the area and are left out of the fit; in {} \
         months soundings lie in cells that cover less than half of it.",
        half_seen.count()
    )
}
