//! Sessions, in memory only. A session holds the account's keys; ending it drops them, and the allocator wipes freed
//! memory.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crypto::keys::signature::VerificationKey;
use model::{LetterDigest, Role};
use opening::PostKeys;
use recorder_protocol::Requester;
use register::Account;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use crate::accounts::account_keys::AccountKeys;
use crate::accounts::audience::Audience;
use crate::error::ConsoleError;
use crate::reports::opened_letter::OpenedLetter;

/// Open sessions of one audience at most: a post has few people, and each session costs memory.
const MOST: usize = 64;

/// Open sessions of one account at most.
const EACH: usize = 4;

/// A signed-in account with its keys and the letters that it opened. Shared by the requests of the session; no `Debug`.
pub struct Session {
    /// Name of the account that signed in.
    pub account: String,
    /// Roles that the account may act in.
    pub roles: Vec<Role>,
    /// The unit whose cases a case-unit account sees.
    pub unit: Option<String>,
    /// The audience of the listener that opened the session; no other listener accepts it.
    pub audience: Audience,
    pub(crate) keys: AccountKeys,
    /// Whether the password must be changed before anything else.
    pub must_change: bool,
    /// Letters that were opened in this session, for its list and search.
    opened: Mutex<HashMap<LetterDigest, OpenedLetter>>,
    /// SHA-256 of the numbers of forms that were submitted.
    sent: Mutex<HashSet<[u8; 32]>>,
    csrf: Zeroizing<String>,
}

impl Session {
    /// A session for one command; it ends with the command.
    pub(crate) fn for_command(who: &Account, keys: AccountKeys) -> Result<Self, NoRoomForSession> {
        Ok(Self { must_change: false, ..Self::of(who, Audience::Post, keys)? })
    }

    fn of(who: &Account, audience: Audience, keys: AccountKeys) -> Result<Self, NoRoomForSession> {
        Ok(Self {
            account: who.name.clone(),
            roles: who.roles.clone(),
            unit: who.unit.clone(),
            audience,
            keys,
            must_change: who.must_change,
            opened: Mutex::default(),
            sent: Mutex::default(),
            csrf: random_token()?,
        })
    }

    /// The post's keys; [`ConsoleError::NoPostKeys`] if they were not granted to this account.
    pub(crate) fn post_keys(&self) -> Result<&PostKeys, ConsoleError> {
        self.keys.post.as_ref().ok_or(ConsoleError::NoPostKeys)
    }

    /// Whether this session can open letters.
    #[must_use]
    pub fn has_post_keys(&self) -> bool {
        self.keys.post.is_some()
    }

    /// The account's verification key, as the text that an auditor compares.
    #[must_use]
    pub fn verification_key(&self) -> String {
        String::from(VerificationKey::of(&self.keys.signing))
    }

    /// The account as a requester at the recorder, in one of its roles.
    pub(crate) fn person(&self, role: Role) -> Requester<'_> {
        Requester { account: &self.account, role, key: &self.keys.signing }
    }

    /// The token that every form of this session carries.
    #[must_use]
    pub fn csrf(&self) -> &str {
        &self.csrf
    }

    /// Whether this is the token of the session's forms. Compares in constant time.
    #[must_use]
    pub fn is_csrf(&self, token: &str) -> bool {
        self.csrf.as_bytes().ct_eq(token.as_bytes()).into()
    }

    /// Whether no form of this number was submitted before. Marks the number as submitted.
    pub fn is_first(&self, number: &str) -> bool {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).insert(Sha256::digest(number).into())
    }

    /// Letters that were opened in this session, by digest.
    pub(crate) fn opened(&self) -> MutexGuard<'_, HashMap<LetterDigest, OpenedLetter>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct HeldSession {
    session: Arc<Session>,
    started: Instant,
    used: Instant,
}

/// Why a token gives no session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoSession {
    /// No session at this listener has this token: there was none, or it ended some time ago.
    Unknown,
    /// The session has just ended: too long without a request, or at its absolute limit.
    Ended,
}

/// All sessions, by the hash of their token, so that the time of a look-up reveals nothing of the token.
pub struct Sessions {
    held: Mutex<HashMap<[u8; 32], HeldSession>>,
    idle: Duration,
    longest: Duration,
}

/// There are too many sessions, or the system gave no random bytes.
#[derive(Debug, thiserror::Error)]
#[error("no further session can be opened")]
pub struct NoRoomForSession;

impl Sessions {
    pub(crate) fn new(idle: Duration, longest: Duration) -> Self {
        Self { held: Mutex::default(), idle, longest }
    }

    /// Opens a session and returns the token for its cookie. Earlier sessions of the account stay open, since people
    /// have two desks.
    pub(crate) fn open(
        &self,
        who: &Account,
        audience: Audience,
        keys: AccountKeys,
        now: Instant,
    ) -> Result<(Zeroizing<String>, Arc<Session>), NoRoomForSession> {
        let (token, session) = (random_token()?, Arc::new(Session::of(who, audience, keys)?));
        let mut held = self.held();
        // At four sessions the account loses its oldest, so that one account cannot use up all sessions.
        let ours = held.iter().filter(|(_, one)| one.session.account == who.name);
        let oldest = ours.clone().min_by_key(|(_, one)| one.started).map(|(token, _)| *token);
        if ours.count() >= EACH
            && let Some(oldest) = oldest
        {
            held.remove(&oldest);
        }
        // Counted for each audience, so that case units cannot use up the post's sessions.
        if held.values().filter(|one| one.session.audience == audience).count() >= MOST {
            return Err(NoRoomForSession);
        }
        held.insert(hash(&token), HeldSession { session: Arc::clone(&session), started: now, used: now });
        Ok((token, session))
    }

