//! Files of towers as people have them: kinds, stamps, units, and what is refused.

#![allow(
    clippy::print_stdout,
    reason = "what was read of each file is worth reading"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "tests compare with the functions of the platform"
)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use jiff::civil::{DateTime, datetime};
use nutag_tower::axis::{Axis, Step};
use nutag_tower::readers::{How, Kind, Quantity, Record, Stamp, check_clock, read};
use nutag_tower::sun::{Place, potential_radiation_w_m2};

/// A folder that is gone when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("nutag-tower-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn read_one(path: &Path, how: &How) -> Result<Record, String> {
    read(&[path.to_path_buf()], how).map_err(|e| e.to_string())
}

const PLACE: Place = Place {
    latitude_degrees: 47.77,
    longitude_degrees: 107.25,
    utc_offset_hours: 8.0,
};

fn stamp(at: DateTime) -> String {
    at.strftime("%Y%m%d%H%M").to_string()
}

/// Rows of a made tower in `AmeriFlux` names; `line` may change the fields of a row.
fn base(from: DateTime, step: Step, rows: usize, line: impl Fn(usize, &mut Vec<String>)) -> String {
    let axis = Axis::new(from, step, rows);
    let light = potential_radiation_w_m2(&axis.centres(), PLACE);
    let mut text =
        "TIMESTAMP_START,TIMESTAMP_END,FC,FC_SSITC_TEST,LE,H,SW_IN,TA,RH,USTAR\n".to_owned();
    for (row, light) in light.iter().enumerate() {
        let warm = 10.0 + light / 100.0;
        let mut fields = vec![
            stamp(axis.start(row)),
            stamp(axis.end(row)),
            format!("{:.3}", 1.5 - light / 100.0),
            (row % 3).to_string(),
            format!("{:.2}", light / 10.0),
            format!("{:.2}", light / 8.0),
            format!("{:.2}", light * 0.7),
            format!("{warm:.2}"),
            "45.0".to_owned(),
            "0.25".to_owned(),
        ];
        line(row, &mut fields);
        writeln!(text, "{}", fields.join(",")).unwrap();
    }
    text
}

fn summer() -> DateTime {
    datetime(2013, 6, 1, 0, 0, 0, 0)
}

#[test]
fn missing_is_a_number_and_not_a_text() {
    let folder = Folder::new("missing");
    let text = base(summer(), Step::HalfHour, 96, |row, fields| {
        let missing = ["-9999", "-9999.00", "-9.999E+03", "-99999", "nan", ""];
        if let Some(missing) = missing.get(row) {
            fields[2] = (*missing).to_owned();
        }
    });
    let record = read_one(&folder.file("base.csv", &text), &How::default()).unwrap();
    let nee = record.column(Quantity::Nee);
    assert!(nee[..6].iter().all(|v| v.is_nan()));
    // Quality 2 is rejected, 0 and 1 are kept.
    assert!(!nee[6].is_nan() && !nee[7].is_nan() && nee[8].is_nan());
    // The deficit comes from humidity: 0.55 of 12.27 hPa at 10 degrees.
    let vpd = record.column(Quantity::Vpd)[0];
    assert!((vpd - 6.75).abs() < 0.02, "{vpd}");
}

#[test]
fn a_missing_quality_is_unknown_and_not_good() {
    let folder = Folder::new("unknown");
    let text = base(summer(), Step::HalfHour, 96, |row, fields| {
        fields[3] = if row == 5 { "-9999" } else { "0" }.to_owned();
    });
    let record = read_one(&folder.file("base.csv", &text), &How::default()).unwrap();
    let nee = record.column(Quantity::Nee);
    assert!(nee[5].is_nan() && nee.iter().filter(|v| v.is_nan()).count() == 1);
    // A fraction, or one of nine classes, is no class of the three.
    for odd in ["0.93", "7", "-1"] {
        let odd_class = text.replacen(",0,", &format!(",{odd},"), 1);
        let error = read_one(&folder.file("odd.csv", &odd_class), &How::default()).unwrap_err();
        assert!(
            error.contains("expected classes 0 to 2") && error.contains(odd),
            "{error}"
        );
    }
}

