//! Charts as a reader and a machine see them: well-formed, and no text on another.

use super::scenes;

use nutag_report::draw::{
    BarChart, FlowChart, ProportionChart, Rgb, Series, SeriesChart, text_width_px,
};
use roxmltree::{Document, Node};
use std::collections::BTreeSet;

/// The box of a text element: left, top, right, bottom.
fn text_box(node: &Node<'_, '_>) -> (f64, f64, f64, f64) {
    let number = |name| node.attribute(name).unwrap().parse::<f64>().unwrap();
    let size = number("font-size");
    let bold = node.attribute("font-weight") == Some("bold");
    let width = text_width_px(node.text().unwrap(), size, bold);
    let left = match node.attribute("text-anchor") {
        None => number("x"),
        Some("middle") => number("x") - width / 2.0,
        Some("end") => number("x") - width,
        Some(other) => panic!("{other}"),
    };
    // Capitals and descenders of DejaVu Sans.
    let baseline = number("y");
    (
        left,
        baseline - 0.76 * size,
        left + width,
        baseline + 0.24 * size,
    )
}

fn check(name: &str, svg: &str) {
    let document = Document::parse(svg).unwrap_or_else(|e| panic!("{name}: {e}"));
    let root = document.root_element();
    assert_eq!(
        root.tag_name().namespace(),
        Some("http://www.w3.org/2000/svg")
    );
    let view: Vec<f64> = root
        .attribute("viewBox")
        .unwrap()
        .split(' ')
        .map(|n| n.parse().unwrap())
        .collect();
    let texts: Vec<_> = root
        .descendants()
        .filter(|n| n.has_tag_name("text"))
        .collect();
    assert!(!texts.is_empty(), "{name}: no text");
    for (i, a) in texts.iter().enumerate() {
        let (left, top, right, bottom) = text_box(a);
        assert!(
            left >= 0.0 && top >= 0.0 && right <= view[2] && bottom <= view[3],
            "{name}: {:?} leaves the chart",
            a.text()
        );
        for b in &texts[..i] {
            let (l, t, r, m) = text_box(b);
            let apart = right <= l || r <= left || bottom <= t || m <= top;
            assert!(apart, "{name}: {:?} is on {:?}", a.text(), b.text());
        }
    }
    // What a screen reader says: first title, then description, named by the root.
    let children: Vec<_> = root.children().filter(Node::is_element).collect();
    assert!(children[0].has_tag_name("title") && children[1].has_tag_name("desc"));
    let named: Vec<&str> = children[..2]
        .iter()
        .map(|n| n.attribute("id").unwrap())
        .collect();
    assert_eq!(
        root.attribute("aria-labelledby"),
        Some(named.join(" ").as_str())
    );
    assert_eq!(root.attribute("role"), Some("img"));
    for node in root.descendants().filter(Node::is_element) {
        let tag = node.tag_name().name();
        assert!(!["script", "style", "foreignObject", "image"].contains(&tag));
        for attribute in node.attributes() {
            assert!(!attribute.name().starts_with("on") && attribute.name() != "href");
            let numbers = [
                "x", "y", "x1", "x2", "y1", "y2", "width", "height", "points", "d",
            ];
            if numbers.contains(&attribute.name()) {
                let value = attribute.value();
                assert!(
                    !value.contains("NaN") && !value.contains("inf"),
                    "{name}: {value}"
                );
            }
        }
    }
}

#[test]
fn charts_are_well_formed_and_their_texts_keep_apart() {
    let charts = scenes::charts();
    for (name, svg) in &charts {
        check(name, svg);
    }
    let ids: BTreeSet<&str> = charts
        .iter()
        .map(|(_, svg)| {
            svg.split("id=\"")
                .nth(1)
                .unwrap()
                .split('"')
                .next()
                .unwrap()
        })
        .collect();
    assert_eq!(ids.len(), charts.len(), "ids of charts on one page differ");
}

#[test]
fn the_check_of_collisions_finds_one() {
    let (_, svg) = &scenes::charts()[0];
    let text = svg.lines().find(|line| line.starts_with("<text")).unwrap();
    let twice = svg.replace("</svg>", &format!("{text}\n</svg>"));
    let found = std::panic::catch_unwind(|| check("twice", &twice));
    assert!(found.is_err());
}

#[test]
fn charts_say_their_numbers() {
    let charts = scenes::charts();
    let chart = |name: &str| &charts.iter().find(|c| c.0 == name).unwrap().1;
    for text in [
        "701,627 km² (38.0 %)",
        "140,000",
        "Insular &amp; sparsely insular to Sporadic Permafrost: 270,000 km²",
    ] {
        assert!(chart("flows").contains(text), "{text}");
    }
    for text in ["−31.27", "+17.37", "no value"] {
        assert!(chart("decomposition").contains(text), "{text}");
    }
    for text in ["−5.8", "34.5", "no value"] {
        assert!(chart("proportion").contains(text), "{text}");
    }
    // A gap breaks the line: one more piece than series.
    let lines = chart("series").matches("stroke-width=\"1.3\"").count();
    assert_eq!(lines, 5);
}

#[test]
fn series_differ_without_colour() {
    let charts = scenes::charts();
    let svg = &charts.iter().find(|c| c.0 == "series").unwrap().1;
    let dashes: BTreeSet<&str> = svg
        .lines()
        .filter(|line| line.contains("stroke-width=\"2.2\""))
        .map(|line| line.split("stroke-dasharray=").nth(1).unwrap_or("full"))
        .collect();
    assert_eq!(dashes.len(), 4, "{dashes:?}");
}

fn empty_series(series: Vec<Series>) -> String {
    SeriesChart {
        title: "t".to_owned(),
        description: String::new(),
        y_label: String::new(),
        series,
        note: String::new(),
    }
    .svg()
}

#[test]
fn without_numbers_a_chart_says_so() {
    let nothing = Series {
        name: "a".to_owned(),
        note: String::new(),
        colour: Rgb(0, 0, 0),
        points: vec![(2001.0, f64::NAN), (2002.0, f64::INFINITY)],
        joined: true,
        fit: Vec::new(),
    };
    for svg in [
        empty_series(Vec::new()),
        empty_series(vec![nothing.clone()]),
    ] {
        assert!(svg.contains("No data."));
        check("empty", &svg);
    }
    let one = Series {
        points: vec![(2001.0, 0.0)],
        ..nothing
    };
    let svg = empty_series(vec![one]);
    assert!(!svg.contains("No data."));
    check("one point", &svg);

    let flows = FlowChart {
        title: "t".to_owned(),
        description: String::new(),
        from_title: String::new(),
        to_title: String::new(),
        unit: String::new(),
        classes: Vec::new(),
        flows: vec![vec![3.0]],
        decimals: 0,
        note: String::new(),
    };
    assert!(flows.svg().contains("No data."));
    let bars = BarChart {
        title: "t".to_owned(),
        description: String::new(),
        x_label: String::new(),
        parts: Vec::new(),
        groups: Vec::new(),
        decimals: 0,
        note: String::new(),
    };
    assert!(bars.svg().contains("No data."));
    let proportion = ProportionChart {
        title: "t".to_owned(),
        description: String::new(),
        x_label: String::new(),
        rows: Vec::new(),
        decimals: 0,
        note: String::new(),
    };
    check("no rows", &proportion.svg());
}
