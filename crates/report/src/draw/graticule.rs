//! Meridians and parallels with their degrees.

use super::frame::Frame;
use nutag_grid::LonLat;

/// Round steps of a graticule in degrees.
const STEPS: [f64; 11] = [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 20.0, 30.0, 60.0];

/// The lines inside a window, and where they leave it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Graticule {
    /// Each line as points in pixels of the window; may run over its edge.
    pub(crate) lines: Vec<Vec<(f64, f64)>>,
    /// Text and height of each parallel at the left edge.
    pub(crate) left: Vec<(String, f64)>,
    /// Text and place of each meridian at the bottom edge.
    pub(crate) bottom: Vec<(String, f64)>,
}

impl Graticule {
    /// About `count` meridians across the window, and parallels at the same step or half of it.
    pub(crate) fn of(frame: Frame, count: usize) -> Self {
        let Some((lon, lat)) = visible(frame) else {
            return Self {
                lines: Vec::new(),
                left: Vec::new(),
                bottom: Vec::new(),
            };
        };
        let (width, height) = (f64::from(frame.width_px), f64::from(frame.height_px));
        let step_lon = step(lon.1 - lon.0, count);
        // As many kilometres between parallels as between meridians, roughly.
        let wanted = ((count as f64 * height / width).round() as usize).max(3);
        let step_lat = step(lat.1 - lat.0, wanted);
        let mut lines = Vec::new();
        let (mut left, mut bottom) = (Vec::new(), Vec::new());
        for degrees in multiples(step_lat, lat) {
            let line = trace(frame, 200, |share| LonLat {
                lon_degrees: lon.0 + (lon.1 - lon.0) * share,
                lat_degrees: degrees,
            });
            let at_left = crossing(&line, |p| p.0, 0.0).map(|p| p.1);
            if let Some(y) = at_left.filter(|y| (0.0..=height).contains(y)) {
                left.push((text(degrees, step_lat, "N", "S"), y));
            }
            lines.push(line);
        }
        for degrees in multiples(step_lon, lon) {
            let line = trace(frame, 100, |share| LonLat {
                lon_degrees: degrees,
                lat_degrees: lat.0 + (lat.1 - lat.0) * share,
            });
            let at_bottom = crossing(&line, |p| p.1, height).map(|p| p.0);
            if let Some(x) = at_bottom.filter(|x| (0.0..=width).contains(x)) {
                bottom.push((text(degrees, step_lon, "E", "W"), x));
            }
            lines.push(line);
        }
        Self {
            lines,
            left,
            bottom,
        }
    }
}

/// Ranges of longitude (around that of the middle, so it may pass 180) and latitude in the window.
fn visible(frame: Frame) -> Option<((f64, f64), (f64, f64))> {
    let (width, height) = (f64::from(frame.width_px), f64::from(frame.height_px));
    let middle = frame.place(width / 2.0, height / 2.0)?.lon_degrees;
    let mut lon = (middle, middle);
    let mut lat = (90.0_f64, -90.0_f64);
    for i in 0..=32 {
        for j in 0..=32 {
            // Half a pixel inside: the edge itself may be the edge of the map.
            let x = 0.5 + (width - 1.0) * f64::from(i) / 32.0;
            let y = 0.5 + (height - 1.0) * f64::from(j) / 32.0;
            let Some(place) = frame.place(x, y) else {
                continue;
            };
            let away = place.lon_degrees - middle;
            let l = middle + away - 360.0 * (away / 360.0).round();
            lon = (lon.0.min(l), lon.1.max(l));
            lat = (lat.0.min(place.lat_degrees), lat.1.max(place.lat_degrees));
        }
    }
    // The samples miss the outermost corners of curved lines by a little.
    let (dx, dy) = ((lon.1 - lon.0) / 32.0, (lat.1 - lat.0) / 32.0);
    let lon = (
        (lon.0 - dx).max(middle - 180.0),
        (lon.1 + dx).min(middle + 180.0),
    );
    Some((lon, ((lat.0 - dy).max(-90.0), (lat.1 + dy).min(90.0))))
}

