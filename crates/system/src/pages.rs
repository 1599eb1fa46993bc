//! What a system puts into the report and beside it.

use nutag_report::Section;

/// What a system puts into the report and beside it.
#[derive(Debug, Clone)]
pub struct Pages {
    /// What it adds to the answer at the head of the report, in a sentence.
    pub answer: Option<String>,
    /// Sections of the report, in their order.
    pub sections: Vec<Section>,
    /// Terms of the section "Method": each formula with its source.
    pub method: Vec<(String, String)>,
    /// Charts and maps as files.
    pub pictures: Vec<Picture>,
}

/// A picture as a file of the result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Where it lies in the result folder, such as `figures/xco2_country.svg`.
    pub path: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Picture {
    /// A chart: `figures/<name>.svg`.
    #[must_use]
    pub fn figure(name: &str, svg: String) -> Self {
        Self {
            path: format!("figures/{name}.svg"),
            bytes: svg.into_bytes(),
        }
    }

    /// A map: `maps/<name>.png`.
    #[must_use]
    pub fn map(name: &str, png: Vec<u8>) -> Self {
        Self {
            path: format!("maps/{name}.png"),
            bytes: png,
        }
    }
}
