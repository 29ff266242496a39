//! Frames: four bytes of length, big-endian, then JSON.

use std::io::{self, Read, Write};

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Bytes of a frame, at most: 500 letters in base64, with room to spare.
const LARGEST: u32 = 64 * 1024 * 1024;

/// Why a frame could not be read.
#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    /// The other side closed the connection between two frames.
    #[error("the connection is closed")]
    Closed,
    /// Reading or writing failed, or the connection ended within a frame.
    #[error("the connection failed")]
    Io(#[from] io::Error),
    /// The frame is larger than 64 MiB; contains its size in bytes.
    #[error("a frame has at most {LARGEST} bytes, not {0}")]
    TooLarge(u64),
    /// The body is not JSON of the expected form.
    #[error("the frame is not understood")]
    Form(#[source] serde_json::Error),
}

/// Writes one frame and flushes the stream.
pub fn write(stream: &mut impl Write, message: &impl Serialize) -> Result<(), FrameError> {
    let body = serde_json::to_vec(message).map_err(FrameError::Form)?;
    let length = u32::try_from(body.len()).ok().filter(|length| *length <= LARGEST);
    let length = length.ok_or(FrameError::TooLarge(body.len() as u64))?;
    stream.write_all(&length.to_be_bytes())?;
    stream.write_all(&body)?;
    Ok(stream.flush()?)
}

/// Reads one frame. Memory is allocated as bytes arrive, not by the announced length.
pub fn read<T: DeserializeOwned>(stream: &mut impl Read) -> Result<T, FrameError> {
    let mut length = [0; 4];
    match stream.read(&mut length[..1]) {
        Ok(0) => return Err(FrameError::Closed),
        // TLS reports a closed connection this way; between two frames nothing is lost.
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Err(FrameError::Closed),
        read => read?,
    };
    stream.read_exact(&mut length[1..])?;
    let length = u32::from_be_bytes(length);
    if length > LARGEST {
        return Err(FrameError::TooLarge(u64::from(length)));
    }
    let mut body = Vec::new();
    stream.take(u64::from(length)).read_to_end(&mut body)?;
    if body.len() != length as usize {
        return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
    }
    serde_json::from_slice(&body).map_err(FrameError::Form)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_round_trip_and_end_cleanly() {
        let mut wire = Vec::new();
        write(&mut wire, &["一", "two"]).expect("written");
        let mut stream = wire.as_slice();
        assert_eq!(read::<Vec<String>>(&mut stream).expect("read"), ["一", "two"]);
        assert!(matches!(read::<Vec<String>>(&mut stream), Err(FrameError::Closed)));
    }

    #[test]
    fn a_lying_length_is_refused() {
        assert!(matches!(read::<String>(&mut [0xff, 0xff, 0xff, 0xff].as_slice()), Err(FrameError::TooLarge(_))));
        assert!(matches!(read::<String>(&mut [0, 0, 0, 9, b'"', b'"'].as_slice()), Err(FrameError::Io(_))));
        assert!(matches!(read::<u8>(&mut [0, 0, 0, 1, b'x'].as_slice()), Err(FrameError::Form(_))));
    }
}
