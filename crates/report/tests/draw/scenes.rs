//! Small made-up pictures, shared by the tests and by the example that writes the golden files.

use nutag_grid::{Grid, LonLat, LonLat as Place, MultiPolygon, Polygon, Shape, TileId};
use nutag_report::draw::{
    BarChart, BarGroup, BarPart, Cells, ClassLegend, FitPoint, FlowChart, FlowClass, Interval,
    IntervalChart, Key, LonLatBox, MapPicture, Panel, Proportion, ProportionChart, Ramp, Series,
    SeriesChart, ValueScale, Weak, part_fills, zone_fills, zone_inks,
};

const NOTE: &str = "Made-up numbers: nothing in this picture is a measurement.";
const ZONES: [&str; 4] = [
    "Seasonal Frozen Zone",
    "Sporadic Permafrost",
    "Insular & sparsely insular",
    "Discontinuous & Continuous",
];

/// Name and bytes of each golden map.
pub(crate) fn maps() -> Vec<(&'static str, Vec<u8>)> {
    let regions = regions();
    let (grid, values) = npp();
    let scale = ValueScale::sequential("NPP", "gC m⁻² yr⁻¹", Ramp::YellowGreen, &[&values]);
    let npp = MapPicture {
        subtitle: "Баян-Өлгий, Өмнөговь, Bayan-Ölgiĭ".to_owned(),
        note: NOTE.to_owned(),
        width_px: 420,
        panels: vec![panel("", &grid, Cells::Values(&values), None)],
        ..MapPicture::new("NPP of a made-up country", Key::Values(scale), &regions)
    };

    let change: Vec<f32> = values.iter().map(|v| (v - 155.0) / 20.0).collect();
    let weak: Vec<bool> = change.iter().map(|c| c.abs() < 1.0).collect();
    let scale = ValueScale::diverging("Change", "gC m⁻² yr⁻²", Ramp::PurpleGreen, &[&change]);
    let scale_of_change = scale.clone();
    let panels = |weak_style| MapPicture {
        note: NOTE.to_owned(),
        width_px: 420,
        weak_style,
        panels: vec![panel("", &grid, Cells::Values(&change), Some(&weak))],
        ..MapPicture::new("Change of NPP", Key::Values(scale.clone()), &regions)
    };

    let (zone_grid, early) = zones(0.0);
    let (_, late) = zones(1.2);
    let zones = MapPicture {
        note: NOTE.to_owned(),
        width_px: 480,
        columns: 2,
        panels: vec![
            panel("1980s", &zone_grid, Cells::Classes(&early), None),
            panel("2000s", &zone_grid, Cells::Classes(&late), None),
        ],
        ..MapPicture::new(
            "Zones of two epochs",
            Key::Classes(ClassLegend::zones("Permafrost zones", &ZONES)),
            &regions,
        )
    };

    let (world, co2) = co2();
    let scale = ValueScale::sequential("XCO₂", "ppm", Ramp::Batlow, &[&co2]);
    let titles = ["winter", "spring", "summer", "autumn", "winter again"];
    let earth = MapPicture {
        note: NOTE.to_owned(),
        width_px: 480,
        columns: 3,
        clip_to_regions: false,
        bounds: Some(LonLatBox {
            west_degrees: -180.0,
            south_degrees: -90.0,
            east_degrees: 180.0,
            north_degrees: 90.0,
        }),
        panels: titles
            .map(|title| panel(title, &world, Cells::Values(&co2), None))
            .to_vec(),
        ..MapPicture::new("XCO₂ of the Earth", Key::Values(scale), &regions)
    };
    // Weak cells faded, values below zero hatched: both sides differ in grey.
    let mut signed = panels(Weak::Faded);
    signed.key = Key::Values(scale_of_change.hatched_below_zero());
    [
        ("npp", npp),
        ("change_signed", signed),
        ("change_hatched", panels(Weak::Hatched)),
        ("change_faded", panels(Weak::Faded)),
        ("zones", zones),
        ("earth", earth),
    ]
    .into_iter()
    .map(|(name, picture)| (name, picture.png().expect(name)))
    .collect()
}

