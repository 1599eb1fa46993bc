//! The window of a map: which part of the plane is shown, and from places to pixels and back.

use super::projection::{EqualArea, LonLatBox};
use nutag_grid::{LonLat, MultiPolygon, Ring};
use tiny_skia::{FillRule, Mask, Path, PathBuilder, Transform};

/// Longest piece, in degrees, of a straight border that is drawn as a straight line.
const PIECE_DEGREES: f64 = 0.5;
/// White space around the area, as a share of its width and height.
const MARGIN: f64 = 0.025;
/// Narrowest and widest height of a map for a width of 1.
const ASPECT: (f64, f64) = (0.35, 1.25);

/// A rectangle of the projected plane, in metres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Extent {
    pub(crate) projection: EqualArea,
    west: f64,
    south: f64,
    east: f64,
    north: f64,
}

impl Extent {
    /// Around `bounds`, or around the regions when there are none. `None` when neither gives a place.
    pub(crate) fn around(bounds: Option<LonLatBox>, regions: &[MultiPolygon]) -> Option<Self> {
        let area = bounds.or_else(|| bounds_of(regions))?;
        let projection = EqualArea::for_area(area);
        let mut outline: Vec<(f64, f64)> = Vec::new();
        if bounds.is_some() || regions.is_empty() {
            outline.extend(edge_of(area).filter_map(|place| projection.forward(place)));
        } else {
            for ring in regions.iter().flat_map(MultiPolygon::rings) {
                let places = pieces(ring).filter_map(|place| projection.forward(place));
                outline.extend(places);
            }
        }
        let first = *outline.first()?;
        let (mut west, mut south, mut east, mut north) = (first.0, first.1, first.0, first.1);
        for (x, y) in outline {
            (west, east) = (west.min(x), east.max(x));
            (south, north) = (south.min(y), north.max(y));
        }
        // A point or a line is shown with a kilometre around it.
        let (width, height) = ((east - west).max(2000.0), (north - south).max(2000.0));
        let margin = if projection.is_whole_earth() {
            0.0
        } else {
            MARGIN * width.max(height)
        };
        let (mut half_width, mut half_height) = (width / 2.0 + margin, height / 2.0 + margin);
        half_height = half_height.max(half_width * ASPECT.0);
        half_width = half_width.max(half_height / ASPECT.1);
        let (x, y) = ((west + east) / 2.0, (south + north) / 2.0);
        Some(Self {
            projection,
            west: x - half_width,
            south: y - half_height,
            east: x + half_width,
            north: y + half_height,
        })
    }

    /// The window of a width in pixels; its height follows.
    pub(crate) fn frame(&self, width_px: u32) -> Frame {
        let metres_per_px = (self.east - self.west) / f64::from(width_px);
        Frame {
            projection: self.projection,
            west: self.west,
            north: self.north,
            metres_per_px,
            width_px,
            height_px: ((self.north - self.south) / metres_per_px).round().max(1.0) as u32,
        }
    }
}

fn bounds_of(regions: &[MultiPolygon]) -> Option<LonLatBox> {
    let boxes = regions.iter().filter_map(MultiPolygon::bounds);
    let (low, high) = boxes
        .filter(|(low, high)| {
            [low, high]
                .iter()
                .all(|p| p.lon_degrees.is_finite() && p.lat_degrees.is_finite())
        })
        .reduce(|(low, high), (l, h)| {
            (
                LonLat {
                    lon_degrees: low.lon_degrees.min(l.lon_degrees),
                    lat_degrees: low.lat_degrees.min(l.lat_degrees),
                },
                LonLat {
                    lon_degrees: high.lon_degrees.max(h.lon_degrees),
                    lat_degrees: high.lat_degrees.max(h.lat_degrees),
                },
            )
        })?;
    Some(LonLatBox {
        west_degrees: low.lon_degrees,
        south_degrees: low.lat_degrees,
        east_degrees: high.lon_degrees,
        north_degrees: high.lat_degrees,
    })
}

/// Places along the four sides of a box and across its middle.
fn edge_of(area: LonLatBox) -> impl Iterator<Item = LonLat> {
    (0..=40).flat_map(move |i| {
        let share = f64::from(i) / 40.0;
        let between = |a: f64, b: f64| a + (b - a) * share;
        let lon = between(area.west_degrees, area.east_degrees);
        let lat = between(area.south_degrees, area.north_degrees);
        let middle = (area.south_degrees + area.north_degrees) / 2.0;
        [
            (lon, area.south_degrees),
            (lon, middle),
            (lon, area.north_degrees),
            (area.west_degrees, lat),
            (area.east_degrees, lat),
        ]
        .map(|(lon_degrees, lat_degrees)| LonLat {
            lon_degrees,
            lat_degrees,
        })
    })
}

/// Places along a closed ring, no farther apart than [`PIECE_DEGREES`].
fn pieces(ring: &Ring) -> impl Iterator<Item = LonLat> {
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).flat_map(|(&from, &to)| {
        let (dx, dy) = (
            to.lon_degrees - from.lon_degrees,
            to.lat_degrees - from.lat_degrees,
        );
        let count = (dx.abs().max(dy.abs()) / PIECE_DEGREES).ceil();
        let count = count.clamp(1.0, 720.0) as u32;
        (0..count).map(move |piece| {
            let share = f64::from(piece) / f64::from(count);
            LonLat {
                lon_degrees: from.lon_degrees + dx * share,
                lat_degrees: from.lat_degrees + dy * share,
            }
        })
    })
}

/// The window of one map in pixels; `(0, 0)` is its upper left corner.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    pub(crate) projection: EqualArea,
    west: f64,
    north: f64,
    pub(crate) metres_per_px: f64,
    pub(crate) width_px: u32,
    pub(crate) height_px: u32,
}

