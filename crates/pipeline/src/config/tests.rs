use super::*;

const FILE: &str = r#"
[about]
name = "test"
question = "What?"
[npp]
granules = "granules"
product = "MOD17A3HGF.061"
years = [2001, 2012]
qc_max_percent = 100
mask = "common"
barren = "exclude"
[zones]
legend = "legend.toml"
from = { path = "a.tif", epoch = "1980s" }
to = { path = "b.gpkg", attribute = "ZONE", epoch = "2000s" }
[regions]
path = "regions.geojson"
name = "name"
"#;

fn load(text: &str) -> Result<Config, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.toml");
    std::fs::write(&path, text).unwrap();
    let load = Config::load(&path);
    load.inspect(|config| {
        assert_eq!(
            config.npp.as_ref().unwrap().granules,
            folder.path().join("granules")
        );
    })
    .map_err(|error| {
        assert!(error.was_asked_wrongly());
        error.to_string()
    })
}

#[test]
fn a_whole_file_is_read_and_its_paths_count_from_its_folder() {
    let config = load(FILE).unwrap();
    assert_eq!(config.mode, Mode::Corrected);
    assert_eq!(config.npp.as_ref().unwrap().years, Some([2001, 2012]));
    assert_eq!(
        config.zones.as_ref().unwrap().to.attribute.as_deref(),
        Some("ZONE")
    );
    load(&format!("\u{feff}{FILE}")).unwrap();
}

#[test]
fn a_misspelt_key_is_shown_with_its_line_and_the_key_that_was_meant() {
    let error = load(&FILE.replace("granules =", "grnaules =")).unwrap_err();
    assert!(error.contains("grnaules = \"granules\""), "{error}");
    assert!(error.contains("line 6"), "{error}");
    assert!(error.contains("did you mean `granules`?"), "{error}");
}

#[test]
fn trends_are_asked_for_in_years_of_the_study() {
    let with = |text: &str| load(&format!("{FILE}[trend]\n{text}\n"));
    assert_eq!(load(FILE).unwrap().trend, None);
    let trend = with("epochs = [[2001, 2006], [2007, 2012]]\nhamed_rao = true")
        .unwrap()
        .trend;
    assert_eq!(
        trend,
        Some(Trend {
            field_significance: None,
            epochs: Some([[2001, 2006], [2007, 2012]]),
            hamed_rao: true
        })
    );
    let cases = [
        ("epochs = [[2006, 2001], [2007, 2012]]", "runs backwards"),
        (
            "epochs = [[2001, 2006], [2007, 2013]]",
            "not within the years 2001 to 2012",
        ),
        ("epochs = [[2001, 2006], [2012, 2012]]", "is one year"),
        (
            "epochs = [[2001, 2007], [2007, 2012]]",
            "does not begin after",
        ),
        (
            "epoch = [[2001, 2006], [2007, 2012]]",
            "did you mean `epochs`?",
        ),
        ("[extra]", "extra"),
    ];
    for (text, expected) in cases {
        let error = with(text).unwrap_err();
        assert!(error.contains(expected), "{text}: {error}");
    }
    let published = load(&format!("mode = \"as-published\"\n{FILE}[trend]\n")).unwrap_err();
    assert!(published.contains("tests nothing"), "{published}");
}

#[test]
fn every_list_of_a_fixed_length_has_it() {
    let spoilt = nutag_settings::schema::spoilt_lists::<Config>();
    let places: std::collections::BTreeSet<String> = spoilt
        .iter()
        .filter_map(|(entry, ..)| Some(format!("{} {}", entry.section(), entry.key()?)))
        .collect();
    for place in [
        "[npp] years",
        "[trend] epochs",
        "[co2] months",
        "[co2.maps] area",
        "[product] valid_range",
        "[uptake] change",
        "[uptake.rh.pin] years",
    ] {
        assert!(places.contains(place), "{place} is not in {places:?}");
    }
    for (entry, len, answer) in spoilt {
        assert!(answer.is_some(), "{entry:?} with {len} values went through");
    }
    let error = load(&FILE.replace("[2001, 2012]", "[2001, 2002, 2003]")).unwrap_err();
    assert!(
        error.contains("years = [2001, 2002, 2003]\n  |         ^^^"),
        "{error}"
    );
    assert!(
        error.contains("the first and the last only: [2001, 2003]"),
        "{error}"
    );
}

#[test]
fn everything_wrong_is_said_at_once_and_in_words() {
    let error = load("[NPP]\nyears = [2001]\n[about]\nname = 3\n").unwrap_err();
    for words in [
        "did you mean `npp`?",
        "the section [regions] is missing",
        "the key `question` is missing in [about]",
        "expected text in quotes, found 3",
    ] {
        assert!(error.contains(words), "{words}: {error}");
    }
    let part = "[uptake]\nzones = \"to\"\ncarbon_per_dry_matter = true\n";
    let error = load(&format!("{FILE}{part}")).unwrap_err();
    assert!(
        error.contains("expected a number or a list or a table, found true"),
        "{error}"
    );
    assert!(!error.contains("FactorSpec"), "{error}");
}

#[test]
fn contradictions_say_what_to_do() {
    let cases = [
        ("product = \"MOD17A3HGF.061\"\n", "", "names no product"),
        ("[2001, 2012]", "[2012, 2001]", "runs backwards"),
        ("years = [2001, 2012]\n", "", "either `years` or `dates`"),
        ("qc_max_percent = 100", "qc_max_percent = 101", "above 100"),
        ("epoch = \"2000s\"", "epoch = \"1980s\"", "both zone maps"),
        ("legend = \"legend.toml\"\n", "", "has no legend"),
        ("name = \"name\"\n", "", "either `name`"),
        (
            "mask = \"common\"",
            "mask = \"some\"",
            "expected \"common\" or \"per-year\", found \"some\"",
        ),
    ];
    for (from, to, expected) in cases {
        assert!(FILE.contains(from), "{from}");
        let error = load(&FILE.replacen(from, to, 1)).unwrap_err();
        assert!(error.contains(expected), "{to}: {error}");
    }
}

/// What a run has left may have been edited since; it is held to the same rules.
#[test]
fn a_resolved_file_is_checked_as_one_that_somebody_wrote() {
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../pipelines/demo.toml");
    let (config, text) = Config::load_with_text(&demo).unwrap();
    assert_eq!(text, std::fs::read_to_string(&demo).unwrap());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pipeline.resolved.toml");
    let load = |config: &Config| {
        std::fs::write(&path, toml::to_string(config).unwrap()).unwrap();
        Config::load_resolved(&path)
    };
    // Its paths are where they are, whatever the home of the file was.
    let again = load(&config).unwrap();
    assert_eq!(
        again.npp.as_ref().unwrap().granules,
        config.npp.as_ref().unwrap().granules
    );
    let mut archive = config.clone();
    archive.regions.path = "regions.zip".into();
    let mut alone = config.clone();
    alone.proportion = toml::from_str("figure = []").ok();
    assert!(alone.proportion.is_some());
    for (wrong, words) in [(archive, "is an archive"), (alone, "there is no [uptake]")] {
        let error = load(&wrong).unwrap_err();
        assert!(error.was_asked_wrongly(), "{error}");
        assert!(error.to_string().contains(words), "{error}");
    }
}
