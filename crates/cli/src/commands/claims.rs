//! `nutag claims`.

use std::path::Path;

use nutag_mrv::ledger::{
    Claim, Ledger, NewClaim, Note, Status, adjustment_table, claims_table, history_table,
    read_area, read_emissions,
};
use nutag_problem::Problem;
use nutag_report::{Table, json, text};

use super::{print, print_json, width};
use crate::args::Voice;
use crate::args::claims::{Action, Add, Claims};

/// Does what is asked of the ledger.
pub fn claims(args: &Claims, voice: Voice) -> anyhow::Result<()> {
    let path = args.ledger.as_deref().ok_or_else(|| {
        Problem::new("which ledger?")
            .advice("add --ledger FILE; `nutag claims init --ledger FILE` begins one")
            .asked()
    })?;
    match &args.action {
        Action::Init => init(path, voice),
        Action::Add(args) => add(path, args, voice),
        Action::List {
            host,
            buyer,
            status,
        } => {
            let mut claims = Ledger::open_to_read(path)?.claims()?;
            claims.retain(|claim| {
                host.as_ref().is_none_or(|host| claim.host == *host)
                    && buyer.as_ref().is_none_or(|buyer| claim.buyer == *buyer)
                    && status.is_none_or(|status| claim.status == status)
            });
            if voice.json {
                return print_json(&claims);
            }
            show(&claims_table(&claims), "no claims", voice)
        }
        Action::History { id } => {
            let changes = Ledger::open_to_read(path)?.history(id.as_deref())?;
            if voice.json {
                return print_json(&changes);
            }
            show(&history_table(&changes), "no changes yet", voice)
        }
        Action::Check => check(path, voice),
        Action::Record {
            id,
            status,
            year,
            note,
        } => {
            let claim = Ledger::open(path)?.record(id, *status, *year, &note.into())?;
            say(&claim, &format!("{id} is {status}"), voice)
        }
        Action::Withdraw { id, note } => {
            let claim = Ledger::open(path)?.withdraw(id, &note.into())?;
            say(
                &claim,
                &format!("{id} is withdrawn; its ground is free"),
                voice,
            )
        }
        Action::Adjust { period, emissions } => {
            let emissions = match emissions {
                Some(path) => read_emissions(path)?,
                None => Default::default(),
            };
            let claims = Ledger::open_to_read(path)?.claims()?;
            let table = adjustment_table(&claims, *period, &emissions);
            show(&table, "no claims, so nothing to adjust", voice)
        }
    }
}

impl From<&crate::args::claims::Note> for Note {
    fn from(note: &crate::args::claims::Note) -> Self {
        Self {
            by: note.by.clone(),
            reason: note.reason.clone(),
        }
    }
}

fn init(path: &Path, voice: Voice) -> anyhow::Result<()> {
    Ledger::create(path)?;
    if voice.json {
        return print_json(&serde_json::json!({ "ledger": path, "claims": 0 }));
    }
    print(&format!("{} is an empty ledger", path.display()))
}

fn add(path: &Path, args: &Add, voice: Voice) -> anyhow::Result<()> {
    let select = args.attribute.as_deref().zip(args.value.as_deref());
    // Opened first: a wrong name of the ledger is told before a large file is read.
    let mut ledger = Ledger::open(path)?;
    let new = NewClaim {
        id: args.id.clone(),
        vintage: args.vintage,
        gas: args.gas,
        amount_tco2: args.tco2,
        host: args.host.clone(),
        buyer: args.buyer.clone(),
        registry: args.registry.clone(),
        status: args.status,
        area: read_area(&args.area, args.layer.as_deref(), select)?,
    };
    let (claim, done) = if args.dry_run {
        (
            ledger.would_add(&new)?,
            "could be added; nothing was changed",
        )
    } else {
        (ledger.add(&new, &(&args.note).into())?, "is in the ledger")
    };
    let line = format!(
        "{} {done}: {} tCO2 of {}, {:.1} km2",
        claim.id, claim.amount_tco2, claim.vintage, claim.area_km2
    );
    say(&claim, &line, voice)
}

fn check(path: &Path, voice: Voice) -> anyhow::Result<()> {
    let ledger = Ledger::open_to_read(path)?;
    let faults = ledger.faults()?;
    if !faults.is_empty() {
        return Err(Problem::new(faults.join("\n"))
            .at(path.display())
            .advice("go back to the last copy of the ledger that passes, and add the later claims again")
            .failed()
            .into());
    }
    let claims = ledger.claims()?;
    let changes = ledger.history(None)?.len();
    let live = claims
        .iter()
        .filter(|claim| claim.status != Status::Withdrawn)
        .count();
    if voice.json {
        return print_json(&serde_json::json!({
            "claims": claims.len(), "live": live, "changes": changes, "faults": [],
        }));
    }
    print(&format!(
        "All is well: {} claims, {live} of them live, {changes} changes; no ground is claimed twice",
        claims.len()
    ))
}

fn say(claim: &Claim, line: &str, voice: Voice) -> anyhow::Result<()> {
    if voice.json {
        return print_json(claim);
    }
    print(line)
}

fn show(table: &Table, nothing: &str, voice: Voice) -> anyhow::Result<()> {
    if voice.json {
        return print_json(&json(table)?);
    }
    if table.rows.is_empty() {
        return print(nothing);
    }
    print(&text(table, width()))
}