    /// The session of a token that was received at a listener. Its idle time starts again.
    pub fn find(&self, token: &str, audience: Audience, now: Instant) -> Result<Arc<Session>, NoSession> {
        let mut held = self.held();
        let found =
            held.get_mut(&hash(token)).filter(|one| one.session.audience == audience).ok_or(NoSession::Unknown)?;
        if self.is_over(found, now) {
            return Err(NoSession::Ended);
        }
        found.used = now;
        Ok(Arc::clone(&found.session))
    }

    /// Whether a session is still open, for work that must end with it. Does not extend its idle time.
    #[must_use]
    pub fn holds(&self, session: &Arc<Session>, now: Instant) -> bool {
        self.held().values().any(|held| Arc::ptr_eq(&held.session, session) && !self.is_over(held, now))
    }

    /// Ends the session of a token; returns the name of its account.
    pub fn end(&self, token: &str) -> Option<String> {
        self.held().remove(&hash(token)).map(|ended| ended.session.account.clone())
    }

    /// Ends all sessions of an account.
    pub(crate) fn end_all_of(&self, account: &str) {
        self.held().retain(|_, held| held.session.account != account);
    }

    /// Ends the sessions that exceed a time limit; returns the names of their accounts.
    pub fn end_over(&self, now: Instant) -> Vec<String> {
        let mut held = self.held();
        let over: Vec<[u8; 32]> =
            held.iter().filter(|(_, one)| self.is_over(one, now)).map(|(token, _)| *token).collect();
        over.iter().filter_map(|token| held.remove(token)).map(|ended| ended.session.account.clone()).collect()
    }

    /// Ends all sessions, when the console shuts down.
    pub fn end_all(&self) {
        self.held().clear();
    }

    /// A session of an officer who holds the post's keys, for scheduled work. Does not extend the session's idle time.
    #[must_use]
    pub fn any_officer(&self, now: Instant) -> Option<Arc<Session>> {
        let held = self.held();
        let usable = |one: &&HeldSession| {
            let session = &one.session;
            let officer = session.roles.contains(&Role::Officer) && session.keys.post.is_some();
            officer && !session.must_change && !self.is_over(one, now)
        };
        held.values().find(usable).map(|one| Arc::clone(&one.session))
    }

    /// Seconds without a request after which a session ends.
    #[must_use]
    pub fn idle_seconds(&self) -> u64 {
        self.idle.as_secs()
    }

    fn is_over(&self, held: &HeldSession, now: Instant) -> bool {
        now.duration_since(held.used) >= self.idle || now.duration_since(held.started) >= self.longest
    }

    fn held(&self) -> MutexGuard<'_, HashMap<[u8; 32], HeldSession>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

/// 256 random bits in hexadecimal.
fn random_token() -> Result<Zeroizing<String>, NoRoomForSession> {
    let bytes = random::secret::<32>().map_err(|_| NoRoomForSession)?;
    Ok(Zeroizing::new(hex::encode(*bytes)))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use ed25519_dalek::SigningKey;

    pub(crate) fn keys() -> AccountKeys {
        AccountKeys { signing: SigningKey::from_bytes(&[1; 32]), post: None }
    }

    /// An account as the register returns it, without keys.
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
            sessions.open(&account("zhou", &[Role::Officer], false), Audience::Post, keys(), start).expect("opened");
        let at = |seconds| start + Duration::from_secs(seconds);
        for minute in (0..550).step_by(50) {
            assert!(sessions.find(&token, Audience::Post, at(minute)).is_ok(), "used every fifty seconds");
        }
        assert_eq!(sessions.find(&token, Audience::Post, at(600)).err(), Some(NoSession::Ended), "the absolute limit");
        assert_eq!(sessions.end_over(at(600)), ["zhou"]);
        assert_eq!(sessions.find(&token, Audience::Post, at(600)).err(), Some(NoSession::Unknown));
        let (token, _) = sessions.open(&account("zhou", &[], false), Audience::Post, keys(), start).expect("opened");
        assert_eq!(sessions.find(&token, Audience::Post, at(60)).err(), Some(NoSession::Ended), "the idle limit");
    }

    #[test]
    fn ending_a_session_ends_that_one_or_all_of_an_account() {
        let (sessions, now) = (sessions(), Instant::now());
        let open = |name| sessions.open(&account(name, &[], false), Audience::Post, keys(), now).expect("opened").0;
        let (one, two, other) = (open("zhou"), open("zhou"), open("wu"));
        assert_eq!(sessions.end(&one), Some("zhou".to_owned()));
        assert!(sessions.find(&one, Audience::Post, now).is_err() && sessions.find(&two, Audience::Post, now).is_ok());
        sessions.end_all_of("zhou");
        assert_eq!(sessions.find(&other, Audience::Cases, now).err(), Some(NoSession::Unknown), "another audience");
        assert!(
            sessions.find(&two, Audience::Post, now).is_err() && sessions.find(&other, Audience::Post, now).is_ok()
        );
        sessions.end_all();
        assert!(sessions.find(&other, Audience::Post, now).is_err());
    }

    #[test]
    fn tokens_of_forms_are_compared_whole() {
        let (_, session) =
            sessions().open(&account("zhou", &[], false), Audience::Post, keys(), Instant::now()).expect("opened");
        assert!(session.is_csrf(session.csrf()));
        for wrong in ["", &session.csrf()[1..], &"0".repeat(64)] {
            assert!(!session.is_csrf(wrong));
        }
    }
}
