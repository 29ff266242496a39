//! Copies of a captured letter that come through other mailboxes.

use crypto::letters::letter::Body;
use crypto::letters::visit::Visit;
use crypto::slots::slot::Slot;
use kit::installation::{Database, Installation};
use kit::program::Running;
use kit::reporters::{report, reporter, visit};
use kit::requests::{agent, send};

fn post(portal: &Running, request: &[u8]) -> Vec<u8> {
    let answer = send(&agent(), "POST", &format!("{}/api/visits", portal.address), request).expect("answered");
    assert_eq!(answer.status, 200);
    answer.body
}

/// H1 of the review: a letter was known by its digest alone, so that a copy took its place.
#[test]
fn fifty_copies_ahead_of_a_letter_do_not_stand_in_its_way() {
    for in_an_earlier_exchange in [false, true] {
        let installation = Installation::new(Database::Sqlite);
        let (portal, _recorder) = (installation.portal(), installation.recorder());
        let (honest, keys) = (reporter(), installation.keys());
        let sealed = visit(&honest, report("what happened"), &keys);
        let letter = Visit::parse(&sealed.request).expect("a visit").letter.to_vec();
        for _ in 0..50 {
            let other = visit(&reporter(), Body::Cover {}, &keys).request;
            let parsed = Visit::parse(&other).expect("a visit");
            post(&portal, &Visit { letter: &letter, ..parsed }.to_bytes());
        }
        if in_an_earlier_exchange {
            let said = installation.exchange(Some("zhou")).expect("exchanged");
            assert!(said.starts_with("0 letters taken in, 50 put aside"), "{said}");
        }
        post(&portal, &sealed.request);
        installation.exchange(Some("zhou")).expect("exchanged");
        let collected = installation.collected();
        assert_eq!(
            collected.iter().map(|letter| (letter.digest, letter.sequence)).collect::<Vec<_>>(),
            [(sealed.digest, 1)]
        );
        assert!(installation.register().unreadable(1).expect("asked").is_empty(), "the copies left nothing");
        let answer = post(&portal, &visit(&honest, Body::Cover {}, &keys).request);
        let Slot::Post(slot) = honest.read_slot(&answer, &keys).expect("a slot") else { panic!("the post's") };
        assert_eq!(slot.received.iter().map(|listed| listed.letter).collect::<Vec<_>>(), [collected[0].id]);
    }
}