fn step(span: f64, count: usize) -> f64 {
    let least = 0.75 * span / count.max(1) as f64;
    STEPS
        .into_iter()
        .find(|&step| step >= least)
        .unwrap_or(STEPS[STEPS.len() - 1])
}

fn multiples(step: f64, range: (f64, f64)) -> impl Iterator<Item = f64> {
    let first = (range.0 / step).ceil() as i32;
    let last = (range.1 / step).floor() as i32;
    (first..=last).map(move |i| f64::from(i) * step)
}

fn trace(frame: Frame, pieces: u32, place: impl Fn(f64) -> LonLat) -> Vec<(f64, f64)> {
    (0..=pieces)
        .filter_map(|i| frame.to_px(place(f64::from(i) / f64::from(pieces))))
        .collect()
}

/// Where a line first passes a value of one of its coordinates.
fn crossing(
    line: &[(f64, f64)],
    coordinate: impl Fn(&(f64, f64)) -> f64,
    value: f64,
) -> Option<(f64, f64)> {
    line.windows(2).find_map(|pair| {
        let (a, b) = (coordinate(&pair[0]) - value, coordinate(&pair[1]) - value);
        // A line that ends within a pixel of the edge counts.
        let touches = a.abs() < 1.0 || b.abs() < 1.0;
        if a == b || (a * b > 0.0 && !touches) {
            return None;
        }
        let share = (a / (a - b)).clamp(0.0, 1.0);
        let between = |p: f64, q: f64| p + (q - p) * share;
        Some((between(pair[0].0, pair[1].0), between(pair[0].1, pair[1].1)))
    })
}

/// `45°N`, with a decimal when the step needs one.
fn text(degrees: f64, step: f64, positive: &str, negative: &str) -> String {
    let decimals = usize::from(step < 1.0);
    let degrees = if degrees.abs() > 180.0 {
        degrees - 360.0 * (degrees / 360.0).round()
    } else {
        degrees
    };
    let side = if degrees.abs() < 1e-9 || degrees.abs() > 180.0 - 1e-9 {
        ""
    } else if degrees > 0.0 {
        positive
    } else {
        negative
    };
    format!("{:.decimals$}°{side}", degrees.abs())
}

#[cfg(test)]
mod tests {
    use super::super::frame::Extent;
    use super::super::projection::LonLatBox;
    use super::*;

    fn graticule(west: f64, south: f64, east: f64, north: f64) -> Graticule {
        let area = LonLatBox {
            west_degrees: west,
            south_degrees: south,
            east_degrees: east,
            north_degrees: north,
        };
        let frame = Extent::around(Some(area), &[]).unwrap().frame(600);
        Graticule::of(frame, 8)
    }

    #[test]
    fn degrees_stand_where_the_lines_leave() {
        let texts = |edge: &[(String, f64)]| -> Vec<String> {
            edge.iter().map(|(text, _)| text.clone()).collect()
        };
        let mongolia = graticule(87.7, 41.6, 119.9, 52.1);
        assert_eq!(
            texts(&mongolia.bottom),
            ["90°E", "95°E", "100°E", "105°E", "110°E", "115°E", "120°E"]
        );
        assert_eq!(texts(&mongolia.left), ["40°N", "45°N", "50°N"]);
        let pacific = graticule(170.0, -10.0, 190.0, 10.0);
        assert!(texts(&pacific.bottom).contains(&"175°W".to_owned()));
        assert!(texts(&pacific.bottom).contains(&"180°".to_owned()));
        assert!(texts(&pacific.left).contains(&"0°".to_owned()));
        let small = graticule(106.5, 47.6, 107.3, 48.2);
        assert!(
            texts(&small.bottom).contains(&"106.8°E".to_owned()),
            "{:?}",
            small.bottom
        );
    }

    #[test]
    fn the_world_has_a_graticule() {
        let world = graticule(-180.0, -90.0, 180.0, 90.0);
        assert!(world.lines.len() > 8);
        let world = (world.left, world.bottom);
        assert!(world.1.len() > 3 && world.0.len() > 2, "{world:?}");
    }
}
