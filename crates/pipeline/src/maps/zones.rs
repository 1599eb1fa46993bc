//! Pictures of the zones and of what moved between them.

use nutag_grid::MultiPolygon;
use nutag_problem::Error;
use nutag_report::draw::{Cells, ClassLegend, Key, MapPicture, Panel, Ramp, Weak};

use super::coarse::{Coarse, NO_CLASS, Votes, spread};
use super::pictures::{MapImage, Words, base, image};

/// Zones of both epochs and the change between them, on larger cells.
#[derive(Debug)]
pub struct ZonePictures {
    coarse: Coarse,
    zones: [Votes; 2],
    change: Votes,
    inside: Votes,
    count: usize,
}

impl ZonePictures {
    /// Nothing yet, for so many zones.
    pub fn new(coarse: &Coarse, zones: usize) -> Self {
        Self {
            coarse: coarse.clone(),
            zones: [Votes::new(coarse, zones), Votes::new(coarse, zones)],
            // As far up as down, and the middle.
            change: Votes::new(coarse, (2 * zones).saturating_sub(1)),
            inside: Votes::new(coarse, 1),
            count: zones,
        }
    }

    /// Adds a row of the mosaic; the rows come in order. `inside` is 0 for
    /// cells of interest.
    pub fn add(&mut self, row: usize, from: &[u8], to: &[u8], inside: &[u8]) {
        let count = self.count;
        self.inside.add(&self.coarse, row, inside);
        for (votes, codes) in self.zones.iter_mut().zip([from, to]) {
            votes.add(&self.coarse, row, codes);
        }
        let change: Vec<u8> = from
            .iter()
            .zip(to)
            .map(|(from, to)| {
                let (from, to) = (usize::from(*from), usize::from(*to));
                if from < count && to < count {
                    // Towards less permafrost counts up.
                    u8::try_from(count - 1 + from - to).unwrap_or(NO_CLASS)
                } else {
                    NO_CLASS
                }
            })
            .collect();
        self.change.add(&self.coarse, row, &change);
    }

    /// The pictures: zones of both epochs side by side, and what moved.
    ///
    /// # Errors
    /// A picture that cannot be drawn.
    pub fn draw(&self, words: &Words, regions: &[MultiPolygon]) -> Result<Vec<MapImage>, Error> {
        let grid = self.coarse.grid();
        let [from, to] = &words.epochs;
        let inside = |cell: usize| self.inside.cells()[cell] != NO_CLASS;
        let parts = [(from, &self.zones[0]), (to, &self.zones[1])]
            .map(|(title, votes)| (title, self.spread(votes.cells())));
        let names: Vec<&str> = words.zones.iter().map(String::as_str).collect();
        let legend = ClassLegend::zones("Permafrost zones", &names);
        let zones = MapPicture {
            columns: 2,
            panels: parts
                .iter()
                .map(|(title, cells)| Panel {
                    title: (*title).clone(),
                    grid,
                    cells: Cells::Classes(cells),
                    weak: None,
                })
                .collect(),
            no_data_label: "in no zone".to_owned(),
            ..base(
                &format!("Permafrost zones of the {from} and the {to}"),
                Key::Classes(legend),
                words,
                regions,
                grid,
                inside,
            )
        };
        let (cells, gain, legend) = self.changes();
        let change = MapPicture {
            panels: vec![Panel {
                title: String::new(),
                grid,
                cells: Cells::Classes(&cells),
                weak: Some(&gain),
            }],
            // In grey, the two directions would look alike.
            weak_style: Weak::Hatched,
            weak_label: "hatched: towards more permafrost".to_owned(),
            no_data_label: "in no zone in one epoch".to_owned(),
            ..base(
                &format!("Change of zone from the {from} to the {to}"),
                Key::Classes(legend),
                words,
                regions,
                grid,
                inside,
            )
        };
        Ok(vec![
            image(
                "zones".to_owned(),
                format!(
                    "Two maps of the permafrost zones, {from} and {to}. The table of zones has \
                     their areas."
                ),
                &zones,
            )?,
            image(
                "zone_change".to_owned(),
                format!(
                    "Map of the cells whose zone changed from the {from} to the {to}, by how many \
                     zones and in which direction. The table of transitions has the areas."
                ),
                &change,
            )?,
        ])
    }

    fn spread(&self, cells: &[u8]) -> Vec<u8> {
        spread(self.coarse.grid().shape(), self.inside.cells(), cells)
    }

    /// Steps between zones, which of them lead to more permafrost, and a
    /// legend that holds the steps that occur.
    fn changes(&self) -> (Vec<u8>, Vec<bool>, ClassLegend) {
        let centre = self.count.saturating_sub(1);
        let codes = || {
            self.change
                .cells()
                .iter()
                .filter(|code| **code != NO_CLASS)
                .map(|code| usize::from(*code))
        };
        let first = codes().min().unwrap_or(centre).min(centre);
        let last = codes().max().unwrap_or(centre).max(centre);
        let names: Vec<String> = (first..=last)
            .map(|code| match code.abs_diff(centre) {
                0 => "same zone".to_owned(),
                steps => format!(
                    "{steps} zone{} towards {} permafrost",
                    if steps == 1 { "" } else { "s" },
                    if code > centre { "less" } else { "more" },
                ),
            })
            .collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let legend = ClassLegend::changes("Change of zone", &names, centre - first, Ramp::BlueRed);
        let offset = u8::try_from(first).unwrap_or(0);
        let cells = self.spread(self.change.cells());
        let gain = cells.iter().map(|code| usize::from(*code) < centre);
        let cells = cells.iter().map(|code| match *code {
            NO_CLASS => NO_CLASS,
            code => code - offset,
        });
        (cells.collect(), gain.collect(), legend)
    }
}
