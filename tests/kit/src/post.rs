//! Opens letters and enclosures from the letterbox as the post would, with keys that no portal has.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::PathBuf;

use crypto::letters::letter::Letter;
use crypto::sealing::enclosure::EnclosureSize;
use letterbox::WaitingLetter;
use model::LetterDigest;
use opening::HybridIdentity;
use opening::letter::{open_inner, open_outer};

use crate::installation::Installation;

/// Every letter in the letterbox, opened, by its digest.
#[must_use]
pub fn opened(installation: &Installation) -> BTreeMap<LetterDigest, Letter> {
    let (recorder, post) = (installation.outer_key(), installation.post_keys().post);
    let open = |stored: WaitingLetter| {
        let (header, inner) = open_outer(&recorder, &stored.sealed).expect("the outer layer");
        (stored.digest, open_inner(&post, &header, &inner).expect("the inner layer"))
    };
    installation.uncollected().into_iter().map(open).collect()
}

/// The files of a letter's enclosure, by name; it must be the only one at the portal.
#[must_use]
pub fn enclosed(installation: &Installation, letter: &Letter) -> BTreeMap<String, Vec<u8>> {
    let folders = fs::read_dir(installation.at("portal/enclosures")).expect("a folder");
    let folders = folders.map(|folder| folder.expect("an enclosure").path());
    let folders: Vec<PathBuf> = folders.filter(|folder| !folder.ends_with("incoming")).collect();
    assert_eq!(folders.len(), 1, "{folders:?}");
    let seed = letter.enclosure.as_ref().expect("an enclosure");
    let parts = u32::try_from(fs::read_dir(&folders[0]).expect("parts").count()).expect("few");
    let mut sealed = Vec::new();
    for number in 0..parts {
        sealed.extend(fs::read(folders[0].join(number.to_string())).expect("a part"));
    }
    assert!(EnclosureSize::all().any(|size| size.sealed() == sealed.len()), "a whole one");
    let mut plain = Vec::new();
    HybridIdentity::from_seed(seed.expose())
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
