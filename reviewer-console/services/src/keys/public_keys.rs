//! Public keys, as the `init` commands print them and the root signs them.

/// Public keys as the `init` commands print them: `label value` lines of several files together.
pub(crate) struct PublicKeys(String);

/// A public key is missing or malformed.
#[derive(Debug, thiserror::Error)]
#[error("the public key “{0}” is missing, is there twice, or is not of its form")]
pub(crate) struct BadPublicKey(&'static str);

impl PublicKeys {
    pub(crate) fn of(text: String) -> Self {
        Self(text)
    }

    pub(crate) fn find<T>(&self, label: &'static str, read: impl Fn(&str) -> Option<T>) -> Result<T, BadPublicKey> {
        let value = |line: &str| line.strip_prefix(label)?.strip_prefix(' ').and_then(&read);
        // Of two the first would be taken, which one party could have put before another's.
        let mut found = self.0.lines().filter_map(value);
        found.next().filter(|_| found.next().is_none()).ok_or(BadPublicKey(label))
    }

    /// All keys with a label, possibly none; one that is malformed is an error.
    pub(crate) fn find_all<T>(
        &self,
        label: &'static str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Vec<T>, BadPublicKey> {
        let values = self.0.lines().filter_map(|line| line.strip_prefix(label)?.strip_prefix(' '));
        values.map(|value| read(value).ok_or(BadPublicKey(label))).collect()
    }
}
