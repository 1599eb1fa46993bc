//! Trends of single cells through the whole program, against sums worked out
//! here without any of its statistics.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use nutag_pipeline::cells::{CellMosaic, CodeLayer, TrendClass, ValueLayer};
use nutag_pipeline::config::Config;
use nutag_pipeline::execute::execute_with;
use nutag_pipeline::plan::Plan;
use nutag_problem::Silent;
use nutag_task::{Inputs, PartialStore};
use nutag_testkit::hdf4::Mod17Layout;
use nutag_tests::{RightStudy, Study};

const YEARS: [u16; 2] = [2001, 2012];
const SIDE: usize = 120;
const FILL: i16 = 32_761;
const BARREN: i16 = 32_765;

/// The kinds of cells, in stripes over the tile.
const KINDS: usize = 8;
const CONSTANT: usize = 0;
const RISING: usize = 1;
const STEP: usize = 2;
const NEGATIVE: usize = 3;
const ONE_MISSING: usize = 4;
const ELEVEN_MISSING: usize = 5;
const NEVER: usize = 6;

/// The raw value of a kind of cell in a year, in 0.1 gC m-2; `None` where it has none.
fn value(kind: usize, year: u16) -> Option<i32> {
    let k = i32::from(year - YEARS[0]);
    match kind {
        CONSTANT => Some(1000),
        RISING => Some(1000 + 10 * k),
        STEP => Some(if year < 2007 { 1000 } else { 1200 }),
        NEGATIVE => Some(-100 - 5 * k),
        ONE_MISSING => (year != 2005).then_some(2000 - 7 * k),
        ELEVEN_MISSING => (year == 2012).then_some(1234),
        NEVER => None,
        // Two values by turns: ties.
        _ => Some(500 + 3 * (k % 2)),
    }
}

fn kind(cell: usize) -> usize {
    (cell / SIDE + cell % SIDE) % KINDS
}

/// What a kind of cell must give, by plain arithmetic on the real years.
struct Expected {
    n: usize,
    mean: f64,
    ols: Option<f64>,
    sen: Option<f64>,
    s: i32,
}

fn expected(kind: usize) -> Option<Expected> {
    let points: Vec<(f64, f64)> = (YEARS[0]..=YEARS[1])
        .filter_map(|year| Some((f64::from(year), f64::from(value(kind, year)?) / 10.0)))
        .collect();
    let n = points.len();
    if n == 0 {
        return None;
    }
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / n as f64;
    let (t_mean, y_mean) = (mean(|p| p.0), mean(|p| p.1));
    let (mut ty, mut tt, mut s) = (0.0, 0.0, 0);
    let mut slopes = Vec::new();
    for (i, (t, y)) in points.iter().enumerate() {
        ty += (t - t_mean) * (y - y_mean);
        tt += (t - t_mean) * (t - t_mean);
        for (u, z) in &points[i + 1..] {
            slopes.push((z - y) / (u - t));
            s += i32::from(z > y) - i32::from(z < y);
        }
    }
    slopes.sort_by(f64::total_cmp);
    let middle = |slopes: &[f64]| {
        let m = slopes.len();
        (slopes[(m - 1) / 2] + slopes[m / 2]) / 2.0
    };
    Some(Expected {
        n,
        mean: y_mean,
        ols: (n > 1).then(|| ty / tt),
        sen: (n > 1).then(|| middle(&slopes)),
        s,
    })
}

fn study(layout: Mod17Layout) -> Study {
    let study = Study::new();
    study.edit("study.toml", "[2001, 2003]", "[2001, 2012]");
    study.edit("study.toml", "maps = []", "maps = [\"cog\"]");
    study.edit(
        "study.toml",
        "mask           = \"common\"",
        "mask           = \"per-year\"",
    );
    for year in YEARS[0]..=YEARS[1] {
        for (h, v) in RightStudy::TILES {
            let raw = (0..SIDE * SIDE).map(|cell| match (kind(cell), value(kind(cell), year)) {
                (NEVER, _) => BARREN,
                (_, None) => FILL,
                (_, Some(value)) => i16::try_from(value).unwrap(),
            });
            let granule = RightStudy::granule(h, v, year)
                .npp(raw.collect())
                .layout(layout);
            study.granule(&granule);
        }
    }
    study
}

