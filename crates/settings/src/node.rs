//! A value of a file, read as what its key asks for.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::ops::Range;

use serde::de::{DeserializeSeed, Deserializer, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;
use toml::Spanned;
use toml::de::{DeInteger, DeValue};

use crate::fault::Fault;
use crate::schema::{Kind, Step};
use crate::stand_in::StandIn;
use crate::stop::Stop;

/// What is known of a file while it is read, over all rounds.
pub(crate) struct Reader {
    /// Whether a key that the type does not have is a fault.
    pub(crate) all: bool,
    found: RefCell<Vec<Fault>>,
    /// Keys that are missing, with the place of their table.
    missing: RefCell<BTreeSet<(Vec<Step>, &'static str)>>,
    again: Cell<bool>,
}

impl Reader {
    pub(crate) fn new(all: bool) -> Self {
        Self {
            all,
            found: RefCell::default(),
            missing: RefCell::default(),
            again: Cell::new(false),
        }
    }

    pub(crate) fn note(&self, fault: Fault) {
        self.found.borrow_mut().push(fault);
    }

    pub(crate) fn found_any(&self) -> bool {
        !self.found.borrow().is_empty()
    }

    /// Whether the last round found a key missing, so that there must be another.
    pub(crate) fn next_round(&mut self) -> bool {
        let again = self.again.replace(false);
        if again {
            self.found.borrow_mut().clear();
        }
        again
    }

    pub(crate) fn into_found(self) -> Vec<Fault> {
        self.found.into_inner()
    }

    /// Notes that a table lacks a key; whether that is news.
    pub(crate) fn lacks(&self, place: &[Step], key: &'static str) -> bool {
        let news = self.missing.borrow_mut().insert((place.to_vec(), key));
        if news {
            self.again.set(true);
        }
        news
    }

    pub(crate) fn missing_in(&self, place: &[Step]) -> Vec<&'static str> {
        let missing = self.missing.borrow();
        let here = missing.iter().filter(|(table, _)| table == place);
        here.map(|(_, key)| *key).collect()
    }
}

/// A value of a file.
#[derive(Clone)]
pub(crate) struct Node<'a, 'i> {
    pub(crate) value: &'a Spanned<DeValue<'i>>,
    pub(crate) reader: &'a Reader,
    pub(crate) place: Vec<Step>,
}

impl<'a, 'i> Node<'a, 'i> {
    pub(crate) fn root(value: &'a Spanned<DeValue<'i>>, reader: &'a Reader) -> Self {
        Self {
            value,
            reader,
            place: Vec::new(),
        }
    }

    pub(crate) fn span(&self) -> Range<usize> {
        self.value.span()
    }

    pub(crate) fn within(&self, step: Step, value: &'a Spanned<DeValue<'i>>) -> Self {
        let mut place = self.place.clone();
        place.push(step);
        Self {
            value,
            reader: self.reader,
            place,
        }
    }

    /// Notes that something else was expected.
    pub(crate) fn expected(&self, what: &str) {
        let found = describe(self.value.get_ref());
        self.reader.note(Fault::new(
            self.span(),
            format!("expected {what}, found {found}"),
        ));
    }

    /// What stands in for this value, so that the rest can be read.
    pub(crate) fn instead<T>(
        &self,
        read: impl FnOnce(StandIn<'_>) -> Result<T, Stop>,
    ) -> Result<T, Stop> {
        let quiet = |_: &[Step], _: Kind| {};
        let first = |_: &[Step], _: usize| 0;
        read(StandIn::new(&quiet, &first, self.place.clone())).map_err(|_| Stop::Told)
    }

    /// What the type itself refuses is noted with the place of the value.
    pub(crate) fn noted<T>(&self, read: Result<T, Stop>) -> Result<T, Stop> {
        read.map_err(|stop| {
            if let Stop::Other(what) = stop {
                self.reader.note(Fault::new(self.span(), what));
                return Stop::Told;
            }
            stop
        })
    }

    fn whole(&self, least: i128, most: i128) -> i128 {
        let kind = Kind::Whole { least, most };
        match self.value.get_ref() {
            DeValue::Integer(number) => match parsed(number) {
                Some(number) if (least..=most).contains(&number) => return number,
                _ => self.expected(&kind.words()),
            },
            _ => self.expected(&kind.words()),
        }
        0
    }

    fn number(&self) -> f64 {
        let number = match self.value.get_ref() {
            #[expect(clippy::cast_precision_loss, reason = "as every reader of TOML does")]
            DeValue::Integer(number) => parsed(number).map(|number| number as f64),
            DeValue::Float(number) => {
                let text = number.as_str();
                let number = text.parse::<f64>().ok();
                number.filter(|number| {
                    !number.is_nan() && (number.is_finite() || text.contains("inf"))
                })
            }
            _ => None,
        };
        number.unwrap_or_else(|| {
            self.expected("a number");
            0.0
        })
    }
}

fn parsed(number: &DeInteger<'_>) -> Option<i128> {
    i128::from_str_radix(number.as_str(), number.radix()).ok()
}

/// What stands there, in words.
pub(crate) fn describe(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => format!("the text {text:?}"),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.to_string(),
        DeValue::Boolean(value) => value.to_string(),
        DeValue::Datetime(date) => format!("the date {date} without quotes"),
        DeValue::Array(list) if list.len() == 1 => "a list of 1 value".to_owned(),
        DeValue::Array(list) => format!("a list of {} values", list.len()),
        DeValue::Table(_) => "a table".to_owned(),
    }
}

macro_rules! whole {
    ($($method:ident $visit:ident $type:ty),*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
            let number = self.whole(<$type>::MIN.into(), <$type>::MAX.into());
            self.noted(visitor.$visit(<$type>::try_from(number).unwrap_or_default()))
        }
    )*};
}

