//! The report: one html file that opens from disk, reads well and prints.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::html::{escaped, html};
use crate::table::Table;

/// The style of the page. Nothing is loaded from elsewhere.
const STYLE: &str = include_str!("page.css");

/// A report on one page.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportPage {
    /// Title.
    pub title: String,
    /// The question that was asked.
    pub question: String,
    /// The answer, in a sentence or two.
    pub answer: String,
    /// Sections, in order.
    pub sections: Vec<Section>,
    /// Where the numbers come from: one line each, at the end.
    pub notes: Vec<String>,
}

/// A section with a heading.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// Its anchor: letters, digits and dashes, unlike any other on the page.
    pub id: String,
    /// Its heading.
    pub heading: String,
    /// What is in it.
    pub blocks: Vec<Block>,
}

/// Part of a section.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Block {
    /// A paragraph of plain text.
    Paragraph(String),
    /// A list of plain text.
    List(Vec<String>),
    /// Terms and what they are.
    Terms(Vec<(String, String)>),
    /// A table. Give wide tables in their short form.
    Table(Table),
    /// A chart as svg, with its own title and description for those who do not
    /// see it. It is put into the page as it is, so it must come from
    /// [`crate::draw`] and not from a file.
    Figure(String),
    /// A map, put into the page as it is.
    Picture(Picture),
}

/// A picture of dots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// A PNG file.
    pub png: Vec<u8>,
    /// What it shows, for those who do not see it.
    pub alt: String,
    /// What stands under it.
    pub caption: String,
}

impl ReportPage {
    /// The page as html.
    #[must_use]
    pub fn html(&self) -> String {
        let title = escaped(&self.title);
        let mut page = format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
             <a class=\"skip\" href=\"#main\">To the results</a>\n\
             <header>\n<h1>{title}</h1>\n<p class=\"question\">{}</p>\n<p class=\"answer\">{}</p>\n</header>\n",
            escaped(&self.question),
            escaped(&self.answer)
        );
        if self.sections.len() > 1 {
            page.push_str("<nav aria-label=\"Sections\">\n<ol>\n");
            for section in &self.sections {
                let (id, heading) = (escaped(&section.id), escaped(&section.heading));
                page.push_str(&format!("<li><a href=\"#{id}\">{heading}</a></li>\n"));
            }
            page.push_str("</ol>\n</nav>\n");
        }
        page.push_str("<main id=\"main\">\n");
        self.sections
            .iter()
            .for_each(|section| section.push(&mut page));
        page.push_str("</main>\n");
        if !self.notes.is_empty() {
            page.push_str("<footer>\n<h2>Notes</h2>\n");
            push_list(&mut page, &self.notes);
            page.push_str("</footer>\n");
        }
        page.push_str("</body>\n</html>\n");
        page
    }
}

impl Section {
    fn push(&self, page: &mut String) {
        let (id, heading) = (escaped(&self.id), escaped(&self.heading));
        page.push_str(&format!(
            "<section id=\"{id}\" aria-labelledby=\"{id}-heading\">\n<h2 id=\"{id}-heading\">{heading}</h2>\n"
        ));
        for block in &self.blocks {
            match block {
                Block::Paragraph(text) => page.push_str(&format!("<p>{}</p>\n", escaped(text))),
                Block::List(items) => push_list(page, items),
                Block::Terms(terms) => push_terms(page, terms),
                Block::Table(table) => page.push_str(&html(table)),
                Block::Figure(svg) => page.push_str(&format!("<figure>{svg}</figure>\n")),
                Block::Picture(picture) => picture.push(page),
            }
        }
        page.push_str("</section>\n");
    }
}

impl Picture {
    fn push(&self, page: &mut String) {
        page.push_str("<figure>\n<img alt=\"");
        page.push_str(&escaped(&self.alt));
        if let Some((width, height)) = size_px(&self.png) {
            page.push_str(&format!("\" width=\"{width}\" height=\"{height}"));
        }
        page.push_str("\" src=\"data:image/png;base64,");
        STANDARD.encode_string(&self.png, page);
        page.push_str(&format!(
            "\">\n<figcaption>{}</figcaption>\n</figure>\n",
            escaped(&self.caption)
        ));
    }
}