impl Frame {
    /// Where a place is; may lie outside the window.
    pub(crate) fn to_px(self, place: LonLat) -> Option<(f64, f64)> {
        let (x, y) = self.projection.forward(place)?;
        Some((
            (x - self.west) / self.metres_per_px,
            (self.north - y) / self.metres_per_px,
        ))
    }

    /// The place at a point of the window.
    pub(crate) fn place(self, x_px: f64, y_px: f64) -> Option<LonLat> {
        self.projection.inverse(
            self.west + x_px * self.metres_per_px,
            self.north - y_px * self.metres_per_px,
        )
    }

    /// Kilometres on the ground for one pixel across, at the middle of the window.
    pub(crate) fn km_per_px(self) -> f64 {
        let x = self.west + f64::from(self.width_px) / 2.0 * self.metres_per_px;
        let y = self.north - f64::from(self.height_px) / 2.0 * self.metres_per_px;
        let ground = self.projection.ground_km_per_map_km(x, y).unwrap_or(1.0);
        self.metres_per_px / 1000.0 * ground
    }

    /// The borders of a region. Straight lines in longitude and latitude are bent as the map bends
    /// them. `None` when nothing of it can be drawn.
    pub(crate) fn outline(self, region: &MultiPolygon) -> Option<Path> {
        let mut builder = PathBuilder::new();
        for ring in region.rings() {
            self.ring(ring, &mut builder);
        }
        builder.finish()
    }

    fn ring(self, ring: &Ring, builder: &mut PathBuilder) {
        let mut last: Option<(f64, f64)> = None;
        for point in pieces(ring).filter_map(|place| self.to_px(place)) {
            match last {
                None => builder.move_to(point.0 as f32, point.1 as f32),
                // A quarter of a pixel is not seen.
                Some(old) if libm::hypot(point.0 - old.0, point.1 - old.1) < 0.25 => continue,
                Some(_) => builder.line_to(point.0 as f32, point.1 as f32),
            }
            last = Some(point);
        }
        if last.is_some() {
            builder.close();
        }
    }

    /// The pixels inside the regions, with soft edges. `None` when the window is empty.
    pub(crate) fn mask(self, outlines: &[Path]) -> Option<Mask> {
        let mut mask = Mask::new(self.width_px, self.height_px)?;
        for outline in outlines {
            // Even-odd: a hole is a hole whichever way it winds.
            mask.fill_path(outline, FillRule::EvenOdd, true, Transform::identity());
        }
        // Two regions that meet in a pixel leave a light seam, as each covers only a part of it.
        for level in mask.data_mut() {
            *level = level.saturating_mul(2);
        }
        Some(mask)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mongolia() -> MultiPolygon {
        MultiPolygon::from_ring(&[(87.7, 41.6), (119.9, 41.6), (119.9, 52.1), (87.7, 52.1)])
    }

    #[test]
    fn places_go_to_pixels_and_back() {
        let extent = Extent::around(None, &[mongolia()]).unwrap();
        let frame = extent.frame(800);
        let place = LonLat {
            lon_degrees: 106.9,
            lat_degrees: 47.9,
        };
        let (x, y) = frame.to_px(place).unwrap();
        assert!(x > 0.0 && x < 800.0 && y > 0.0 && y < f64::from(frame.height_px));
        let back = frame.place(x, y).unwrap();
        assert!((back.lon_degrees - 106.9).abs() < 1e-8);
        assert!((back.lat_degrees - 47.9).abs() < 1e-8);
    }

    #[test]
    fn the_window_holds_the_regions_with_a_margin() {
        let frame = Extent::around(None, &[mongolia()]).unwrap().frame(400);
        let outline = frame.outline(&mongolia()).unwrap();
        let bounds = outline.bounds();
        assert!(bounds.left() > 5.0 && bounds.right() < 395.0, "{bounds:?}");
        let bottom = frame.height_px as f32 - 5.0;
        assert!(bounds.top() > 5.0 && bounds.bottom() < bottom, "{bounds:?}");
        let mask = frame.mask(&[outline]).unwrap();
        let inside = mask.data().iter().filter(|&&level| level == 255).count() as f64;
        let km2 = inside * (frame.metres_per_px / 1000.0).powi(2);
        let expected = mongolia().geodesic_area_km2();
        // Sides along parallels differ a little from geodesics; the rest is edges of pixels.
        assert!((km2 / expected - 1.0).abs() < 0.02, "{km2} {expected}");
    }

    #[test]
    fn odd_areas_still_give_a_window() {
        let point = MultiPolygon::from_ring(&[(10.0, 0.0)]);
        let frame = Extent::around(None, &[point]).unwrap().frame(100);
        assert!(frame.height_px >= 35);
        assert!(Extent::around(None, &[]).is_none());
        assert!(Extent::around(None, &[MultiPolygon::default()]).is_none());
        let nowhere = MultiPolygon::from_ring(&[(f64::NAN, f64::NAN)]);
        assert!(Extent::around(None, &[nowhere]).is_none());
        let world = LonLatBox {
            west_degrees: -180.0,
            south_degrees: -90.0,
            east_degrees: 180.0,
            north_degrees: 90.0,
        };
        let frame = Extent::around(Some(world), &[]).unwrap().frame(720);
        assert!(
            frame
                .place(360.0, f64::from(frame.height_px) / 2.0)
                .is_some()
        );
        let thin = MultiPolygon::from_ring(&[(-70.0, -55.0), (-69.0, -55.0), (-69.0, -18.0)]);
        let frame = Extent::around(None, &[thin]).unwrap().frame(100);
        assert!(frame.height_px <= 125);
    }
}
