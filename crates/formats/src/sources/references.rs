//! The files that a virtual data set names.

use std::io::Read;
use std::path::{Path, PathBuf};

use roxmltree::{Document, Node};

use super::SourcesError;

/// How far into a file GDAL looks for the name of the first element.
const HEAD: u64 = 1 << 13;

/// Elements whose text is the place of another data set.
const PLACES: [&str; 6] = [
    "SourceFilename",
    "SourceDataset",
    "SrcDataSource",
    "IndexDataset",
    "DatasetName",
    "Filename",
];

/// Keys of `MDI` and `Option` elements whose text is one too.
const KEYS: [&str; 4] = ["X_DATASET", "Y_DATASET", "RPC_DEM", "DEM"];

/// The files that a virtual data set names; `None` if `path` is none.
pub(super) fn of(path: &Path) -> Result<Option<Vec<PathBuf>>, SourcesError> {
    let unreadable = |error: std::io::Error| SourcesError::Unreadable {
        path: path.to_owned(),
        reason: error.to_string(),
    };
    // What is not there is the reader's to say.
    let Ok(file) = std::fs::File::open(path) else {
        return Ok(None);
    };
    let mut head = Vec::new();
    file.take(HEAD).read_to_end(&mut head).map_err(unreadable)?;
    let head = String::from_utf8_lossy(&head);
    let ending = path.extension().unwrap_or_default();
    if ending.eq_ignore_ascii_case("tab") && head.trim_start().starts_with("!table") {
        return of_mapinfo(path, &head).map(Some);
    }
    if head.contains("<GDALTileIndexDataset") {
        return Err(SourcesError::Format {
            path: path.to_owned(),
            driver: "GTI".to_owned(),
        });
    }
    if !head.contains("<VRTDataset") && !head.contains("<OGRVRTDataSource") {
        return Ok(None);
    }
    let text = std::fs::read_to_string(path).map_err(unreadable)?;
    let base = path.parent().unwrap_or(Path::new(""));
    named(path, &text, base).map(Some)
}

/// The files that a table of MapInfo names where they are not called as it is.
fn of_mapinfo(path: &Path, text: &str) -> Result<Vec<PathBuf>, SourcesError> {
    let upper = text.to_uppercase();
    if upper.contains("\"\\ISSEAMLESS\" = \"TRUE\"") {
        return Err(SourcesError::Format {
            path: path.to_owned(),
            driver: "MapInfo, seamless".to_owned(),
        });
    }
    let base = path.parent().unwrap_or(Path::new(""));
    let names = text.lines().filter_map(|line| {
        let line = line.trim();
        let (key, rest) = line.split_at_checked(4)?;
        key.eq_ignore_ascii_case("File")
            .then(|| rest.trim().trim_matches('"'))
            .filter(|name| !name.is_empty())
    });
    names
        .map(|name| {
            resolve(name, base).ok_or_else(|| SourcesError::Absent {
                path: path.to_owned(),
                named: name.to_owned(),
            })
        })
        .collect()
}

fn named(path: &Path, text: &str, base: &Path) -> Result<Vec<PathBuf>, SourcesError> {
    let document =
        Document::parse(text.trim_start_matches('\u{feff}').trim_start()).map_err(|error| {
            SourcesError::Xml {
                path: path.to_owned(),
                reason: error.to_string(),
            }
        })?;
    let mut files = Vec::new();
    for node in document.descendants().filter(Node::is_element) {
        if !is_place(node) {
            continue;
        }
        let Some(place) = node.text().map(str::trim).filter(|place| !place.is_empty()) else {
            continue;
        };
        if place.starts_with('<') {
            // A virtual data set within the virtual data set.
            files.extend(named(path, place, base)?);
            continue;
        }
        let relative = attribute(node, "relativeToVRT").is_some_and(|flag| flag == "1");
        let found = resolve(place, if relative { base } else { Path::new("") });
        files.push(found.ok_or_else(|| SourcesError::Absent {
            path: path.to_owned(),
            named: place.to_owned(),
        })?);
    }
    Ok(files)
}

fn is_place(node: Node<'_, '_>) -> bool {
    let name = node.tag_name().name();
    if PLACES.iter().any(|place| place.eq_ignore_ascii_case(name)) {
        return true;
    }
    ["MDI", "Option"].contains(&name)
        && ["key", "name"]
            .iter()
            .filter_map(|key| node.attribute(*key))
            .any(|key| KEYS.contains(&key))
}

/// An attribute whatever the letters of its name, as GDAL takes it.
fn attribute<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    node.attributes()
        .find(|attribute| attribute.name().eq_ignore_ascii_case(name))
        .map(|attribute| attribute.value())
}

