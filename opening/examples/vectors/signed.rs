//! Signed JSON whose text was changed before it was signed.

use std::error::Error;

use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};

/// Signs a text under a context, whatever it says.
pub(crate) fn signed(text: &str, context: &str, key: &SigningKey) -> Value {
    let signature = key.sign(format!("{context}\n{text}").as_bytes());
    json!({ "content": text, "signature": hex::encode(signature.to_bytes()) })
}

/// A sound value with another one in the place that a JSON pointer names, which must exist.
pub(crate) fn changed(sound: &Value, place: &str, other: Value) -> Result<Value, Box<dyn Error>> {
    let mut value = sound.clone();
    *value.pointer_mut(place).ok_or_else(|| format!("nothing at {place}"))? = other;
    Ok(value)
}

/// A sound object with a field more (or another value of it), within the object that a JSON pointer names.
pub(crate) fn with_field(sound: &Value, object: &str, field: &str, other: Value) -> Result<Value, Box<dyn Error>> {
    let mut value = sound.clone();
    let place = value.pointer_mut(object).and_then(Value::as_object_mut);
    place.ok_or_else(|| format!("no object at {object}"))?.insert(field.to_owned(), other);
    Ok(value)
}

/// A sound object without one of its fields, within the object that a JSON pointer names.
pub(crate) fn without_field(sound: &Value, object: &str, field: &str) -> Result<Value, Box<dyn Error>> {
    let mut value = sound.clone();
    let place = value.pointer_mut(object).and_then(Value::as_object_mut);
    let left_out = place.and_then(|fields| fields.remove(field));
    left_out.map(|_| value).ok_or_else(|| format!("no {field} at {object}").into())
}

/// A text with one part replaced, which must occur exactly once.
pub(crate) fn replaced(text: &str, part: &str, other: &str) -> Result<String, Box<dyn Error>> {
    match text.matches(part).count() {
        1 if part != other => Ok(text.replace(part, other)),
        count => Err(format!("{part} occurs {count} times").into()),
    }
}
