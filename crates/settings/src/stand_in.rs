//! A value that stands in for one that is missing or wrong, so that the rest can be read; and with
//! which a type is walked.

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use crate::schema::{BY_SHAPE, Kind, Step, TAG};
use crate::stop::Stop;

/// Gives each type what it asks for: 0, an empty text, one element, all keys.
#[derive(Clone)]
pub(crate) struct StandIn<'a> {
    /// Hears what each place asks for.
    told: &'a dyn Fn(&[Step], Kind),
    /// Says which of so many variants a place has.
    choose: &'a dyn Fn(&[Step], usize) -> usize,
    place: Vec<Step>,
}

impl<'a> StandIn<'a> {
    pub(crate) fn new(
        told: &'a dyn Fn(&[Step], Kind),
        choose: &'a dyn Fn(&[Step], usize) -> usize,
        place: Vec<Step>,
    ) -> Self {
        Self {
            told,
            choose,
            place,
        }
    }

    fn tell(&self, kind: Kind) {
        (self.told)(&self.place, kind);
    }

    fn within(&self, step: Step) -> Self {
        let mut place = self.place.clone();
        place.push(step);
        Self {
            place,
            ..self.clone()
        }
    }

    fn table<'de, V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Stop> {
        visitor.visit_map(Entries {
            stand_in: self,
            keys: fields.iter().map(|key| (*key).to_owned()).collect(),
            next: 0,
        })
    }

    fn items<'de, V: Visitor<'de>>(
        self,
        step: Step,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, Stop> {
        visitor.visit_seq(Items {
            stand_in: self.within(step),
            left: len,
        })
    }
}

macro_rules! whole {
    ($($method:ident $visit:ident $type:ty),*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
            self.tell(Kind::Whole { least: <$type>::MIN.into(), most: <$type>::MAX.into() });
            visitor.$visit(0)
        }
    )*};
}

impl<'de> Deserializer<'de> for StandIn<'_> {
    type Error = Stop;

    whole!(
        deserialize_i8 visit_i8 i8, deserialize_i16 visit_i16 i16, deserialize_i32 visit_i32 i32,
        deserialize_i64 visit_i64 i64, deserialize_u8 visit_u8 u8, deserialize_u16 visit_u16 u16,
        deserialize_u32 visit_u32 u32, deserialize_u64 visit_u64 u64
    );

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        self.tell(Kind::Any);
        visitor.visit_unit()
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        self.tell(Kind::YesNo);
        visitor.visit_bool(false)
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        self.tell(Kind::Number);
        visitor.visit_f64(0.0)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        self.tell(Kind::Text);
        visitor.visit_str("")
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
        self.tell(Kind::List);
        self.items(Step::Item, 1, visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Stop> {
        self.tell(Kind::Fixed(len));
        self.items(Step::Of(len), len, visitor)
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
        self.tell(Kind::Names);
        visitor.visit_map(Entries {
            stand_in: self,
            keys: vec!["name".to_owned()],
            next: 0,
        })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Stop> {
        self.tell(Kind::Table(fields.to_vec()));
        self.table(fields, visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Stop> {
        self.tell(Kind::Choice(variants.to_vec()));
        let turn = (self.choose)(&self.place, variants.len());
        let Some(&variant) = variants.get(turn) else {
            return Err(Stop::Told);
        };
        let step = match name.strip_prefix(TAG) {
            Some(tag) => Step::Tagged(tag, variant),
            None if name == BY_SHAPE => Step::Shape(variant),
            None => Step::Variant(variant),
        };
        visitor.visit_enum(Chosen {
            variant,
            content: self.within(step),
        })
    }

    forward_to_deserialize_any! {
        i128 u128 char bytes byte_buf unit unit_struct identifier ignored_any
    }
}

struct Items<'a> {
    stand_in: StandIn<'a>,
    left: usize,
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Stop;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Stop> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        seed.deserialize(self.stand_in.clone()).map(Some)
    }
}

struct Entries<'a> {
    stand_in: StandIn<'a>,
    keys: Vec<String>,
    next: usize,
}

impl<'de> MapAccess<'de> for Entries<'_> {
    type Error = Stop;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Stop> {
        let Some(key) = self.keys.get(self.next) else {
            return Ok(None);
        };
        let key: StrDeserializer<'_, Stop> = key.as_str().into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Stop> {
        let key = self.keys.get(self.next).cloned().unwrap_or_default();
        self.next += 1;
        seed.deserialize(self.stand_in.within(Step::Key(key)))
    }
}

struct Chosen<'a> {
    variant: &'static str,
    content: StandIn<'a>,
}

impl<'de, 'a> EnumAccess<'de> for Chosen<'a> {
    type Error = Stop;
    type Variant = Content<'a>;

    fn variant_seed<V: DeserializeSeed<'de>>(
        self,
        seed: V,
    ) -> Result<(V::Value, Content<'a>), Stop> {
        let name: StrDeserializer<'_, Stop> = self.variant.into_deserializer();
        Ok((seed.deserialize(name)?, Content(self.content)))
    }
}

struct Content<'a>(StandIn<'a>);

impl<'de> VariantAccess<'de> for Content<'_> {
    type Error = Stop;

    fn unit_variant(self) -> Result<(), Stop> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Stop> {
        seed.deserialize(self.0)
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Stop> {
        self.0.deserialize_tuple(len, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Stop> {
        self.0.tell(Kind::Table(fields.to_vec()));
        self.0.table(fields, visitor)
    }
}
