//! Granules of the shape of MOD17A3HGF.061, right or wrong on purpose.

use super::inventory::Inventory;
use super::numbers::Numbers;
use super::sds::{Layout, Linking, Packing, Sds};
use super::struct_metadata::{SinusoidalGrid, TILE_M, struct_metadata};
use super::writer::Hdf4Writer;

/// Grid name of all MOD17A3 products of collections 6 and 6.1.
const GRID: &str = "MOD_Grid_MOD17A3H";

/// What the fill codes mean, from highest to lowest (LP DAAC, MOD17A3H v006).
const FILL_DOC: &str = "MOD17A3HGF FILL VALUE LEGEND (Npp int16 / Gpp uint16 / QC uint8)\n\
    32767 / 65535 / 255 = not computed, or outside the projection\n\
    32766 / 65534 / 254 = perennial salt or inland fresh water\n\
    32765 / 65533 / 253 = barren or very sparse vegetation\n\
    32764 / 65532 / 252 = perennial snow or ice\n\
    32763 / 65531 / 251 = permanent wetlands or inundated marshland\n\
    32762 / 65530 / 250 = urban or built-up\n\
    32761 / 65529 / 249 = unclassified\n";

/// How the three arrays lie in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mod17Layout {
    /// Deflated chunks of this many rows and columns (MCD15A2H, of the same producer: 100 x 1200).
    Chunked {
        /// Rows of a chunk.
        rows: usize,
        /// Columns of a chunk.
        cols: usize,
    },
    /// One deflate stream in linked blocks (as MOD10A2).
    Whole,
    /// Plain numbers.
    Contiguous,
}

/// What shall be wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// This SDS is absent.
    MissingSds(String),
    /// `Npp_500m` is stored as `uint16`, as in collection 5.5.
    NppUnsigned,
    /// The corners are those of the tile one to the east.
    ShiftedCorners,
    /// The grid names a projection that is not sinusoidal.
    WrongProjection,
    /// There is no `StructMetadata.0`.
    NoStructMetadata,
    /// There is no `CoreMetadata.0`.
    NoCoreMetadata,
    /// The chunk at this place of `Npp_500m` is not in the file (chunked layout only).
    MissingChunk(usize, usize),
    /// The file ends after this many bytes.
    Truncated(usize),
}

/// Makes one granule.
#[derive(Debug, Clone)]
pub struct Mod17Granule {
    h: u8,
    v: u8,
    cells: usize,
    year: u16,
    npp: Option<Vec<i16>>,
    gpp: Option<Vec<u16>>,
    qc: Option<Vec<u8>>,
    layout: Mod17Layout,
    faults: Vec<Fault>,
    says: Vec<fn(&mut Inventory)>,
}

impl Mod17Granule {
    /// The granule of tile `h`, `v` and `year` with `cells` rows and columns (2400 in real ones).
    /// Arrays that are not given are absent, as GPP is in collection 6.
    pub fn new(h: u8, v: u8, year: u16, cells: usize) -> Self {
        let layout = Mod17Layout::Chunked {
            rows: cells.div_ceil(24),
            cols: cells.div_ceil(2),
        };
        Self {
            h,
            v,
            cells,
            year,
            npp: None,
            gpp: None,
            qc: None,
            layout,
            faults: Vec::new(),
            says: Vec::new(),
        }
    }

    /// `Npp_500m`, row-major, in 0.0001 kg C/m2 per year; 32761 to 32767 are fill codes.
    #[must_use]
    pub fn npp(mut self, raw: Vec<i16>) -> Self {
        self.npp = Some(raw);
        self
    }

    /// `Gpp_500m`, row-major, in 0.0001 kg C/m2 per year; 65529 to 65535 are fill codes.
    #[must_use]
    pub fn gpp(mut self, raw: Vec<u16>) -> Self {
        self.gpp = Some(raw);
        self
    }

    /// `Npp_QC_500m`, row-major, in percent; 249 to 255 are fill codes.
    #[must_use]
    pub fn qc(mut self, raw: Vec<u8>) -> Self {
        self.qc = Some(raw);
        self
    }

    /// Sets how the arrays lie in the file.
    #[must_use]
    pub fn layout(mut self, layout: Mod17Layout) -> Self {
        self.layout = layout;
        self
    }

    /// Makes something wrong.
    #[must_use]
    pub fn fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// Changes what its core metadata say.
    #[must_use]
    pub fn says(mut self, change: fn(&mut Inventory)) -> Self {
        self.says.push(change);
        self
    }

    /// The name such a granule has, for example
    /// `MOD17A3HGF.A2001001.h25v04.061.2022001000000.hdf`.
    pub fn file_name(&self) -> String {
        let Self { h, v, year, .. } = self;
        format!("MOD17A3HGF.A{year:04}001.h{h:02}v{v:02}.061.2022001000000.hdf")
    }

