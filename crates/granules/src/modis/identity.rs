//! What a granule says of itself: the inventory metadata of its producer.
//!
//! Names of files are typed by people, and renamed; the metadata are written by the producer's program.
//! `CoreMetadata.0` and its parts (and `ArchiveMetadata.0`, where some products keep the tile) are ODL texts
//! of the ECS inventory: objects with a `VALUE`, and pairs of `ADDITIONALATTRIBUTENAME` and
//! `PARAMETERVALUE`.

use hdf4::Hdf4File;
use hdf4::odl::{self, Block, Value};

use nutag_grid::TileId;

use crate::granule::GranuleName;
use crate::product::{PeriodKind, Product};

/// What the metadata of a granule say; empty where they do not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Identity {
    /// `SHORTNAME`, e.g. `MOD13A2`.
    pub short_name: Option<String>,
    /// `VERSIONID`, e.g. `61`.
    pub version: Option<String>,
    /// Horizontal and vertical number of the tile.
    pub tile: Option<(u8, u8)>,
    /// `RANGEBEGINNINGDATE`, e.g. `2025-01-01`.
    pub begin: Option<String>,
    /// `RANGEENDINGDATE`, the last day that is covered.
    pub end: Option<String>,
    /// `LOCALGRANULEID`: the name that the producer gave the file.
    pub file_name: Option<String>,
    /// `identifier_product_doi`.
    pub doi: Option<String>,
    /// Each `ASSOCIATEDPLATFORMSHORTNAME`, e.g. `Terra`.
    pub platforms: Vec<String>,
    /// Metadata that are there and cannot be read, and why.
    pub unreadable: Option<String>,
}

/// Metadata that contradict a file's name, or the product that it is read as.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the metadata inside say {what} {found} ({key}), but {expected}; \
     was the file renamed? Get it again under its own name, or correct the pipeline file"
)]
pub struct IdentityConflict {
    /// What contradicts, such as "tile".
    pub what: &'static str,
    /// Name of the metadata object.
    pub key: &'static str,
    /// What the metadata say.
    pub found: String,
    /// What the name of the file or the product says, as a sentence.
    pub expected: String,
}

impl Identity {
    /// Reads the metadata of a file. What is absent or cannot be read is left empty: such a file is not
    /// wrong, it only says less.
    #[must_use]
    pub fn of(file: &Hdf4File) -> Self {
        let mut identity = Self::default();
        let mut objects = Vec::new();
        for kind in ["coremetadata", "archivemetadata"] {
            let text = joined(file, kind);
            match odl::parse(kind, &text) {
                Ok(root) => collect(&root, &mut objects),
                Err(error) => identity.unreadable = Some(error.to_string()),
            }
        }
        let text = |name: &str| {
            let found = objects.iter().find(|(key, _)| key == name);
            found
                .map(|(_, value)| value.trim().to_owned())
                .filter(|value| !value.is_empty())
        };
        let number = |name: &str| text(name).and_then(|value| value.parse::<u8>().ok());
        // 51hhhvvv: 5 and 1 stand for the sinusoidal grid and a whole tile.
        let by_id = text("TILEID").and_then(|id| {
            let (head, tail) = (id.get(..5)?, id.get(5..)?);
            let h = head.strip_prefix("51")?.parse().ok()?;
            Some((h, tail.parse().ok()?))
        });
        let by_numbers = number("HORIZONTALTILENUMBER").zip(number("VERTICALTILENUMBER"));
        identity.tile = by_numbers.or(by_id);
        identity.short_name = text("SHORTNAME");
        identity.version = text("VERSIONID");
        identity.begin = text("RANGEBEGINNINGDATE");
        identity.end = text("RANGEENDINGDATE");
        identity.file_name = text("LOCALGRANULEID");
        identity.doi = text("IDENTIFIER_PRODUCT_DOI");
        identity.platforms = objects
            .iter()
            .filter(|(key, _)| key == "ASSOCIATEDPLATFORMSHORTNAME")
            .map(|(_, value)| value.clone())
            .collect();
        identity
    }

