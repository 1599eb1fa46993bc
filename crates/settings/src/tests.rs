use serde::Deserialize;

use super::*;
use crate::schema::{Kind, schema, spoilt_lists};

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    part: Part,
    #[serde(default)]
    item: Vec<Item>,
    rule: Option<Rule>,
    factor: Option<Factor>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    years: [u16; 2],
    percent: u8,
    #[serde(default)]
    epochs: Option<[[u16; 2]; 2]>,
    mask: Mask,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Item {
    pair: (f64, String),
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Mask {
    Common,
    PerYear,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename = "tag kind", rename_all = "kebab-case", deny_unknown_fields)]
enum Rule {
    Bound { years: [u16; 2] },
    Fixed { tonnes: f64 },
    None,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename = "by shape", rename_all = "lowercase")]
enum Factor {
    Number(f64),
    List([f64; 3]),
    Table(Item),
}

const TEXT: &str = r#"name = "x"
factor = [1, 2.5, 3]
[part]
years = [2001, 2012]
percent = 100
epochs = [[2001, 2006], [2007, 2012]]
mask = "per-year"
[[item]]
pair = [1, "a"]
[rule]
kind = "bound"
years = [2001, 2006]
"#;

fn faults(text: &str) -> String {
    read::<File>(text).unwrap_err().to_string()
}

#[test]
fn a_whole_file_is_read() {
    let file: File = read(&format!("\u{feff}{TEXT}")).unwrap();
    assert_eq!(file.part.years, [2001, 2012]);
    assert_eq!(file.part.mask, Mask::PerYear);
    assert_eq!(file.part.epochs, Some([[2001, 2006], [2007, 2012]]));
    assert_eq!(file.item[0].pair, (1.0, "a".to_owned()));
    assert_eq!(
        file.rule,
        Some(Rule::Bound {
            years: [2001, 2006]
        })
    );
    assert_eq!(file.factor, Some(Factor::List([1.0, 2.5, 3.0])));
    let with = |factor: &str| {
        let text = TEXT.replace("[1, 2.5, 3]", factor);
        read::<File>(&text).unwrap().factor.unwrap()
    };
    assert_eq!(with("7"), Factor::Number(7.0));
    assert_eq!(
        with("{ pair = [1, \"a\"] }"),
        Factor::Table(Item {
            pair: (1.0, "a".to_owned())
        })
    );
    let none = TEXT.replace("kind = \"bound\"\nyears = [2001, 2006]", "kind = \"none\"");
    assert_eq!(read::<File>(&none).unwrap().rule, Some(Rule::None));
}

#[test]
fn lists_of_a_fixed_length_have_it() {
    let spoilt = spoilt_lists::<File>();
    // part.years, part.epochs and its ranges, item.pair, rule.years, factor as a list, and the pair in it.
    assert_eq!(spoilt.len(), 7 * 3, "{spoilt:?}");
    for (entry, len, answer) in spoilt {
        assert!(answer.is_some(), "{entry:?} with {len} values went through");
    }
    let said = faults(&TEXT.replace("[2001, 2012]", "[2001, 2002, 2003]"));
    assert_eq!(
        said,
        "line 4, column 9\n  |\n4 | years = [2001, 2002, 2003]\n  |         ^^^^^^^^^^^^^^^^^^\nexpected a list of exactly 2 values, found 3\n  -> write the first and the last only: [2001, 2003]"
    );
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let said = faults(
        "[part]\nyears = [2001, \"2012\"]\nepoch = 1\npercent = 300\n[[item]]\npair = [1.5]\n[rule]\nkind = \"bund\"\n",
    );
    for words in [
        "7 problems",
        "the key `name` is missing at the head of the file: expected text in quotes",
        "the key `mask` is missing in [part]: expected \"common\" or \"per-year\"",
        "expected a whole number from 0 to 65535, found the text \"2012\"",
        "unknown key `epoch` in [part]\n  -> did you mean `epochs`?",
        "line 4, column 11",
        "expected a whole number from 0 to 255, found 300",
        "expected a list of exactly 2 values, found 1",
        "expected \"bound\", \"fixed\" or \"none\", found \"bund\"\n  -> did you mean \"bound\"?",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    for word in [
        "u8", "u16", "f64", "enum", "struct", "variant", "untagged", "Option",
    ] {
        assert!(!said.contains(word), "{word}: {said}");
    }
}

#[test]
fn values_of_another_kind_are_named() {
    for (from, to, words) in [
        (
            "\"x\"",
            "2026-11-22",
            "text in quotes, found the date 2026-11-22",
        ),
        ("100", "100.0", "a whole number from 0 to 255, found 100.0"),
        ("100", "true", "found true"),
        (
            "[1, 2.5, 3]",
            "true",
            "expected a number or a list or a table, found true",
        ),
        ("[1, 2.5, 3]", "[1, nan, 3]", "expected a number, found nan"),
        ("[1, 2.5, 3]", "1e999", "expected a number, found 1e999"),
        (
            "years = [2001, 2006]",
            "tonnes = 3",
            "`years` is missing in [rule]",
        ),
        (
            "years = [2001, 2006]",
            "years = 3",
            "a list of exactly 2 values, found 3",
        ),
        ("kind = \"bound\"\n", "", "`kind` is missing in [rule]"),
        ("percent = 100", "percent = ", "line 5"),
        ("percent = 100", "percent = 100\npercent = 100", "line 6"),
        ("mask", "MASK", "did you mean `mask`?"),
        ("name", "tonnes = 1\nname", "`tonnes` belongs in [rule]"),
        (
            "percent",
            "colour = 1\npercent",
            "the keys here are `years`, `percent`, `epochs`, `mask`",
        ),
    ] {
        assert!(TEXT.contains(from));
        let said = faults(&TEXT.replacen(from, to, 1));
        assert!(said.contains(words), "{to}: {said}");
    }
    let said = faults(&format!("{TEXT}\n[Part]\nyears = 1\n"));
    assert!(said.contains("did you mean `part`?"), "{said}");
    // A key that is misspelt is missing too, and is said once.
    let said = faults(&TEXT.replacen("percent", "precent", 1));
    assert!(
        said.starts_with("line 5, column 1") && said.contains("did you mean `percent`?"),
        "{said}"
    );
    // A missing section is one fault and not one for each of its keys.
    let said = faults("name = \"x\"");
    assert_eq!(said, "the section [part] is missing");
}

#[test]
fn some_keys_may_be_all_that_is_wanted() {
    assert!(read_some::<Part>("years = [1, 2]\npercent = 1\nmask = \"common\"\nother = 1").is_ok());
    assert!(read_some::<Part>("years = [1, 2, 3]\npercent = 1\nmask = \"common\"").is_err());
}

#[test]
fn the_walk_finds_every_key() {
    let schema = schema::<File>();
    let at = |path: &str| {
        let found = schema.iter().find(|entry| {
            let section = entry.section();
            entry
                .key()
                .is_some_and(|key| format!("{section} {key}") == path)
        });
        found.map(|entry| entry.kind.clone())
    };
    assert_eq!(at("[part] years"), Some(Kind::Fixed(2)));
    assert_eq!(at("[rule] tonnes"), Some(Kind::Number));
    assert_eq!(at("[[item]] pair"), Some(Kind::Fixed(2)));
    assert_eq!(
        at("[part] mask"),
        Some(Kind::Choice(vec!["common", "per-year"]))
    );
}
