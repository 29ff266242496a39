//! Similarity of two reports, or of a report and a case: the same party, the same place, about the same time. It only
//! suggests that they are one matter; an officer decides.

use human_text::plain;
use model::{Day, codes};

use crate::signed_entry::LINE;

/// Most days between two matters of about the same time.
const PERIOD: u32 = 90;
/// Characters in a row that two addresses must share to be one place.
const PLACE: usize = 4;

codes!(
    /// A feature in which two matters agree.
    Similarity {
        /// The names of the parties agree.
        Party = "party",
        /// The township and a part of the address agree.
        Place = "place",
        /// The days are at most 90 apart.
        Period = "period",
    }
);

/// The features of a matter that are compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Particulars {
    /// Name of the party.
    pub party: String,
    /// Address of the place; may be empty.
    pub address: String,
    /// Township or subdistrict; may be empty.
    pub town: String,
    /// The day on which it came or was found.
    pub on: Day,
}

/// The features in which two matters agree; `None` if these are too few to suggest one matter. The party alone is
/// enough, the place only together with the time.
#[must_use]
pub fn similarities(one: &Particulars, other: &Particulars) -> Option<Vec<Similarity>> {
    let party = same_party(&one.party, &other.party);
    let place = same_place(one, other);
    let period = one.on.days_since(other.on).unsigned_abs() <= PERIOD;
    let found = [(party, Similarity::Party), (place, Similarity::Place), (period, Similarity::Period)];
    let found = found.into_iter().filter(|(holds, _)| *holds).map(|(_, similarity)| similarity).collect();
    (party || (place && period)).then_some(found)
}

fn same_party(one: &str, other: &str) -> bool {
    let (one, other) = (core(one), core(other));
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    short.chars().count() >= 2 && long.contains(&short)
}

/// A party's name without place names and company suffixes.
fn core(name: &str) -> String {
    let mut core: String = plain(name).chars().filter(|c| c.is_alphanumeric()).take(LINE).collect();
    for generic in ["浙江", "台州", "天台", "县", "市", "有限责任公司", "股份有限公司", "有限公司", "公司", "厂"]
    {
        core = core.replace(generic, "");
    }
    core
}

fn same_place(one: &Particulars, other: &Particulars) -> bool {
    // Only the length of one line is compared; a longer address was written to make this slow.
    let flat = |text: &str| plain(text).chars().filter(|c| c.is_alphanumeric()).take(LINE).collect::<Vec<char>>();
    let (here, there) = (flat(&one.address), flat(&other.address));
    let shares = here.windows(PLACE).any(|piece| there.windows(PLACE).any(|other| piece == other));
    !one.town.is_empty() && one.town == other.town && shares
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(party: &str, address: &str, town: &str, on: &str) -> Particulars {
        let (party, address, town) = (party.to_owned(), address.to_owned(), town.to_owned());
        Particulars { party, address, town, on: on.parse().expect("a day") }
    }

    #[test]
    fn two_are_suggested_by_party_or_by_place_and_time() {
        let one = told("天台县东溪印染有限公司", "平桥镇西张村溪边 12 号", "平桥镇", "2026-11-20");
        let all = Some(vec![Similarity::Party, Similarity::Place, Similarity::Period]);
        assert_eq!(similarities(&one, &told("东溪印染厂", "西张村溪边", "平桥镇", "2026-09-01")), all);
        let party = told("东溪印染", "", "", "2024-01-01");
        assert_eq!(similarities(&one, &party), Some(vec![Similarity::Party]));
        let place = told("不知道哪家", "西张村溪边桥下", "平桥镇", "2026-11-01");
        assert_eq!(similarities(&one, &place), Some(vec![Similarity::Place, Similarity::Period]));
        assert_eq!(similarities(&place, &one), similarities(&one, &place));
        for other in [
            told("不知道哪家", "西张村溪边桥下", "平桥镇", "2025-11-01"),
            told("不知道哪家", "西张村溪边桥下", "白鹤镇", "2026-11-01"),
            told("", "", "平桥镇", "2026-11-20"),
            told("厂", "", "平桥镇", "2026-11-20"),
        ] {
            assert_eq!(similarities(&one, &other), None, "{other:?}");
        }
    }
}
