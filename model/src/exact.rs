//! Whole numbers as JSON holds them: never negative, and never so large that a reader would round them.

use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize as _, Deserializer, Serializer};
use serde_with::{DeserializeAs, SerializeAs};

/// A whole number from 0 to 2^53 - 1, for `#[serde_as(as = "Exact")]`. Other numbers are neither written nor read:
/// JavaScript would round larger ones, and no amount or count of ours is negative.
pub struct Exact;

impl Exact {
    /// The largest whole number that every reader of JSON keeps exactly.
    pub const MOST: u64 = (1 << 53) - 1;
}

const REFUSED: &str = "a whole number from 0 to 9007199254740991";

impl SerializeAs<u64> for Exact {
    fn serialize_as<S: Serializer>(number: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        if *number > Self::MOST { Err(S::Error::custom(REFUSED)) } else { serializer.serialize_u64(*number) }
    }
}

impl<'de> DeserializeAs<'de, u64> for Exact {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        let number = u64::deserialize(deserializer)?;
        if number > Self::MOST { Err(D::Error::custom(REFUSED)) } else { Ok(number) }
    }
}

impl SerializeAs<i64> for Exact {
    fn serialize_as<S: Serializer>(number: &i64, serializer: S) -> Result<S::Ok, S::Error> {
        let number = u64::try_from(*number).map_err(|_| S::Error::custom(REFUSED))?;
        <Self as SerializeAs<u64>>::serialize_as(&number, serializer)
    }
}

impl<'de> DeserializeAs<'de, i64> for Exact {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
        let number = <Self as DeserializeAs<u64>>::deserialize_as(deserializer)?;
        i64::try_from(number).map_err(|_| D::Error::custom(REFUSED))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::{Deserialize, Serialize};
    use serde_with::serde_as;

    #[serde_as]
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Amounts {
        #[serde_as(as = "Exact")]
        count: u64,
        #[serde_as(as = "Vec<Exact>")]
        fen: Vec<i64>,
    }

    #[test]
    fn what_another_reader_would_round_is_neither_written_nor_read() {
        let sound = Amounts { count: Exact::MOST, fen: vec![0, 9_007_199_254_740_991] };
        let text = serde_json::to_string(&sound).expect("written");
        assert_eq!(serde_json::from_str::<Amounts>(&text).expect("read"), sound);
        for wrong in ["-1", "-0", "1.0", "1e3", "9007199254740992", "\"1\"", "null"] {
            let text = format!(r#"{{"count":0,"fen":[{wrong}]}}"#);
            assert!(serde_json::from_str::<Amounts>(&text).is_err(), "{wrong}");
            let text = format!(r#"{{"count":{wrong},"fen":[]}}"#);
            assert!(serde_json::from_str::<Amounts>(&text).is_err(), "{wrong}");
        }
        for (count, fen) in [(Exact::MOST + 1, 0), (0, -1), (0, 9_007_199_254_740_992)] {
            assert!(serde_json::to_string(&Amounts { count, fen: vec![fen] }).is_err());
        }
    }
}