#[test]
fn hours_are_told_from_half_hours_by_their_stamps() {
    let folder = Folder::new("hours");
    let text = base(summer(), Step::Hour, 48, |_, _| {});
    let record = read_one(&folder.file("tower.csv", &text), &How::default()).unwrap();
    assert_eq!(record.axis.step(), Step::Hour);
    let error = read_one(&folder.file("x_HH_2013.csv", &text), &How::default()).unwrap_err();
    assert!(
        error.contains("expected rows of 30 minutes by its name, found 60"),
        "{error}"
    );
    let quarter = text.replace("201306010200", "201306010130");
    let error = read_one(&folder.file("odd.csv", &quarter), &How::default()).unwrap_err();
    assert!(error.contains("line"), "{error}");
}

#[test]
fn gaps_in_the_stamps_become_missing_rows() {
    let folder = Folder::new("gaps");
    let text = base(summer(), Step::HalfHour, 48 * 70, |_, _| {});
    let kept: Vec<&str> = text
        .lines()
        .enumerate()
        .filter(|(i, _)| !(49..2929).contains(i))
        .map(|(_, line)| line)
        .collect();
    let record = read_one(&folder.file("gap.csv", &kept.join("\n")), &How::default()).unwrap();
    assert_eq!(record.axis.rows(), 48 * 70);
    assert!(
        record
            .notes
            .iter()
            .any(|n| n.contains("2880 rows are not in the files"))
    );
    assert!(
        record.column(Quantity::Le)[48..2928]
            .iter()
            .all(|v| v.is_nan())
    );
}

#[test]
fn stamps_out_of_order_or_twice_are_refused() {
    let folder = Folder::new("order");
    let text = base(summer(), Step::HalfHour, 96, |_, _| {});
    let lines: Vec<&str> = text.lines().collect();
    let mut swapped = lines.clone();
    swapped.swap(10, 20);
    let error = read_one(
        &folder.file("swapped.csv", &swapped.join("\n")),
        &How::default(),
    )
    .unwrap_err();
    assert!(
        error.contains("time goes back") && error.contains("sort the file"),
        "{error}"
    );
    let mut doubled = lines.clone();
    doubled.insert(10, lines[10]);
    let error = read_one(
        &folder.file("doubled.csv", &doubled.join("\n")),
        &How::default(),
    )
    .unwrap_err();
    assert!(
        error.contains("is there twice") && error.contains("remove one"),
        "{error}"
    );
    let two: Vec<&str> = lines[..1]
        .iter()
        .copied()
        .chain(lines[1..].iter().flat_map(|l| [*l, *l]))
        .collect();
    let error = read_one(&folder.file("two.csv", &two.join("\n")), &How::default()).unwrap_err();
    assert!(error.contains("two towers in one file"), "{error}");
    let one_after_the_other = format!("{text}{}", lines[1..].join("\n"));
    let error = read_one(
        &folder.file("after.csv", &one_after_the_other),
        &How::default(),
    )
    .unwrap_err();
    assert!(error.contains("each tower a file of its own"), "{error}");
    let off = text.replace("201306011230,201306011300", "201306011240,201306011310");
    let error = read_one(&folder.file("off.csv", &off), &How::default()).unwrap_err();
    assert!(error.contains("not on the steps"), "{error}");
}

#[test]
fn columns_and_units_that_cannot_be_meant_are_refused() {
    let folder = Folder::new("units");
    let refused = |name: &str, field: usize, change: &dyn Fn(f64) -> f64, word: &str| {
        let text = base(summer(), Step::HalfHour, 960, |_, fields| {
            fields[field] = format!("{:.4}", change(fields[field].parse().unwrap()));
        });
        let error = read_one(&folder.file(name, &text), &How::default()).unwrap_err();
        assert!(error.contains(word), "{name}: {error}");
    };
    refused("kelvin.csv", 7, &|t| t + 273.15, "is it in K?");
    refused("photons.csv", 6, &|r| r * 2.1, "photon flux");
    refused("fraction.csv", 8, &|h| h / 100.0, "is it a fraction?");
    refused("grams.csv", 2, &|f| f * 44.0, "is it mg");
    refused("wind.csv", 9, &|u| u * 40.0, "wind speed");
    let text = base(summer(), Step::HalfHour, 96, |_, _| {}).replace("FC", "CARBON");
    let error = read_one(&folder.file("names.csv", &text), &How::default()).unwrap_err();
    assert!(
        error.contains("CARBON") && error.contains("columns"),
        "{error}"
    );
    let text = base(summer(), Step::HalfHour, 96, |row, fields| {
        if row == 3 {
            fields[4] = "12,5".replace(',', "x");
        }
    });
    let error = read_one(&folder.file("text.csv", &text), &How::default()).unwrap_err();
    assert!(
        error.contains("line 5") && error.contains("\"12x5\""),
        "{error}"
    );
    let cut = base(summer(), Step::HalfHour, 96, |_, _| {});
    let error = read_one(
        &folder.file("cut.csv", &cut[..cut.len() - 20]),
        &How::default(),
    )
    .unwrap_err();
    assert!(
        error.contains("line 97") && error.contains("cut off"),
        "{error}"
    );
}