    /// Whether the metadata say anything that a name can be compared with.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.short_name.is_none()
            && self.version.is_none()
            && self.tile.is_none()
            && self.begin.is_none()
            && self.file_name.is_none()
            && self.doi.is_none()
    }

    /// Whether the metadata as a whole are those of a granule of another tile: the name that the producer
    /// gave and, where they are there, the numbers of the tile agree on it. A file that was renamed to this
    /// tile is found out by its grid; one whose grid does lie here has metadata that were copied, and they
    /// say nothing of its tile and days.
    #[must_use]
    pub fn is_of_another(&self, tile: TileId) -> bool {
        let own = self.file_name.as_deref();
        let Some(own) = own.and_then(|own| own.parse::<GranuleName>().ok()) else {
            return false;
        };
        let numbers = self.tile.map(|(h, v)| format!("h{h:02}v{v:02}"));
        own.tile != tile && numbers.is_none_or(|numbers| numbers == own.tile.to_string())
    }

    /// Compares the metadata with a file's name and with the product that it is read as. Of metadata that
    /// [are of another granule](Self::is_of_another), only the product is compared.
    ///
    /// # Errors
    /// Returns the first contradiction.
    pub fn check(&self, name: &GranuleName, product: &Product) -> Result<(), IdentityConflict> {
        self.check_product(name)?;
        if self.is_of_another(name.tile) {
            return Ok(());
        }
        let named = |what: &str| format!("the file's name says {what}");
        if let Some((h, v)) = self.tile {
            let found = format!("h{h:02}v{v:02}");
            if found != name.tile.to_string() {
                let expected = named(&name.tile.to_string());
                return conflict("tile", "HORIZONTALTILENUMBER, TileID", found, expected);
            }
        }
        self.check_dates(name, product)?;
        // A name of another kind, such as that of a producer's working file, says nothing.
        let own = self.file_name.as_deref();
        if let Some(own) = own.and_then(|own| own.parse::<GranuleName>().ok())
            && own != *name
        {
            let expected = named(&name.to_string());
            return conflict("the name", "LOCALGRANULEID", own.to_string(), expected);
        }
        Ok(())
    }

    fn check_product(&self, name: &GranuleName) -> Result<(), IdentityConflict> {
        let named = |what: &str| format!("the file's name says {what}");
        if let Some(found) = &self.short_name
            && *found != name.short_name
        {
            return conflict(
                "product",
                "SHORTNAME",
                found.clone(),
                named(&name.short_name),
            );
        }
        // 61 and 6 stand for the collections 061 and 006.
        let plain = |version: &str| {
            let digits: String = version.chars().filter(char::is_ascii_digit).collect();
            digits.trim_start_matches('0').to_owned()
        };
        if let Some(found) = &self.version
            && plain(found) != plain(&name.collection)
        {
            return conflict(
                "version",
                "VERSIONID",
                found.clone(),
                named(&name.collection),
            );
        }
        let of_doi = self.doi.as_deref().and_then(|doi| {
            let (_, id) = doi.split_once("10.5067/MODIS/")?;
            id.split_once('.')
        });
        if let Some((product, version)) = of_doi
            && (product != name.short_name || plain(version) != plain(&name.collection))
        {
            let expected = named(&format!("{}.{}", name.short_name, name.collection));
            let found = format!("{product}.{version}");
            return conflict("DOI", "identifier_product_doi", found, expected);
        }
        let has = |names: [&str; 2]| {
            let is = |platform: &String| names.iter().any(|n| platform.eq_ignore_ascii_case(n));
            self.platforms.iter().any(is)
        };
        let (terra, aqua) = (has(["Terra", "AM-1"]), has(["Aqua", "PM-1"]));
        let satellite = match name.short_name.get(..3) {
            Some("MOD") if aqua && !terra => "Terra (MOD)",
            Some("MYD") if terra && !aqua => "Aqua (MYD)",
            _ => return Ok(()),
        };
        conflict(
            "satellite",
            "ASSOCIATEDPLATFORMSHORTNAME",
            self.platforms.join(", "),
            named(satellite),
        )
    }

    fn check_dates(&self, name: &GranuleName, product: &Product) -> Result<(), IdentityConflict> {
        let (Some(begin), Some(end)) = (&self.begin, &self.end) else {
            return Ok(());
        };
        let (Some(first), Some(last)) = (day_number(begin), day_number(end)) else {
            return Ok(());
        };
        let Some(day) = day_number(&name.date.iso()) else {
            return Ok(());
        };
        // MCD43 names the ninth of the sixteen days that it is made from.
        let within = name.short_name.starts_with("MCD43") && (first..=last).contains(&day);
        if day != first && !within {
            let expected = format!("the file's name says {} ({})", name.date, name.date.iso());
            return conflict("first day", "RANGEBEGINNINGDATE", begin.clone(), expected);
        }
        let days = last - first + 1;
        let (wanted, is_same) = match product.period {
            // A year may be that of a product that starts late.
            PeriodKind::Year => ("a year".to_owned(), (360..=366).contains(&days)),
            PeriodKind::Composite { days: asked } => {
                let asked = i64::from(asked);
                let is_month = |days: i64| (28..=31).contains(&days);
                // The last composite of a year may be cut short by its end, or reach beyond it.
                let ends_year = i64::from(name.date.day_of_year()) + asked > 366;
                (
                    format!("composites of {asked} days"),
                    days == asked || (is_month(days) && is_month(asked)) || ends_year || within,
                )
            }
        };
        if is_same {
            return Ok(());
        }
        let found = format!("{begin} to {end}, {days} days");
        let expected = format!("{} is asked for as {wanted}", product.id());
        conflict("period", "RANGEENDINGDATE", found, expected)
    }
}

