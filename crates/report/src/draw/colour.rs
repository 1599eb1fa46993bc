//! Colours: tables for values, sets for zones, and how light a colour is.

use std::sync::OnceLock;

/// A colour of the sRGB space: red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rgb(pub u8, pub u8, pub u8);

/// Cells without a value.
pub(crate) const NO_DATA: Rgb = Rgb(0xb4, 0xb4, 0xb4);
/// Text.
pub(crate) const INK: Rgb = Rgb(0x1c, 0x1c, 0x1c);
/// Secondary text and axes.
pub(crate) const GREY: Rgb = Rgb(0x55, 0x55, 0x55);
/// Lines that only guide the eye.
pub(crate) const PALE: Rgb = Rgb(0xdd, 0xdd, 0xdd);
/// The paper.
pub(crate) const WHITE: Rgb = Rgb(0xff, 0xff, 0xff);

impl Rgb {
    /// CIE lightness L*, 0 (black) to 100 (white), for the white of sRGB (IEC 61966-2-1, CIE 15).
    /// What is left of a colour on a grey printer.
    #[must_use]
    pub fn lightness(self) -> f64 {
        let y = 0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2);
        if y > 216.0 / 24_389.0 {
            116.0 * libm::cbrt(y) - 16.0
        } else {
            y * (24_389.0 / 27.0)
        }
    }

    /// The colour a share of the way to another, 0 to 1, channel by channel.
    #[must_use]
    pub fn mix(self, other: Self, share: f64) -> Self {
        let share = share.clamp(0.0, 1.0);
        let channel =
            |a: u8, b: u8| (f64::from(a) + (f64::from(b) - f64::from(a)) * share).round() as u8;
        Self(
            channel(self.0, other.0),
            channel(self.1, other.1),
            channel(self.2, other.2),
        )
    }

    /// `#rrggbb`.
    pub(crate) fn hex(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }

    /// Black or white, whichever reads better on this colour.
    pub(crate) fn text_on(self) -> Self {
        if self.lightness() > 58.0 { INK } else { WHITE }
    }
}

fn linear(channel: u8) -> f64 {
    let c = f64::from(channel) / 255.0;
    if c <= 0.04045 {
        c / 12.92
    } else {
        libm::pow((c + 0.055) / 1.055, 2.4)
    }
}

/// A table of 256 colours for values: perceptually uniform and safe for the colour-blind.
///
/// Source: F. Crameri (2018), *Scientific colour maps*, doi:10.5281/zenodo.1243862, MIT licence;
/// F. Crameri, G. E. Shephard, P. J. Heron (2020), Nature Communications 11, 5444. The tables lie in
/// `assets/colours`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ramp {
    /// Sequential, pale yellow (low) to dark green (high): `bamako` reversed. For NPP and other
    /// amounts of plants.
    YellowGreen,
    /// Sequential, dark blue (low) through green and orange to pink (high): `batlow`. For any other
    /// quantity, such as XCO2.
    Batlow,
    /// Diverging, purple (below) through white to green (above): `bam`. For changes of NPP.
    PurpleGreen,
    /// Diverging, blue (below) through white to red-brown (above): `vik`. For differences of CO2 or
    /// temperature.
    BlueRed,
}

impl Ramp {
    /// The colour at a share of the way from the low to the high end; beyond the ends, the end.
    #[must_use]
    pub fn at(self, share: f64) -> Rgb {
        let share = if self == Self::YellowGreen {
            1.0 - share
        } else {
            share
        };
        self.table()[(share.clamp(0.0, 1.0) * 255.0).round() as usize]
    }

    fn table(self) -> &'static [Rgb; 256] {
        static TABLES: OnceLock<[[Rgb; 256]; 4]> = OnceLock::new();
        let tables = TABLES.get_or_init(|| {
            [
                parse(include_str!("../../assets/colours/bamako.csv")),
                parse(include_str!("../../assets/colours/batlow.csv")),
                parse(include_str!("../../assets/colours/bam.csv")),
                parse(include_str!("../../assets/colours/vik.csv")),
            ]
        });
        match self {
            Self::YellowGreen => &tables[0],
            Self::Batlow => &tables[1],
            Self::PurpleGreen => &tables[2],
            Self::BlueRed => &tables[3],
        }
    }
}