impl<'de> Deserializer<'de> for Node<'_, '_> {
    type Error = Stop;

    whole!(
        deserialize_i8 visit_i8 i8, deserialize_i16 visit_i16 i16, deserialize_i32 visit_i32 i32,
        deserialize_i64 visit_i64 i64, deserialize_u8 visit_u8 u8, deserialize_u16 visit_u16 u16,
        deserialize_u32 visit_u32 u32, deserialize_u64 visit_u64 u64
    );

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        match self.value.get_ref() {
            DeValue::String(text) => self.noted(visitor.visit_str(text)),
            DeValue::Integer(_) => self.deserialize_i64(visitor),
            DeValue::Float(_) => self.deserialize_f64(visitor),
            DeValue::Boolean(value) => self.noted(visitor.visit_bool(*value)),
            DeValue::Datetime(date) => self.noted(visitor.visit_string(date.to_string())),
            DeValue::Array(_) => self.deserialize_seq(visitor),
            DeValue::Table(_) => self.deserialize_map(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        let DeValue::Boolean(value) = self.value.get_ref() else {
            self.expected(&Kind::YesNo.words());
            return self.instead(|stand_in| stand_in.deserialize_bool(visitor));
        };
        self.noted(visitor.visit_bool(*value))
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        let number = self.number();
        self.noted(visitor.visit_f64(number))
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        let DeValue::String(text) = self.value.get_ref() else {
            self.expected(&Kind::Text.words());
            return self.instead(|stand_in| stand_in.deserialize_str(visitor));
        };
        self.noted(visitor.visit_str(text))
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Stop> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        let DeValue::Array(list) = self.value.get_ref() else {
            self.expected(&Kind::List.words());
            return self.instead(|stand_in| stand_in.deserialize_seq(visitor));
        };
        let items = list.iter();
        let items: Vec<_> = items.map(|item| self.within(Step::Item, item)).collect();
        self.noted(visitor.visit_seq(Items {
            node: &self,
            items: items.into_iter(),
            least: 0,
        }))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Stop> {
        let DeValue::Array(list) = self.value.get_ref() else {
            self.expected(&Kind::Fixed(len).words());
            return self.instead(|stand_in| stand_in.deserialize_tuple(len, visitor));
        };
        if list.len() != len {
            let what = format!(
                "expected {}, found {}",
                Kind::Fixed(len).words(),
                list.len()
            );
            let advice = two_ends(len, list);
            self.reader
                .note(Fault::new(self.span(), what).advice(advice));
        }
        let items = list.iter().take(len);
        let items: Vec<_> = items.map(|item| self.within(Step::Of(len), item)).collect();
        self.noted(visitor.visit_seq(Items {
            least: len - items.len(),
            node: &self,
            items: items.into_iter(),
        }))
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, Stop> {
        self.deserialize_tuple(len, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        self.table(None, None, visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Stop> {
        self.table(Some(fields), None, visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Stop> {
        self.choice(name, variants, visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        i128 u128 char bytes byte_buf unit unit_struct identifier
    }
}

/// For years one by one where the first and the last are asked for.
fn two_ends(len: usize, list: &[Spanned<DeValue<'_>>]) -> Option<String> {
    let numbers: Option<Vec<i128>> = list
        .iter()
        .map(|value| match value.get_ref() {
            DeValue::Integer(number) => parsed(number),
            _ => None,
        })
        .collect();
    let numbers = numbers.filter(|numbers| len == 2 && numbers.len() > 2)?;
    let rising = numbers.windows(2).all(|pair| pair[0] < pair[1]);
    let (first, last) = (numbers.first()?, numbers.last()?);
    rising.then(|| format!("write the first and the last only: [{first}, {last}]"))
}

/// The values of a list; where there are too few, something that stands in for the rest.
struct Items<'n, 'a, 'i> {
    node: &'n Node<'a, 'i>,
    items: std::vec::IntoIter<Node<'a, 'i>>,
    least: usize,
}

impl<'de> SeqAccess<'de> for Items<'_, '_, '_> {
    type Error = Stop;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Stop> {
        if let Some(item) = self.items.next() {
            return seed.deserialize(item).map(Some);
        }
        if self.least == 0 {
            return Ok(None);
        }
        self.least -= 1;
        self.node
            .instead(|stand_in| seed.deserialize(stand_in))
            .map(Some)
    }
}
