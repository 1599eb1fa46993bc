//! The report: one html file that opens from disk, reads well and prints.

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
            }
        }
        page.push_str("</section>\n");
    }
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
        for outside in ["http", "src=", "url(", "@import", "<link", "<script"] {
            assert!(!html.contains(outside), "{outside}");
        }
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
