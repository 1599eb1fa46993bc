//! The contract that every system keeps, whatever it computes. A system is held to it by having a
//! sample in the list below; one that stands behind the door without a sample fails here.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use nutag_pipeline::config::Config;
use nutag_settings::schema::schema;
use nutag_tests::{
    Outcome, Study, assert_same, command, contents, copy_samples, finish, workspace_root,
};
use serde_json::Value;

/// A pipeline file that asks for a system.
struct Sample {
    /// The folder of the system below `crates/systems`.
    system: &'static str,
    /// Its section.
    key: &'static str,
    /// Sections of its own beside it.
    beside: &'static [&'static str],
    /// The pipeline file.
    file: &'static str,
    /// An edit of its section that moves its numbers.
    edit: [&'static str; 2],
}

const SAMPLES: [Sample; 4] = [
    Sample {
        system: "air",
        key: "co2",
        beside: &[],
        file: "co2-column.toml",
        edit: ["least_valid_fraction = 0.5", "least_valid_fraction = 0.9"],
    },
    Sample {
        system: "tower",
        key: "tower",
        beside: &[],
        file: "tower.toml",
        edit: ["seed             = 1", "seed             = 2"],
    },
    Sample {
        system: "drought",
        key: "drought",
        beside: &[],
        file: "drought.toml",
        edit: [
            "drought_at              = -1.0",
            "drought_at              = -1.5",
        ],
    },
    Sample {
        system: "uptake",
        key: "uptake",
        beside: &["proportion"],
        file: "co2-uptake.toml",
        edit: ["r10_gC_m2_day      = 0.9", "r10_gC_m2_day      = 0.7"],
    },
];

/// The samples in a folder of their own, without maps, which are not what is looked at here.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        copy_samples(place.0.path());
        for sample in SAMPLES {
            let text = fs::read_to_string(place.pipeline(&sample)).unwrap();
            let text = match text.split_once("[output]\n") {
                Some((_, after)) if after.contains("maps") => text,
                Some((before, after)) => format!("{before}[output]\nmaps = []\n{after}"),
                None => format!("{text}\n[output]\nmaps = []\n"),
            };
            fs::write(place.pipeline(&sample), text).unwrap();
        }
        place
    }

    fn pipeline(&self, sample: &Sample) -> PathBuf {
        self.0.path().join("pipelines").join(sample.file)
    }

    fn out(&self, name: &str) -> PathBuf {
        self.0.path().join("out").join(name)
    }

    fn run(&self, sample: &Sample, out: &str, more: &[&str]) -> Outcome {
        let (pipeline, out) = (self.pipeline(sample), self.out(out));
        let mut words = vec!["run", text(&pipeline), "--quiet", "--out", text(&out)];
        words.extend(more);
        let outcome = finish(command(&words));
        outcome.expect(0, &[]);
        outcome
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn load(sample: &Sample) -> Config {
    Config::load(&workspace_root().join("pipelines").join(sample.file)).unwrap()
}

#[test]
fn every_system_behind_the_door_has_a_sample() {
    let list = fs::read_to_string(workspace_root().join("crates/pipeline/src/systems.rs")).unwrap();
    let mut behind = 0;
    for entry in fs::read_dir(workspace_root().join("crates/systems")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if list.contains(&format!("nutag_{name}::")) {
            behind += 1;
            assert!(
                SAMPLES.iter().any(|sample| sample.system == name),
                "{name} has no sample in this file"
            );
        }
    }
    assert_eq!(behind, SAMPLES.len());
    for sample in &SAMPLES {
        let config = load(sample);
        let keys: Vec<&str> = config
            .sections()
            .iter()
            .map(|section| section.key())
            .collect();
        assert!(keys.contains(&sample.key), "{}: {keys:?}", sample.file);
    }
}

/// Every text of a value.
fn texts(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::String(text) => into.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| texts(value, into)),
        Value::Object(values) => values.values().for_each(|value| texts(value, into)),
        _ => {}
    }
}

#[test]
fn every_path_of_a_section_is_known_to_the_program() {
    for sample in &SAMPLES {
        let config = load(sample);
        let known = config.input_places();
        let value = serde_json::to_value(&config).unwrap();
        let mut all = Vec::new();
        texts(&value[sample.key], &mut all);
        let paths: Vec<PathBuf> = all.into_iter().map(PathBuf::from).collect();
        let paths: Vec<&PathBuf> = paths.iter().filter(|path| path.exists()).collect();
        assert!(!paths.is_empty(), "{}", sample.file);
        for path in paths {
            assert!(
                known.contains(path),
                "{} is not met by `files` of [{}]",
                path.display(),
                sample.key
            );
        }
    }
}

