//! A claim: who says that they removed how much of which gas, when and where.

use std::fmt;
use std::str::FromStr;

use nutag_formats::vector::Outline;
use serde::Serialize;

use nutag_problem::{Error, Problem};

/// Years that a ledger takes.
const YEARS: std::ops::RangeInclusive<u16> = 1900..=2200;
/// The longest id or name of a registry, in characters.
const LONGEST_NAME: usize = 200;

/// The years in which a claim's removals happened, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Vintage {
    /// First year.
    pub first_year: u16,
    /// Last year.
    pub last_year: u16,
}

impl Vintage {
    /// The years that two vintages share.
    #[must_use]
    pub fn shared(self, other: Self) -> Option<Self> {
        let first_year = self.first_year.max(other.first_year);
        let last_year = self.last_year.min(other.last_year);
        (first_year <= last_year).then_some(Self {
            first_year,
            last_year,
        })
    }

    /// Number of years.
    #[must_use]
    pub fn years(self) -> u16 {
        self.last_year - self.first_year + 1
    }
}

impl fmt::Display for Vintage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first_year == self.last_year {
            write!(f, "{}", self.first_year)
        } else {
            write!(f, "{}-{}", self.first_year, self.last_year)
        }
    }
}

impl FromStr for Vintage {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "expected a year or two such as 2021-2025 between {} and {}, found {text:?}",
                YEARS.start(),
                YEARS.end()
            )
        };
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        let year = |text: &str| text.trim().parse::<u16>().map_err(|_| wrong());
        let (first_year, last_year) = (year(first)?, year(last)?);
        if !YEARS.contains(&first_year) || !YEARS.contains(&last_year) {
            return Err(wrong());
        }
        if first_year > last_year {
            return Err(format!("the years {text} run backwards"));
        }
        Ok(Self {
            first_year,
            last_year,
        })
    }
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$item:meta])* $variant:ident => $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$item])* $variant,)+
        }

        impl $name {
            /// All of them, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Its name in the ledger.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.word())
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(self.word())
            }
        }

        impl FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(format!("expected one of {}, found {text:?}", [$($word),+].join(", "))),
                }
            }
        }
    };
}

words! {
    /// A greenhouse gas. Amounts of other gases than CO2 are tonnes of CO2 equivalent.
    Gas {
        /// Carbon dioxide.
        Co2 => "CO2",
        /// Methane.
        Ch4 => "CH4",
        /// Nitrous oxide.
        N2o => "N2O",
    }
}

words! {
    /// Where a claim is on its way. It goes forward only; steps may be left out.
    Status {
        /// Meant, and its ground taken.
        Planned => "planned",
        /// Registered as a project.
        Registered => "registered",
        /// Credits are issued.
        Issued => "issued",
        /// The host has authorised its transfer.
        Authorised => "authorised",
        /// First transferred: the host adjusts its balance upwards.
        Transferred => "transferred",
        /// Used by the buyer, who adjusts its balance downwards.
        Used => "used",
        /// Given up; its ground is free again.
        Withdrawn => "withdrawn",
    }
}

/// A country by the three letters of ISO 3166-1.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Country(String);

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Country {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.len() == 3 && text.bytes().all(|letter| letter.is_ascii_uppercase()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(format!(
                "expected three capital letters of ISO 3166-1 such as MNG, JPN or KOR, found {text:?}"
            ))
        }
    }
}

/// A claim as it is asked for.
#[derive(Debug, Clone)]
pub struct NewClaim {
    /// Its own name, in this ledger and the registry.
    pub id: String,
    /// Years of the removals.
    pub vintage: Vintage,
    /// Gas.
    pub gas: Gas,
    /// Whole tonnes of CO2, or of CO2 equivalent.
    pub amount_tco2: u64,
    /// Where the land is.
    pub host: Country,
    /// Who gets the credits.
    pub buyer: Country,
    /// The one registry that keeps them.
    pub registry: String,
    /// Where it is on its way; not beyond [`Status::Authorised`].
    pub status: Status,
    /// The land.
    pub area: Outline,
}

