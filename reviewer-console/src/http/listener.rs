//! Listeners of the pages: loopback addresses and Unix sockets only, which other machines cannot reach.

use std::io;
use std::net::TcpListener;
use std::os::unix::net::UnixListener;

use console_services::config::Listen;

/// An open listener: a loopback address, or a Unix socket and its name.
pub(super) enum Listener {
    Tcp(TcpListener),
    Unix(UnixListener, String),
}

impl Listener {
    pub(super) fn open(listen: &Listen) -> Result<Self, String> {
        match listen {
            Listen::Loopback(address) => {
                TcpListener::bind(address).map(Self::Tcp).map_err(|error| match error.kind() {
                    io::ErrorKind::AddrInUse => {
                        format!("{address} is in use; choose another with CONSOLE_ADDR, CASES_ADDR or FINANCE_ADDR")
                    }
                    _ => format!("cannot listen on {address}: {error}"),
                })
            }
            Listen::Socket(path) => {
                let failed = |error: io::Error| format!("cannot listen on {}: {error}", path.display());
                let listener = program::socket::listen(path, 0o600).map_err(failed)?;
                Ok(Self::Unix(listener, format!("unix:{}", path.display())))
            }
        }
    }

    /// The listener's name, `http://ADDRESS` or `unix:PATH`. It is printed, for programs that start the console.
    pub(super) fn name(&self) -> io::Result<String> {
        match self {
            Self::Tcp(listener) => Ok(format!("http://{}", listener.local_addr()?)),
            Self::Unix(_, name) => Ok(name.clone()),
        }
    }
}
