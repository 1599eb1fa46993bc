//! The text of HDF-EOS2 metadata: what it means, and what it may not be.

use hdf4::odl::{self, Value};
use hdf4::{ErrorKind, eos};

const TWO_GRIDS: &str = include_str!("../fuzz/corpus/odl/two_grids.odl");

#[test]
fn blocks_and_values() {
    let text = "\nGROUP                  = A  /* a comment = (with signs */\n  GROUPTYPE = MASTERGROUP\n\n\
        \tOBJECT=B\n\t\tTEXT=\"two words, (and) signs=\"\n\t\tLIST=(1,\"x\",(2.5,-0.000000),())\n\
        \t\tWRAPPED=(1,\n\t\t2,\n\t\t3)\n\tEND_OBJECT=B\nEND_GROUP = A\nEND\nGROUP=never read\n";
    let root = odl::parse("test", text).unwrap();
    assert_eq!(root.blocks.len(), 1);
    let block = root.block("A").unwrap();
    assert_eq!(
        block.value("GROUPTYPE").unwrap().as_str(),
        Some("MASTERGROUP")
    );
    let inner = block.block("B").unwrap();
    assert_eq!(
        inner.value("TEXT"),
        Some(&Value::Text("two words, (and) signs=".into()))
    );
    let word = |w: &str| Value::Word(w.into());
    let list = vec![
        word("1"),
        Value::Text("x".into()),
        Value::List(vec![word("2.5"), word("-0.000000")]),
        Value::List(vec![]),
    ];
    assert_eq!(inner.value("LIST"), Some(&Value::List(list)));
    let wrapped: Vec<f64> = inner
        .value("WRAPPED")
        .unwrap()
        .items()
        .iter()
        .filter_map(Value::as_f64)
        .collect();
    assert_eq!(wrapped, [1.0, 2.0, 3.0]);
    assert_eq!(word("-0.000000").as_f64(), Some(0.0));
    assert_eq!(word("inf").as_f64(), None);
    assert_eq!(Value::Text("1".into()).as_f64(), None);
}

#[test]
fn what_is_wrong_is_said_with_its_line() {
    for (text, line, expected, found) in [
        ("GROUP=A\nEND_GROUP=B\n", 2, "the end of A", "END_GROUP=B"),
        ("GROUP=A\nEND_OBJECT=A\n", 2, "the end of A", "END_OBJECT=A"),
        ("END_GROUP=A\n", 1, "a block to close", "END_GROUP=A"),
        ("GROUP=A\nX=1\n", 3, "the end of A", "the end of the text"),
        ("X 1\n", 1, "'=' after X", "'1"),
        (
            "X=\n",
            2,
            "a word, number, text or list",
            "the end of the text",
        ),
        ("X=\"open", 1, "a closing quote", "the end of the text"),
        ("X=(1,2", 1, "',' or ')' in a list", "the end of the text"),
        ("X=(1 2)", 1, "',' or ')' in a list", "'2)'"),
        ("/* open", 1, "the end of a comment", "the end of the text"),
    ] {
        let error = odl::parse("StructMetadata.0", text).unwrap_err();
        let ErrorKind::Odl {
            line: l,
            expected: e,
            found: f,
            ..
        } = error.kind()
        else {
            panic!("{error}");
        };
        assert_eq!((*l, e.as_str()), (line, expected), "{text:?}");
        assert!(f.contains(found), "{text:?}: {f}");
        assert!(error.to_string().contains("StructMetadata.0"), "{error}");
    }
}

#[test]
fn depth_is_bounded() {
    for (open, close) in [("GROUP=A\n", "END_GROUP=A\n"), ("X=(", ")")] {
        let nested = |n: usize| {
            let (head, tail) = (open.trim_start_matches("X="), close);
            let first = if open.starts_with("X=") { "X=" } else { "" };
            format!("{first}{}{}", head.repeat(n), tail.repeat(n))
        };
        assert!(odl::parse("t", &nested(hdf4::limits::MAX_ODL_DEPTH)).is_ok());
        assert!(odl::parse("t", &nested(hdf4::limits::MAX_ODL_DEPTH + 1)).is_err());
        // Deep enough to end a stack, if there were recursion.
        assert!(odl::parse("t", &nested(200_000)).is_err());
    }
}

#[test]
fn grids_say_what_they_lack() {
    assert_eq!(
        eos::parse("GROUP=SwathStructure\nEND_GROUP=SwathStructure\n").unwrap(),
        []
    );
    assert_eq!(eos::parse("").unwrap(), []);
    for (key, replaced, message) in [
        ("XDim=14", "XDim=many", "XDim to be a number of cells"),
        ("YDim=20", "", "YDim to be a number of cells"),
        ("Projection=GCTP_SNSOID", "", "Projection to be a word"),
        (
            "UpperLeftPointMtrs=(7783653.637667,5559752.598333)",
            "UpperLeftPointMtrs=(1)",
            "UpperLeftPointMtrs to be two numbers",
        ),
        (
            "SphereCode=-1",
            "SphereCode=round",
            "SphereCode to be an integer",
        ),
        ("DataFieldName=\"plain i8\"", "", "DataField to be complete"),
    ] {
        assert!(TWO_GRIDS.contains(key), "{key}");
        let error = eos::parse(&TWO_GRIDS.replacen(key, replaced, 1))
            .unwrap_err()
            .to_string();
        assert!(
            error.contains(message) && error.contains("GRID_1"),
            "{error}"
        );
    }
    let default = TWO_GRIDS.replacen("(7783653.637667,5559752.598333)", "DEFAULT", 1);
    assert_eq!(eos::parse(&default).unwrap()[0].upper_left_m, None);
}

/// Seeded damage to a real text: an answer or an error, never a panic.
#[test]
fn random_damage() {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 20) as usize % below
    };
    let signs = b"=(),\"\n/*\0\tEND_GROUP\xc3\xa9";
    let mut bad = 0;
    for _ in 0..3000 {
        let mut bytes = TWO_GRIDS.as_bytes().to_vec();
        for _ in 0..=random(3) {
            let at = random(bytes.len());
            let length = random(40).min(bytes.len() - at);
            match random(3) {
                0 => bytes[at] = signs[random(signs.len())],
                1 => drop(bytes.drain(at..at + length)),
                _ => {
                    let piece = bytes[at..at + length].to_vec();
                    bytes.splice(at..at, piece);
                }
            }
        }
        bad += usize::from(eos::parse(&String::from_utf8_lossy(&bytes)).is_err());
    }
    assert!(bad > 1000, "{bad}");
}
