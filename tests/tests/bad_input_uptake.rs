//! Wrong climate, livestock and sections of `[uptake]`: each stops with one message.

use nutag_tests::Study;

const STATIONS: &str = "region,year,month,temperature_degC,precipitation_mm_month\n";

/// Two regions, three years, all months right.
fn stations() -> String {
    let temperature = [-21, -16, -7, 2, 10, 16, 18, 16, 9, 1, -10, -18];
    let mut text = STATIONS.to_owned();
    for region in ["West", "East"] {
        for year in 2001..=2003 {
            for month in 1..=12 {
                let t = temperature[month - 1];
                text.push_str(&format!("{region},{year},{month},{t},20.5\n"));
            }
        }
    }
    text
}

fn livestock() -> String {
    let mut text = "region,year,species,head\n".to_owned();
    for region in ["West", "East"] {
        for year in 2001..=2003 {
            for (species, head) in [("sheep", 100_000), ("horse", 5000)] {
                text.push_str(&format!("{region},{year},{species},{head}\n"));
            }
        }
    }
    text
}

const UPTAKE: &str = r#"
[uptake]
zones = "to"

[uptake.climate]
stations = "stations.csv"

[uptake.rh]
models = ["raich-2002", "hashimoto-2015", "pei-2009"]

[uptake.livestock]
table = "livestock.csv"
census = "same-year"

[uptake.uncertainty]
seed = 1
draws = 200

[[proportion.figure]]
name = "Emissions"
MtCO2_per_year = 20.0
source = "a report"
"#;

/// A study with uptake in which everything is right.
fn study() -> Study {
    let study = Study::new();
    study.write("stations.csv", &stations());
    study.write("livestock.csv", &livestock());
    study.edit("study.toml", "\n[output]", &format!("{UPTAKE}\n[output]"));
    study
}

#[test]
fn a_right_study_runs() {
    let study = study();
    study.accepted(&[]);
    for table in [
        "co2_uptake.csv",
        "rh_models.csv",
        "grazing.csv",
        "uncertainty.csv",
        "in_proportion.csv",
    ] {
        assert!(!study.table(table).is_empty());
    }
}

#[test]
fn climate_tables_that_are_not_right() {
    for (from, to, words) in [
        (
            "temperature_degC",
            "temperature",
            &["temperature_degC or temperature_K"][..],
        ),
        (
            "temperature_degC",
            "temperature_K",
            &["line 2", "unit in the name of the column"],
        ),
        (
            "West,2002,7,18,20.5\n",
            "",
            &["1 month(s) of climate of West are missing", "2002-07"],
        ),
        (
            "West,2002,7,18,20.5\n",
            "West,2002,7,18,20.5\nWest,2002,7,18,20.5\n",
            &["twice"],
        ),
        (
            "West,2001,1,",
            "Wset,2001,1,",
            &["\"Wset\" is not a region", "did you mean \"West\"?"],
        ),
        (
            "West,2001,1,-21,20.5",
            "West,2001,1,-21,\"1,020.5\"",
            &["digits"],
        ),
    ] {
        let study = study();
        study.edit("stations.csv", from, to);
        study.refused(2, words);
    }
}

#[test]
fn livestock_tables_that_are_not_right() {
    for (from, to, words) in [
        (
            "West,2002,sheep,100000",
            "Wets,2002,sheep,100000",
            &["\"Wets\" is not a region", "line 4"][..],
        ),
        (
            "West,2002,sheep,100000",
            "West,2002,yak,100000",
            &["\"yak\" has no sheep units", "known are camel, horse"],
        ),
        (
            "West,2002,sheep,100000",
            "West,2002,sheep,-100000",
            &["not negative", "-100000"],
        ),
        (
            "West,2002,sheep,100000",
            "West,2002,sheep,\"100,000\"",
            &["without thousands separators"],
        ),
        (
            "West,2002,sheep,100000",
            "West,2002,sheep,100,000",
            &["line 4", "thousands separator"],
        ),
        (
            "West,2002,sheep,100000",
            "West,2002,sheep,",
            &["an empty field does not count as zero"],
        ),
        (
            "West,2002,sheep,100000\n",
            "",
            &["no row for sheep", "write 0 where there are none"],
        ),
        (
            "West,2002,sheep,100000",
            "West,2002,horse,100000",
            &["twice"],
        ),
        (
            "region,year,species,head",
            "region,year,species,heads",
            &["\"heads\" is not known"],
        ),
    ] {
        let study = study();
        study.edit("livestock.csv", from, to);
        study.refused(2, words);
    }
}

