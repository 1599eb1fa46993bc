//! Folders of granules as series.

use std::fs;
use std::path::Path;

use nutag_granules::granule::{AcquisitionDate, GranuleIndex, IndexError};
use nutag_granules::product::named;
use nutag_grid::TileId;
use tempfile::TempDir;

fn folder(names: &[&str]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for name in names {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "").unwrap();
    }
    folder
}

fn scan(path: &Path) -> Result<GranuleIndex, IndexError> {
    GranuleIndex::scan(path, &named("MOD17A3HGF.061").unwrap())
}

fn tile(name: &str) -> TileId {
    name.parse().unwrap()
}

fn year(year: u16) -> AcquisitionDate {
    AcquisitionDate::new(year, 1).unwrap()
}

#[test]
fn the_newest_production_counts_once() {
    let names = [
        "MOD17A3HGF.A2013001.h29v06.061.2021003112233.hdf",
        "MOD17A3HGF.A2013001.h29v06.061.2022020135800.hdf",
        "MOD17A3HGF.A2013001.h29v06.061.2020266000000.hdf",
        "MOD17A3HGF.A2014001.h29v06.061.2020266000000.hdf",
        "MOD17A2HGF.A2013001.h29v06.061.2020266000000.hdf",
        "MOD17A3HGF.A2013001.h29v06.061.2022020135800.hdf.xml",
        "readme.txt",
    ];
    let folder = folder(&names);
    let index = scan(folder.path()).unwrap();
    assert_eq!((index.len(), index.other_files), (2, 2));
    let used = index.get(tile("h29v06"), year(2013)).unwrap();
    assert_eq!(used.name.production, "2022020135800");
    assert_eq!(used.path, folder.path().join(names[1]));
    let older: Vec<&str> = index
        .superseded
        .iter()
        .map(|file| file.name.production.as_str())
        .collect();
    assert_eq!(older, ["2020266000000", "2021003112233"]);
    assert_eq!(index.other_products.get("MOD17A2HGF.061"), Some(&1));
}

#[test]
fn what_is_missing_is_listed() {
    let folder = folder(&[
        "MOD17A3HGF.A2001001.h25v04.061.2020266000000.hdf",
        "MOD17A3HGF.A2002001.h25v04.061.2020266000000.hdf",
        "MOD17A3HGF.A2001001.h24v04.061.2020266000000.hdf",
    ]);
    let index = scan(folder.path()).unwrap();
    let tiles: Vec<TileId> = index.tiles().into_iter().collect();
    assert_eq!(tiles, [tile("h24v04"), tile("h25v04")]);
    let dates: Vec<AcquisitionDate> = index.dates().into_iter().collect();
    assert_eq!(dates, [year(2001), year(2002)]);
    let wanted = [year(2001), year(2002), year(2003)];
    let missing = index.missing(tiles.iter().copied(), &wanted);
    let expected = [
        (tile("h24v04"), year(2002)),
        (tile("h24v04"), year(2003)),
        (tile("h25v04"), year(2003)),
    ];
    assert_eq!(missing, expected);
}

#[test]
fn patterns_reach_into_folders_and_copies_count_once() {
    let folder = folder(&[
        "2001/MOD17A3HGF.A2001001.h25v04.061.2020266000000.hdf",
        "2002/MOD17A3HGF.A2002001.h25v04.061.2020266000000.hdf",
        "copy/MOD17A3HGF.A2002001.h25v04.061.2020266000000.hdf",
    ]);
    assert!(
        scan(folder.path()).unwrap().is_empty(),
        "a folder is not searched below"
    );
    let index = scan(&folder.path().join("*/MOD17A3HGF*.hdf")).unwrap();
    assert_eq!((index.len(), index.superseded.len()), (2, 1));
    let used = index.get(tile("h25v04"), year(2002)).unwrap();
    assert!(
        used.path.starts_with(folder.path().join("2002")),
        "the first path of two copies"
    );
}