fn conflict(
    what: &'static str,
    key: &'static str,
    found: String,
    expected: String,
) -> Result<(), IdentityConflict> {
    Err(IdentityConflict {
        what,
        key,
        found,
        expected,
    })
}

/// The parts of a kind of metadata as one text. Names are matched whole: subsets keep the metadata of what
/// they were cut from as `OldCoreMetadata.0`.
fn joined(file: &Hdf4File, kind: &str) -> String {
    let part = |name: &str| {
        file.attributes()
            .iter()
            .find(|attribute| attribute.name.eq_ignore_ascii_case(name))
            .and_then(|attribute| attribute.as_text())
            .map(|text| text.trim_end_matches('\0'))
    };
    let numbered = (0..).map_while(|n| part(&format!("{kind}.{n}")));
    let text: String = numbered.collect();
    if text.is_empty() {
        part(kind).unwrap_or_default().to_owned()
    } else {
        text
    }
}

/// The objects of a text and their values, in order; additional attributes under the name they carry.
fn collect(block: &Block, objects: &mut Vec<(String, String)>) {
    let mut open = vec![block];
    while let Some(block) = open.pop() {
        if let Some(name) = block.block("ADDITIONALATTRIBUTENAME").and_then(value) {
            let parameter = block.blocks.iter().find_map(|inner| {
                let own = (inner.name == "PARAMETERVALUE").then_some(inner);
                own.or_else(|| inner.block("PARAMETERVALUE"))
            });
            if let Some(parameter) = parameter.and_then(value) {
                objects.push((name.to_ascii_uppercase(), parameter.to_owned()));
            }
        }
        if let Some(values) = block.value("VALUE") {
            let name = block.name.to_ascii_uppercase();
            let texts = values.items().iter().filter_map(Value::as_str);
            objects.extend(texts.map(|text| (name.clone(), text.to_owned())));
        }
        open.extend(block.blocks.iter().rev());
    }
}

fn value(block: &Block) -> Option<&str> {
    block.value("VALUE")?.items().first()?.as_str()
}

/// Days since the first day of the year 1 of a date such as `2025-01-17`.
fn day_number(date: &str) -> Option<i64> {
    let date: jiff::civil::Date = date.get(..10)?.parse().ok()?;
    let first = jiff::civil::date(1, 1, 1);
    Some(date.duration_since(first).as_hours() / 24)
}
