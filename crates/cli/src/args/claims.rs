//! `nutag claims`: what can be asked of the ledger.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use nutag_mrv::ledger::{Country, Gas, Status, Vintage};

/// Shown under `nutag claims --help`.
pub const EXAMPLE: &str = "Example:\n  \
    nutag claims init --ledger claims.sqlite\n  \
    nutag claims add MN-001 --ledger claims.sqlite --vintage 2021-2025 --gas CO2 --tco2 12000 \\\n      \
    --host MNG --buyer JPN --registry \"JCM registry of Mongolia\" \\\n      \
    --area aimags.geojson --attribute name --value Bulgan\n  \
    nutag claims record MN-001 transferred --year 2026 --ledger claims.sqlite\n  \
    nutag claims adjust --period 2021-2030 --ledger claims.sqlite";

/// `nutag claims`.
#[derive(Debug, Args)]
pub struct Claims {
    /// What to do.
    #[command(subcommand)]
    pub action: Action,
    /// The ledger, one SQLite file.
    #[arg(long, value_name = "FILE", global = true, required = false)]
    pub ledger: Option<PathBuf>,
}

/// What can be done with a ledger.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// Begin an empty ledger.
    Init,
    /// Add a claim; refused where its ground, years and gas are claimed already.
    Add(Box<Add>),
    /// List the claims.
    List {
        /// Only of this host.
        #[arg(long, value_name = "ISO3")]
        host: Option<Country>,
        /// Only for this buyer.
        #[arg(long, value_name = "ISO3")]
        buyer: Option<Country>,
        /// Only with this status.
        #[arg(long)]
        status: Option<Status>,
    },
    /// Print every change ever made, of all claims or of one.
    History {
        /// The claim.
        id: Option<String>,
    },
    /// Check the whole ledger: file, history, areas, and that no ground is claimed twice.
    Check,
    /// Record a step of a claim: registered, issued, authorised, transferred or used.
    Record {
        /// The claim.
        id: String,
        /// Where it is now.
        status: Status,
        /// The year of a transfer or use, to which the adjustment belongs.
        #[arg(long)]
        year: Option<u16>,
        /// Who, and why.
        #[command(flatten)]
        note: Note,
    },
    /// Withdraw a claim; its ground is free again.
    Withdraw {
        /// The claim.
        id: String,
        /// Who, and why.
        #[command(flatten)]
        note: Note,
    },
    /// Print the corresponding adjustments of each country, annual and averaged.
    Adjust {
        /// Period of the target, such as 2021-2030.
        #[arg(long, value_name = "YEARS")]
        period: Vintage,
        /// Emissions in the scope of the target: csv with country, year, tCO2.
        #[arg(long, value_name = "FILE")]
        emissions: Option<PathBuf>,
    },
}

/// `nutag claims add`.
#[derive(Debug, Args)]
pub struct Add {
    /// The claim's own name; used once.
    pub id: String,
    /// Years of the removals, both included: 2021 or 2021-2025.
    #[arg(long, value_name = "YEARS")]
    pub vintage: Vintage,
    /// Gas: CO2, CH4 or N2O.
    #[arg(long)]
    pub gas: Gas,
    /// Whole tonnes of CO2, or of CO2 equivalent.
    #[arg(long, value_name = "TONNES")]
    pub tco2: u64,
    /// Country of the land, as MNG.
    #[arg(long, value_name = "ISO3")]
    pub host: Country,
    /// Country that gets the credits, as JPN or KOR.
    #[arg(long, value_name = "ISO3")]
    pub buyer: Country,
    /// The one registry that keeps them.
    #[arg(long, value_name = "NAME")]
    pub registry: String,
    /// planned, registered, issued or authorised.
    #[arg(long, default_value = "planned")]
    pub status: Status,
    /// The land: any vector file that GDAL reads, in any reference system.
    #[arg(long, value_name = "FILE")]
    pub area: PathBuf,
    /// The layer, where the file has several.
    #[arg(long, value_name = "NAME")]
    pub layer: Option<String>,
    /// The attribute that says which features are the land.
    #[arg(long, value_name = "NAME", requires = "value")]
    pub attribute: Option<String>,
    /// Its value in those features.
    #[arg(long, value_name = "TEXT", requires = "attribute")]
    pub value: Option<String>,
    /// Say what would happen, and change nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Who, and why.
    #[command(flatten)]
    pub note: Note,
}

/// Who changes the ledger, and why; kept in the history.
#[derive(Debug, Args)]
pub struct Note {
    /// Person or office that makes the change.
    #[arg(
        long,
        value_name = "NAME",
        default_value = "",
        hide_default_value = true
    )]
    pub by: String,
    /// Why it is made.
    #[arg(
        long,
        value_name = "TEXT",
        default_value = "",
        hide_default_value = true
    )]
    pub reason: String,
}
