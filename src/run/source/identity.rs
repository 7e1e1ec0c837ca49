//! What a source contained, as a hash: of content and never of path or time.

use std::fmt::Write;
use std::fs::File;
use std::io::Read;

use sha2::{Digest as _, Sha256};

use super::error::{SourceError, in_io};
use super::files::SourceFile;

/// The hash of one file in the making. The values of its `sleutel=waarde` folders are content.
pub struct Digest(Sha256);

impl Digest {
    #[must_use]
    pub fn new(keys: &[(String, String)]) -> Self {
        let mut digest = Self(Sha256::new());
        for (key, value) in keys {
            digest.add(key.as_bytes());
            digest.add(b"=");
            digest.add(value.as_bytes());
            digest.add(b"\0");
        }
        digest
    }

    pub fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    #[must_use]
    pub fn finish(self) -> String {
        let mut text = String::with_capacity(64);
        for byte in self.0.finalize() {
            // writing to a string cannot fail
            let _ = write!(text, "{byte:02x}");
        }
        text
    }
}

/// The identity of a file by all its bytes.
///
/// # Errors
/// When it cannot be read.
pub fn of_bytes(file: &SourceFile) -> Result<String, SourceError> {
    let failed = |e: std::io::Error| in_io(&e, &file.shown);
    let mut reader = File::open(&file.path).map_err(failed)?;
    let mut digest = Digest::new(&file.keys);
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let count = reader.read(&mut buffer).map_err(failed)?;
        if count == 0 {
            return Ok(digest.finish());
        }
        digest.add(buffer.get(..count).unwrap_or_default());
    }
}

/// The identity of several files together, whatever their order.
#[must_use]
pub fn together(mut parts: Vec<String>) -> String {
    parts.sort();
    let mut digest = Digest::new(&[]);
    for part in parts {
        digest.add(part.as_bytes());
        digest.add(b"\n");
    }
    digest.finish()
}
