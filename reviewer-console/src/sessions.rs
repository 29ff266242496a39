//! Sessions: in memory only. A session holds the account's keys; ending it drops them, and the
//! allocator wipes what is dropped.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use model::{LetterDigest, Role};
use recorder_protocol::Person;
use register::Account;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use crate::opened::Opened;
use crate::people::Keys;
use crate::site::Door;

/// Open sessions at once: a post has few people, and each session costs memory.
const MOST: usize = 64;

/// Open sessions of one account.
const EACH: usize = 4;

/// What a session knows. Shared by the requests that run in it; no `Debug`.
pub(crate) struct Session {
    pub(crate) account: String,
    pub(crate) roles: Vec<Role>,
    /// The unit whose cases a case-unit account sees.
    pub(crate) unit: Option<String>,
    /// The listener that it was opened through; it is good for no other.
    pub(crate) door: Door,
    pub(crate) keys: Keys,
    /// Whether the password must be changed before anything else.
    pub(crate) must_change: bool,
    /// What was opened in this session, for its list and search.
    pub(crate) opened: Mutex<HashMap<LetterDigest, Opened>>,
    /// Numbers of forms that were sent.
    sent: Mutex<HashSet<[u8; 32]>>,
    csrf: Zeroizing<String>,
}

impl Session {
    /// A session for one command, which ends with it.
    pub(crate) fn for_command(who: &Account, keys: Keys) -> Result<Self, Full> {
        Ok(Self { must_change: false, ..Self::of(who, Door::Post, keys)? })
    }

    fn of(who: &Account, door: Door, keys: Keys) -> Result<Self, Full> {
        Ok(Self {
            account: who.name.clone(),
            roles: who.roles.clone(),
            unit: who.unit.clone(),
            door,
            keys,
            must_change: who.must_change,
            opened: Mutex::default(),
            sent: Mutex::default(),
            csrf: random_token()?,
        })
    }

    /// The account acting in one of its roles.
    pub(crate) fn person(&self, role: Role) -> Person<'_> {
        Person { account: &self.account, role, key: &self.keys.signing }
    }

    /// The token that every form of this session carries.
    pub(crate) fn csrf(&self) -> &str {
        &self.csrf
    }

    /// Compares in constant time.
    pub(crate) fn is_csrf(&self, token: &str) -> bool {
        self.csrf.as_bytes().ct_eq(token.as_bytes()).into()
    }

    /// Whether no form of this number was sent before; from now on one was.
    pub(crate) fn is_first(&self, number: &str) -> bool {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).insert(Sha256::digest(number).into())
    }

    pub(crate) fn opened(&self) -> MutexGuard<'_, HashMap<LetterDigest, Opened>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Kept {
    session: Arc<Session>,
    started: Instant,
    used: Instant,
}

/// Why there is no session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoSession {
    /// None was named, or it ended long ago.
    Unknown,
    /// It ended just now: too long without a request, or at its absolute limit.
    Ended,
}

/// All sessions, by the hash of their token: looking one up tells nothing of the token by time.
pub(crate) struct Sessions {
    kept: Mutex<HashMap<[u8; 32], Kept>>,
    idle: Duration,
    longest: Duration,
}

/// There are too many sessions, or no random bytes.
#[derive(Debug, thiserror::Error)]
#[error("no further session can be opened")]
pub(crate) struct Full;

impl Sessions {
    pub(crate) fn new(idle: Duration, longest: Duration) -> Self {
        Self { kept: Mutex::default(), idle, longest }
    }

    /// Opens a session; gives the token for its cookie. Earlier sessions of the account go on:
    /// people have two desks.
    pub(crate) fn open(
        &self,
        who: &Account,
        door: Door,
        keys: Keys,
        now: Instant,
    ) -> Result<(Zeroizing<String>, Arc<Session>), Full> {
        let (token, session) = (random_token()?, Arc::new(Session::of(who, door, keys)?));
        let mut kept = self.kept();
        // One account cannot fill the house: its oldest session makes room for its newest.
        let ours = kept.iter().filter(|(_, one)| one.session.account == who.name);
        let oldest = ours.clone().min_by_key(|(_, one)| one.started).map(|(token, _)| *token);
        if ours.count() >= EACH
            && let Some(oldest) = oldest
        {
            kept.remove(&oldest);
        }
        // Each door has its own number: the case units' must not fill the post's.
        if kept.values().filter(|one| one.session.door == door).count() >= MOST {
            return Err(Full);
        }
        kept.insert(hash(&token), Kept { session: Arc::clone(&session), started: now, used: now });
        Ok((token, session))
    }

    /// The session of a token that came through a door; using it keeps it awake.
    pub(crate) fn find(&self, token: &str, door: Door, now: Instant) -> Result<Arc<Session>, NoSession> {
        let mut kept = self.kept();
        let found = kept.get_mut(&hash(token)).filter(|one| one.session.door == door).ok_or(NoSession::Unknown)?;
        if self.is_over(found, now) {
            return Err(NoSession::Ended);
        }
        found.used = now;
        Ok(Arc::clone(&found.session))
    }

    /// Ends the session of a token; gives whose it was.
    pub(crate) fn end(&self, token: &str) -> Option<String> {
        self.kept().remove(&hash(token)).map(|ended| ended.session.account.clone())
    }