fn panel<'a>(title: &str, grid: &'a Grid, cells: Cells<'a>, weak: Option<&'a [bool]>) -> Panel<'a> {
    Panel {
        title: title.to_owned(),
        grid,
        cells,
        weak,
    }
}

/// Two regions side by side, one with a hole.
pub(crate) fn regions() -> Vec<MultiPolygon> {
    let ring = |corners: &[(f64, f64)]| {
        corners
            .iter()
            .map(|&(lon_degrees, lat_degrees)| LonLat {
                lon_degrees,
                lat_degrees,
            })
            .collect()
    };
    let west = MultiPolygon {
        polygons: vec![Polygon {
            exterior: ring(&[(88.0, 45.0), (91.0, 50.5), (98.0, 51.5), (99.0, 43.0)]),
            holes: vec![ring(&[
                (93.0, 46.0),
                (96.0, 46.0),
                (96.0, 48.0),
                (93.0, 48.0),
            ])],
        }],
    };
    let east = MultiPolygon::from_ring(&[
        (99.0, 43.0),
        (98.0, 51.5),
        (107.0, 49.0),
        (116.0, 48.0),
        (110.0, 42.0),
    ]);
    vec![west, east]
}

/// A mosaic of sinusoidal tiles: rising to the north-west, a lake, a desert.
fn npp() -> (Grid, Vec<f32>) {
    let tiles = ["h23v03", "h26v04"].map(|name| name.parse::<TileId>().expect(name));
    let grid = Grid::modis_mosaic(&tiles, 80)
        .expect("fits")
        .expect("two tiles");
    let values = cells(&grid, |p| {
        let (x, y) = (p.lon_degrees, p.lat_degrees);
        let lake = (x - 102.0).powi(2) + ((y - 48.0) * 1.5).powi(2) < 2.0;
        let desert = y < 43.5 + 0.1 * (x - 100.0).abs();
        if lake || desert {
            f32::NAN
        } else {
            (150.0 + 9.0 * (y - 47.0) - 2.5 * (x - 102.0) + 10.0 * x.sin()) as f32
        }
    });
    (grid, values)
}

fn zones(shift: f64) -> (Grid, Vec<u8>) {
    let shape = Shape::new(120, 320).expect("small");
    let grid = Grid::geographic(87.0, 53.0, 0.1, 0.1, shape).expect("on Earth");
    let classes = cells(&grid, |p| {
        let cold = p.lat_degrees - 44.0 - shift + (p.lon_degrees * 0.7).sin();
        (cold / 1.6).clamp(0.0, 3.0) as u8
    });
    (grid, classes)
}

fn co2() -> (Grid, Vec<f32>) {
    let shape = Shape::new(72, 144).expect("small");
    let grid = Grid::geographic(-180.0, 90.0, 2.5, 2.5, shape).expect("on Earth");
    let values = cells(&grid, |p| {
        let cloud = (p.lon_degrees + 3.0 * p.lat_degrees).rem_euclid(37.0) < 5.0;
        if cloud {
            f32::NAN
        } else {
            (385.0 + 0.06 * p.lat_degrees + (p.lon_degrees / 30.0).sin()) as f32
        }
    });
    (grid, values)
}

/// One value for the centre of each cell.
fn cells<T>(grid: &Grid, value: impl Fn(Place) -> T) -> Vec<T> {
    let shape = grid.shape();
    (0..shape.rows)
        .flat_map(|row| (0..shape.cols).map(move |col| (row, col)))
        .map(|(row, col)| value(grid.center(row, col)))
        .collect()
}

/// Name and text of each golden chart.
pub(crate) fn charts() -> Vec<(&'static str, String)> {
    vec![
        ("series", series().svg()),
        ("crowded", crowded().svg()),
        ("months", months().svg()),
        ("flows", flows().svg()),
        ("thin_flows", thin_flows().svg()),
        ("decomposition", decomposition().svg()),
        ("proportion", proportion().svg()),
        ("intervals", intervals().svg()),
    ]
}

