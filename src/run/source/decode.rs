//! Text files as UTF-8, whatever their character encoding, and the line of a place in them.
//!
//! UTF-8 itself passes unchecked (the readers check the cells they use); a byte order mark is taken off and goes before
//! the setting. This file knows no columns.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};

use encoding_rs::{Decoder, DecoderResult, UTF_8};

use super::Encoding;
use super::error::{BAD_ENCODING, SourceError, in_io};
use super::files::SourceFile;

const CHUNK: usize = 64 * 1024;

/// Reads `file` as UTF-8.
pub fn open(file: &SourceFile, encoding: Encoding) -> Result<Box<dyn Read + Send>, SourceError> {
    let failed = |e: io::Error| in_io(&e, &file.shown);
    let mut inner = BufReader::with_capacity(CHUNK, File::open(&file.path).map_err(failed)?);
    let mark = encoding_rs::Encoding::for_bom(inner.fill_buf().map_err(failed)?);
    let (actual, skip) = mark.unwrap_or((encoding.0, 0));
    inner.consume(skip);
    if actual == UTF_8 {
        return Ok(Box::new(inner));
    }
    let decoder = actual.new_decoder_without_bom_handling();
    Ok(Box::new(Decoding { inner, decoder, out: Vec::new(), at: 0, done: false, shown: file.shown.clone() }))
}

struct Decoding {
    inner: BufReader<File>,
    decoder: Decoder,
    out: Vec<u8>,
    at: usize,
    done: bool,
    shown: String,
}

impl Read for Decoding {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        while self.at >= self.out.len() && !self.done {
            self.fill()?;
        }
        let ready = self.out.get(self.at..).unwrap_or_default();
        let count = ready.len().min(target.len());
        if let (Some(to), Some(from)) = (target.get_mut(..count), ready.get(..count)) {
            to.copy_from_slice(from);
        }
        self.at += count;
        Ok(count)
    }
}

impl Decoding {
    fn fill(&mut self) -> io::Result<()> {
        let input = self.inner.fill_buf()?;
        let last = input.is_empty();
        self.out.resize(3 * CHUNK + 16, 0);
        let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(input, &mut self.out, last);
        self.out.truncate(written);
        self.at = 0;
        self.inner.consume(read);
        match result {
            DecoderResult::Malformed(..) => {
                Err(io::Error::new(io::ErrorKind::InvalidData, malformed(&self.shown, None)))
            }
            DecoderResult::InputEmpty => {
                self.done = last;
                Ok(())
            }
            DecoderResult::OutputFull => Ok(()),
        }
    }
}

/// The text at `line` of `shown` is not in the encoding of the connection.
pub fn malformed(shown: &str, line: Option<u64>) -> SourceError {
    let place = line.map_or(String::new(), |line| format!(", regel {line}"));
    SourceError::new(BAD_ENCODING, format!("`{shown}`{place}: tekst in een andere tekencodering dan verwacht"))
        .help("komt het bestand uit Excel of een ouder systeem, zet dan bij de bron `codering: windows-1252`")
}

/// The line, from 1, of the first thing that is not a line end at or after byte `at` of the decoded text of `file`;
/// 0 where the file cannot be read again.
pub fn line_at(file: &SourceFile, encoding: Encoding, at: u64) -> u64 {
    let Ok(mut reader) = open(file, encoding) else { return 0 };
    let (mut line, mut place, mut before) = (1, 0_u64, 0_u8);
    let mut buffer = vec![0; CHUNK];
    loop {
        let Ok(count) = reader.read(&mut buffer) else { return line };
        if count == 0 {
            return line;
        }
        for &byte in buffer.get(..count).unwrap_or_default() {
            if before == b'\n' || (before == b'\r' && byte != b'\n') {
                line += 1;
            }
            if place >= at && byte != b'\r' && byte != b'\n' {
                return line;
            }
            before = byte;
            place += 1;
        }
    }
}
