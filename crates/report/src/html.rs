//! HTML: a table that a browser, a printer and a screen reader understand.

use crate::number::shown;
use crate::table::{Column, Kind, Table};

/// The table as an html fragment.
///
/// The title is the caption, every heading has its scope, the description of
/// a column is its tooltip, and the whole scrolls sideways by itself if it is
/// wider than the page. Notes follow as a list.
#[must_use]
pub fn html(table: &Table) -> String {
    let name = escaped(&table.name);
    let mut html = format!(
        "<div class=\"table\" role=\"region\" aria-labelledby=\"{name}-caption\" tabindex=\"0\">\n\
         <table id=\"{name}\">\n<caption id=\"{name}-caption\">{}</caption>\n<thead>\n<tr>",
        escaped(&table.title)
    );
    for column in &table.columns {
        html.push_str(&heading(column));
    }
    html.push_str("</tr>\n</thead>\n<tbody>\n");
    for row in &table.rows {
        html.push_str("<tr>");
        for (column, value) in table.columns.iter().zip(row) {
            let (tag, scope) = if column.key {
                ("th", " scope=\"row\"")
            } else {
                ("td", "")
            };
            let text = escaped(&shown(value, column.digits));
            html.push_str(&format!("<{tag}{scope}{}>{text}</{tag}>", class(column)));
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody>\n</table>\n</div>\n");
    if !table.notes.is_empty() {
        html.push_str("<ul class=\"notes\">\n");
        for note in &table.notes {
            html.push_str(&format!("<li>{}</li>\n", escaped(note)));
        }
        html.push_str("</ul>\n");
    }
    html
}

fn heading(column: &Column) -> String {
    let unit = if column.unit.is_empty() {
        String::new()
    } else {
        format!(
            " <span class=\"unit\">{}</span>",
            escaped(&typeset_unit(&column.unit))
        )
    };
    format!(
        "<th scope=\"col\"{} title=\"{}\">{}{unit}</th>",
        class(column),
        escaped(&column.description),
        escaped(&column.label)
    )
}

fn class(column: &Column) -> &'static str {
    if column.digits.kind() == Kind::Text {
        ""
    } else {
        " class=\"number\""
    }
}

/// Text that is text everywhere in html, attributes included.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// `km2` with a raised, `CO2` with a lowered two.
fn typeset_unit(unit: &str) -> String {
    let words = unit.split(' ').map(|word| {
        if let Some(before) = word.strip_suffix("CO2") {
            return format!("{before}CO\u{2082}");
        }
        let power = word
            .find(|c: char| c == '-' || c.is_ascii_digit())
            .unwrap_or(word.len());
        let (base, power) = word.split_at(power);
        if base.is_empty() || !base.chars().all(char::is_alphabetic) {
            return word.to_owned();
        }
        let raised: Option<String> = power.chars().map(raised).collect();
        raised.map_or_else(|| word.to_owned(), |power| format!("{base}{power}"))
    });
    words.collect::<Vec<_>>().join(" ")
}

fn raised(c: char) -> Option<char> {
    Some(match c {
        '-' => '\u{207b}',
        '1' => '\u{b9}',
        '2' => '\u{b2}',
        '3' => '\u{b3}',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::tests::sample;

    #[test]
    fn headings_have_scopes_and_text_is_escaped() {
        let html = html(&sample());
        assert!(
            html.contains("<caption id=\"sample-caption\">A sample | with &lt;marks&gt;</caption>")
        );
        assert!(html.contains(
            "<th scope=\"col\" class=\"number\" title=\"Area, &quot;true&quot;.\">Area <span \
             class=\"unit\">km²</span></th>"
        ));
        assert!(html.contains(
            "<tr><th scope=\"row\">a|b &lt;c&gt;</th><th scope=\"row\" class=\"number\">2002</th><td \
             class=\"number\">-5</td>"
        ));
        assert!(html.contains("<li>First &amp; last note.</li>"));
        for tag in [
            "table", "thead", "tbody", "tr", "th", "td", "div", "ul", "li", "span", "caption",
        ] {
            let opened = html.matches(&format!("<{tag}>")).count()
                + html.matches(&format!("<{tag} ")).count();
            assert_eq!(opened, html.matches(&format!("</{tag}>")).count(), "{tag}");
        }
    }

    #[test]
    fn units_are_typeset() {
        let units = ["km2", "gC m-2", "MtCO2", "% of zone", "t/km2", "10^7 t"].map(typeset_unit);
        assert_eq!(
            units,
            ["km²", "gC m⁻²", "MtCO₂", "% of zone", "t/km2", "10^7 t"]
        );
    }
}