    /// Ends all sessions of an account.
    pub(crate) fn end_all_of(&self, account: &str) {
        self.kept().retain(|_, kept| kept.session.account != account);
    }

    /// Ends the sessions whose time is over; gives whose they were.
    pub(crate) fn end_over(&self, now: Instant) -> Vec<String> {
        let mut kept = self.kept();
        let over: Vec<[u8; 32]> =
            kept.iter().filter(|(_, one)| self.is_over(one, now)).map(|(token, _)| *token).collect();
        over.iter().filter_map(|token| kept.remove(token)).map(|ended| ended.session.account.clone()).collect()
    }

    /// Ends all sessions: the console is shutting down.
    pub(crate) fn end_all(&self) {
        self.kept().clear();
    }

    /// A session of an officer who holds the post's keys, for what runs by the clock. It does not
    /// keep the session awake.
    pub(crate) fn any_officer(&self, now: Instant) -> Option<Arc<Session>> {
        let kept = self.kept();
        let usable = |one: &&Kept| {
            let session = &one.session;
            let officer = session.roles.contains(&Role::Officer) && session.keys.post.is_some();
            officer && !session.must_change && !self.is_over(one, now)
        };
        kept.values().find(usable).map(|one| Arc::clone(&one.session))
    }

    /// Seconds without a request after which a session ends.
    pub(crate) fn idle_seconds(&self) -> u64 {
        self.idle.as_secs()
    }

    fn is_over(&self, kept: &Kept, now: Instant) -> bool {
        now.duration_since(kept.used) >= self.idle || now.duration_since(kept.started) >= self.longest
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<[u8; 32], Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

/// 256 random bits in hexadecimal.
fn random_token() -> Result<Zeroizing<String>, Full> {
    let mut bytes = Zeroizing::new([0; 32]);
    getrandom::fill(bytes.as_mut_slice()).map_err(|_| Full)?;
    Ok(Zeroizing::new(hex::encode(*bytes)))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use ed25519_dalek::SigningKey;

    pub(crate) fn keys() -> Keys {
        Keys { signing: SigningKey::from_bytes(&[1; 32]), post: None }
    }

    /// An account as the register would give it.
    pub(crate) fn account(name: &str, roles: &[Role], must_change: bool) -> Account {
        Account {
            name: name.to_owned(),
            roles: roles.to_vec(),
            salt: [0; 16],
            verifier: [0; 32],
            recipient: String::new(),
            verify_with: String::new(),
            sealed_key: Vec::new(),
            post_keys: None,
            bound: String::new(),
            must_change,
            closed: false,
            unit: roles.contains(&Role::CaseUnit).then(|| "unit".to_owned()),
        }
    }

    fn sessions() -> Sessions {
        Sessions::new(Duration::from_mins(1), Duration::from_mins(10))
    }

    #[test]
    fn a_session_ends_when_nobody_uses_it_and_at_its_limit() {
        let (sessions, start) = (sessions(), Instant::now());
        let (token, _) =
            sessions.open(&account("zhou", &[Role::Officer], false), Door::Post, keys(), start).expect("opened");
        let at = |seconds| start + Duration::from_secs(seconds);
        for minute in (0..550).step_by(50) {
            assert!(sessions.find(&token, Door::Post, at(minute)).is_ok(), "used every fifty seconds");
        }
        assert_eq!(sessions.find(&token, Door::Post, at(600)).err(), Some(NoSession::Ended), "the absolute limit");
        assert_eq!(sessions.end_over(at(600)), ["zhou"]);
        assert_eq!(sessions.find(&token, Door::Post, at(600)).err(), Some(NoSession::Unknown));
        let (token, _) = sessions.open(&account("zhou", &[], false), Door::Post, keys(), start).expect("opened");
        assert_eq!(sessions.find(&token, Door::Post, at(60)).err(), Some(NoSession::Ended), "the idle limit");
    }

    #[test]
    fn ending_a_session_ends_that_one_or_all_of_an_account() {
        let (sessions, now) = (sessions(), Instant::now());
        let open = |name| sessions.open(&account(name, &[], false), Door::Post, keys(), now).expect("opened").0;
        let (one, two, other) = (open("zhou"), open("zhou"), open("wu"));
        assert_eq!(sessions.end(&one), Some("zhou".to_owned()));
        assert!(sessions.find(&one, Door::Post, now).is_err() && sessions.find(&two, Door::Post, now).is_ok());
        sessions.end_all_of("zhou");
        assert_eq!(sessions.find(&other, Door::Cases, now).err(), Some(NoSession::Unknown), "another door");
        assert!(sessions.find(&two, Door::Post, now).is_err() && sessions.find(&other, Door::Post, now).is_ok());
        sessions.end_all();
        assert!(sessions.find(&other, Door::Post, now).is_err());
    }

    #[test]
    fn tokens_of_forms_are_compared_whole() {
        let (_, session) =
            sessions().open(&account("zhou", &[], false), Door::Post, keys(), Instant::now()).expect("opened");
        assert!(session.is_csrf(session.csrf()));
        for wrong in ["", &session.csrf()[1..], &"0".repeat(64)] {
            assert!(!session.is_csrf(wrong));
        }
    }
}
