//! Corresponding adjustments: what a transfer does to the balance of two
//! countries (Paris Agreement, article 6.2; decision 2/CMA.3, annex, III.B).

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use nutag_report::{Column, Digits, Table, Value};
use serde::Deserialize;

use super::claim::{Claim, Country, Status, Vintage};
use nutag_problem::{Error, Problem};

/// Emissions in the scope of a target, tonnes of CO2 equivalent, by country and year.
pub type Emissions = BTreeMap<(Country, u16), f64>;

/// One country in one year.
#[derive(Debug, Clone, PartialEq)]
pub struct Adjustment {
    /// The country.
    pub country: Country,
    /// The year.
    pub year: u16,
    /// Tonnes that it transferred first, as host: added to its emissions.
    pub transferred_tco2: u64,
    /// Tonnes that it used, as buyer: taken from its emissions.
    pub used_tco2: u64,
    /// Adjustment by the annual method: transferred minus used, in this year.
    pub annual_tco2: f64,
    /// Adjustment by averaging: transferred minus used from the first year of
    /// the period to this one, over their number of years. That of the last
    /// year is the one a single-year target takes.
    pub averaging_tco2: f64,
    /// Emissions in the scope of its target.
    pub emissions_tco2: Option<f64>,
}

impl Adjustment {
    /// Emissions with the annual adjustment.
    #[must_use]
    pub fn balance_annual_tco2(&self) -> Option<f64> {
        Some(self.emissions_tco2? + self.annual_tco2)
    }

    /// Emissions with the averaged adjustment.
    #[must_use]
    pub fn balance_averaging_tco2(&self) -> Option<f64> {
        Some(self.emissions_tco2? + self.averaging_tco2)
    }
}

/// Every country of the claims in every year of a period of its target.
///
/// A claim counts in the year of its first transfer for the host and in the
/// year of its use for the buyer, whatever the years of its removals.
#[must_use]
pub fn adjustment(claims: &[Claim], period: Vintage, emissions: &Emissions) -> Vec<Adjustment> {
    let countries: BTreeSet<&Country> = claims
        .iter()
        .flat_map(|claim| [&claim.host, &claim.buyer])
        .collect();
    let mut rows = Vec::new();
    for country in countries {
        let mut so_far = 0.0;
        for year in period.first_year..=period.last_year {
            let sum = |counts: &dyn Fn(&Claim) -> bool| {
                let counted = claims.iter().filter(|claim| counts(claim));
                counted.map(|claim| claim.amount_tco2).sum::<u64>()
            };
            let transferred_tco2 =
                sum(&|claim| claim.host == *country && claim.transfer_year == Some(year));
            let used_tco2 = sum(&|claim| claim.buyer == *country && claim.use_year == Some(year));
            let annual_tco2 = transferred_tco2 as f64 - used_tco2 as f64;
            so_far += annual_tco2;
            rows.push(Adjustment {
                country: country.clone(),
                year,
                transferred_tco2,
                used_tco2,
                annual_tco2,
                averaging_tco2: so_far / f64::from(year - period.first_year + 1),
                emissions_tco2: emissions.get(&(country.clone(), year)).copied(),
            });
        }
    }
    rows
}

/// Reads emissions from a csv file with the columns `country`, `year` and `tCO2`.
///
/// # Errors
/// A file that cannot be read, lacks a column, holds something that is no
/// country, year or number, or one country and year twice.
pub fn read_emissions(path: &Path) -> Result<Emissions, Error> {
    #[derive(Deserialize)]
    struct Row {
        country: String,
        year: u16,
        #[serde(rename = "tCO2")]
        tco2: String,
    }
    let wrong = |line: Option<u64>, what: String| {
        let place = line.map_or_else(
            || path.display().to_string(),
            |line| format!("{}, line {line}", path.display()),
        );
        Problem::new(what)
            .at(place)
            .advice("write the columns country (MNG), year (2025) and tCO2 (34500000, without thousands separators)")
            .asked()
    };
    let mut reader =
        csv::Reader::from_path(path).map_err(|error| wrong(None, error.to_string()))?;
    let header = reader
        .headers()
        .map_err(|error| wrong(None, error.to_string()))?
        .clone();
    let mut emissions = Emissions::new();
    let mut record = csv::StringRecord::new();
    loop {
        let more = reader.read_record(&mut record);
        if !more.map_err(|error| wrong(None, error.to_string()))? {
            break;
        }
        let line = record.position().map(csv::Position::line);
        let row: Row = record
            .deserialize(Some(&header))
            .map_err(|error| wrong(line, error.to_string()))?;
        let country: Country = row.country.parse().map_err(|error| wrong(line, error))?;
        let tco2: f64 = row
            .tco2
            .parse()
            .ok()
            .filter(|tco2: &f64| tco2.is_finite())
            .ok_or_else(|| {
                wrong(
                    line,
                    format!("expected tonnes of CO2, found {:?}", row.tco2),
                )
            })?;
        if emissions
            .insert((country.clone(), row.year), tco2)
            .is_some()
        {
            return Err(wrong(
                line,
                format!("{country} in {} is there twice", row.year),
            ));
        }
    }
    Ok(emissions)
}