#[test]
fn every_key_of_a_section_stands_in_the_readme_of_its_system() {
    let entries = schema::<Config>();
    for sample in &SAMPLES {
        let folder = workspace_root().join("crates/systems").join(sample.system);
        let readme = fs::read_to_string(folder.join("README.md")).unwrap();
        let mut looked_at = 0;
        for entry in &entries {
            let section = entry.section();
            let top = section
                .trim_matches(['[', ']'])
                .split(['.', ' ', ']'])
                .next()
                .unwrap_or_default()
                .to_owned();
            if top != sample.key && !sample.beside.contains(&top.as_str()) {
                continue;
            }
            if let Some(key) = entry.key() {
                looked_at += 1;
                assert!(
                    readme.contains(&format!("`{key}`")),
                    "crates/systems/{}/README.md does not say what `{key}` of {section} is",
                    sample.system
                );
            }
        }
        assert!(looked_at > 8, "{}: {looked_at} keys", sample.system);
    }
}

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
}

#[test]
fn a_system_names_its_sources_and_each_is_written_down_once() {
    for sample in &SAMPLES {
        let config = load(sample);
        for section in config.sections() {
            assert!(!section.references().is_empty(), "[{}]", section.key());
            for reference in section.references() {
                assert!(!reference.authors.is_empty() && reference.year > 1800);
                let et_al = reference.authors.iter().any(|(name, _)| *name == "et al.");
                assert!(!et_al, "{}", reference.title);
            }
        }
    }
    let mut files = Vec::new();
    rust_files(&workspace_root().join("crates"), &mut files);
    let mut seen: BTreeMap<String, PathBuf> = BTreeMap::new();
    // What granules of tests say of themselves is no reference.
    let testkit = workspace_root().join("crates/testkit");
    for file in files.into_iter().filter(|file| !file.starts_with(&testkit)) {
        let source = fs::read_to_string(&file).unwrap();
        for part in source.split("doi: Some(\"").skip(1) {
            let doi = part.split('"').next().unwrap_or_default().to_lowercase();
            if let Some(first) = seen.insert(doi.clone(), file.clone()) {
                panic!("{doi} in {} and {}", first.display(), file.display());
            }
        }
    }
    assert!(seen.len() > 10);
}

#[test]
fn check_and_its_json_name_every_system() {
    let place = Place::new();
    for sample in &SAMPLES {
        let pipeline = place.pipeline(sample);
        let said = finish(command(&["check", text(&pipeline), "--quiet"]));
        said.expect(0, &[]);
        let lower = said.stdout.to_lowercase();
        assert!(lower.contains(&format!("\n  {}", sample.key)), "{said}");
        let json = finish(command(&["check", text(&pipeline), "--json"]));
        let json: Value = serde_json::from_str(&json.stdout).unwrap();
        let facts = json[sample.key].as_object().unwrap();
        assert!(facts.len() > 2, "{facts:?}");
    }
}

#[test]
fn threads_and_pieces_give_the_same_bits_and_verify_holds() {
    let place = Place::new();
    for sample in &SAMPLES {
        place.run(sample, "one", &["--threads", "1"]);
        place.run(sample, "three", &["--threads", "3"]);
        let expected = contents(&place.out("one"));
        assert_same(&contents(&place.out("three")), &expected);

        let (pipeline, plan, out) = (
            place.pipeline(sample),
            place.out("plan"),
            place.out("merged"),
        );
        let steps: [&[&str]; 3] = [
            &["plan", text(&pipeline), "--out", text(&plan)],
            &["task", text(&plan), "--all"],
            &["merge", text(&plan), "--out", text(&out)],
        ];
        for step in steps {
            finish(command(step)).expect(0, &[]);
        }
        assert_same(&contents(&out), &expected);

        let verified = finish(command(&["verify", text(&out)]));
        verified.expect(0, &[]);
        assert!(
            verified.stdout.contains("is what it claims to be"),
            "{verified}"
        );
        for name in ["one", "three", "plan", "merged"] {
            fs::remove_dir_all(place.out(name)).unwrap();
        }
    }
}

