//! Opens letters and enclosures from the letterbox as the post would, with keys that no portal has.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;

use crypto::letters::letter::Letter;
use database::Readers;
use diesel::sql_types::{BigInt, Binary, Bool};
use diesel::{QueryableByName, RunQueryDsl as _};
use model::LetterDigest;
use opening::HybridIdentity;
use opening::letter::{open_inner, open_outer};

use crate::installation::Installation;

/// A letter's row in the letterbox.
#[derive(QueryableByName)]
struct Stored {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Binary)]
    sealed: Vec<u8>,
}

#[derive(QueryableByName)]
struct StoredEnclosure {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Bool)]
    complete: bool,
}

/// Every letter in the letterbox, opened, by its digest in hexadecimal, with its row.
#[must_use]
pub fn opened(installation: &Installation) -> BTreeMap<String, (Letter, i64)> {
    let (recorder, post) = (installation.outer_key(), installation.post_keys().post);
    let stored: Vec<Stored> = Readers::of(installation.letterbox())
        .read(|connection| diesel::sql_query("SELECT id, sealed FROM letters").load(connection))
        .expect("letters");
    let open = |stored: Stored| {
        let (header, inner) = open_outer(&recorder, &stored.sealed).expect("the outer layer");
        let letter = open_inner(&post, &header, &inner).expect("the inner layer");
        (LetterDigest::of(&stored.sealed).to_hex(), (letter, stored.id))
    };
    stored.into_iter().map(open).collect()
}

/// The files of a letter's enclosure, by name; `row` is the letter's row.
#[must_use]
pub fn enclosed(installation: &Installation, letter: &Letter, row: i64) -> BTreeMap<String, Vec<u8>> {
    let rows: Vec<StoredEnclosure> = Readers::of(installation.letterbox())
        .read(|c| diesel::sql_query(format!("SELECT id, complete FROM enclosures WHERE letter = {row}")).load(c))
        .expect("an enclosure");
    assert!(rows[0].complete);
    let key = letter.enclosure.as_ref().expect("an enclosure");
    let mut sealed = Vec::new();
    for number in 0..key.size.parts() {
        let part = installation.at("portal/enclosures").join(format!("{:016x}/{number}", rows[0].id));
        sealed.extend(fs::read(part).expect("a part"));
    }
    let mut seed = [0; 32];
    hex::decode_to_slice(&key.seed, &mut seed).expect("hex");
    let mut plain = Vec::new();
    HybridIdentity::from_seed(&seed)
        .open_stream(sealed.as_slice())
        .expect("opens")
        .read_to_end(&mut plain)
        .expect("whole");
    let mut archive = tar::Archive::new(plain.as_slice());
    let entries = archive.entries().expect("a tar archive").map(|entry| {
        let mut entry = entry.expect("an entry");
        let name = entry.path().expect("a name").to_str().expect("UTF-8").to_owned();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).expect("content");
        (name, content)
    });
    entries.collect()
}
