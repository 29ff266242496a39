//! Accounts' keys: made with a first password, opened at sign-in, sealed again with a new password.

use crypto::keys::signature::{Signed, VerificationKey};
use crypto::sealing::recipient::HybridRecipient;
use crypto::sealing::sealed::seal;
use ed25519_dalek::SigningKey;
use model::Role;
use opening::identity::OpenError;
use opening::password::{BadPassword, NotHashed};
use opening::post_keys::PostKeysError;
use opening::{HybridIdentity, Password, PostKeys, Salt, Verifier};
use register::Account;
use zeroize::Zeroizing;

/// Purpose of the signature over a slot's recipient.
const SLOT: &str = "qingniao/slot-recipient/v1";

/// Keys of an account, in clear once its password was right. No `Debug`; cleared when dropped.
pub(crate) struct AccountKeys {
    /// Signs the account's requests to the recorder.
    pub(crate) signing: SigningKey,
    /// The post's keys, for officers who have been granted them.
    pub(crate) post: Option<PostKeys>,
}

/// Why keys could not be made or opened.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AccountKeyError {
    #[error(transparent)]
    Hash(#[from] NotHashed),
    #[error(transparent)]
    Password(#[from] BadPassword),
    #[error("the account's keys do not open")]
    Open(#[from] OpenError),
    #[error("the account's keys cannot be sealed")]
    Seal(#[from] std::io::Error),
    #[error(transparent)]
    Post(#[from] PostKeysError),
    #[error("the account's slot is not signed by its key")]
    Unbound,
    #[error("a name has 2 to 32 lower-case letters, digits, dots or hyphens")]
    Name,
}

/// Checks an account name: 2 to 32 lower-case letters, digits, dots or hyphens. Names appear in the log, on the wire
/// and in files, so they are plain and short.
pub(crate) fn check_name(name: &str) -> Result<(), AccountKeyError> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'.' || byte == b'-';
    // Reserved: the recorder makes log entries under this name.
    let taken = name == "recorder";
    if (2..=32).contains(&name.len()) && name.bytes().all(plain) && !taken {
        Ok(())
    } else {
        Err(AccountKeyError::Name)
    }
}

/// Whether a case-unit account names a unit, of 1 to 60 characters, and any other account names none. A case-unit
/// account sees only the cases of its unit.
pub(crate) fn unit_fits(roles: &[Role], unit: Option<&str>) -> bool {
    match unit.map(str::trim) {
        Some(unit) => roles.contains(&Role::CaseUnit) && (1..=60).contains(&unit.chars().count()),
        None => !roles.contains(&Role::CaseUnit),
    }
}

/// Makes an account with a first password and fresh keys.
pub(crate) fn make(
    name: &str,
    roles: &[Role],
    unit: Option<&str>,
    password: &Password,
    post: Option<&PostKeys>,
) -> Result<Account, AccountKeyError> {
    check_name(name)?;
    let seed = random::secret().map_err(OpenError::Random)?;
    let account = Account {
        name: name.to_owned(),
        roles: roles.to_vec(),
        salt: [0; 16],
        verifier: [0; 32],
        recipient: String::new(),
        verify_with: String::new(),
        sealed_key: Vec::new(),
        post_keys: None,
        bound: String::new(),
        must_change: true,
        closed: false,
        unit: unit.map(str::to_owned),
    };
    with_password(&account, password, &SigningKey::from_bytes(&seed), post)
}

/// The account's slot identity if the password is right, otherwise none.
pub(crate) fn recognise(account: &Account, password: &Password) -> Result<Option<HybridIdentity>, AccountKeyError> {
    let (verifier, slot) = password.derive(&Salt::from_bytes(account.salt))?;
    Ok(verifier.is(&Verifier::from_bytes(account.verifier)).then_some(slot))
}

/// Takes as long as a real check, for an unknown name, so that response times do not reveal which names exist.
pub(crate) fn pretend(password: &Password) -> Result<(), AccountKeyError> {
    password.derive(&Salt::from_bytes([0; 16]))?;
    Ok(())
}

/// Opens an account's keys with its slot identity.
pub(crate) fn open(account: &Account, slot: &HybridIdentity) -> Result<AccountKeys, AccountKeyError> {
    let plain = slot.open(&account.sealed_key, 32)?;
    let seed: Zeroizing<[u8; 32]> =
        Zeroizing::new(plain.as_slice().try_into().map_err(|_| AccountKeyError::Open(OpenError::BadIdentity))?);
    let post = account.post_keys.as_ref().map(|sealed| PostKeys::open(slot, sealed)).transpose()?;
    Ok(AccountKeys { signing: SigningKey::from_bytes(&seed), post })
}

/// The account under a new password: salt, verifier and slot are new, the keys are sealed again.
pub(crate) fn with_password(
    account: &Account,
    password: &Password,
    signing: &SigningKey,
    post: Option<&PostKeys>,
) -> Result<Account, AccountKeyError> {
    let salt = Salt::random()?;
    let (verifier, slot) = password.derive(&salt)?;
    let recipient = slot.recipient();
    let bound = Signed::sign(&recipient, SLOT, signing).map_err(|_| AccountKeyError::Unbound)?;
    Ok(Account {
        salt: *salt.as_bytes(),
        verifier: *verifier.as_bytes(),
        recipient: recipient.to_string(),
        verify_with: String::from(VerificationKey::of(signing)),
        sealed_key: seal(&recipient, signing.as_bytes())?,
        post_keys: post.map(|post| post.seal(&recipient)).transpose()?,
        bound: serde_json::to_string(&bound).map_err(|_| AccountKeyError::Unbound)?,
        ..account.clone()
    })
}

/// Seals the post's keys to another officer's slot, if the key that was compared has signed that very slot. Otherwise
/// somebody able to write the register could put a slot of their own in its place.
pub(crate) fn grant(account: &Account, post: &PostKeys) -> Result<Account, AccountKeyError> {
    let key = VerificationKey::try_from(account.verify_with.clone()).map_err(|_| AccountKeyError::Unbound)?;
    let bound: Signed = serde_json::from_str(&account.bound).map_err(|_| AccountKeyError::Unbound)?;
    let slot: HybridRecipient = bound.verify(SLOT, &key).map_err(|_| AccountKeyError::Unbound)?;
    if slot.to_string() != account.recipient {
        return Err(AccountKeyError::Unbound);
    }
    Ok(Account { post_keys: Some(post.seal(&slot)?), ..account.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn password(text: &str) -> Password {
        Password::chosen(text).expect("long enough")
    }

    #[test]
    fn keys_outlive_a_password_and_nothing_else() {
        let post = PostKeys::generate("demo.test").expect("keys");
        let first = password("first password");
        let made = make("zhou", &[Role::Officer], None, &first, Some(&post)).expect("an account");
        assert!(made.must_change);
        assert!(recognise(&made, &password("wrong password")).expect("hashed").is_none());
        let slot = recognise(&made, &first).expect("hashed").expect("recognised");
        let keys = open(&made, &slot).expect("opened");
        let changed = with_password(&made, &password("second password"), &keys.signing, keys.post.as_ref());
        let changed = changed.expect("changed");
        assert_eq!(changed.verify_with, made.verify_with, "the auditor need not confirm it again");
        assert!(recognise(&changed, &first).expect("hashed").is_none());
        let slot = recognise(&changed, &password("second password")).expect("hashed").expect("recognised");
        let keys = open(&changed, &slot).expect("opened");
        assert!(keys.post.expect("granted").post.recipient() == post.post.recipient());
    }

    #[test]
    fn an_officer_without_a_grant_has_no_post_key() {
        let first = password("first password");
        let wu = make("wu", &[Role::Officer], None, &first, None).expect("an account");
        let slot = recognise(&wu, &first).expect("hashed").expect("recognised");
        assert!(open(&wu, &slot).expect("opened").post.is_none());
        let granted = grant(&wu, &PostKeys::generate("demo.test").expect("keys")).expect("granted");
        assert!(open(&granted, &slot).expect("opened").post.is_some());
        let post = PostKeys::generate("demo.test").expect("keys");
        let thief = make("wu", &[Role::Officer], None, &first, None).expect("an account");
        let swapped = Account { recipient: thief.recipient.clone(), ..wu.clone() };
        assert!(matches!(grant(&swapped, &post), Err(AccountKeyError::Unbound)));
        let swapped = Account { recipient: thief.recipient, bound: thief.bound, ..wu };
        assert!(matches!(grant(&swapped, &post), Err(AccountKeyError::Unbound)), "signed by another key");
    }

    #[test]
    fn names_are_plain() {
        for good in ["zhou", "li.na", "officer-2"] {
            assert!(check_name(good).is_ok());
        }
        for bad in ["", "z", "Zhou", "zhou wu", "周", "../x", "recorder", &"z".repeat(33)] {
            assert!(check_name(bad).is_err(), "{bad}");
        }
    }
}
