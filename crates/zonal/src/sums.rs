//! Sums of a block by key and period, on their way into tallies.

use crate::tally::TallySet;

/// Sums over cells of one key in one period.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Sums {
    cells: u64,
    sum: i64,
    squares: u64,
}

/// Shorter runs are summed cell by cell.
const LONG: usize = 16;

impl Sums {
    /// Adds the raw values under a mask of all ones or all zeros; `plain` says
    /// that it is all ones. At most [`crate::kernel::PIECE`] of them.
    #[inline(always)]
    pub(crate) fn add<const SIGNED: bool>(&mut self, raw: &[u16], mask: &[u16], plain: bool) {
        if raw.len() < LONG {
            let (mut cells, mut sum, mut squares) = (0_u64, 0_i64, 0_i64);
            let mut add = |bits: u16| {
                let value = if SIGNED {
                    i64::from(bits.cast_signed())
                } else {
                    i64::from(bits)
                };
                sum += value;
                squares += value * value;
            };
            if plain {
                raw.iter().for_each(|bits| add(*bits));
                cells = raw.len() as u64;
            } else {
                for (raw, mask) in raw.iter().zip(mask) {
                    add(raw & mask);
                    cells += u64::from(mask & 1);
                }
            }
            self.cells += cells;
            self.sum += sum;
            self.squares += squares.cast_unsigned();
        } else if plain {
            self.cells += raw.len() as u64;
            self.add_bytes::<SIGNED>(raw.iter().copied());
        } else {
            // Up to 256 ones fit 16 bits.
            let cells: u16 = mask.iter().map(|mask| mask & 1).sum();
            self.cells += u64::from(cells);
            self.add_bytes::<SIGNED>(raw.iter().zip(mask).map(|(raw, mask)| raw & mask));
        }
    }

    /// Adds one raw value under its mask.
    #[inline(always)]
    pub(crate) fn add_cell<const SIGNED: bool>(&mut self, raw: u16, mask: u16) {
        let value = if SIGNED {
            i64::from((raw & mask).cast_signed())
        } else {
            i64::from(raw & mask)
        };
        self.cells += u64::from(mask & 1);
        self.sum += value;
        self.squares += (value * value).cast_unsigned();
    }

    /// A value is 256 times its high byte plus its low byte. Sums of products
    /// of bytes stay within 32 bits, so no 64-bit product is needed.
    #[inline(always)]
    fn add_bytes<const SIGNED: bool>(&mut self, raw: impl Iterator<Item = u16>) {
        let (mut high, mut low) = (0_i32, 0_i32);
        let (mut high_high, mut high_low, mut low_low) = (0_i32, 0_i32, 0_i32);
        for bits in raw {
            let h = if SIGNED {
                bits.cast_signed() >> 8
            } else {
                (bits >> 8).cast_signed()
            };
            let l = (bits & 0xFF).cast_signed();
            let (h, l) = (i32::from(h), i32::from(l));
            high += h;
            low += l;
            high_high += h * h;
            high_low += h * l;
            low_low += l * l;
        }
        self.sum += 256 * i64::from(high) + i64::from(low);
        let squares =
            65_536 * i64::from(high_high) + 512 * i64::from(high_low) + i64::from(low_low);
        self.squares += squares.cast_unsigned();
    }

    pub(crate) fn add_one(&mut self, value: i32) {
        self.cells += 1;
        self.sum += i64::from(value);
        self.squares += u64::from(value.unsigned_abs()).pow(2);
    }
}

/// Sums over the rows of a block by key and period, in the unit of tallies.
#[derive(Debug, Clone, Copy, Default)]
struct Weighted {
    cells: u64,
    area_cm2: u64,
    sum: i64,
    sum_cm2: i128,
    squares_cm2: i128,
}

/// The sums of a block. Each key has a slot, found through a small table: a
/// map would cost more than a short run. What a row sums meets the area of its
/// cells once, at the end of the row, and the tallies at the end of the block.
#[derive(Debug)]
pub(crate) struct BlockSums {
    periods: usize,
    reasons: usize,
    area_cm2: u64,
    /// By slot.
    keys: Vec<Key>,
    /// Slot + 1 at the place of its key, 0 where there is none.
    table: Vec<u32>,
    /// Slots of this row.
    of_row: Vec<usize>,
    /// Of this row by period, by slot.
    sums: Vec<Vec<Sums>>,
    /// Of the rows before by period, by slot.
    weighted: Vec<Vec<Weighted>>,
    /// Cells and their area by slot, period and reason; the last reason is
    /// "counts as zero".
    masked: Vec<(u64, u64)>,
    /// The classes of one cell, by period.
    pub(crate) classes: Vec<u8>,
}

#[derive(Debug)]
struct Key {
    key: u32,
    cells: u64,
    area_cm2: u64,
    in_row: bool,
}

impl BlockSums {
    pub(crate) fn new(periods: usize, reasons: usize) -> Self {
        Self {
            periods,
            reasons,
            area_cm2: 0,
            keys: Vec::new(),
            table: vec![0; 64],
            of_row: Vec::new(),
            sums: vec![Vec::new(); periods],
            weighted: vec![Vec::new(); periods],
            masked: Vec::new(),
            classes: Vec::with_capacity(periods),
        }
    }

