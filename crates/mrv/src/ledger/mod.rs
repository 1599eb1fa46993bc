//! The ledger of claims: no ground is claimed twice for one gas and time.
//!
//! One SQLite file. Every change is one transaction that takes the right to
//! write before it looks, so two programs that add at once see each other;
//! every change is also appended to a history that nothing rewrites.

mod adjust;
mod claim;
mod history;
mod land;
mod overlap;
mod refusal;
mod rows;
mod store;
mod tables;
mod verify;

use std::path::{Path, PathBuf};

use nutag_files::sha256_bytes;
use nutag_formats::vector::Outline;
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use claim::step;
use nutag_problem::{Error, Problem};
use overlap::overlaps_of;
use refusal::{double_claim, no_area, taken, unknown};
use rows::{all, area, find, insert};

pub use adjust::{Adjustment, Emissions, adjustment, adjustment_table, read_emissions};
pub use claim::{Claim, Country, Gas, NewClaim, Status, Vintage};
pub use history::{Change, Note};
pub use land::read_area;
pub use overlap::{OVERLAP_TOLERANCE_KM2, Overlap};
pub use tables::{claims_table, history_table};

/// A ledger.
#[derive(Debug)]
pub struct Ledger {
    connection: Connection,
    path: PathBuf,
}

impl Ledger {
    /// Makes an empty ledger.
    ///
    /// # Errors
    /// A file that exists, or a place where none can be made.
    pub fn create(path: &Path) -> Result<Self, Error> {
        Ok(Self {
            connection: store::create(path)?,
            path: path.to_owned(),
        })
    }

    /// Opens a ledger to change it.
    ///
    /// # Errors
    /// A file that is not there, is no ledger, or is of another version.
    pub fn open(path: &Path) -> Result<Self, Error> {
        Ok(Self {
            connection: store::open(path, store::Access::Write)?,
            path: path.to_owned(),
        })
    }

