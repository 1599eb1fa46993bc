//! Names of MODIS land granules: `PROD.AYYYYDDD.hHHvVV.CCC.YYYYDDDHHMMSS.hdf`.

use std::fmt;
use std::str::FromStr;

use nutag_grid::TileId;

use super::AcquisitionDate;

/// What the name of a granule says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GranuleName {
    /// Product, e.g. `MOD17A3HGF`.
    pub short_name: String,
    /// A-date: what was observed when.
    pub date: AcquisitionDate,
    /// Tile.
    pub tile: TileId,
    /// Collection, three digits, e.g. `061`.
    pub collection: String,
    /// Production time, `YYYYDDDHHMMSS`: the newest of several versions has the largest.
    pub production: String,
}

/// A file name that is not a granule's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected a granule name such as MOD17A3HGF.A2001001.h25v04.061.2020030112233.hdf, found {found:?}"
)]
pub struct NameError {
    /// The name.
    pub found: String,
}

impl FromStr for GranuleName {
    type Err = NameError;

    fn from_str(name: &str) -> Result<Self, NameError> {
        let parse = || {
            let mut parts = name.split('.');
            let mut next = || parts.next();
            let (short_name, date, tile) = (next()?, next()?, next()?);
            let (collection, production, extension) = (next()?, next()?, next()?);
            let digits = |text: &str, len: usize| {
                text.len() == len && text.bytes().all(|b| b.is_ascii_digit())
            };
            let plain = !short_name.is_empty()
                && short_name
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'_');
            let whole = next().is_none() && extension.eq_ignore_ascii_case("hdf");
            if !(plain
                && whole
                && date.starts_with('A')
                && digits(collection, 3)
                && digits(production, 13))
            {
                return None;
            }
            Some(Self {
                short_name: short_name.to_owned(),
                date: date.parse().ok()?,
                tile: tile.parse().ok()?,
                collection: collection.to_owned(),
                production: production.to_owned(),
            })
        };
        parse().ok_or_else(|| NameError {
            found: name.to_owned(),
        })
    }
}

impl fmt::Display for GranuleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            short_name,
            date,
            tile,
            collection,
            production,
        } = self;
        let (year, day) = (date.year(), date.day_of_year());
        write!(
            f,
            "{short_name}.A{year:04}{day:03}.{tile}.{collection}.{production}.hdf"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_reads_and_writes_back() {
        let text = "MOD17A3HGF.A2021001.h14v02.061.2022020135800.hdf";
        let name: GranuleName = text.parse().unwrap();
        assert_eq!(name.to_string(), text);
        assert_eq!(name.tile.to_string(), "h14v02");
        assert_eq!(name.collection, "061");
        assert_eq!((name.date.year(), name.date.day_of_year()), (2021, 1));
    }

    #[test]
    fn other_names_are_refused() {
        for text in [
            "",
            "MOD17A3HGF.A2021001.h14v02.061.2022020135800.hdf.xml",
            "MOD17A3HGF.A2021001.h14v02.061.2022020135800.h5",
            "MOD17A3HGF.A2021001.h14v02.061.202202013580.hdf",
            "MOD17A3HGF.A2021001.h14v02.61.2022020135800.hdf",
            "MOD17A3HGF.A2021366.h14v02.061.2022020135800.hdf",
            "MOD17A3HGF.2021001.h14v02.061.2022020135800.hdf",
            "MOD17A3HGF.A2021001.h36v02.061.2022020135800.hdf",
            "MOD17A3HGF.A2021001.h14v02.hdf",
            ".A2021001.h14v02.061.2022020135800.hdf",
        ] {
            assert_eq!(
                text.parse::<GranuleName>(),
                Err(NameError {
                    found: text.to_owned()
                })
            );
        }
    }
}
