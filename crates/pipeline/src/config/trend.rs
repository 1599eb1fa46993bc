//! `[trend]`: how change over the periods is tested.

use nutag_task::FieldSpec;
use serde::{Deserialize, Serialize};

/// `[trend]`: choices of the table of trends. It moves no other table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Trend {
    /// Two ranges of years to compare, both ends included, such as
    /// `[[2001, 2006], [2007, 2012]]`. Without it the first half of the
    /// periods is compared with the second; of an odd number, the middle one
    /// is in neither.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epochs: Option<[[u16; 2]; 2]>,
    /// Also give the p of Hamed and Rao (1998), which corrects for
    /// autocorrelation. With a dozen years no correction works well.
    #[serde(default)]
    pub hamed_rao: bool,
    /// Whether more cells are significant than chance gives, by permuting the
    /// years of all cells together. Only for maps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field_significance: Option<FieldSpec>,
}

impl Trend {
    /// What is wrong with it, and what to do. `years` are the first and last
    /// year of a product of years; a composite may begin on any date.
    pub(super) fn wrong(&self, years: Option<[u16; 2]>) -> Option<(String, &'static str)> {
        if let Some(FieldSpec { permutations, .. }) = self.field_significance
            && !(19..=100_000).contains(&permutations)
        {
            return Some((
                format!("[trend] field_significance permutations = {permutations} is of no use"),
                "19 are the least that can show p = 0.05, 999 are usual, 100000 are the most",
            ));
        }
        let epochs = self.epochs?;
        let [before, after] = epochs;
        let wrong = |what: &str| format!("[trend] epochs = {epochs:?}: {what}");
        for [first, last] in epochs {
            if first > last {
                return Some((
                    wrong(&format!("[{first}, {last}] runs backwards")),
                    "write the first year first; both are included",
                ));
            }
            let Some([from, to]) = years else { continue };
            if first < from || last > to {
                return Some((
                    wrong(&format!(
                        "[{first}, {last}] is not within the years {from} to {to}"
                    )),
                    "choose epochs within `years` of [npp]",
                ));
            }
            if first == last {
                return Some((
                    wrong(&format!("[{first}, {last}] is one year")),
                    "give each epoch at least two years: the spread of one is not known",
                ));
            }
        }
        (before[1] >= after[0]).then(|| {
            (
                wrong("the second does not begin after the first has ended"),
                "write the earlier epoch first, and let them share no year",
            )
        })
    }
}