#[test]
fn pascal_under_the_name_of_hectopascal_is_refused() {
    let folder = Folder::new("pascal");
    let text = base(summer(), Step::HalfHour, 960, |_, fields| {
        let t: f64 = fields[7].parse().unwrap();
        let full = 6.1078 * libm::exp(17.080_85 * t / (234.175 + t));
        fields[8] = format!("{:.2}", full * 0.55 * 100.0);
    });
    let error = read_one(
        &folder.file("pa.csv", &text.replace("RH", "VPD")),
        &How::default(),
    )
    .unwrap_err();
    assert!(error.contains("is it in Pa?"), "{error}");
    let fluxes = base(summer(), Step::HalfHour, 960, |_, fields| {
        let t: f64 = fields[7].parse().unwrap();
        let full = 6.1078 * libm::exp(17.080_85 * t / (234.175 + t));
        let kilopascal = format!("{:.4}", full * 0.55 / 10.0);
        fields.push(kilopascal);
    });
    let fluxes = fluxes.replacen("USTAR\n", "USTAR,VPD\n", 1);
    let error = read_one(&folder.file("kpa.csv", &fluxes), &How::default()).unwrap_err();
    assert!(error.contains("is it in kPa or Pa?"), "{error}");
    let mut how = How::default();
    how.units.insert(Quantity::Vpd, "kPa".to_owned());
    let record = read_one(&folder.file("kpa.csv", &fluxes), &how).unwrap();
    assert!((record.column(Quantity::Vpd)[0] - 6.75).abs() < 0.02);
}

#[test]
fn a_file_of_another_network_under_a_fluxnet_name_is_refused() {
    let folder = Folder::new("network");
    let text = base(summer(), Step::HalfHour, 96, |_, _| {});
    let name = "FLX_MN-Xxx_FLUXNET2015_FULLSET_HH_2013-2013_1-3.csv";
    let error = read_one(&folder.file(name, &text), &How::default()).unwrap_err();
    assert!(
        error.contains("named like a file of FLUXNET") && error.contains("AmeriFlux"),
        "{error}"
    );
    let days = "TIMESTAMP,TA_F,NEE_VUT_REF,NEE_VUT_REF_QC\n20130101,1.0,0.5,0.9\n";
    let error = read_one(&folder.file("dd.csv", days), &How::default()).unwrap_err();
    assert!(error.contains("found days, months or years"), "{error}");
    let error = read_one(&folder.file("zip.csv", "PK\u{3}\u{4}"), &How::default()).unwrap_err();
    assert!(error.contains("unpack it"), "{error}");
}

#[test]
fn fluxnet_keeps_what_was_measured() {
    let folder = Folder::new("fluxnet");
    let mut text = "TIMESTAMP_START,TIMESTAMP_END,TA_F,TA_F_QC,NEE_VUT_REF,NEE_VUT_REF_QC,LE_F_MDS,LE_F_MDS_QC\n".to_owned();
    let axis = Axis::new(summer(), Step::HalfHour, 6);
    for (row, quality) in ["0", "1", "2", "3", "-9999", "0"].iter().enumerate() {
        let (start, end) = (stamp(axis.start(row)), stamp(axis.end(row)));
        writeln!(
            text,
            "{start},{end},12.5,{quality},1.5,{quality},20,{quality}"
        )
        .unwrap();
    }
    let record = read_one(&folder.file("f.csv", &text), &How::default()).unwrap();
    assert!(record.ustar_filtered && record.kind == Kind::Fluxnet);
    for quantity in [Quantity::Nee, Quantity::Le, Quantity::Temperature] {
        let missing: Vec<bool> = record.column(quantity).iter().map(|v| v.is_nan()).collect();
        assert_eq!(
            missing,
            [false, true, true, true, true, false],
            "{quantity:?}"
        );
    }
    let without = text.replace("NEE_VUT_REF_QC", "OTHER");
    let error = read_one(&folder.file("g.csv", &without), &How::default()).unwrap_err();
    assert!(error.contains("NEE_VUT_REF_QC"), "{error}");
}