impl NewClaim {
    /// What text alone can be wrong about.
    pub(super) fn check(&self) -> Result<(), Error> {
        let wrong = |what: String, advice: &str| Err(Problem::new(what).advice(advice).asked());
        for (name, text) in [("id", &self.id), ("registry", &self.registry)] {
            let odd = text.trim() != text || text.is_empty() || text.chars().any(char::is_control);
            if odd || text.chars().count() > LONGEST_NAME {
                return wrong(
                    format!("the {name} {text:?} is not a name"),
                    "write 1 to 200 characters without blanks at the ends",
                );
            }
        }
        if self.amount_tco2 == 0 || i64::try_from(self.amount_tco2).is_err() {
            return wrong(
                format!(
                    "a claim must be of more than 0 tonnes of CO2, found {}",
                    self.amount_tco2
                ),
                "write whole tonnes, rounded down, above zero",
            );
        }
        if self.host == self.buyer {
            return wrong(
                format!("{} is host and buyer at once", self.host),
                "the buyer is the other country; what a host uses itself needs no claim",
            );
        }
        if self.status > Status::Authorised {
            return wrong(
                format!("a new claim cannot be {} already", self.status),
                "add it as planned, registered, issued or authorised, then `claims record` the step with its year",
            );
        }
        Ok(())
    }
}

/// A claim as the ledger keeps it; all but its polygons, which
/// [`super::Ledger::area`] gives.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Claim {
    /// Its own name.
    pub id: String,
    /// Years of the removals.
    #[serde(flatten)]
    pub vintage: Vintage,
    /// Gas.
    pub gas: Gas,
    /// Whole tonnes of CO2, or of CO2 equivalent.
    #[serde(rename = "tCO2")]
    pub amount_tco2: u64,
    /// Where the land is.
    pub host: Country,
    /// Who gets the credits.
    pub buyer: Country,
    /// The one registry that keeps them.
    pub registry: String,
    /// Where it is on its way.
    pub status: Status,
    /// Year of the first transfer.
    pub transfer_year: Option<u16>,
    /// Year of the use.
    pub use_year: Option<u16>,
    /// True area on WGS84.
    pub area_km2: f64,
    /// West, south, east, north of the area.
    pub bounds_degrees: [f64; 4],
    /// SHA-256 of the area as well-known binary.
    pub area_sha256: String,
}

/// Moves a claim one step or more forward.
pub(super) fn step(claim: &mut Claim, status: Status, year: Option<u16>) -> Result<(), Problem> {
    let id = &claim.id;
    let wrong = |what: String, advice: &str| Err(Problem::new(what).advice(advice));
    if claim.status == Status::Withdrawn || status <= claim.status {
        return wrong(
            format!(
                "the claim {id:?} is {} and cannot become {status}",
                claim.status
            ),
            "a claim goes forward: planned, registered, issued, authorised, transferred, used",
        );
    }
    let needs_year = matches!(status, Status::Transferred | Status::Used);
    let year = match (needs_year, year) {
        (true, Some(year)) => year,
        (false, None) => {
            claim.status = status;
            return Ok(());
        }
        (true, None) => {
            return wrong(
                format!("{status} in which year? The adjustment belongs to it"),
                "add --year YYYY",
            );
        }
        (false, Some(_)) => {
            return wrong(
                format!("{status} takes no year"),
                "only transferred and used do; leave --year out",
            );
        }
    };
    let (earliest, of_what) = if status == Status::Transferred {
        (claim.vintage.last_year, "the vintage ends")
    } else {
        let Some(transferred) = claim.transfer_year else {
            return wrong(
                format!("the claim {id:?} was not transferred, so it cannot be used"),
                "record `transferred` with its year first",
            );
        };
        (transferred, "it was transferred")
    };
    if year < earliest || !YEARS.contains(&year) {
        return wrong(
            format!("{status} in {year} cannot be: {of_what} in {earliest}"),
            "check the year",
        );
    }
    if status == Status::Transferred {
        claim.transfer_year = Some(year);
    } else {
        claim.use_year = Some(year);
    }
    claim.status = status;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vintages_are_read_shared_and_refused() {
        let vintage = |text: &str| text.parse::<Vintage>();
        let (a, b) = (vintage("2001-2006").unwrap(), vintage("2006").unwrap());
        assert_eq!((a.years(), b.years()), (6, 1));
        assert_eq!(a.shared(b), Some(b));
        assert_eq!(a.shared(vintage("2007-2012").unwrap()), None);
        assert_eq!(
            (a.to_string(), b.to_string()),
            ("2001-2006".into(), "2006".into())
        );
        for wrong in [
            "",
            "21",
            "2006-2001",
            "2001-",
            "2001-2006-2007",
            "2001/2006",
        ] {
            assert!(vintage(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn words_go_there_and_back() {
        for status in Status::ALL {
            assert_eq!(status.word().parse(), Ok(*status));
        }
        for gas in Gas::ALL {
            assert_eq!(gas.word().parse(), Ok(*gas));
        }
        assert!("Co2".parse::<Gas>().is_err());
        assert!("Mng".parse::<Country>().is_err());
    }
}
