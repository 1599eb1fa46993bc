//! The ledger as tables.

use nutag_report::{Column, Digits, Table, Value};

use super::claim::Claim;
use super::history::Change;

fn year(year: Option<u16>) -> Value {
    year.map_or(Value::Missing, |year| Value::Int(year.into()))
}

/// Claims, one a row.
#[must_use]
pub fn claims_table(claims: &[Claim]) -> Table {
    let text = |name: &str, label: &str, description: &str| {
        Column::new(name, label, "", Digits::Text, description)
    };
    let plain = |name: &str, label: &str, description: &str| {
        Column::new(name, label, "", Digits::Plain, description)
    };
    let columns = vec![
        Column::key("id", "Claim", Digits::Text, "Its own name."),
        text(
            "vintage",
            "Vintage",
            "Years of the removals, both ends included.",
        ),
        text("gas", "Gas", "Greenhouse gas."),
        Column::new(
            "amount_tCO2",
            "Amount",
            "tCO2",
            Digits::Whole,
            "Whole tonnes of CO2, or of CO2 equivalent.",
        ),
        text("host", "Host", "Country of the land, ISO 3166-1 alpha-3."),
        text("buyer", "Buyer", "Country that gets the credits."),
        text("registry", "Registry", "The one registry that keeps them."),
        text(
            "status",
            "Status",
            "planned, registered, issued, authorised, transferred, used or withdrawn.",
        ),
        plain(
            "transfer_year",
            "Transferred",
            "Year of the first transfer; missing before.",
        ),
        plain("use_year", "Used", "Year of the use; missing before."),
        Column::new(
            "area_km2",
            "Area",
            "km2",
            Digits::Decimals(1),
            "True area on WGS84.",
        ),
        text(
            "area_sha256",
            "SHA-256 of the area",
            "Of its polygons as well-known binary.",
        )
        .detail(),
    ];
    let rows = claims.iter().map(|claim| {
        vec![
            Value::from(claim.id.as_str()),
            Value::from(claim.vintage.to_string()),
            Value::from(claim.gas.word()),
            Value::count(claim.amount_tco2),
            Value::from(claim.host.to_string()),
            Value::from(claim.buyer.to_string()),
            Value::from(claim.registry.as_str()),
            Value::from(claim.status.word()),
            year(claim.transfer_year),
            year(claim.use_year),
            Value::from(claim.area_km2),
            Value::from(claim.area_sha256.as_str()),
        ]
    });
    Table {
        name: "claims".to_owned(),
        title: "Claims".to_owned(),
        notes: Vec::new(),
        columns,
        rows: rows.collect(),
    }
}

/// The history, one change a row.
#[must_use]
pub fn history_table(changes: &[Change]) -> Table {
    let text = |name: &str, label: &str, description: &str| {
        Column::new(name, label, "", Digits::Text, description)
    };
    let columns = vec![
        Column::key(
            "number",
            "No.",
            Digits::Plain,
            "Number of the entry, from 1.",
        ),
        text("at_utc", "Time (UTC)", "When the change was made."),
        text("claim", "Claim", "The claim."),
        text("action", "Action", "add, record or withdraw."),
        text(
            "status",
            "Status after",
            "Status of the claim after the change.",
        ),
        text("by", "By", "Who made it; missing if not said."),
        text("reason", "Reason", "Why; missing if not said."),
        text(
            "sha256",
            "SHA-256",
            "Of the entry with that of the entry before.",
        )
        .detail(),
    ];
    let said = |text: &str| {
        if text.is_empty() {
            Value::Missing
        } else {
            Value::from(text)
        }
    };
    let status = |change: &Change| {
        serde_json::from_str::<serde_json::Value>(&change.state)
            .ok()
            .and_then(|state| state["status"].as_str().map(Value::from))
            .unwrap_or(Value::Missing)
    };
    let rows = changes.iter().map(|change| {
        vec![
            Value::Int(change.number),
            Value::from(change.at_utc.as_str()),
            Value::from(change.claim.as_str()),
            Value::from(change.action.as_str()),
            status(change),
            said(&change.by),
            said(&change.reason),
            Value::from(change.sha256.as_str()),
        ]
    });
    Table {
        name: "history".to_owned(),
        title: "History of the ledger".to_owned(),
        notes: Vec::new(),
        columns,
        rows: rows.collect(),
    }
}
