//! The form of errors in an operator's log.

/// An error and its sources in one line, separated by colons.
#[must_use]
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut line = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        line.push_str(": ");
        line.push_str(&cause.to_string());
        source = cause.source();
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("the disk is full")]
    struct Inner;

    #[derive(Debug, thiserror::Error)]
    #[error("nothing was kept")]
    struct Outer(#[source] Inner);

    #[test]
    fn sources_follow_in_one_line() {
        assert_eq!(chain(&Outer(Inner)), "nothing was kept: the disk is full");
    }
}
