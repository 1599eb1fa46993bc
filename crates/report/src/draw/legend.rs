//! Classes, their names and their colours.

use super::colour::{Ramp, Rgb, zone_fills};

/// One class of a map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassEntry {
    /// The code of its cells.
    pub code: u8,
    /// Its name.
    pub label: String,
    /// Its colour.
    pub fill: Rgb,
}

/// The classes of a map, in the order of the legend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassLegend {
    /// What the classes are; stands before them.
    pub title: String,
    /// The classes. Codes that occur and have no entry here are an error.
    pub entries: Vec<ClassEntry>,
    /// The code of cells without a class.
    pub no_data: u8,
}

impl ClassLegend {
    /// Ordered zones, from the least to the most permafrost, with codes 0, 1, 2, ... and
    /// [`zone_fills`]; 255 is no data.
    #[must_use]
    pub fn zones(title: &str, names: &[&str]) -> Self {
        Self::numbered(title, names, &zone_fills(names.len()))
    }

    /// Classes on both sides of "no change", with codes 0, 1, 2, ...; `names[centre]` is the one in
    /// the middle and takes the light colour of the diverging `ramp`. 255 is no data.
    #[must_use]
    pub fn changes(title: &str, names: &[&str], centre: usize, ramp: Ramp) -> Self {
        let reach = centre.max(names.len().saturating_sub(centre + 1)).max(1) as f64;
        // Not the very ends: almost black on both sides.
        let fills: Vec<Rgb> = (0..names.len())
            .map(|i| ramp.at(0.5 + 0.4 * (i as f64 - centre as f64) / reach))
            .collect();
        Self::numbered(title, names, &fills)
    }

    fn numbered(title: &str, names: &[&str], fills: &[Rgb]) -> Self {
        let entries = (0..=254)
            .zip(names.iter().zip(fills))
            .map(|(code, (name, &fill))| ClassEntry {
                code,
                label: (*name).to_owned(),
                fill,
            })
            .collect();
        Self {
            title: title.to_owned(),
            entries,
            no_data: u8::MAX,
        }
    }

    /// The colour of each code; `None` for no data.
    pub(crate) fn fills(&self) -> [Option<Rgb>; 256] {
        let mut fills = [None; 256];
        for entry in &self.entries {
            fills[usize::from(entry.code)] = Some(entry.fill);
        }
        fills[usize::from(self.no_data)] = None;
        fills
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_light_in_the_middle_and_darker_outward() {
        let names = ["two less", "one less", "same", "one more"];
        let legend = ClassLegend::changes("", &names, 2, Ramp::BlueRed);
        let light: Vec<f64> = legend.entries.iter().map(|e| e.fill.lightness()).collect();
        assert!(
            light[0] + 15.0 < light[1] && light[1] + 8.0 < light[2] && light[3] + 8.0 < light[2]
        );
        assert_eq!(legend.entries[3].code, 3);
    }

    #[test]
    fn no_data_wins() {
        let mut legend = ClassLegend::zones("", &["a", "b"]);
        legend.no_data = 1;
        assert!(legend.fills()[0].is_some());
        assert_eq!(legend.fills()[1], None);
    }
}