#[test]
fn two_collections_in_one_series_are_named() {
    let mut names = vec!["MOD17A3HGF.A2001001.h25v04.006.2019266000000.hdf"];
    let folder_006 = folder(&names);
    let message = scan(folder_006.path()).unwrap_err().to_string();
    assert!(
        message.contains("found only MOD17A3HGF.006") && message.contains("MOD17A3HGF.061"),
        "{message}"
    );

    names.push("MOD17A3HGF.A2002001.h25v04.061.2020266000000.hdf");
    let mixed = folder(&names);
    let error = scan(mixed.path()).unwrap_err();
    assert!(matches!(error, IndexError::MixedCollections { .. }));
    let message = error.to_string();
    assert!(
        message.contains("MOD17A3HGF.006") && message.contains("MOD17A3HGF.061"),
        "{message}"
    );
    // A pattern may choose one.
    assert_eq!(scan(&mixed.path().join("*.061.*.hdf")).unwrap().len(), 1);
}

#[test]
fn wrong_places_and_dates_are_refused() {
    let empty = folder(&[]);
    let message = scan(&empty.path().join("absent")).unwrap_err().to_string();
    assert!(
        message.contains("absent") && message.contains("no such folder"),
        "{message}"
    );
    assert!(matches!(
        scan(&empty.path().join("[")),
        Err(IndexError::Pattern { .. })
    ));
    assert!(scan(empty.path()).unwrap().is_empty());

    let dated = folder(&["MOD17A3HGF.A2001009.h25v04.061.2020266000000.hdf"]);
    let message = scan(dated.path()).unwrap_err().to_string();
    assert!(message.contains("2001-009"), "{message}");
}

#[test]
fn a_date_within_the_year_beside_the_right_ones_is_left_aside() {
    let folder = folder(&[
        "MOD17A3HGF.A2001001.h25v04.061.2020266000000.hdf",
        "MOD17A3HGF.A2001009.h25v04.061.2020266000000.hdf",
    ]);
    let index = scan(folder.path()).unwrap();
    assert_eq!((index.len(), index.other_files), (1, 1));
}

#[test]
fn two_contents_under_one_name_are_refused_where_they_are_used() {
    let name = "MOD17A3HGF.A2001001.h25v04.061.2020266000000.hdf";
    let folder = folder(&[&format!("a/{name}"), &format!("b/{name}")]);
    let index = || scan(&folder.path().join("*/*.hdf")).unwrap();
    let compare = || index().compare_copies(tile("h25v04"), year(2001));
    compare().unwrap();
    let long = vec![7; 100_000];
    let mut other = long.clone();
    other[99_999] = 8;
    fs::write(folder.path().join("a").join(name), &long).unwrap();
    for content in [&long[..99_999], &other] {
        fs::write(folder.path().join("b").join(name), content).unwrap();
        let message = compare().unwrap_err().to_string();
        for word in ["one name", &format!("a/{name}"), &format!("b/{name}")] {
            assert!(message.contains(word), "{word}: {message}");
        }
    }
    index().compare_copies(tile("h25v04"), year(2002)).unwrap();
    fs::write(folder.path().join("b").join(name), &long).unwrap();
    compare().unwrap();
}

#[cfg(unix)]
#[test]
fn a_pipe_or_a_broken_link_named_like_a_granule_is_no_granule() {
    let folder = folder(&["MOD17A3HGF.A2001001.h25v04.061.2020266000000.hdf"]);
    let pipe = folder
        .path()
        .join("MOD17A3HGF.A2002001.h25v04.061.2020266000000.hdf");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    let link = folder
        .path()
        .join("MOD17A3HGF.A2003001.h25v04.061.2020266000000.hdf");
    std::os::unix::fs::symlink("nowhere", &link).unwrap();
    let index = scan(folder.path()).unwrap();
    assert_eq!((index.len(), index.not_files), (1, vec![pipe, link]));
}