/// A table as `assets/make_assets.py` writes it. A test reads all of them: they are part of the
/// program.
fn parse(csv: &str) -> [Rgb; 256] {
    let mut table = [WHITE; 256];
    let rows = csv
        .lines()
        .filter(|line| line.starts_with(|c: char| c.is_ascii_digit()));
    for (colour, row) in table.iter_mut().zip(rows) {
        let mut channel = row.split(',').map(|text| text.parse().unwrap_or(0));
        let mut next = || channel.next().unwrap_or(0);
        *colour = Rgb(next(), next(), next());
    }
    table
}

/// Fills for ordered zones, from the least permafrost (light sand) to the most (dark blue), each
/// clearly darker than the one before it: they keep their order on a grey printer.
#[must_use]
pub fn zone_fills(zones: usize) -> Vec<Rgb> {
    let anchors = [
        Rgb(0xf4, 0xe1, 0xa6),
        Rgb(0x95, 0xc0, 0x8a),
        Rgb(0x3f, 0x8f, 0xa8),
        Rgb(0x25, 0x3f, 0x80),
    ];
    spread(&anchors, zones)
}

/// Line and text colours that go with [`zone_fills`], dark enough for white paper. Lines need a
/// second mark (dashes, markers, a label) to be told apart in grey.
#[must_use]
pub fn zone_inks(zones: usize) -> Vec<Rgb> {
    let anchors = [
        Rgb(0x9a, 0x6b, 0x00),
        Rgb(0x3d, 0x80, 0x35),
        Rgb(0x1b, 0x6f, 0x8c),
        Rgb(0x25, 0x3f, 0x80),
    ];
    spread(&anchors, zones)
}

/// Fills for the parts of a sum, from light sand to almost black: the last, the total, is the darkest.
/// Not the colours of zones.
#[must_use]
pub fn part_fills(parts: usize) -> Vec<Rgb> {
    let anchors = [
        Rgb(0xe6, 0xc8, 0x78),
        Rgb(0x7f, 0xb5, 0xae),
        Rgb(0x3d, 0x85, 0x80),
        Rgb(0x33, 0x33, 0x33),
    ];
    spread(&anchors, parts)
}