    /// The bytes of the file.
    ///
    /// # Panics
    /// If an array has not `cells * cells` values.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut arrays = Vec::new();
        if let Some(gpp) = &self.gpp {
            arrays.push(self.array("Gpp_500m", gpp.clone().into()));
        }
        if let Some(npp) = &self.npp {
            let numbers = if self.faults.contains(&Fault::NppUnsigned) {
                Numbers::U16(npp.iter().map(|n| n.cast_unsigned()).collect())
            } else {
                Numbers::I16(npp.clone())
            };
            arrays.push(self.array("Npp_500m", numbers));
        }
        if let Some(qc) = &self.qc {
            arrays.push(self.array("Npp_QC_500m", qc.clone().into()));
        }
        arrays.retain(|sds| !self.faults.contains(&Fault::MissingSds(sds.name.clone())));

        let mut grid = SinusoidalGrid::tile(GRID, self.h, self.v, self.cells);
        if self.faults.contains(&Fault::ShiftedCorners) {
            grid.upper_left_m.0 += TILE_M;
            grid.lower_right_m.0 += TILE_M;
        }
        grid.fields = arrays
            .iter()
            .map(|sds| (sds.name.clone(), sds.numbers.eos_name().to_string()))
            .collect();
        let names: Vec<String> = arrays.iter().map(|sds| sds.name.clone()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut writer = Hdf4Writer::new().grid(GRID, &names);
        for sds in arrays {
            writer = writer.sds(sds);
        }
        writer = writer.attribute("HDFEOSVersion", "HDFEOS_V2.20");
        if !self.faults.contains(&Fault::NoStructMetadata) {
            let mut text = struct_metadata(&[grid]);
            if self.faults.contains(&Fault::WrongProjection) {
                text = text.replace("GCTP_SNSOID", "GCTP_LAMAZ");
            }
            writer = writer.attribute("StructMetadata.0", text.as_str());
        }
        if !self.faults.contains(&Fault::NoCoreMetadata) {
            writer = writer.attribute("CoreMetadata.0", self.inventory().to_text().as_str());
        }
        let mut bytes = writer.to_bytes();
        for fault in &self.faults {
            if let Fault::Truncated(length) = fault {
                bytes.truncate(*length);
            }
        }
        bytes
    }

    /// Writes the file into `folder` under its own name; gives its path.
    ///
    /// # Errors
    /// Those of the operating system.
    pub fn write(
        &self,
        folder: impl AsRef<std::path::Path>,
    ) -> std::io::Result<std::path::PathBuf> {
        let path = folder.as_ref().join(self.file_name());
        std::fs::write(&path, self.to_bytes())?;
        Ok(path)
    }

    fn array(&self, name: &str, numbers: Numbers) -> Sds {
        let (valid, fill): (Numbers, Numbers) = match &numbers {
            Numbers::I16(_) => (vec![-30_000_i16, 32_700].into(), vec![32_767_i16].into()),
            Numbers::U16(_) => (vec![0_u16, 65_500].into(), vec![65_535_u16].into()),
            _ => (vec![0_u8, 100].into(), vec![255_u8].into()),
        };
        let percent = name == "Npp_QC_500m";
        let (scale, units) = if percent {
            (1.0, "percent")
        } else {
            (0.0001, "kg_C/m^2")
        };
        let code = i32::from(numbers.code());
        let layout = match self.layout {
            Mod17Layout::Contiguous => Layout::Contiguous,
            Mod17Layout::Whole => Layout::Packed(Packing::Deflate(8), Some(Linking::default())),
            Mod17Layout::Chunked { rows, cols } => Layout::Chunked {
                shape: vec![rows, cols],
                packing: Some(Packing::Deflate(5)),
                missing: self.missing_chunks(name),
                linked_table: true,
            },
        };
        let long_name = format!("MOD17A3HGF MODIS Gridded 500M Annual {name} [synthetic]");
        Sds::new(name, &[self.cells, self.cells], numbers)
            .dimension_names(&[&format!("YDim:{GRID}"), &format!("XDim:{GRID}")])
            .layout(layout)
            .attribute("scale_factor", vec![scale])
            .attribute("scale_factor_err", vec![0.0])
            .attribute("add_offset", vec![0.0])
            .attribute("add_offset_err", vec![0.0])
            .attribute("calibrated_nt", vec![code])
            .attribute("valid_range", valid)
            .attribute("_FillValue", fill)
            .attribute("long_name", long_name.as_str())
            .attribute("units", units)
            .attribute("MOD17A3_FILLVALUE_DOC", FILL_DOC)
    }

    fn missing_chunks(&self, name: &str) -> Vec<Vec<usize>> {
        let mut missing = Vec::new();
        for fault in &self.faults {
            if let (Fault::MissingChunk(row, col), "Npp_500m") = (fault, name) {
                missing.push(vec![*row, *col]);
            }
        }
        missing
    }

    /// The metadata of the producer: what the name says, unless something shall be wrong.
    fn inventory(&self) -> Inventory {
        let Self { h, v, year, .. } = self;
        let mut inventory = Inventory {
            file_name: Some(self.file_name()),
            short_name: Some("MOD17A3HGF".to_owned()),
            version: Some("61".to_owned()),
            begin: Some(format!("{year:04}-01-01")),
            end: Some(format!("{year:04}-12-31")),
            tile: Some((*h, *v)),
            platforms: vec!["Terra".to_owned()],
            doi: Some("10.5067/MODIS/MOD17A3HGF.061".to_owned()),
        };
        self.says.iter().for_each(|change| change(&mut inventory));
        inventory
    }
}