/// The file that a text means: a path, or a part of a file as `NETCDF:"file.nc":variable` names it.
fn resolve(place: &str, base: &Path) -> Option<PathBuf> {
    let at = |text: &str| {
        let path = base.join(text.trim_matches('"'));
        (!text.starts_with("/vsi") && path.exists()).then_some(path)
    };
    if let Some(path) = at(place) {
        return Some(path);
    }
    if let Some(inner) = place.strip_prefix("vrt://") {
        return at(inner.split('?').next().unwrap_or(inner));
    }
    let parts = place.split(':').skip(1);
    parts.filter(|part| !part.is_empty()).find_map(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in ["a.tif", "b.nc", "mask.tif", "d.shp"] {
            std::fs::write(folder.path().join(file), "x").unwrap();
        }
        folder
    }

    fn names(text: &str) -> Result<Vec<String>, String> {
        let folder = folder();
        let path = folder.path().join("v.vrt");
        std::fs::write(&path, text).unwrap();
        let found = of(&path).map_err(|error| error.to_string())?;
        let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
        Ok(found.unwrap_or_default().iter().map(name).collect())
    }

    #[test]
    fn every_way_to_name_a_source_is_followed() {
        let band = |inner: &str| {
            format!("<VRTDataset><VRTRasterBand>{inner}</VRTRasterBand></VRTDataset>")
        };
        for (text, expected) in [
            (band("<SimpleSource><SourceFilename relativeToVRT=\"1\">a.tif</SourceFilename></SimpleSource>"), "a.tif"),
            (band("<SourceFilename relativetovrt=\"1\"> a.tif </SourceFilename>"), "a.tif"),
            (band("<MaskBand><SourceFilename relativeToVRT=\"1\">mask.tif</SourceFilename></MaskBand>"), "mask.tif"),
            (band("<SourceFilename relativeToVRT=\"1\">NETCDF:\"b.nc\":tmp</SourceFilename>"), "b.nc"),
            (band("<SourceFilename relativeToVRT=\"1\">vrt://a.tif?bands=1</SourceFilename>"), "a.tif"),
            (
                "<VRTDataset subClass=\"VRTWarpedDataset\"><GDALWarpOptions><SourceDataset relativeToVRT=\"1\">a.tif\
                 </SourceDataset></GDALWarpOptions></VRTDataset>"
                    .to_owned(),
                "a.tif",
            ),
            (
                "<?xml version=\"1.0\"?><!-- by hand --><OGRVRTDataSource><OGRVRTLayer name=\"d\"><SrcDataSource \
                 relativeToVRT=\"1\">d.shp</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
                    .to_owned(),
                "d.shp",
            ),
            (
                band(
                    "<SourceFilename relativeToVRT=\"1\">&lt;VRTDataset&gt;&lt;SourceFilename \
                     relativeToVRT=\"1\"&gt;a.tif&lt;/SourceFilename&gt;&lt;/VRTDataset&gt;</SourceFilename>",
                ),
                "a.tif",
            ),
        ] {
            assert_eq!(names(&text).unwrap(), [expected], "{text}");
        }
        assert!(
            names("{\"type\": \"FeatureCollection\"}")
                .unwrap()
                .is_empty()
        );
    }

    #[test]
    fn a_table_of_mapinfo_names_its_data() {
        let folder = folder();
        let path = folder.path().join("v.tab");
        let table = |tail: &str| {
            std::fs::write(
                &path,
                format!("!table\n!version 300\n\nDefinition Table\n{tail}"),
            )
            .unwrap();
            of(&path).map_err(|error| error.to_string())
        };
        let found = table("  File \"d.shp\"\n  Type DBF\n").unwrap().unwrap();
        assert_eq!(found, [folder.path().join("d.shp")]);
        assert!(table("  Type NATIVE\n").unwrap().unwrap().is_empty());
        let seamless = "begin_metadata\n\"\\IsSeamless\" = \"TRUE\"\nend_metadata\n";
        assert!(table(seamless).unwrap_err().contains("seamless"));
    }

    #[test]
    fn what_is_not_here_is_refused_by_name() {
        for place in [
            "gone.tif",
            "/vsicurl/http://example.org/a.tif",
            "PG:dbname=x",
        ] {
            let text = format!("<VRTDataset><SourceFilename>{place}</SourceFilename></VRTDataset>");
            let error = names(&text).unwrap_err();
            assert!(error.contains("v.vrt") && error.contains(place), "{error}");
        }
        assert!(
            names("<VRTDataset><SourceFilename>")
                .unwrap_err()
                .contains("XML")
        );
        assert!(
            names("<GDALTileIndexDataset/>")
                .unwrap_err()
                .contains("GTI")
        );
    }
}
