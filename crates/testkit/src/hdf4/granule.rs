//! Granules of any product on the sinusoidal grid, right or wrong on purpose.

use super::inventory::Inventory;
use super::numbers::Numbers;
use super::sds::{Layout, Packing, Sds};
use super::struct_metadata::{SinusoidalGrid, struct_metadata};
use super::writer::Hdf4Writer;

const GRID: &str = "MODIS_Grid";

/// Makes one granule: layers of one grid, and what its name and its metadata say.
#[derive(Debug, Clone)]
pub struct ModisGranule {
    name: String,
    tile: (u8, u8),
    cells: usize,
    layers: Vec<Sds>,
    inventory: Option<Inventory>,
}

impl ModisGranule {
    /// A granule of `cells` rows and columns of a product such as `MOD13A2` and a collection such as `061`.
    /// Its metadata say what its name says; `begin` and `end` are its first and last day, and `date` the
    /// A-date of its name, such as `2025001`.
    pub fn new(
        product: (&str, &str),
        tile: (u8, u8),
        cells: usize,
        date: &str,
        (begin, end): (&str, &str),
    ) -> Self {
        let (short_name, collection) = product;
        let (h, v) = tile;
        let name = format!("{short_name}.A{date}.h{h:02}v{v:02}.{collection}.2025100000000.hdf");
        let platforms = match &short_name[..3] {
            "MOD" => vec!["Terra"],
            "MYD" => vec!["Aqua"],
            _ => vec!["Terra", "Aqua"],
        };
        let inventory = Inventory {
            file_name: Some(name.clone()),
            short_name: Some(short_name.to_owned()),
            version: Some(collection.trim_start_matches('0').to_owned()),
            begin: Some(begin.to_owned()),
            end: Some(end.to_owned()),
            tile: Some(tile),
            platforms: platforms.into_iter().map(str::to_owned).collect(),
            doi: Some(format!("10.5067/MODIS/{short_name}.{collection}")),
        };
        Self {
            name,
            tile,
            cells,
            layers: Vec::new(),
            inventory: Some(inventory),
        }
    }

    /// Adds a layer with its attributes, in deflated chunks of a few rows.
    #[must_use]
    pub fn layer(mut self, name: &str, numbers: Numbers, attributes: &[(&str, Numbers)]) -> Self {
        let mut sds = Sds::new(name, &[self.cells, self.cells], numbers)
            .dimension_names(&[&format!("YDim:{GRID}"), &format!("XDim:{GRID}")])
            .layout(Layout::Chunked {
                shape: vec![self.cells.div_ceil(7), self.cells],
                packing: Some(Packing::Deflate(5)),
                missing: Vec::new(),
                linked_table: true,
            });
        for (key, value) in attributes {
            sds = sds.attribute(key, value.clone());
        }
        self.layers.push(sds);
        self
    }

    /// Changes what its metadata say.
    #[must_use]
    pub fn says(mut self, change: impl FnOnce(&mut Inventory)) -> Self {
        if let Some(inventory) = &mut self.inventory {
            change(inventory);
        }
        self
    }

    /// Leaves the metadata out.
    #[must_use]
    pub fn without_metadata(mut self) -> Self {
        self.inventory = None;
        self
    }

    /// The name of the file.
    pub fn file_name(&self) -> &str {
        &self.name
    }

    /// The bytes of the file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let (h, v) = self.tile;
        let mut grid = SinusoidalGrid::tile(GRID, h, v, self.cells);
        let eos = |sds: &Sds| (sds.name.clone(), sds.numbers.eos_name().to_owned());
        grid.fields = self.layers.iter().map(eos).collect();
        let names: Vec<&str> = self.layers.iter().map(|sds| sds.name.as_str()).collect();
        let mut writer = Hdf4Writer::new().grid(GRID, &names);
        for sds in &self.layers {
            writer = writer.sds(sds.clone());
        }
        writer = writer.attribute("StructMetadata.0", struct_metadata(&[grid]).as_str());
        if let Some(inventory) = &self.inventory {
            writer = writer.attribute("CoreMetadata.0", inventory.to_text().as_str());
        }
        writer.to_bytes()
    }

    /// Writes the file into `folder` under its own name; gives its path.
    ///
    /// # Errors
    /// Those of the operating system.
    pub fn write(
        &self,
        folder: impl AsRef<std::path::Path>,
    ) -> std::io::Result<std::path::PathBuf> {
        let path = folder.as_ref().join(&self.name);
        std::fs::write(&path, self.to_bytes())?;
        Ok(path)
    }
}