fn series() -> SeriesChart {
    let starts = [119.9, 125.7, 161.6, 181.2];
    let slopes = [-0.9, 0.05, 0.8, 1.6];
    let wiggle = [
        0.0, -6.0, 5.0, 1.0, 2.0, 3.0, -7.0, 4.0, -5.0, 1.0, 2.0, -1.0,
    ];
    let series = (0..4).map(|i| {
        let fit = |k: u32| starts[i] + slopes[i] * f64::from(k);
        Series {
            name: ZONES[i].to_owned(),
            note: format!("slope {} per year", slopes[i]),
            colour: zone_inks(4)[i],
            points: (0..12)
                .map(|k| {
                    let gap = i == 1 && k == 4;
                    let value = fit(k) + wiggle[(k as usize + i) % 12];
                    (2001.0 + f64::from(k), if gap { f64::NAN } else { value })
                })
                .collect(),
            joined: true,
            fit: (0..12)
                .map(|k| {
                    let half = 2.5 + 0.5 * (f64::from(k) - 5.5).abs();
                    FitPoint {
                        x: 2001.0 + f64::from(k),
                        y: fit(k),
                        low: fit(k) - half,
                        high: fit(k) + half,
                    }
                })
                .collect(),
        }
    });
    SeriesChart {
        title: "NPP of each zone".to_owned(),
        description: "It falls in one zone and rises in two.".to_owned(),
        y_label: "NPP, gC m⁻² yr⁻¹".to_owned(),
        series: series.collect(),
        note: format!("Thick lines: trend. Bands: 95 % confidence. {NOTE}"),
    }
}

/// Twelve series that end at the same place, with long names.
fn crowded() -> SeriesChart {
    let series = (0..12).map(|i| Series {
        name: format!("{} {i}", ZONES[i % 4]),
        note: "a remark that is a little longer than the name of the series".to_owned(),
        colour: zone_inks(12)[i],
        points: vec![(2001.0, i as f64), (2002.0, 5.0), (2003.0, 5.0)],
        joined: true,
        fit: Vec::new(),
    });
    SeriesChart {
        title: "A title that is long enough to need more than one line of the chart, which it gets"
            .to_owned(),
        description: String::new(),
        y_label: "number".to_owned(),
        series: series.collect(),
        note: NOTE.to_owned(),
    }
}

fn months() -> SeriesChart {
    // A triangle wave: the same on every machine.
    let wave = |k: u32| (f64::from(k % 12) - 6.0).abs() - 3.0;
    let fit = |k: u32| 375.0 + 0.18 * f64::from(k) + wave(k);
    let year = |k: u32| 2009.0 + (f64::from(k) + 0.5) / 12.0;
    SeriesChart {
        title: "XCO₂ by month".to_owned(),
        description: "It rises by two ppm a year, with a minimum each summer.".to_owned(),
        y_label: "XCO₂, ppm".to_owned(),
        series: vec![Series {
            name: "XCO₂".to_owned(),
            note: "2.16 ppm per year".to_owned(),
            colour: zone_inks(4)[3],
            points: (0..96)
                .filter(|k| k % 17 != 3)
                .map(|k| (year(k), fit(k) + 0.1 * f64::from(k * 37 % 11) - 0.5))
                .collect(),
            joined: false,
            fit: (0..96)
                .map(|k| FitPoint {
                    x: year(k),
                    y: fit(k),
                    low: f64::NAN,
                    high: f64::NAN,
                })
                .collect(),
        }],
        note: NOTE.to_owned(),
    }
}

