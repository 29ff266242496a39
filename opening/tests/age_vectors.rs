//! The C2SP vectors of age's hybrid type, opened by `HybridIdentity`.

use std::fs;
use std::io::Read as _;

use opening::HybridIdentity;

/// Valid for age in general; refused here, because a second stanza lets a second key open the file.
const MORE_THAN_ONE_STANZA: [&str; 3] = ["hybrid_and_x25519", "hybrid_grease", "hybrid_multiple_recipients"];

#[test]
fn c2sp_vectors_of_the_hybrid_type() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../vectors/age");
    let mut seen = 0;
    for entry in fs::read_dir(folder).expect("the vectors") {
        let entry = entry.expect("an entry");
        let name = entry.file_name().into_string().expect("a plain name");
        let bytes = fs::read(entry.path()).expect("a vector");
        let split = bytes.windows(2).position(|w| w == b"\n\n").expect("a header");
        let header = std::str::from_utf8(&bytes[..split]).expect("text");
        let field = |label: &str| header.lines().find_map(|line| line.strip_prefix(label)?.strip_prefix(": "));
        let opened: Vec<bool> = header
            .lines()
            .filter_map(|line| line.strip_prefix("identity: AGE-SECRET-KEY-PQ-"))
            .map(|identity| {
                let identity = HybridIdentity::parse(&format!("AGE-SECRET-KEY-PQ-{identity}")).expect("an identity");
                let mut plain = Vec::new();
                identity.open_stream(&bytes[split + 2..]).is_ok_and(|mut stream| stream.read_to_end(&mut plain).is_ok())
            })
            .collect();
        let expected = field("expect") == Some("success") && !MORE_THAN_ONE_STANZA.contains(&name.as_str());
        assert_eq!(opened.contains(&true), expected, "{name}");
        seen += 1;
    }
    assert_eq!(seen, 18, "every hybrid vector was tried");
}
