//! Tables and variants of a file.

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, VariantAccess, Visitor,
};
use toml::de::DeValue;

use crate::fault::Fault;
use crate::nearest::nearest;
use crate::node::Node;
use crate::schema::{BY_SHAPE, Kind, Step, TAG, one_of, within};
use crate::stand_in::StandIn;
use crate::stop::Stop;

impl<'a, 'i> Node<'a, 'i> {
    /// Reads a table: of these keys, or of names. The key `tag` is already used up.
    pub(crate) fn table<'de, V: Visitor<'de>>(
        self,
        fields: Option<&'static [&'static str]>,
        tag: Option<&'static str>,
        visitor: V,
    ) -> Result<V::Value, Stop> {
        let DeValue::Table(table) = self.value.get_ref() else {
            self.expected("a table");
            return self.instead(|stand_in| match fields {
                Some(fields) => stand_in.deserialize_struct("", fields, visitor),
                None => stand_in.deserialize_map(visitor),
            });
        };
        let mut entries = Vec::new();
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            match fields {
                _ if tag == Some(name) => {}
                Some(fields) if !fields.contains(&name) => {
                    if self.reader.all {
                        self.unknown(name, key.span(), fields, tag);
                    }
                }
                _ => {
                    let node = self.within(Step::Key(name.to_owned()), value);
                    entries.push((name.to_owned(), Some(node)));
                }
            }
        }
        let missing = self.reader.missing_in(&self.place);
        entries.extend(missing.into_iter().map(|key| (key.to_owned(), None)));
        let read = visitor.visit_map(Entries {
            node: &self,
            entries: entries.into_iter(),
            value: None,
        });
        match read {
            Err(Stop::Missing(key)) if self.reader.lacks(&self.place, key) => Err(Stop::Told),
            read => self.noted(read),
        }
    }

    fn unknown(
        &self,
        name: &str,
        span: std::ops::Range<usize>,
        fields: &'static [&'static str],
        tag: Option<&'static str>,
    ) {
        let known = || fields.iter().copied().chain(tag);
        let meant = nearest(name, known());
        let advice = meant.map(|meant| format!("did you mean `{meant}`?"));
        let place = within(&self.place);
        let place = match self.place.last() {
            Some(Step::Tagged(tag, variant)) => format!("{place} with {tag} = {variant:?}"),
            _ => place,
        };
        self.reader.note(
            Fault::new(span, format!("unknown key `{name}` {place}"))
                .advice(advice)
                .unknown(name, &self.place, known(), meant),
        );
    }

    /// Reads one of several variants.
    pub(crate) fn choice<'de, V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Stop> {
        let chosen = if let Some(tag) = name.strip_prefix(TAG) {
            self.tagged(tag, variants)
        } else if name == BY_SHAPE {
            self.by_shape(variants)
        } else {
            self.named(variants)
        };
        let Some(chosen) = chosen else {
            return self.instead(|stand_in| stand_in.deserialize_enum(name, variants, visitor));
        };
        self.noted(visitor.visit_enum(chosen))
    }

    fn tagged(
        &self,
        tag: &'static str,
        variants: &'static [&'static str],
    ) -> Option<Chosen<'a, 'i>> {
        let DeValue::Table(table) = self.value.get_ref() else {
            self.expected(&format!("a table with the key `{tag}`"));
            return None;
        };
        let Some((_, value)) = table.iter().find(|(key, _)| key.get_ref() == tag) else {
            let what = format!(
                "the key `{tag}` is missing {}: expected {}",
                within(&self.place),
                one_of(variants)
            );
            self.reader.note(Fault::new(self.span(), what));
            return None;
        };
        let variant = self
            .within(Step::Key(tag.to_owned()), value)
            .word(variants)?;
        Some(Chosen {
            variant,
            content: Some(self.within(Step::Tagged(tag, variant), self.value)),
            tag: Some(tag),
        })
    }

    fn by_shape(&self, variants: &'static [&'static str]) -> Option<Chosen<'a, 'i>> {
        let shape = match self.value.get_ref() {
            DeValue::Integer(_) | DeValue::Float(_) => "number",
            DeValue::String(_) => "text",
            DeValue::Array(_) => "list",
            DeValue::Table(_) => "table",
            DeValue::Boolean(_) | DeValue::Datetime(_) => "",
        };
        let mut known = variants.iter().copied();
        let found =
            known.find(|variant| *variant == shape || (*variant == "one" && shape != "list"));
        let Some(variant) = found else {
            let words: Vec<String> = variants
                .iter()
                .map(|variant| match *variant {
                    "text" => "text in quotes".to_owned(),
                    "one" => "one value".to_owned(),
                    shape => format!("a {shape}"),
                })
                .collect();
            self.expected(&words.join(" or "));
            return None;
        };
        Some(Chosen {
            variant,
            content: Some(self.within(Step::Shape(variant), self.value)),
            tag: None,
        })
    }

    fn named(&self, variants: &'static [&'static str]) -> Option<Chosen<'a, 'i>> {
        if let DeValue::Table(table) = self.value.get_ref()
            && let Some((key, value)) = table.iter().next()
            && table.len() == 1
            && let Some(variant) = variants.iter().find(|variant| *variant == key.get_ref())
        {
            return Some(Chosen {
                variant,
                content: Some(self.within(Step::Variant(variant), value)),
                tag: None,
            });
        }
        self.word(variants).map(|variant| Chosen {
            variant,
            content: None,
            tag: None,
        })
    }

    /// One of these words.
    fn word(&self, words: &'static [&'static str]) -> Option<&'static str> {
        let text = match self.value.get_ref() {
            DeValue::String(text) => text.as_ref(),
            _ => {
                self.expected(&one_of(words));
                return None;
            }
        };
        let word = words.iter().copied().find(|word| *word == text);
        if word.is_none() {
            let what = format!("expected {}, found {text:?}", one_of(words));
            let meant = nearest(text, words.iter().copied());
            let advice = meant.map(|meant| format!("did you mean {meant:?}?"));
            self.reader
                .note(Fault::new(self.span(), what).advice(advice));
        }
        word
    }
}

