//! The form of a discrepancy: what is wrong, and numbers with their origin.

/// Where a number comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Printed in the table.
    Printed,
    /// Computed here from printed figures, or counted on a named border.
    Computed,
    /// Given by another source.
    Source,
    /// Follows from the figures, but nothing printed says so.
    Inference,
}

impl Mark {
    /// One word for a table.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Printed => "printed",
            Self::Computed => "computed",
            Self::Source => "source",
            Self::Inference => "inference",
        }
    }
}

/// What a discrepancy is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// The column "million t" counts units of ten million.
    FactorOfTen,
    /// Areas are counts of 0.01-degree cells.
    AreaIsCellCount,
    /// The national density is a simple mean of four zone means.
    UnweightedMean,
    /// Percentages are of the country, not of the zone.
    PercentOfCountry,
    /// Relabelling cells cannot change what they hold.
    Identity,
    /// The title names a cause.
    DueTo,
}

impl Topic {
    /// A short name for programs.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::FactorOfTen => "factor-of-ten",
            Self::AreaIsCellCount => "area-is-cell-count",
            Self::UnweightedMean => "unweighted-mean",
            Self::PercentOfCountry => "percent-of-country",
            Self::Identity => "identity",
            Self::DueTo => "due-to",
        }
    }

    /// A heading for people.
    #[must_use]
    pub fn heading(self) -> &'static str {
        match self {
            Self::FactorOfTen => "A factor of ten",
            Self::AreaIsCellCount => "Areas are counts of 0.01-degree cells",
            Self::UnweightedMean => "The national density is an unweighted mean",
            Self::PercentOfCountry => "Percentages are of the country",
            Self::Identity => "Only half of an identity",
            Self::DueTo => "\"Due to\"",
        }
    }
}

/// One number of a discrepancy.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// What it is.
    pub label: String,
    /// How much.
    pub value: f64,
    /// Its unit.
    pub unit: &'static str,
    /// Decimals worth showing.
    pub decimals: u8,
    /// Where it comes from.
    pub mark: Mark,
}

/// One discrepancy, with its size.
#[derive(Debug, Clone, PartialEq)]
pub struct Discrepancy {
    /// What it is about.
    pub topic: Topic,
    /// What is wrong, in plain words.
    pub statement: &'static str,
    /// Its size.
    pub findings: Vec<Finding>,
}
