//! A small file, to be varied.

use std::path::{Path, PathBuf};

use nutag_formats::gridded::quantity::{AIR_TEMPERATURE, Quantity};
use nutag_formats::gridded::{Cadence, GriddedError, GriddedFile, GriddedRequest};

pub type Text = (&'static str, &'static str);

/// A coordinate or another small variable: name, dimension (empty for a scalar), values, attributes.
pub struct Small {
    pub name: &'static str,
    pub dimensions: &'static [&'static str],
    pub values: Vec<f64>,
    pub attributes: Vec<Text>,
}

/// Maps on 2 x 3 cells of 10 degrees.
pub struct Maps {
    pub name: &'static str,
    pub attributes: Vec<Text>,
    pub dimensions: Vec<&'static str>,
    pub value: f64,
    /// Lengths of dimensions besides `lat` and `lon`.
    pub lengths: Vec<(&'static str, usize)>,
    pub others: Vec<Small>,
    pub lat: Vec<Text>,
    pub lon: Vec<Text>,
}

pub fn small(
    name: &'static str,
    dimensions: &'static [&'static str],
    values: &[f64],
    attributes: &[Text],
) -> Small {
    Small {
        name,
        dimensions,
        values: values.to_vec(),
        attributes: attributes.to_vec(),
    }
}

impl Maps {
    /// January and February 2001 along `time`, without anything that says more.
    pub fn new(name: &'static str, attributes: &[Text]) -> Self {
        let days = ("units", "days since 2001-01-01");
        Self {
            name,
            attributes: attributes.to_vec(),
            dimensions: vec!["time", "lat", "lon"],
            value: 10.0,
            lengths: vec![("time", 2), ("two", 2)],
            others: vec![small("time", &["time"], &[14.0, 45.0], &[days])],
            lat: vec![("units", "degrees_north")],
            lon: vec![("units", "degrees_east")],
        }
    }

    /// One map without a dimension of time.
    pub fn one(name: &'static str, attributes: &[Text], others: Vec<Small>) -> Self {
        Self {
            dimensions: vec!["lat", "lon"],
            others,
            ..Self::new(name, attributes)
        }
    }

    pub fn write(&self, path: &Path) {
        let mut file = netcdf::create(path).unwrap();
        for (name, length) in self.lengths.iter().chain([("lat", 2), ("lon", 3)].iter()) {
            file.add_dimension(name, *length).unwrap();
        }
        let lat = small("lat", &["lat"], &[45.0, 35.0], &self.lat);
        let lon = small("lon", &["lon"], &[95.0, 105.0, 115.0], &self.lon);
        for other in self.others.iter().chain([&lat, &lon]) {
            let mut variable = file
                .add_variable::<f64>(other.name, other.dimensions)
                .unwrap();
            for (name, value) in &other.attributes {
                variable.put_attribute(name, *value).unwrap();
            }
            variable.put_values(&other.values, ..).unwrap();
        }
        let length = |name: &&str| match *name {
            "lat" => 2,
            "lon" => 3,
            name => {
                self.lengths
                    .iter()
                    .find(|(known, _)| *known == name)
                    .unwrap()
                    .1
            }
        };
        let cells: usize = self.dimensions.iter().map(length).product();
        let mut variable = file
            .add_variable::<f64>(self.name, &self.dimensions)
            .unwrap();
        for (name, value) in &self.attributes {
            variable.put_attribute(name, *value).unwrap();
        }
        variable.put_values(&vec![self.value; cells], ..).unwrap();
    }

    pub fn written(&self) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("maps.nc");
        self.write(&path);
        (folder, path)
    }

    pub fn open(
        &self,
        quantity: &'static Quantity,
        variable: Option<&str>,
    ) -> Result<GriddedFile, GriddedError> {
        let (_folder, path) = self.written();
        let request = GriddedRequest {
            variable: variable.map(str::to_owned),
            unit: None,
        };
        GriddedFile::open(&path, quantity, Cadence::Monthly, &request)
    }

    /// The steps as temperature, or the message.
    pub fn months(&self) -> Result<Vec<String>, String> {
        let file = self
            .open(&AIR_TEMPERATURE, None)
            .map_err(|error| error.to_string())?;
        Ok(file.steps().iter().map(ToString::to_string).collect())
    }
}