#[test]
fn an_edited_key_gives_the_bits_of_a_run_from_nothing_and_redoes_no_piece_of_others() {
    let place = Place::new();
    for sample in &SAMPLES {
        place.run(sample, "kept", &[]);
        let before = contents(&place.out("kept"));
        let path = place.pipeline(sample);
        let old = fs::read_to_string(&path).unwrap();
        assert_eq!(old.matches(sample.edit[0]).count(), 1, "{}", sample.file);
        fs::write(&path, old.replace(sample.edit[0], sample.edit[1])).unwrap();
        let again = place.run(sample, "kept", &["--overwrite", "--explain"]);
        assert!(!again.stderr.contains("changed"), "{again}");
        place.run(sample, "fresh", &[]);
        let fresh = contents(&place.out("fresh"));
        assert_same(&contents(&place.out("kept")), &fresh);
        let moved = fresh
            .iter()
            .filter(|(name, bytes)| name.starts_with("tables") && before[*name] != **bytes);
        assert!(moved.count() > 0, "{}: the edit moved nothing", sample.file);
        for name in ["kept", "fresh"] {
            fs::remove_dir_all(place.out(name)).unwrap();
        }
    }
}

/// Sections of the co2-column sample that need no granule, with the paths of a study.
fn without_granules(study: &Study) {
    let files = workspace_root().join("data-samples/gosat/V03.05");
    study.write(
        "study.toml",
        &format!(
            "[about]\nname = \"air alone\"\nquestion = \"What is above?\"\n\
             [regions]\npath = \"regions.geojson\"\nname = \"name\"\n\
             [co2]\nfiles = {:?}\nmonths = [\"2009-06\", \"2012-12\"]\nfield = \"bias-corrected\"\n\
             least_valid_fraction = 0.5\n[output]\ntables = [\"csv\"]\nmaps = []\n",
            text(&files)
        ),
    );
}

#[test]
fn a_run_of_systems_alone_needs_no_granules_and_no_zones() {
    let study = Study::new();
    let section = {
        without_granules(&study);
        fs::read_to_string(study.path("study.toml")).unwrap()
    };
    study.accepted(&[]);
    let alone = contents(&study.out());
    assert!(!alone.contains_key(Path::new("tables/coverage.csv")));
    let table = |all: &BTreeMap<PathBuf, Vec<u8>>| -> Vec<String> {
        let bytes = all[Path::new("tables/xco2_fit.csv")].clone();
        let lines = String::from_utf8(bytes).unwrap();
        let of_regions = lines
            .lines()
            .filter(|line| line.starts_with("country,") || line.starts_with("region,"));
        of_regions.map(str::to_owned).collect()
    };
    assert_eq!(table(&alone).len(), 3);
    let verified = finish(command(&["verify", text(&study.out()), "--recompute"]));
    verified.expect(0, &[]);
    assert!(
        verified.stdout.contains("is what it claims to be"),
        "{verified}"
    );

    // The same regions beside granules: the rows of the air are the same to the bit.
    let beside = Study::new();
    let co2 = section.split("[co2]").nth(1).unwrap();
    let co2 = co2.split("[output]").next().unwrap();
    beside.edit("study.toml", "[output]", &format!("[co2]{co2}[output]"));
    beside.accepted(&[]);
    assert_eq!(table(&contents(&beside.out())), table(&alone));

    // What needs granules says so.
    for (more, words) in [
        ("[trend]\n", "[trend] does nothing without [npp]"),
        (
            "[uptake]\nzones = \"to\"\n",
            "uptake begins with NPP by the year",
        ),
    ] {
        study.write("study.toml", &format!("{section}\n{more}"));
        let refused = study.run_with(&["--overwrite"]);
        refused.expect(2, &[words]);
    }
    study.write(
        "study.toml",
        "[about]\nname = \"nothing\"\nquestion = \"?\"\n[regions]\npath = \"regions.geojson\"\nname = \"name\"\n",
    );
    study
        .run_with(&["--overwrite"])
        .expect(2, &["there is nothing to do"]);
    without_granules(&study);
    let plan = study.path("plan");
    let pipeline = study.path("study.toml");
    finish(command(&["plan", text(&pipeline), "--out", text(&plan)]))
        .expect(2, &["there is no [npp]"]);
}