fn flow_chart(flows: Vec<Vec<f64>>) -> FlowChart {
    let fills = zone_fills(4);
    let class = |(name, fill): (&&str, _)| FlowClass {
        name: (*name).to_owned(),
        fill,
    };
    FlowChart {
        title: "Zones of the 1980s and the 2000s".to_owned(),
        description: "Most of what changed has less permafrost than before.".to_owned(),
        from_title: "1980s".to_owned(),
        to_title: "2000s".to_owned(),
        unit: "km²".to_owned(),
        classes: ZONES.iter().zip(fills).map(class).collect(),
        flows,
        decimals: 0,
        note: NOTE.to_owned(),
    }
}

fn flows() -> FlowChart {
    flow_chart(vec![
        vec![560_000.0, 11_000.0, 600.0, 0.0],
        vec![140_000.0, 148_000.0, 4_000.0, 432.0],
        vec![20_000.0, 270_000.0, 408_000.0, 3_627.0],
        vec![1_374.0, 7_528.0, 102_880.0, 170_104.0],
    ])
}

/// Classes with almost nothing in them, and a row that is not there.
fn thin_flows() -> FlowChart {
    flow_chart(vec![
        vec![1e6, f64::NAN, 1.0],
        vec![0.0, 3.0, 0.0, 2.0],
        vec![-5.0, 0.0, 1.0, 4.0],
    ])
}

fn decomposition() -> BarChart {
    let values = [
        [17.37, 1.94, 19.31],
        [18.30, 0.73, 19.03],
        [-31.27, 2.43, -28.84],
        [-20.55, f64::NAN, -19.64],
        [-16.16, 6.02, -10.14],
    ];
    let names = ZONES.into_iter().chain(["Total"]);
    let parts = ["area effect", "density effect", "total"];
    BarChart {
        title: "Why NPP changed".to_owned(),
        description: "Areas made it fall, densities made it rise.".to_owned(),
        x_label: "Change of NPP, Mt C yr⁻¹".to_owned(),
        parts: parts
            .into_iter()
            .zip(part_fills(3))
            .map(|(name, fill)| BarPart {
                name: name.to_owned(),
                fill,
            })
            .collect(),
        groups: names
            .zip(values)
            .map(|(name, values)| BarGroup {
                name: name.to_owned(),
                values: values.to_vec(),
            })
            .collect(),
        decimals: 2,
        note: NOTE.to_owned(),
    }
}

fn proportion() -> ProportionChart {
    let figure = |name: &str, note: &str, value, highlight| Proportion {
        name: name.to_owned(),
        note: note.to_owned(),
        value,
        highlight,
    };
    ProportionChart {
        title: "In proportion".to_owned(),
        description: "The change is a sixth of the emissions.".to_owned(),
        x_label: "Mt CO₂ yr⁻¹".to_owned(),
        rows: vec![
            figure("Change of NPP", "as published", -5.8, true),
            figure("Emissions of the country", "", 34.5, false),
            figure(
                "Land use, land-use change and forestry",
                "a source with a name that is longer than a line can be",
                -24.5,
                false,
            ),
            figure("Something small", "", 0.001, false),
            figure("Something unknown", "", f64::NAN, false),
        ],
        decimals: 1,
        note: NOTE.to_owned(),
    }
}

fn intervals() -> IntervalChart {
    let interval = |name: &str, note: &str, value, ends, highlight| Interval {
        name: name.to_owned(),
        note: note.to_owned(),
        value,
        ends,
        highlight,
    };
    IntervalChart {
        title: "Which side of zero".to_owned(),
        description: "Two models give a sink and one a source; the ensemble is open.".to_owned(),
        x_label: "NEP, Mt CO₂ yr⁻¹".to_owned(),
        rows: vec![
            interval("One model", "", 61.2, None, false),
            interval(
                "Another model with a name that is longer than a line can be",
                "unverified",
                -203.4,
                None,
                false,
            ),
            interval("An unknown", "", f64::NAN, None, false),
            interval(
                "All draws",
                "10,000 draws",
                -22.6,
                Some([-311.0, 140.2]),
                true,
            ),
        ],
        decimals: 1,
        note: NOTE.to_owned(),
    }
}
