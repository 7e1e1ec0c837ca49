//! A piece of definition text that may not lie in one stretch in its file: a YAML scalar with escapes or folded lines,
//! or a list joined into one clause. It remembers for each byte where it came from, so that spans stay exact.

use crate::source::{SourceId, Span};

/// Text to parse, with the way back to the file.
#[derive(Clone, Debug)]
pub struct Fragment {
    pub source: SourceId,
    pub text: String,
    /// `(offset in text, offset in the file)`, ascending: from the first up to the next entry both run in step.
    pieces: Vec<(usize, usize)>,
    /// Where the fragment ends in the file.
    end: usize,
}

impl Fragment {
    /// A stretch of a file as it stands there, from byte `start`.
    #[must_use]
    pub fn verbatim(source: SourceId, text: &str, start: usize) -> Self {
        Self { source, text: text.to_owned(), pieces: vec![(0, start)], end: start + text.len() }
    }

    /// A text of which the stretches starting at `pieces` (offset in text, offset in file) come from the file.
    #[must_use]
    pub fn mapped(source: SourceId, text: String, pieces: Vec<(usize, usize)>, end: usize) -> Self {
        Self { source, text, pieces, end }
    }

    /// Several fragments as one, with `separator` between them.
    #[must_use]
    pub fn join(parts: &[Self], separator: &str) -> Option<Self> {
        let mut joined = parts.first()?.clone();
        for part in &parts[1..] {
            joined.pieces.push((joined.text.len(), joined.end));
            joined.text.push_str(separator);
            let base = joined.text.len();
            joined.pieces.extend(part.pieces.iter().map(|&(at, origin)| (base + at, origin)));
            joined.text.push_str(&part.text);
            joined.end = part.end;
        }
        Some(joined)
    }

    /// The place in the file of a byte offset in this text.
    #[must_use]
    pub fn origin(&self, offset: usize) -> usize {
        if offset >= self.text.len() {
            return self.end;
        }
        let index = self.pieces.partition_point(|&(at, _)| at <= offset).saturating_sub(1);
        let (at, origin) = self.pieces.get(index).copied().unwrap_or((0, 0));
        let next = self.pieces.get(index + 1).map_or(self.end, |&(_, origin)| origin);
        (origin + (offset - at)).min(next.max(origin))
    }

    /// The span in the file of a stretch of this text.
    #[must_use]
    pub fn span(&self, start: usize, end: usize) -> Span {
        let from = self.origin(start);
        let last = if end > start { self.origin(end - 1) + 1 } else { from };
        let to = if end >= self.text.len() {
            self.end
        } else {
            self.origin(end).min(last.max(from)).max(last.min(self.end))
        };
        Span::new(self.source, from..to.max(from))
    }
}