/// Runs a study in this process and looks at its cells.
fn with_mosaic<T>(study: &Study, store: &Path, look: impl FnOnce(&CellMosaic<'_>) -> T) -> T {
    let config = Config::load(&study.path("study.toml")).unwrap();
    let plan = Plan::make(config, &Silent).unwrap();
    let plan = plan.npp().unwrap();
    let trends = plan.cell_trends().unwrap();
    let store = PartialStore::open(store).unwrap();
    let stop = AtomicBool::new(false);
    // What stands for a content is one with its name here: no file of the study changes.
    let granules = std::fs::read_dir(study.path("granules")).unwrap();
    let paths = granules.map(|entry| entry.unwrap().path());
    let inputs = Inputs::of(paths.map(|path| (path.clone(), path.display().to_string())));
    let done = execute_with(&plan, trends.as_ref(), &inputs, &store, &Silent, &stop).unwrap();
    let mosaic = CellMosaic::open(&plan, trends.as_ref(), &done, &store)
        .unwrap()
        .unwrap();
    look(&mosaic)
}

/// All layers, read in strips of so many rows.
fn layers(mosaic: &CellMosaic<'_>, strip: usize) -> (Vec<Vec<f32>>, Vec<Vec<u16>>) {
    let shape = mosaic.grid().shape();
    let strips = || {
        (0..shape.rows)
            .step_by(strip)
            .map(|row| row..(row + strip).min(shape.rows))
    };
    let values = ValueLayer::ALL.map(|layer| {
        let read = strips().flat_map(|rows| {
            let mut out = vec![0.0; rows.len() * shape.cols];
            mosaic.read_values(layer, rows, &mut out).unwrap();
            out
        });
        read.collect()
    });
    let codes = [
        CodeLayer::Trend,
        CodeLayer::ZoneFrom,
        CodeLayer::ZoneTo,
        CodeLayer::Region,
    ];
    let codes = codes.map(|layer| {
        let read = strips().flat_map(|rows| {
            let mut out = vec![0; rows.len() * shape.cols];
            mosaic.read_codes(layer, rows, &mut out).unwrap();
            out
        });
        read.collect()
    });
    (values.into(), codes.into())
}

const CHUNKS: Mod17Layout = Mod17Layout::Chunked { rows: 40, cols: 60 };

#[test]
fn every_kind_of_cell_has_the_trend_of_plain_arithmetic() {
    let study = study(CHUNKS);
    with_mosaic(&study, &study.path("partials"), |mosaic| {
        let (values, codes) = layers(mosaic, 50);
        let [mean, ols, sen, s, p, n] = &values[..] else {
            panic!("six layers")
        };
        let [trend, from, to, region] = &codes[..] else {
            panic!("four layers")
        };
        let cols = mosaic.grid().shape().cols;
        assert_eq!((mosaic.grid().shape().rows, cols), (SIDE, 2 * SIDE));
        let mut seen = [0; KINDS];
        for (i, &region) in region.iter().enumerate() {
            let cell = i / cols * SIDE + i % cols % SIDE;
            let what = format!("cell {i} of kind {}", kind(cell));
            if region == 0 {
                assert_eq!((trend[i], from[i], to[i]), (0, 0, 0), "{what}");
                assert!(values.iter().all(|layer| layer[i].is_nan()), "{what}");
                continue;
            }
            // Zones and regions as the study has them, by the centre of the cell.
            let centre = mosaic.grid().center(i / cols, i % cols);
            let (lat, lon) = (centre.lat_degrees, centre.lon_degrees);
            assert_eq!(i32::from(from[i]), RightStudy::code_from(lat), "{what}");
            assert_eq!(
                to[i],
                if lat < 45.0 {
                    1
                } else if lat < 45.5 {
                    2
                } else {
                    3
                },
                "{what}"
            );
            assert_eq!(region, if lon < 104.0 { 1 } else { 2 }, "{what}");

            seen[kind(cell)] += 1;
            let Some(expected) = expected(kind(cell)) else {
                assert!(trend[i] >= TrendClass::no_value(0), "{what}: {}", trend[i]);
                assert!(values.iter().all(|layer| layer[i].is_nan()), "{what}");
                continue;
            };
            #[expect(clippy::cast_possible_truncation, reason = "as rasters hold them")]
            let near = |found: f32, expected: Option<f64>| match expected {
                None => assert!(found.is_nan(), "{what}: {found}"),
                Some(e) => {
                    assert!(
                        (found - e as f32).abs() <= 1e-6 * found.abs(),
                        "{what}: {found}, not {e}"
                    );
                }
            };
            near(mean[i], Some(expected.mean));
            near(ols[i], expected.ols);
            near(sen[i], expected.sen);
            assert_eq!(f64::from(n[i]), expected.n as f64, "{what}");
            assert_eq!(f64::from(s[i]), f64::from(expected.s), "{what}");
            let class = match kind(cell) {
                RISING | STEP => TrendClass::Up,
                NEGATIVE | ONE_MISSING => TrendClass::Down,
                ELEVEN_MISSING => TrendClass::NotTested,
                _ => TrendClass::NotSignificant,
            };
            assert_eq!(trend[i], class.code(), "{what}: p {}", p[i]);
            // 12 values in order: 2 / 12!.
            if kind(cell) == RISING {
                near(p[i], Some(2.0 / 479_001_600.0));
            }
        }
        assert!(seen.iter().all(|cells| *cells > 100), "{seen:?}");
        let significance = mosaic.significance();
        assert_eq!(significance.untested, seen[ELEVEN_MISSING]);
        let kinds = [RISING, STEP, NEGATIVE, ONE_MISSING];
        assert_eq!(
            significance.cut.rejected,
            kinds.map(|kind| seen[kind]).iter().sum::<u64>()
        );
    });
}

#[test]
fn a_cell_has_the_same_trend_in_any_block_and_on_any_thread() {
    let mut first = None;
    for (layout, threads, strip) in [
        (CHUNKS, 1, 120),
        (Mod17Layout::Chunked { rows: 7, cols: 120 }, 2, 7),
        (Mod17Layout::Whole, 3, 1),
        (Mod17Layout::Contiguous, 8, 33),
    ] {
        let study = study(layout);
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        let found = pool.install(|| {
            with_mosaic(&study, &study.path("partials"), |mosaic| {
                let (values, codes) = layers(mosaic, strip);
                let bits =
                    |layer: Vec<f32>| layer.into_iter().map(f32::to_bits).collect::<Vec<_>>();
                let values: Vec<_> = values.into_iter().map(bits).collect();
                (values, codes, mosaic.significance().clone())
            })
        });
        let first = first.get_or_insert_with(|| found.clone());
        assert!(
            *first == found,
            "{layout:?} on {threads} threads gives other cells"
        );
    }
}

/// Chance alone makes no field significant; a trend everywhere does.
#[test]
fn the_significance_of_the_field_is_computed_where_it_is_asked_for() {
    let study = study(CHUNKS);
    let text = std::fs::read_to_string(study.path("study.toml")).unwrap();
    let more = "[trend]\nfield_significance = { permutations = 199, seed = 7 }\n";
    study.write("study.toml", &format!("{text}\n{more}"));
    let field = |name: &str| {
        with_mosaic(&study, &study.path(name), |mosaic| {
            mosaic.significance().field.unwrap()
        })
    };
    let found = field("a");
    assert_eq!(found.permutations, 199);
    assert!(found.p < 0.05, "{found:?}");
    assert!(found.observed > found.critical);
    assert_eq!(field("b"), found, "the same seed, the same draws");
    study.edit("study.toml", "seed = 7", "seed = 8");
    assert_eq!(field("c").observed, found.observed);
    study.edit("study.toml", "permutations = 199", "permutations = 9");
    study.refused(2, &["[trend]", "field_significance", "19"]);
}