/// The adjustments as a table.
#[must_use]
pub fn adjustment_table(claims: &[Claim], period: Vintage, emissions: &Emissions) -> Table {
    let rows = adjustment(claims, period, emissions);
    let tonnes = |name: &str, label: &str, description: &str| {
        Column::new(name, label, "tCO2", Digits::Whole, description)
    };
    let number = |name: &str, label: &str, description: &str| {
        Column::new(name, label, "tCO2", Digits::Decimals(0), description)
    };
    let mut columns = vec![
        Column::key(
            "country",
            "Country",
            Digits::Text,
            "Country, ISO 3166-1 alpha-3.",
        ),
        Column::key("year", "Year", Digits::Plain, "Calendar year."),
        tonnes(
            "first_transferred_tCO2",
            "First transferred",
            "What the country transferred first as host in this year; added to its emissions.",
        ),
        tonnes(
            "used_tCO2",
            "Used",
            "What the country used as buyer in this year; taken from its emissions.",
        ),
        number(
            "annual_adjustment_tCO2",
            "Annual adjustment",
            "First transferred minus used, in this year.",
        ),
        number(
            "averaging_adjustment_tCO2",
            "Averaging adjustment",
            "First transferred minus used since the first year of the period, over the number of those years; a single-year target takes that of the last year.",
        ),
    ];
    let with_emissions = rows.iter().any(|row| row.emissions_tco2.is_some());
    if with_emissions {
        columns.push(number(
            "emissions_tCO2",
            "Emissions",
            "Emissions in the scope of the target, as supplied; missing where none were.",
        ));
        columns.push(number(
            "balance_annual_tCO2",
            "Balance, annual",
            "Emissions plus annual adjustment.",
        ));
        columns.push(number(
            "balance_averaging_tCO2",
            "Balance, averaging",
            "Emissions plus averaging adjustment.",
        ));
    }
    let cells = rows.iter().map(|row| {
        let mut cells = vec![
            Value::from(row.country.to_string()),
            Value::Int(row.year.into()),
            Value::count(row.transferred_tco2),
            Value::count(row.used_tco2),
            Value::from(row.annual_tco2),
            Value::from(row.averaging_tco2),
        ];
        if with_emissions {
            cells.push(row.emissions_tco2.into());
            cells.push(row.balance_annual_tco2().into());
            cells.push(row.balance_averaging_tco2().into());
        }
        cells
    });
    Table {
        name: "corresponding_adjustment".to_owned(),
        title: format!("Corresponding adjustment, {period}"),
        notes: notes(claims, period, emissions),
        columns,
        rows: cells.collect(),
    }
}

fn notes(claims: &[Claim], period: Vintage, emissions: &Emissions) -> Vec<String> {
    let mut notes = vec![
        "A positive adjustment raises the emissions a country reports against its target. A transfer from outside the scope of the host's target is adjusted as well."
            .to_owned(),
    ];
    let within = |year: Option<u16>| {
        year.is_none_or(|year| (period.first_year..=period.last_year).contains(&year))
    };
    let outside = claims
        .iter()
        .filter(|claim| !within(claim.transfer_year) || !within(claim.use_year))
        .count();
    if outside > 0 {
        notes.push(format!(
            "{outside} claim(s) were transferred or used outside {period} and do not count there."
        ));
    }
    let waiting = claims
        .iter()
        .filter(|claim| claim.status < Status::Transferred);
    let (number, sum) = waiting.fold((0_u64, 0_u64), |(number, sum), claim| {
        (number + 1, sum.saturating_add(claim.amount_tco2))
    });
    if number > 0 {
        notes.push(format!(
            "{number} claim(s) of {sum} tCO2 are not transferred yet and adjust nothing."
        ));
    }
    let known: BTreeSet<&Country> = claims
        .iter()
        .flat_map(|claim| [&claim.host, &claim.buyer])
        .collect();
    let strangers: BTreeSet<String> = emissions
        .keys()
        .filter(|(country, _)| !known.contains(country))
        .map(|(country, _)| country.to_string())
        .collect();
    if !strangers.is_empty() {
        let names: Vec<String> = strangers.into_iter().collect();
        notes.push(format!(
            "Emissions of countries without a claim are not shown: {}.",
            names.join(", ")
        ));
    }
    notes
}
