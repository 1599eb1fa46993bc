//! ODL, the text in which HDF-EOS2 describes its grids: nested blocks of `KEY=VALUE` lines.

use crate::error::{Error, ErrorKind, Result};
use crate::limits::MAX_ODL_DEPTH;

/// A `GROUP` or `OBJECT` with its values and the blocks inside it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Block {
    /// The block's name, for example `GRID_1`; empty for the text as a whole.
    pub name: String,
    /// Keys and values, in order.
    pub values: Vec<(String, Value)>,
    /// The blocks inside, in order.
    pub blocks: Vec<Block>,
}

/// The right side of `KEY=VALUE`.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A quoted text, without its quotes.
    Text(String),
    /// An unquoted word or number, as written.
    Word(String),
    /// A list in parentheses.
    List(Vec<Value>),
}

impl Block {
    /// The first value with exactly this key.
    pub fn value(&self, key: &str) -> Option<&Value> {
        self.values
            .iter()
            .find(|(k, _)| k == key)
            .map(|(_, value)| value)
    }

    /// The first block inside with exactly this name.
    pub fn block(&self, name: &str) -> Option<&Block> {
        self.blocks.iter().find(|b| b.name == name)
    }
}

impl Value {
    /// The text or word; `None` for a list.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Word(text) => Some(text),
            Self::List(_) => None,
        }
    }

    /// The number written as a word; `None` for anything else, and for numbers that are not finite.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Word(word) => word.parse().ok().filter(|n: &f64| n.is_finite()),
            _ => None,
        }
    }

    /// The values of a list, or the value itself.
    pub fn items(&self) -> &[Value] {
        match self {
            Self::List(items) => items,
            other => std::slice::from_ref(other),
        }
    }
}

/// Parses ODL text; `attribute` names where it came from, for errors.
///
/// # Errors
/// If a block is not closed by its own name, a value is malformed, or blocks nest deeper than
/// [`MAX_ODL_DEPTH`].
pub fn parse(attribute: &str, text: &str) -> Result<Block> {
    let mut parser = Parser {
        attribute,
        rest: text,
        line: 1,
    };
    // The block that is open last is at the end; the first is the text as a whole.
    let mut open: Vec<(bool, Block)> = vec![(false, Block::default())];
    loop {
        parser.skip_space()?;
        if parser.rest.is_empty() {
            break;
        }
        let key = parser.word()?;
        if key == "END" {
            break;
        }
        parser.skip_space()?;
        if !parser.eat('=') {
            return Err(parser.error(format!("'=' after {}", shorten(key)), parser.next_text()));
        }
        parser.skip_space()?;
        let value = parser.value()?;
        match key {
            "GROUP" | "OBJECT" => {
                if open.len() > MAX_ODL_DEPTH {
                    let expected = format!("at most {MAX_ODL_DEPTH} nested blocks");
                    return Err(parser.error(expected, "more".to_string()));
                }
                let name = value.as_str().unwrap_or_default().to_string();
                open.push((
                    key == "OBJECT",
                    Block {
                        name,
                        ..Block::default()
                    },
                ));
            }
            "END_GROUP" | "END_OBJECT" => {
                let name = value.as_str().unwrap_or_default();
                match open.pop() {
                    Some((object, block))
                        if !open.is_empty()
                            && block.name == name
                            && object == (key == "END_OBJECT") =>
                    {
                        if let Some((_, parent)) = open.last_mut() {
                            parent.blocks.push(block);
                        }
                    }
                    Some((_, block)) if !block.name.is_empty() => {
                        let expected = format!("the end of {}", shorten(&block.name));
                        return Err(parser.error(expected, format!("{key}={}", shorten(name))));
                    }
                    _ => {
                        let expected = "a block to close".to_string();
                        return Err(parser.error(expected, format!("{key}={}", shorten(name))));
                    }
                }
            }
            _ => {
                if let Some((_, block)) = open.last_mut() {
                    block.values.push((key.to_string(), value));
                }
            }
        }
    }
    match (open.pop(), open.is_empty()) {
        (Some((_, root)), true) => Ok(root),
        (last, _) => {
            let name = last.map(|(_, block)| block.name).unwrap_or_default();
            Err(parser.error(
                format!("the end of {}", shorten(&name)),
                "the end of the text".into(),
            ))
        }
    }
}

