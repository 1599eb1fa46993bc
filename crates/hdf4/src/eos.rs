//! HDF-EOS2 grids: where an SDS lies on the Earth.

use crate::attribute::Attribute;
use crate::error::{Error, ErrorKind, Result};
use crate::odl::{self, Block, Value};

/// One grid of an HDF-EOS2 file.
///
/// The corners are the outer edges of the grid's outermost cells, also where the file says
/// `PixelRegistration=HDFE_CENTER`: no product shifts by it.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    /// `GridName`. Producers reuse and rename grids, so find layers by SDS name.
    pub name: String,
    /// `YDim`: number of rows.
    pub rows: usize,
    /// `XDim`: number of columns.
    pub cols: usize,
    /// `UpperLeftPointMtrs`: x and y of the outer corner; metres for projected grids, packed
    /// degrees, minutes and seconds (DDDMMMSSS.SS) for geographic ones. `None` if the file leaves
    /// it to the projection's default.
    pub upper_left_m: Option<(f64, f64)>,
    /// `LowerRightMtrs`, likewise.
    pub lower_right_m: Option<(f64, f64)>,
    /// `Projection`, for example `GCTP_SNSOID`.
    pub projection: String,
    /// `ProjParams`: 13 numbers of GCTP; none for geographic grids.
    pub projection_parameters: Vec<f64>,
    /// `SphereCode` of GCTP.
    pub sphere_code: Option<i64>,
    /// `GridOrigin`, for example `HDFE_GD_UL`, where written.
    pub origin: Option<String>,
    /// `PixelRegistration`, where written. Shifts nothing.
    pub pixel_registration: Option<String>,
    /// Names and lengths of the grid's further dimensions, beside `YDim` and `XDim`.
    pub dimensions: Vec<(String, i64)>,
    /// The layers of the grid.
    pub fields: Vec<Field>,
}

/// One layer of a grid: the SDS of the same name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// `DataFieldName`: the SDS's name.
    pub name: String,
    /// `DataType`, for example `DFNT_INT16`. The SDS itself says what is stored.
    pub data_type: String,
    /// `DimList`, slowest first, for example `YDim`, `XDim`.
    pub dimensions: Vec<String>,
}

/// The grids described by the attributes `StructMetadata.0`, `StructMetadata.1`, ...
///
/// Names are matched exactly: subset files carry an `OldStructMetadata.0` that no longer holds.
pub(crate) fn grids(attributes: &[Attribute]) -> Result<Vec<Grid>> {
    let mut text = String::new();
    for part in 0.. {
        let name = format!("StructMetadata.{part}");
        let Some(attribute) = attributes.iter().find(|a| a.name == name) else {
            break;
        };
        let Some(piece) = attribute.as_text() else {
            let found = "numbers";
            return Err(Error::damaged("StructMetadata", "text", found));
        };
        text.push_str(piece);
    }
    parse(&text)
}

/// The grids described by the text of `StructMetadata`.
///
/// # Errors
/// If the text is not ODL, or a grid lacks its name, size or projection.
pub fn parse(text: &str) -> Result<Vec<Grid>> {
    let root = odl::parse("StructMetadata", text)?;
    match root.block("GridStructure") {
        Some(structure) => structure.blocks.iter().map(grid).collect(),
        None => Ok(Vec::new()),
    }
}

fn grid(block: &Block) -> Result<Grid> {
    let wrong = |key: &str, expected: &'static str| {
        let found = match block.value(key) {
            None => "none".to_string(),
            Some(value) => format!("{value:?}").chars().take(80).collect(),
        };
        let (grid, key) = (block.name.clone(), key.to_string());
        Error::new(ErrorKind::Grid {
            grid,
            key,
            expected,
            found,
        })
    };
    let text = |key: &str| block.value(key).and_then(Value::as_str).map(str::to_string);
    let length = |key: &str| -> Result<usize> {
        text(key)
            .and_then(|t| t.parse().ok())
            .ok_or_else(|| wrong(key, "a number of cells"))
    };
    let corner = |key: &str| -> Result<Option<(f64, f64)>> {
        match block.value(key) {
            None => Ok(None),
            Some(Value::Word(word)) if word == "DEFAULT" => Ok(None),
            Some(Value::List(list)) => match list.iter().map(Value::as_f64).collect::<Vec<_>>()[..]
            {
                [Some(x), Some(y)] => Ok(Some((x, y))),
                _ => Err(wrong(key, "two numbers")),
            },
            Some(_) => Err(wrong(key, "two numbers")),
        }
    };
    let projection_parameters = match block.value("ProjParams") {
        None => Vec::new(),
        Some(value) => value
            .items()
            .iter()
            .map(|v| v.as_f64().ok_or_else(|| wrong("ProjParams", "numbers")))
            .collect::<Result<_>>()?,
    };
    let sphere_code = match text("SphereCode") {
        None => None,
        Some(code) => Some(
            code.parse()
                .map_err(|_| wrong("SphereCode", "an integer"))?,
        ),
    };
    Ok(Grid {
        name: text("GridName").ok_or_else(|| wrong("GridName", "a text"))?,
        rows: length("YDim")?,
        cols: length("XDim")?,
        upper_left_m: corner("UpperLeftPointMtrs")?,
        lower_right_m: corner("LowerRightMtrs")?,
        projection: text("Projection").ok_or_else(|| wrong("Projection", "a word"))?,
        projection_parameters,
        sphere_code,
        origin: text("GridOrigin"),
        pixel_registration: text("PixelRegistration"),
        dimensions: members(block, "Dimension", dimension)?,
        fields: members(block, "DataField", field)?,
    })
}

/// What the objects of a group inside a grid say.
fn members<T>(block: &Block, group: &str, read: fn(&Block) -> Option<T>) -> Result<Vec<T>> {
    let objects = block.block(group).map_or(&[][..], |group| &group.blocks);
    objects
        .iter()
        .map(|object| {
            read(object).ok_or_else(|| {
                Error::new(ErrorKind::Grid {
                    grid: block.name.clone(),
                    key: group.to_string(),
                    expected: "complete",
                    found: format!("{} without some of its values", object.name),
                })
            })
        })
        .collect()
}

fn dimension(object: &Block) -> Option<(String, i64)> {
    let name = object.value("DimensionName")?.as_str()?.to_string();
    Some((name, object.value("Size")?.as_str()?.parse().ok()?))
}

fn field(object: &Block) -> Option<Field> {
    let dimensions = object.value("DimList")?.items();
    Some(Field {
        name: object.value("DataFieldName")?.as_str()?.to_string(),
        data_type: object.value("DataType")?.as_str()?.to_string(),
        dimensions: dimensions
            .iter()
            .filter_map(|d| Some(d.as_str()?.to_string()))
            .collect(),
    })
}
