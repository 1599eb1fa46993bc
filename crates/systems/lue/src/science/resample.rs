//! Coarse weather over fine cells.

/// A coarse cell beside a fine one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Neighbour {
    /// Index of the coarse cell.
    pub index: usize,
    /// Its weight; the weights of a fine cell add up to 1.
    pub weight: f64,
}

/// How a coarse field is brought to a fine cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resampling {
    /// The cell it lies in.
    Nearest,
    /// Linear in longitude and latitude between the four centres around it.
    Bilinear,
    /// The fourth power of the cosine of distance over the greatest distance among the four
    /// (Zhao et al. 2005, as the MOD17 guide describes it; the formula is unverified).
    Cos4,
}

/// The four centres around a place: index, and longitude and latitude in degrees. West before
/// east, south before north.
pub type Corners = [(usize, f64, f64); 4];

/// Weights of the four centres for a place in degrees. Centres that are not there (outside of
/// the field) are left to the caller, who repeats the nearest one.
#[must_use]
pub fn weights(
    how: Resampling,
    lon_degrees: f64,
    lat_degrees: f64,
    corners: &Corners,
) -> [Neighbour; 4] {
    let raw: [f64; 4] = match how {
        Resampling::Nearest => {
            let distances =
                corners.map(|(_, lon, lat)| central_angle(lon_degrees, lat_degrees, lon, lat));
            let mut best = 0;
            for (i, distance) in distances.iter().enumerate() {
                if *distance < distances[best] {
                    best = i;
                }
            }
            std::array::from_fn(|i| f64::from(u8::from(i == best)))
        }
        Resampling::Bilinear => {
            let (west, east) = (corners[0].1, corners[1].1);
            let (south, north) = (corners[0].2, corners[2].2);
            let x = share(lon_degrees, west, east);
            let y = share(lat_degrees, south, north);
            [(1.0 - x) * (1.0 - y), x * (1.0 - y), (1.0 - x) * y, x * y]
        }
        Resampling::Cos4 => {
            let distances =
                corners.map(|(_, lon, lat)| central_angle(lon_degrees, lat_degrees, lon, lat));
            let most = distances.iter().fold(0.0_f64, |most, d| most.max(*d));
            distances.map(|d| {
                if most <= 0.0 {
                    return 1.0;
                }
                let c = libm::cos(std::f64::consts::FRAC_PI_2 * (d / most));
                let c2 = c * c;
                c2 * c2
            })
        }
    };
    let sum: f64 = raw.iter().sum();
    std::array::from_fn(|i| Neighbour {
        index: corners[i].0,
        weight: raw[i] / sum,
    })
}

/// How far a value is from `a` to `b`, 0 to 1; 0 where both are one.
fn share(value: f64, a: f64, b: f64) -> f64 {
    if a >= b {
        0.0
    } else {
        ((value - a) / (b - a)).clamp(0.0, 1.0)
    }
}

/// The angle between two places on a sphere, radians (haversine).
fn central_angle(lon_a: f64, lat_a: f64, lon_b: f64, lat_b: f64) -> f64 {
    let half = |degrees: f64| libm::sin(degrees.to_radians() / 2.0);
    let (x, y) = (half(lon_b - lon_a), half(lat_b - lat_a));
    let cosines = libm::cos(lat_a.to_radians()) * libm::cos(lat_b.to_radians());
    2.0 * libm::asin((y * y + cosines * x * x).sqrt().min(1.0))
}

/// Temperature at another elevation, degrees Celsius, by a lapse rate in degrees per km (-6.5 in
/// the standard atmosphere).
#[must_use]
pub fn lapse(temperature_c: f64, from_m: f64, to_m: f64, degrees_per_km: f64) -> f64 {
    temperature_c + degrees_per_km * (to_m - from_m) / 1000.0
}
