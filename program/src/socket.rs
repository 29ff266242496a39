//! Unix sockets that a program listens on.

use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::{fs, io};

/// Listens on a socket with these permissions. Replaces a socket that a killed program left behind. Fails with
/// [`AddrInUse`](io::ErrorKind::AddrInUse) if a program answers on it.
pub fn listen(path: &Path, mode: u32) -> io::Result<UnixListener> {
    if UnixStream::connect(path).is_ok() {
        return Err(io::ErrorKind::AddrInUse.into());
    }
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(path)?;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))?;
    Ok(listener)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_in_use_is_refused_and_one_left_behind_is_replaced() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("socket");
        let first = listen(&path, 0o600).expect("listening");
        assert_eq!(listen(&path, 0o600).expect_err("in use").kind(), io::ErrorKind::AddrInUse);
        drop(first);
        listen(&path, 0o600).expect("listening again");
        assert_eq!(fs::metadata(&path).expect("a socket").permissions().mode() & 0o777, 0o600);
    }
}