struct Parser<'a> {
    attribute: &'a str,
    rest: &'a str,
    line: usize,
}

impl<'a> Parser<'a> {
    fn error(&self, expected: String, found: String) -> Error {
        Error::new(ErrorKind::Odl {
            attribute: self.attribute.to_string(),
            line: self.line,
            expected,
            found,
        })
    }

    fn next_text(&self) -> String {
        match self.rest.chars().next() {
            None => "the end of the text".to_string(),
            Some(_) => format!(
                "'{}'",
                self.rest
                    .chars()
                    .take(20)
                    .collect::<String>()
                    .escape_debug()
            ),
        }
    }

    fn advance(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(bytes);
        self.line += taken.bytes().filter(|&b| b == b'\n').count();
        self.rest = rest;
        taken
    }

    /// Skips white space, NULs (attributes are padded with them) and comments.
    fn skip_space(&mut self) -> Result<()> {
        loop {
            let blank = |c: char| c.is_whitespace() || c == '\0';
            let rest = self.rest.trim_start_matches(blank);
            self.advance(self.rest.len() - rest.len());
            if !self.rest.starts_with("/*") {
                return Ok(());
            }
            let Some(end) = self.rest.find("*/") else {
                return Err(self.error("the end of a comment".into(), "the end of the text".into()));
            };
            self.advance(end + 2);
        }
    }

    fn eat(&mut self, c: char) -> bool {
        let eaten = self.rest.starts_with(c);
        if eaten {
            self.advance(c.len_utf8());
        }
        eaten
    }

    /// A key, name or number: everything up to white space or punctuation.
    fn word(&mut self) -> Result<&'a str> {
        let ends = |c: char| c.is_whitespace() || matches!(c, '=' | '(' | ')' | ',' | '"' | '\0');
        let length = self.rest.find(ends).unwrap_or(self.rest.len());
        if length == 0 {
            return Err(self.error("a word, number, text or list".into(), self.next_text()));
        }
        Ok(self.advance(length))
    }

    fn scalar(&mut self) -> Result<Value> {
        if !self.eat('"') {
            return self.word().map(|word| Value::Word(word.to_string()));
        }
        let Some(end) = self.rest.find('"') else {
            return Err(self.error("a closing quote".into(), "the end of the text".into()));
        };
        let text = self.advance(end).to_string();
        self.eat('"');
        Ok(Value::Text(text))
    }

    /// A scalar, or a list of lists of them, without recursion.
    fn value(&mut self) -> Result<Value> {
        let mut open: Vec<Vec<Value>> = Vec::new();
        loop {
            self.skip_space()?;
            let mut done = if self.eat('(') {
                if open.len() >= MAX_ODL_DEPTH {
                    let expected = format!("at most {MAX_ODL_DEPTH} nested lists");
                    return Err(self.error(expected, "more".into()));
                }
                open.push(Vec::new());
                self.skip_space()?;
                if !self.eat(')') {
                    continue;
                }
                Value::List(open.pop().unwrap_or_default())
            } else {
                self.scalar()?
            };
            // Close as many lists as end here.
            loop {
                let Some(list) = open.last_mut() else {
                    return Ok(done);
                };
                list.push(done);
                self.skip_space()?;
                if self.eat(',') {
                    break;
                }
                if !self.eat(')') {
                    return Err(self.error("',' or ')' in a list".into(), self.next_text()));
                }
                done = Value::List(open.pop().unwrap_or_default());
            }
        }
    }
}

fn shorten(text: &str) -> String {
    let mut short: String = text.chars().take(40).collect();
    if short.len() < text.len() {
        short.push_str("...");
    }
    short
}
