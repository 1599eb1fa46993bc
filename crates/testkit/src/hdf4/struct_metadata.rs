//! The text of `StructMetadata.0` for sinusoidal grids.

use std::fmt::Write;

/// Side of a MODIS tile in metres, from the corners that files store (20015109.354 m / 18).
pub(super) const TILE_M: f64 = 20_015_109.354 / 18.0;

/// A grid of the MODIS sinusoidal projection.
#[derive(Debug, Clone, PartialEq)]
pub struct SinusoidalGrid {
    /// `GridName`.
    pub name: String,
    /// Number of rows.
    pub rows: usize,
    /// Number of columns.
    pub cols: usize,
    /// x and y of the outer upper left corner, in metres.
    pub upper_left_m: (f64, f64),
    /// x and y of the outer lower right corner, in metres.
    pub lower_right_m: (f64, f64),
    /// Name and type of each field, for example `Npp_500m` and `DFNT_INT16`.
    pub fields: Vec<(String, String)>,
}

impl SinusoidalGrid {
    /// The grid of the MODIS tile `h`, `v` with `cells` rows and columns.
    pub fn tile(name: &str, h: u8, v: u8, cells: usize) -> Self {
        let x = (f64::from(h) - 18.0) * TILE_M;
        let y = (9.0 - f64::from(v)) * TILE_M;
        Self {
            name: name.to_string(),
            rows: cells,
            cols: cells,
            upper_left_m: (x, y),
            lower_right_m: (x + TILE_M, y - TILE_M),
            fields: Vec::new(),
        }
    }
}

/// The text of `StructMetadata.0` for these grids, padded with NULs to 32,000 bytes as the
/// HDF-EOS2 library does.
pub fn struct_metadata(grids: &[SinusoidalGrid]) -> String {
    let mut text = String::new();
    write_blocks(&mut text, grids).expect("writing to a String does not fail");
    let padding = 32_000_usize.saturating_sub(text.len());
    text.extend(std::iter::repeat_n('\0', padding));
    text
}

fn write_blocks(out: &mut String, grids: &[SinusoidalGrid]) -> std::fmt::Result {
    writeln!(
        out,
        "GROUP=SwathStructure\nEND_GROUP=SwathStructure\nGROUP=GridStructure"
    )?;
    for (i, grid) in grids.iter().enumerate() {
        let ((left, top), (right, bottom)) = (grid.upper_left_m, grid.lower_right_m);
        writeln!(out, "\tGROUP=GRID_{}", i + 1)?;
        writeln!(out, "\t\tGridName=\"{}\"", grid.name)?;
        writeln!(out, "\t\tXDim={}\n\t\tYDim={}", grid.cols, grid.rows)?;
        writeln!(out, "\t\tUpperLeftPointMtrs=({left:.6},{top:.6})")?;
        writeln!(out, "\t\tLowerRightMtrs=({right:.6},{bottom:.6})")?;
        writeln!(out, "\t\tProjection=GCTP_SNSOID")?;
        writeln!(
            out,
            "\t\tProjParams=(6371007.181000,0,0,0,0,0,0,0,0,0,0,0,0)"
        )?;
        writeln!(out, "\t\tSphereCode=-1")?;
        writeln!(
            out,
            "\t\tGROUP=Dimension\n\t\tEND_GROUP=Dimension\n\t\tGROUP=DataField"
        )?;
        for (k, (field, data_type)) in grid.fields.iter().enumerate() {
            writeln!(out, "\t\t\tOBJECT=DataField_{}", k + 1)?;
            writeln!(
                out,
                "\t\t\t\tDataFieldName=\"{field}\"\n\t\t\t\tDataType={data_type}"
            )?;
            writeln!(out, "\t\t\t\tDimList=(\"YDim\",\"XDim\")")?;
            writeln!(out, "\t\t\tEND_OBJECT=DataField_{}", k + 1)?;
        }
        writeln!(out, "\t\tEND_GROUP=DataField")?;
        writeln!(out, "\t\tGROUP=MergedFields\n\t\tEND_GROUP=MergedFields")?;
        writeln!(out, "\tEND_GROUP=GRID_{}", i + 1)?;
    }
    writeln!(out, "END_GROUP=GridStructure")?;
    writeln!(out, "GROUP=PointStructure\nEND_GROUP=PointStructure\nEND")
}