/// The keys of a table with their values; those that are missing have none.
struct Entries<'n, 'a, 'i> {
    node: &'n Node<'a, 'i>,
    entries: std::vec::IntoIter<(String, Option<Node<'a, 'i>>)>,
    value: Option<(String, Option<Node<'a, 'i>>)>,
}

impl<'de> MapAccess<'de> for Entries<'_, '_, '_> {
    type Error = Stop;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Stop> {
        let Some(entry) = self.entries.next() else {
            return Ok(None);
        };
        let key: StrDeserializer<'_, Stop> = entry.0.as_str().into_deserializer();
        let key = seed.deserialize(key)?;
        self.value = Some(entry);
        Ok(Some(key))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Stop> {
        match self.value.take() {
            Some((_, Some(node))) => seed.deserialize(node),
            Some((key, None)) => {
                let mut place = self.node.place.clone();
                place.push(Step::Key(key.clone()));
                let told = |at: &[Step], kind: Kind| {
                    if at == place {
                        let span = self.node.span();
                        let span = if self.node.place.is_empty() {
                            0..0
                        } else {
                            span
                        };
                        let fault = Fault::new(span, missing(&key, &place, &kind));
                        self.node.reader.note(fault.missing(&self.node.place, &key));
                    }
                };
                let first = |_: &[Step], _: usize| 0;
                seed.deserialize(StandIn::new(&told, &first, place.clone()))
                    .map_err(|_| Stop::Told)
            }
            None => Err(Stop::Told),
        }
    }
}

/// That a key is missing, in words.
fn missing(key: &str, place: &[Step], kind: &Kind) -> String {
    let table = within(&place[..place.len().saturating_sub(1)]);
    match kind {
        Kind::Table(_) if place.len() == 1 => format!("the section [{key}] is missing"),
        Kind::Choice(words) if words.iter().any(|word| ["number", "one"].contains(word)) => {
            format!("the key `{key}` is missing {table}")
        }
        kind => format!(
            "the key `{key}` is missing {table}: expected {}",
            kind.words()
        ),
    }
}

/// The variant that stands there.
struct Chosen<'a, 'i> {
    variant: &'static str,
    /// What it holds; none for a mere word.
    content: Option<Node<'a, 'i>>,
    tag: Option<&'static str>,
}

impl<'de, 'a, 'i> EnumAccess<'de> for Chosen<'a, 'i> {
    type Error = Stop;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Stop> {
        let name: StrDeserializer<'_, Stop> = self.variant.into_deserializer();
        Ok((seed.deserialize(name)?, self))
    }
}

impl Chosen<'_, '_> {
    fn holds_nothing(&self) -> Stop {
        Stop::Other(format!("{:?} needs a table of its own", self.variant))
    }
}

impl<'de> VariantAccess<'de> for Chosen<'_, '_> {
    type Error = Stop;

    fn unit_variant(self) -> Result<(), Stop> {
        match self.content {
            // Whatever else the table says is not needed, and so not meant.
            Some(node) => node
                .table(Some(&[]), self.tag, serde::de::IgnoredAny)
                .map(|_| ()),
            None => Ok(()),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Stop> {
        match self.content {
            Some(node) => seed.deserialize(node),
            None => Err(self.holds_nothing()),
        }
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Stop> {
        match self.content {
            Some(node) => node.deserialize_tuple(len, visitor),
            None => Err(self.holds_nothing()),
        }
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Stop> {
        match self.content {
            Some(node) => node.table(Some(fields), self.tag, visitor),
            None => Err(self.holds_nothing()),
        }
    }
}