#[test]
fn a_map_of_headers_with_units_and_one_stamp() {
    let folder = Folder::new("map");
    let mut text = "Date;Time;NEP_sc;Tower T;PPFD\n".to_owned();
    let axis = Axis::new(summer(), Step::HalfHour, 4);
    for row in 0..4 {
        let end = axis.end(row).strftime("%Y-%m-%d;%H:%M");
        writeln!(text, "{end};0.05;285.15;7").unwrap();
    }
    let path = folder.file("mn.csv", &text);
    let mut how = How {
        time: vec!["Date".to_owned(), "Time".to_owned()],
        ..How::default()
    };
    how.columns.insert(Quantity::Nee, "NEP_sc".to_owned());
    how.columns
        .insert(Quantity::Temperature, "Tower T".to_owned());
    let error = read_one(&path, &how).unwrap_err();
    assert!(error.contains("nothing says the unit"), "{error}");
    how.units.insert(Quantity::Nee, "mg CO2 m-2 s-1".to_owned());
    how.units.insert(Quantity::Temperature, "K".to_owned());
    let error = read_one(&path, &how).unwrap_err();
    assert!(error.contains("stamp = "), "{error}");
    how.stamp = Some(Stamp::End);
    let record = read_one(&path, &how).unwrap();
    assert_eq!(record.axis.start(0), summer());
    assert!((record.column(Quantity::Nee)[0] - 1.136).abs() < 1e-3);
    assert!((record.column(Quantity::Temperature)[0] - 12.0).abs() < 1e-9);
    how.stamp = Some(Stamp::Middle);
    assert_eq!(
        read_one(&path, &how).unwrap().axis.start(0),
        datetime(2013, 6, 1, 0, 15, 0, 0)
    );
}

#[test]
fn midnight_as_hour_24_and_the_day_after_the_last() {
    let folder = Folder::new("midnight");
    let mut text = "Year\tDoY\tHour\tNEE\tTair\n-\t-\t-\tumolm-2s-1\tdegC\n".to_owned();
    for (day, hour) in [
        (365, "23.5"),
        (366, "0"),
        (366, "0.5"),
        (366, "23.5"),
        (366, "24"),
        (367, "0"),
    ] {
        if (day, hour) != (367, "0") {
            writeln!(text, "2012\t{day}\t{hour}\t1.0\t-9999").unwrap();
        }
    }
    // Old loggers end lines with a carriage return alone.
    let path = folder.file("leap.txt", &text.replace('\n', "\r"));
    let record = read_one(&path, &How::default()).unwrap();
    assert_eq!(record.axis.start(0), datetime(2012, 12, 30, 23, 0, 0, 0));
    assert_eq!(
        record.axis.end(record.axis.rows() - 1),
        datetime(2013, 1, 1, 0, 0, 0, 0)
    );
    let bad = text.replace("2012", "2013").replace("366\t24", "366\t12");
    let error = read_one(&folder.file("bad.txt", &bad), &How::default()).unwrap_err();
    assert!(error.contains("365 days"), "{error}");
}

#[test]
fn the_sun_finds_a_wrong_clock() {
    let folder = Folder::new("clock");
    let from = datetime(2015, 1, 1, 0, 0, 0, 0);
    let year = base(from, Step::HalfHour, 17_520, |_, _| {});
    let record = read_one(&folder.file("right.csv", &year), &How::default()).unwrap();
    let path = Path::new("tower.csv");
    assert_eq!(
        check_clock(&record, PLACE, path).unwrap(),
        Vec::<String>::new()
    );
    let other = Place {
        utc_offset_hours: 7.0,
        ..PLACE
    };
    let error = check_clock(&record, other, path).unwrap_err().to_string();
    assert!(error.contains("in every month"), "{error}");
    let half = Place {
        utc_offset_hours: 7.5,
        ..PLACE
    };
    let notes = check_clock(&record, half, path).unwrap();
    assert!(
        notes.len() == 1 && notes[0].contains("minutes from solar noon"),
        "{notes:?}"
    );
    // Clocks of 2015 in Mongolia stood one hour ahead from 28 March to 25 September.
    let mut summer_time = record.clone();
    let column = summer_time.columns.get_mut(&Quantity::Radiation).unwrap();
    let (first, end) = (86 * 48, 268 * 48);
    column.copy_within(first..end - 2, first + 2);
    let error = check_clock(&summer_time, PLACE, path)
        .unwrap_err()
        .to_string();
    assert!(error.contains("put forward in summer"), "{error}");
}
