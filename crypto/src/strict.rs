//! One strict reading of JSON, the same as the browser's.
//!
//! Serde refuses unknown and repeated fields, but reads an array as an object and a missing field as null. A text that
//! only one of two readers accepts could say one thing to the post and another to a reporter.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{DeserializeOwned, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use zeroize::Zeroizing;

/// Reads a JSON text as a value, if every object in it is written as one, with every field of its kind.
pub(crate) fn read<T: DeserializeOwned + Serialize>(text: &[u8]) -> Option<T> {
    let value: T = serde_json::from_slice(text).ok()?;
    // Reserved at once, so that reallocation leaves no copy of the plaintext in memory.
    let mut written = Zeroizing::new(Vec::with_capacity(text.len() * 2));
    serde_json::to_writer(&mut *written, &value).ok()?;
    let same = serde_json::from_slice::<Shape>(text).ok()? == serde_json::from_slice::<Shape>(&written).ok()?;
    same.then_some(value)
}

/// What kinds of values a JSON text has, and under which names; not the values, so that no copy of them is made.
#[derive(PartialEq)]
enum Shape {
    Null,
    Bool,
    Number,
    Text,
    Array(Vec<Self>),
    Object(BTreeMap<String, Self>),
}

impl<'de> Deserialize<'de> for Shape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ShapeVisitor)
    }
}

struct ShapeVisitor;

impl<'de> Visitor<'de> for ShapeVisitor {
    type Value = Shape;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Shape, E> {
        Ok(Shape::Null)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Shape, E> {
        Ok(Shape::Bool)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Shape, E> {
        Ok(Shape::Number)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Shape, E> {
        Ok(Shape::Number)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Shape, E> {
        Ok(Shape::Number)
    }

    fn visit_str<E>(self, _: &str) -> Result<Shape, E> {
        Ok(Shape::Text)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Shape, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = array.next_element()? {
            values.push(value);
        }
        Ok(Shape::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Shape, A::Error> {
        let mut fields = BTreeMap::new();
        while let Some((name, value)) = object.next_entry()? {
            fields.insert(name, value);
        }
        Ok(Shape::Object(fields))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        text: String,
        day: Option<String>,
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
    enum Outer {
        Many { all: Vec<Inner>, on: bool, number: u32 },
        None {},
    }

    #[test]
    fn order_and_spaces_are_free_and_nothing_else_is() {
        let sound = r#"{ "number": 1, "on": true, "kind": "many", "all": [{"day": null, "text": "水"}]}"#;
        let inner = Inner { text: "水".to_owned(), day: None };
        assert_eq!(read(sound.as_bytes()), Some(Outer::Many { all: vec![inner], on: true, number: 1 }));
        assert_eq!(read(br#"{"kind":"none"}"#), Some(Outer::None {}));
        for wrong in [
            r#"{"kind":"many","all":[["水",null]],"on":true,"number":1}"#,
            r#"["many",[],true,1]"#,
            r#"{"kind":"many","all":[{"text":"水"}],"on":true,"number":1}"#,
            r#"{"kind":"many","all":[],"on":true,"number":1,"more":1}"#,
            r#"{"kind":"many","all":[],"on":true,"number":1,"number":1}"#,
            r#"{"kind":"many","all":[],"on":true,"number":1.0}"#,
            r#"{"kind":"many","kind":"none"}"#,
            r#"{"kind":"none"} x"#,
        ] {
            assert_eq!(read::<Outer>(wrong.as_bytes()), None, "{wrong}");
        }
    }
}