    /// Opens a ledger to read it; the right to read is enough.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_to_read(path: &Path) -> Result<Self, Error> {
        Ok(Self {
            connection: store::open(path, store::Access::Read)?,
            path: path.to_owned(),
        })
    }

    /// Adds a claim and gives it back as it is kept.
    ///
    /// # Errors
    /// A claim that is not right in itself, an id that is taken, or ground
    /// that another claim holds in the same time for the same gas.
    pub fn add(&mut self, new: &NewClaim, note: &Note) -> Result<Claim, Error> {
        self.try_add(new, note, true)
    }

    /// Says what [`Self::add`] would say, and changes nothing.
    ///
    /// # Errors
    /// As [`Self::add`].
    pub fn would_add(&mut self, new: &NewClaim) -> Result<Claim, Error> {
        self.try_add(new, &Note::default(), false)
    }

    fn try_add(&mut self, new: &NewClaim, note: &Note, keep: bool) -> Result<Claim, Error> {
        new.check()?;
        let path = self.path.clone();
        let wkb = new.area.to_wkb().map_err(|error| no_area(&error))?;
        let claim = Claim {
            id: new.id.clone(),
            vintage: new.vintage,
            gas: new.gas,
            amount_tco2: new.amount_tco2,
            host: new.host.clone(),
            buyer: new.buyer.clone(),
            registry: new.registry.clone(),
            status: new.status,
            transfer_year: None,
            use_year: None,
            area_km2: new.area.area_km2(),
            bounds_degrees: new.area.bounds_degrees(),
            area_sha256: sha256_bytes(&wkb),
        };
        let change = self.begin()?;
        if let Some(existing) = find(&change, &new.id).map_err(|e| store::failed(&path, &e))? {
            return Err(taken(&claim, &existing, &path));
        }
        let overlaps = overlaps_of(&change, &claim, &new.area, &path)?;
        if !overlaps.is_empty() {
            return Err(double_claim(&claim, &overlaps, &path));
        }
        if keep {
            insert(&change, &claim, &wkb)
                .and_then(|()| history::append(&change, "add", &claim, note))
                .and_then(|()| change.commit())
                .map_err(|error| store::failed(&path, &error))?;
        }
        Ok(claim)
    }

    /// Records a step of a claim on its way: registered, issued, authorised,
    /// transferred or used, the last two with their year.
    ///
    /// # Errors
    /// A claim that is not there, a step backwards, or a year that is missing
    /// or cannot be.
    pub fn record(
        &mut self,
        id: &str,
        status: Status,
        year: Option<u16>,
        note: &Note,
    ) -> Result<Claim, Error> {
        if status == Status::Withdrawn {
            let wrong = Problem::new("a claim is not withdrawn by `record`");
            return Err(wrong.advice("use `nutag claims withdraw`").asked());
        }
        self.change(id, "record", note, |claim| step(claim, status, year))
    }

    /// Withdraws a claim; its ground is free again.
    ///
    /// # Errors
    /// A claim that is not there, is withdrawn, or was transferred.
    pub fn withdraw(&mut self, id: &str, note: &Note) -> Result<Claim, Error> {
        self.change(id, "withdraw", note, |claim| match claim.status {
            Status::Withdrawn => Err(Problem::new(format!("the claim {id:?} is withdrawn already"))),
            Status::Transferred | Status::Used => Err(Problem::new(format!(
                "the claim {id:?} is {} and cannot be withdrawn",
                claim.status
            ))
            .advice("its tonnes are in the balance of two countries; what was wrong with them is for the registry to cancel")),
            _ => {
                claim.status = Status::Withdrawn;
                Ok(())
            }
        })
    }

    fn change(
        &mut self,
        id: &str,
        action: &str,
        note: &Note,
        act: impl FnOnce(&mut Claim) -> Result<(), Problem>,
    ) -> Result<Claim, Error> {
        let path = self.path.clone();
        let failed = |error: rusqlite::Error| store::failed(&path, &error);
        let change = self.begin()?;
        let Some(mut claim) = find(&change, id).map_err(failed)? else {
            let ids = all(&change).map_err(failed)?;
            return Err(unknown(id, &ids, &path));
        };
        act(&mut claim).map_err(|message| message.at(path.display()).asked())?;
        change
            .execute(
                "UPDATE claim SET status = ?2, transfer_year = ?3, use_year = ?4 WHERE id = ?1",
                params![id, claim.status.word(), claim.transfer_year, claim.use_year],
            )
            .and_then(|_| history::append(&change, action, &claim, note))
            .and_then(|()| change.commit())
            .map_err(failed)?;
        Ok(claim)
    }

    /// Takes the right to write before anything is read, so that what is
    /// read stays true until the change is made.
    fn begin(&mut self) -> Result<Transaction<'_>, Error> {
        self.connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(|error| store::failed(&self.path, &error))
    }

    /// All claims, by id.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn claims(&self) -> Result<Vec<Claim>, Error> {
        all(&self.connection).map_err(|error| store::failed(&self.path, &error))
    }

    /// The land of a claim.
    ///
    /// # Errors
    /// A claim that is not there, or bytes that are no polygons.
    pub fn area(&self, id: &str) -> Result<Outline, Error> {
        area(&self.connection, id, &self.path)
    }

    /// The history, oldest first; of one claim if it is named.
    ///
    /// # Errors
    /// A claim that is not there, or a file that cannot be read.
    pub fn history(&self, id: Option<&str>) -> Result<Vec<Change>, Error> {
        let mut changes =
            history::read(&self.connection).map_err(|error| store::failed(&self.path, &error))?;
        if let Some(id) = id {
            changes.retain(|change| change.claim == id);
            if changes.is_empty() {
                return Err(unknown(id, &self.claims()?, &self.path));
            }
        }
        Ok(changes)
    }

    /// What does not hold in the ledger; nothing, if all is well.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn faults(&self) -> Result<Vec<String>, Error> {
        verify::faults(&self.connection, &self.path)
    }
}