/// Width and height of a PNG file, from its first chunk: the page keeps their
/// place while it loads.
fn size_px(png: &[u8]) -> Option<(u32, u32)> {
    let number = |at: usize| {
        let bytes = png.get(at..at + 4)?;
        Some(u32::from_be_bytes(bytes.try_into().ok()?))
    };
    (png.get(12..16)? == b"IHDR").then_some(())?;
    Some((number(16)?, number(20)?))
}

fn push_list(page: &mut String, items: &[String]) {
    page.push_str("<ul>\n");
    for item in items {
        page.push_str(&format!("<li>{}</li>\n", escaped(item)));
    }
    page.push_str("</ul>\n");
}

fn push_terms(page: &mut String, terms: &[(String, String)]) {
    page.push_str("<dl>\n");
    for (term, what) in terms {
        page.push_str(&format!(
            "<dt>{}</dt><dd>{}</dd>\n",
            escaped(term),
            escaped(what)
        ));
    }
    page.push_str("</dl>\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::tests::sample;

    fn page() -> ReportPage {
        let section = |id: &str, blocks| Section {
            id: id.to_owned(),
            heading: format!("Section {id}"),
            blocks,
        };
        ReportPage {
            title: "Zones & <NPP>".to_owned(),
            question: "How much?".to_owned(),
            answer: "So much.".to_owned(),
            sections: vec![
                section("one", vec![Block::Table(sample())]),
                section(
                    "two",
                    vec![
                        Block::Paragraph("a < b".to_owned()),
                        Block::List(vec!["x".to_owned()]),
                        Block::Picture(Picture {
                            // Nothing, the mark of the first chunk, 3 x 258.
                            png: [&[0; 12], b"IHDR" as &[u8], &[0, 0, 0, 3, 0, 0, 1, 2]].concat(),
                            alt: "A \"map\"".to_owned(),
                            caption: "Zones".to_owned(),
                        }),
                        Block::Terms(vec![("Mask".to_owned(), "common".to_owned())]),
                    ],
                ),
            ],
            notes: vec!["Made from granules.".to_owned()],
        }
    }

    #[test]
    fn the_page_is_whole_and_escaped() {
        let html = page().html();
        for tag in [
            "html", "head", "body", "header", "nav", "main", "footer", "section", "h1", "h2",
            "style", "dl",
        ] {
            let opened = html.matches(&format!("<{tag}>")).count()
                + html.matches(&format!("<{tag} ")).count();
            assert!(opened > 0, "{tag}");
            assert_eq!(opened, html.matches(&format!("</{tag}>")).count(), "{tag}");
        }
        assert!(html.contains("<title>Zones &amp; &lt;NPP&gt;</title>"));
        assert!(html.contains("<p>a &lt; b</p>"));
        assert!(html.contains("<dt>Mask</dt><dd>common</dd>"));
    }

    #[test]
    fn the_page_needs_nothing_from_elsewhere() {
        let html = page().html();
        for outside in ["http", "url(", "@import", "<link", "<script"] {
            assert!(!html.contains(outside), "{outside}");
        }
        for source in html.split(" src=").skip(1) {
            assert!(source.starts_with("\"data:image/png;base64,"));
        }
    }

    #[test]
    fn a_picture_is_part_of_the_page() {
        let html = page().html();
        let found = "<img alt=\"A &quot;map&quot;\" width=\"3\" height=\"258\" \
                     src=\"data:image/png;base64,AAAAAAAAAAAAAAAASUhEUgAAAAMAAAEC\">";
        assert!(html.contains(found), "{html}");
        assert!(html.contains("<figcaption>Zones</figcaption>"));
        assert_eq!(size_px(b"no picture at all, as anyone sees"), None);
    }

    #[test]
    fn every_reference_has_its_target() {
        let html = page().html();
        for (mark, end) in [("href=\"#", "\""), ("aria-labelledby=\"", "\"")] {
            for rest in html.split(mark).skip(1) {
                let id = rest.split(end).next().unwrap();
                assert_eq!(html.matches(&format!(" id=\"{id}\"")).count(), 1, "{id}");
            }
        }
    }
}