/// `count` colours at equal steps along a line through the anchors.
fn spread(anchors: &[Rgb; 4], count: usize) -> Vec<Rgb> {
    let last = count.saturating_sub(1).max(1) as f64;
    (0..count)
        .map(|i| {
            let at = i as f64 / last * 3.0;
            let from = (at.floor() as usize).min(2);
            anchors[from].mix(anchors[from + 1], at - from as f64)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RAMPS: [Ramp; 4] = [
        Ramp::YellowGreen,
        Ramp::Batlow,
        Ramp::PurpleGreen,
        Ramp::BlueRed,
    ];

    #[test]
    fn every_table_is_whole() {
        for csv in [
            include_str!("../../assets/colours/bamako.csv"),
            include_str!("../../assets/colours/batlow.csv"),
            include_str!("../../assets/colours/bam.csv"),
            include_str!("../../assets/colours/vik.csv"),
        ] {
            let mut lines = csv.lines().skip_while(|line| line.starts_with('#'));
            assert_eq!(lines.next(), Some("red,green,blue"));
            let rows: Vec<Vec<u8>> = lines
                .map(|row| row.split(',').map(|c| c.parse().unwrap()).collect())
                .collect();
            assert_eq!(rows.len(), 256);
            let table = parse(csv);
            for (row, colour) in rows.iter().zip(table) {
                assert_eq!(row[..], [colour.0, colour.1, colour.2]);
            }
        }
        // First and last colour as the publication prints them.
        assert_eq!(Ramp::Batlow.at(0.0), Rgb(1, 25, 89));
        assert_eq!(Ramp::Batlow.at(1.0), Rgb(250, 204, 250));
    }

    #[test]
    fn lightness_of_known_colours() {
        // CIE L* of sRGB primaries, as colour science tables print them.
        for (colour, expected) in [
            (Rgb(255, 255, 255), 100.0),
            (Rgb(0, 0, 0), 0.0),
            (Rgb(255, 0, 0), 53.24),
            (Rgb(0, 255, 0), 87.73),
            (Rgb(0, 0, 255), 32.30),
            (Rgb(119, 119, 119), 50.03),
        ] {
            assert!(
                (colour.lightness() - expected).abs() < 0.01,
                "{colour:?}: {}",
                colour.lightness()
            );
        }
    }

    #[test]
    fn sequential_ramps_keep_their_order_in_grey() {
        for (ramp, direction) in [(Ramp::YellowGreen, -1.0), (Ramp::Batlow, 1.0)] {
            for step in 0..16 {
                let at = |i: i32| ramp.at(f64::from(i) / 16.0).lightness();
                let rise = direction * (at(step + 1) - at(step));
                assert!(rise > 1.0, "{ramp:?} step {step}: {rise}");
            }
        }
    }

    #[test]
    fn diverging_ramps_are_lightest_in_the_middle_and_even_about_it() {
        for ramp in [Ramp::PurpleGreen, Ramp::BlueRed] {
            assert!(ramp.at(0.5).lightness() > 90.0);
            for step in 0..8 {
                let share = f64::from(step) / 16.0;
                let (below, above) = (
                    ramp.at(0.5 - share).lightness(),
                    ramp.at(0.5 + share).lightness(),
                );
                assert!(
                    (below - above).abs() < 10.0,
                    "{ramp:?} {share} {below} {above}"
                );
            }
        }
        for ramp in RAMPS {
            assert_eq!(ramp.at(-3.0), ramp.at(0.0));
            assert_eq!(ramp.at(7.0), ramp.at(1.0));
        }
    }

    #[test]
    fn fills_step_down_in_lightness() {
        for (zones, fills) in (2..=6).flat_map(|n| [(n, zone_fills(n)), (n, part_fills(n))]) {
            assert_eq!(fills.len(), zones);
            let least = 50.0 / zones as f64 - 2.0;
            for pair in fills.windows(2) {
                let step = pair[0].lightness() - pair[1].lightness();
                assert!(step > least, "{zones} zones: {pair:?} {step}");
            }
        }
        assert_eq!(zone_fills(1).len(), 1);
        assert!(zone_fills(0).is_empty());
    }

    #[test]
    fn zone_inks_stand_out_from_paper() {
        // WCAG 2.1 asks 4.5:1 for text.
        let luminance = |c: Rgb| 0.2126 * linear(c.0) + 0.7152 * linear(c.1) + 0.0722 * linear(c.2);
        for ink in zone_inks(4).into_iter().chain([INK, GREY]) {
            let contrast = 1.05 / (luminance(ink) + 0.05);
            assert!(contrast >= 4.5, "{ink:?}: {contrast}");
        }
    }

    /// Colours as seen without red, green or blue cones: G. M. Machado, M. M. Oliveira, L. A. F.
    /// Fernandes (2009), IEEE TVCG 15, 1291-1298, table 1, severity 1.0, on linear RGB.
    const BLINDNESS: [[[f64; 3]; 3]; 3] = [
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ],
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ],
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ],
    ];

    fn lab(linear_rgb: [f64; 3]) -> [f64; 3] {
        let [r, g, b] = linear_rgb.map(|c| c.clamp(0.0, 1.0));
        let f = |t: f64| {
            if t > 0.008_856_45 {
                t.cbrt()
            } else {
                t * 7.787_037 + 4.0 / 29.0
            }
        };
        let x = f((0.412_456 * r + 0.357_576 * g + 0.180_438 * b) / 0.950_47);
        let y = f(0.212_673 * r + 0.715_152 * g + 0.072_175 * b);
        let z = f((0.019_334 * r + 0.119_192 * g + 0.950_304 * b) / 1.088_83);
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }

    #[test]
    fn zones_and_signs_differ_for_the_colour_blind() {
        let mut sets = vec![zone_fills(4), part_fills(4)];
        for ramp in [Ramp::PurpleGreen, Ramp::BlueRed] {
            sets.push([0.05, 0.25, 0.5, 0.75, 0.95].map(|s| ramp.at(s)).to_vec());
        }
        for matrix in BLINDNESS {
            let seen = |c: Rgb| {
                let rgb = [linear(c.0), linear(c.1), linear(c.2)];
                lab(matrix.map(|row| (0..3).map(|i| row[i] * rgb[i]).sum()))
            };
            for set in &sets {
                for (i, &a) in set.iter().enumerate() {
                    for &b in &set[..i] {
                        let (a, b) = (seen(a), seen(b));
                        let distance = (0..3).map(|i| (a[i] - b[i]).powi(2)).sum::<f64>().sqrt();
                        assert!(distance > 12.0, "{set:?}: {distance}");
                    }
                }
            }
        }
    }
}
