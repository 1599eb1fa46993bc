//! What is refused, and that it is said where.

use super::scenes::regions;
use nutag_grid::{Grid, MultiPolygon, Shape};
use nutag_report::draw::{Cells, ClassLegend, DrawError, Key, MapPicture, Panel, Ramp, ValueScale};

fn grid() -> Grid {
    Grid::geographic(88.0, 52.0, 4.0, 4.0, Shape::new(3, 7).unwrap()).unwrap()
}

fn scale() -> Key {
    Key::Values(ValueScale::between("NPP", "g", Ramp::Batlow, 0.0, 1.0))
}

fn error(key: Key, cells: Cells<'_>, weak: Option<&[bool]>, regions: &[MultiPolygon]) -> DrawError {
    let grid = grid();
    MapPicture {
        width_px: 300,
        panels: vec![Panel {
            title: "2001".to_owned(),
            grid: &grid,
            cells,
            weak,
        }],
        ..MapPicture::new("NPP", key, regions)
    }
    .png()
    .expect_err("to be refused")
}

#[test]
fn arrays_belong_to_their_grid() {
    let regions = regions();
    let error_of = |cells, weak| error(scale(), cells, weak, &regions).to_string();
    assert_eq!(
        error_of(Cells::Values(&[0.0; 20]), None),
        "panel \"2001\": expected 21 cells (3 rows x 7 columns), found 20 in its values; give one number for each \
         cell of the grid, row by row"
    );
    assert!(
        error_of(Cells::Values(&[0.0; 21]), Some(&[true])).contains("found 1 in its mask of weak")
    );
}

#[test]
fn cells_belong_to_the_key() {
    let regions = regions();
    let legend = ClassLegend::zones("zones", &["a", "b"]);
    let found = error(
        Key::Classes(legend.clone()),
        Cells::Values(&[0.0; 21]),
        None,
        &regions,
    );
    assert!(matches!(found, DrawError::Key { .. }), "{found}");
    let found = error(scale(), Cells::Classes(&[0; 21]), None, &regions);
    assert!(matches!(found, DrawError::Key { .. }), "{found}");
    let mut classes = [0; 21];
    classes[9] = 7;
    let found = error(
        Key::Classes(legend),
        Cells::Classes(&classes),
        None,
        &regions,
    );
    assert_eq!(
        found.to_string(),
        "panel \"2001\": class 7 of the cell at row 1, column 2 has no entry in the legend \
         \"zones\"; add one or make it the legend's `no_data` code"
    );
}

#[test]
fn something_must_be_shown() {
    let found = error(scale(), Cells::Values(&[0.0; 21]), None, &[]);
    assert!(matches!(found, DrawError::NoArea { .. }), "{found}");
    let regions = regions();
    let empty = MapPicture::new("NPP", scale(), &regions);
    assert!(matches!(empty.png(), Err(DrawError::NoPanel { .. })));
    let values = [0.5; 21];
    let grid = grid();
    let panel = Panel {
        title: String::new(),
        grid: &grid,
        cells: Cells::Values(&values),
        weak: None,
    };
    let picture = |width_px, columns| MapPicture {
        width_px,
        columns,
        panels: vec![panel.clone(); 5],
        ..MapPicture::new("NPP", scale(), &regions)
    };
    for (width_px, columns) in [(0, 1), (239, 1), (8001, 1), (400, 5), (u32::MAX, 2)] {
        let found = picture(width_px, columns).png();
        assert!(
            matches!(found, Err(DrawError::Size { .. })),
            "{width_px} {columns}"
        );
    }
    assert!(matches!(
        picture(300, 0).png(),
        Err(DrawError::NoPanel { .. })
    ));
    assert!(picture(300, 3).png().is_ok());
}