    /// Begins a row whose cells have this area.
    pub(crate) fn begin_row(&mut self, area_cm2: u64) {
        self.area_cm2 = area_cm2;
    }

    /// The slot of a key, which gets so many cells more.
    pub(crate) fn slot(&mut self, key: u32, cells: usize) -> usize {
        let slot = self.find(key);
        let entry = &mut self.keys[slot];
        entry.cells += cells as u64;
        entry.area_cm2 += cells as u64 * self.area_cm2;
        if !entry.in_row {
            entry.in_row = true;
            self.of_row.push(slot);
        }
        slot
    }

    fn find(&mut self, key: u32) -> usize {
        let mut place = self.place(key);
        while let Some(slot) = self.table[place].checked_sub(1) {
            if self.keys[slot as usize].key == key {
                return slot as usize;
            }
            place = (place + 1) % self.table.len();
        }
        let slot = self.keys.len();
        self.keys.push(Key {
            key,
            cells: 0,
            area_cm2: 0,
            in_row: false,
        });
        for (sums, weighted) in self.sums.iter_mut().zip(&mut self.weighted) {
            sums.push(Sums::default());
            weighted.push(Weighted::default());
        }
        let width = self.periods * (self.reasons + 1);
        self.masked.resize(self.masked.len() + width, (0, 0));
        if 2 * self.keys.len() > self.table.len() {
            self.grow();
        } else {
            self.table[place] = u32::try_from(slot + 1).unwrap_or(0);
        }
        slot
    }

    fn place(&self, key: u32) -> usize {
        // Multiplied by 2^32 over the golden ratio, neighbouring keys lie apart.
        let spread = key.wrapping_mul(0x9E37_79B9) >> (32 - self.table.len().ilog2());
        spread as usize
    }

    fn grow(&mut self) {
        self.table = vec![0; 2 * self.table.len()];
        for slot in 0..self.keys.len() {
            let mut place = self.place(self.keys[slot].key);
            while self.table[place] != 0 {
                place = (place + 1) % self.table.len();
            }
            self.table[place] = u32::try_from(slot + 1).unwrap_or(0);
        }
    }

    /// The sums of a period in this row, by slot.
    #[inline(always)]
    pub(crate) fn period(&mut self, k: usize) -> &mut [Sums] {
        &mut self.sums[k]
    }

    /// Counts cells under the reason of their class.
    #[inline(always)]
    pub(crate) fn mask(&mut self, slot: usize, k: usize, class: u8, cells: usize) {
        self.count(slot, k, usize::from(class) - 1, cells as u64);
    }

    /// Counts a cell as zero.
    pub(crate) fn zero(&mut self, slot: usize, k: usize) {
        self.count(slot, k, self.reasons, 1);
        self.sums[k][slot].cells += 1;
    }

    #[inline(always)]
    fn count(&mut self, slot: usize, k: usize, reason: usize, cells: u64) {
        let at = (slot * self.periods + k) * (self.reasons + 1) + reason;
        self.masked[at].0 += cells;
        self.masked[at].1 += cells * self.area_cm2;
    }

    /// Lets the sums of the row meet the area of its cells.
    #[inline(always)]
    pub(crate) fn end_row(&mut self) {
        let area = i128::from(self.area_cm2);
        for (sums, weighted) in self.sums.iter_mut().zip(&mut self.weighted) {
            for &slot in &self.of_row {
                let sums = std::mem::take(&mut sums[slot]);
                let all = &mut weighted[slot];
                all.cells += sums.cells;
                all.area_cm2 += sums.cells * self.area_cm2;
                all.sum += sums.sum;
                all.sum_cm2 += i128::from(sums.sum) * area;
                all.squares_cm2 += i128::from(sums.squares) * area;
            }
        }
        for slot in self.of_row.drain(..) {
            self.keys[slot].in_row = false;
        }
    }

    /// Adds the block to the tallies of its keys.
    pub(crate) fn add_to(&self, tallies: &mut TallySet) {
        let mut masked = self.masked.chunks_exact(self.reasons + 1);
        for (slot, key) in self.keys.iter().enumerate() {
            for (k, tally) in tallies.entry(key.key).iter_mut().enumerate() {
                let sums = self.weighted[k][slot];
                tally.cells += key.cells;
                tally.area_cm2 += key.area_cm2;
                tally.valid_cells += sums.cells;
                tally.valid_area_cm2 += sums.area_cm2;
                tally.sum_raw += sums.sum;
                tally.sum_raw_cm2 += sums.sum_cm2;
                tally.sum_raw_squared_cm2 += sums.squares_cm2;
                let masked = masked.next().unwrap_or_default();
                for (reason, (cells, area_cm2)) in masked.iter().enumerate() {
                    if reason == self.reasons {
                        tally.zero_cells += cells;
                    } else {
                        tally.masked_cells[reason] += cells;
                        tally.masked_area_cm2[reason] += area_cm2;
                    }
                }
            }
        }
    }
}
