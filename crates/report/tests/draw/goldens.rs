//! Pictures beside the ones that were looked at and kept.
//!
//! To remake them after a change of the drawing: `cargo run -p nutag-report --example draw_goldens --
//! crates/report/tests/golden/draw`, and look at every one before it is committed.

use super::scenes;

use std::path::PathBuf;

const REMAKE: &str =
    "if the change is meant, remake the golden files (see the head of this test) and look at them";

fn golden(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden/draw")
        .join(name)
}

fn pixels(png: &[u8]) -> (u32, u32, Vec<u8>) {
    let mut reader = png::Decoder::new(std::io::Cursor::new(png))
        .read_info()
        .expect("a PNG file");
    let mut buffer = vec![0; reader.output_buffer_size().expect("small")];
    let info = reader.next_frame(&mut buffer).expect("whole");
    assert_eq!(info.color_type, png::ColorType::Rgb);
    (info.width, info.height, buffer)
}

#[test]
fn maps_look_like_those_that_were_kept() {
    let maps = scenes::maps();
    assert_eq!(maps.len(), 6);
    for (name, png) in maps {
        let path = golden(&format!("{name}.png"));
        let kept = std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let (width, height, found) = pixels(&png);
        let (kept_width, kept_height, expected) = pixels(&kept);
        assert_eq!(
            (width, height),
            (kept_width, kept_height),
            "{name}: another size; {REMAKE}"
        );
        // Curves are filled with floats, which differ a little between processors: soft edges by a few
        // levels, and here and there a pixel on the border of two cells.
        let differences = found.iter().zip(&expected).map(|(a, b)| a.abs_diff(*b));
        let strong = differences.clone().filter(|d| *d > 40).count();
        let sum: u64 = differences.map(u64::from).sum();
        let mean = sum as f64 / found.len() as f64;
        let share = strong as f64 / found.len() as f64;
        assert!(
            mean < 0.3 && share < 0.002,
            "{name}: mean difference {mean} of 255, {share} of the bytes by more than 40; {REMAKE}"
        );
    }
}

#[test]
fn charts_are_those_that_were_kept() {
    let charts = scenes::charts();
    assert_eq!(charts.len(), 8);
    for (name, svg) in charts {
        let path = golden(&format!("{name}.svg"));
        let kept =
            std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        assert!(svg == kept, "{name}: not the text that was kept; {REMAKE}");
    }
}

#[test]
fn the_same_bytes_twice() {
    assert!(scenes::maps() == scenes::maps());
    assert!(scenes::charts() == scenes::charts());
}

#[test]
fn golden_pictures_differ_from_each_other() {
    // The comparison above can tell pictures apart: hatched and faded differ by more than it allows.
    let maps = scenes::maps();
    let (_, _, a) = pixels(&maps[2].1);
    let (_, _, b) = pixels(&maps[3].1);
    let differences = a.iter().zip(&b).map(|(a, b)| u64::from(a.abs_diff(*b)));
    assert!(differences.sum::<u64>() as f64 / a.len() as f64 > 0.3);
}