#[test]
fn a_region_and_year_without_a_census_is_a_gap_and_said() {
    let study = study();
    for species in ["sheep,100000", "horse,5000"] {
        study.edit("livestock.csv", &format!("West,2002,{species}\n"), "");
    }
    study.accepted(&["no livestock for 1 of 6 regions and years (West 2002)"]);
    let table = String::from_utf8(study.table("grazing.csv")).unwrap();
    let row = table
        .lines()
        .find(|line| line.starts_with("West,2002"))
        .unwrap();
    assert!(row.starts_with("West,2002,,,,,"), "{row}");
}

#[test]
fn more_eaten_than_grown_is_a_verdict_and_no_clipped_number() {
    let study = study();
    study.write("livestock.csv", &livestock().replace("100000", "90000000"));
    study.accepted(&[]);
    let table = String::from_utf8(study.table("grazing.csv")).unwrap();
    assert!(
        table.contains("impossible: more is eaten than grows"),
        "{table}"
    );
    let uptake = String::from_utf8(study.table("co2_uptake.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(uptake.as_bytes());
    let column = reader
        .headers()
        .unwrap()
        .iter()
        .position(|name| name == "nbp_pei_2009_tCO2")
        .unwrap();
    assert!(reader.records().all(|row| row.unwrap()[column].is_empty()));
}

#[test]
fn sections_that_cannot_be_meant() {
    for (from, to, words) in [
        (
            "zones = \"to\"",
            "zones = \"2000s\"",
            &["expected \"from\" or \"to\", found"][..],
        ),
        (
            "models = [\"raich-2002\", \"hashimoto-2015\", \"pei-2009\"]",
            "models = []",
            &["at least one"],
        ),
        ("\"pei-2009\"]", "\"q10\"]", &["r10_gC_m2_day"]),
        (
            "\"pei-2009\"]",
            "\"pei-2009\"]\nweights = [1.0]",
            &["3 weights"],
        ),
        (
            "seed = 1",
            "seed = 1\nproduct_bias = { sd = 20.0 }",
            &["product_bias.sd = 20", "0.2, not 20"],
        ),
        ("draws = 200", "draws = 2", &["100 to 1,000,000"]),
        (
            "draws = 200",
            "components = [\"bias\"]",
            &["found \"bias\""],
        ),
        (
            "census = \"same-year\"",
            "census = \"same-year\"\nintake_kg_day = [1.8, 1.6, 1.4]",
            &["in this order"],
        ),
        (
            "census = \"same-year\"",
            "census = \"same-year\"\ndung_return = 37.5",
            &["from 0 to 1"],
        ),
        (
            "stations = \"stations.csv\"",
            "stations = \"nowhere.csv\"",
            &["nowhere.csv"],
        ),
        (
            "stations = \"stations.csv\"",
            "stations = \"stations.csv\"\ntemperature = \"t.nc\"",
            &["keep the two, or the one"],
        ),
        (
            "zones = \"to\"",
            "zones = \"to\"\nchange = [[2001, 2001], [2002, 2009]]",
            &["not within the years"],
        ),
        (
            "barren         = \"exclude\"",
            "barren         = \"zero\"",
            &["barren = \"exclude\""],
        ),
    ] {
        let study = study();
        study.edit("study.toml", from, to);
        study.refused(2, words);
    }
    let study = study();
    study.edit(
        "study.toml",
        UPTAKE.split("[[proportion").next().unwrap(),
        "\n",
    );
    study.refused(2, &["[proportion]", "there is no [uptake]"]);
}
