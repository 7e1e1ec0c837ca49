//! A piece of definition text that may not lie in one stretch in its file: a YAML scalar with escapes or folded lines,
//! or a list joined into one clause. It remembers for each byte where it came from, so that spans stay exact.

use std::ops::Range;

use crate::source::{SourceId, Span};

/// Text to parse, with the way back to the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fragment {
    pub source: SourceId,
    pub text: String,
    /// `(offset in text, offset in the file)`, both ascending. A piece runs up to the next one. Where it is as long in the
    /// text as in the file, both run in step; otherwise (an escape, folded lines, a separator) it is one whole.
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
        let (first, rest) = parts.split_first()?;
        let mut joined = first.clone();
        for part in rest {
            joined.push(part, separator);
        }
        Some(joined)
    }

    /// Adds another fragment of the same file behind this one, with `separator` between them.
    pub fn push(&mut self, part: &Self, separator: &str) {
        self.pieces.push((self.text.len(), self.end));
        self.text.push_str(separator);
        let base = self.text.len();
        self.pieces.extend(part.pieces.iter().map(|&(at, origin)| (base + at, origin)));
        self.text.push_str(&part.text);
        self.end = part.end;
    }

    /// The stretch `range` (bytes of this text, clamped to it) as a fragment of its own.
    #[must_use]
    pub fn slice(&self, range: Range<usize>) -> Self {
        let (start, end) = (range.start.min(self.text.len()), range.end.min(self.text.len()));
        let text = self.text.get(start..end).unwrap_or_default().to_owned();
        let mut pieces = vec![(0, self.origin(start))];
        pieces
            .extend(self.pieces.iter().filter(|p| p.0 > start && p.0 < end).map(|&(at, origin)| (at - start, origin)));
        let end = if end > start { self.end_of(end) } else { self.origin(start) };
        Self { source: self.source, text, pieces, end }
    }

    /// This fragment without white space around it.
    #[must_use]
    pub fn trimmed(&self) -> Self {
        let start = self.text.len() - self.text.trim_start().len();
        let end = start + self.text.trim().len();
        self.slice(start..end)
    }

    /// The place in the file of a byte offset in this text.
    #[must_use]
    pub fn origin(&self, offset: usize) -> usize {
        if offset >= self.text.len() {
            return self.end;
        }
        let index = self.pieces.partition_point(|&(at, _)| at <= offset).saturating_sub(1);
        let (at, origin) = self.piece(index);
        let (next_at, next) = self.piece(index + 1);
        if next_at - at == next.saturating_sub(origin) { origin + (offset - at) } else { origin }
    }

    /// The span in the file of a stretch of this text.
    #[must_use]
    pub fn span(&self, start: usize, end: usize) -> Span {
        let from = self.origin(start);
        let to = if end > start { self.end_of(end) } else { from };
        Span::new(self.source, from..to.max(from))
    }

    /// The span of the whole fragment.
    #[must_use]
    pub fn whole(&self) -> Span {
        self.span(0, self.text.len())
    }

    /// Where in the file the text before `end` (not 0) stops.
    fn end_of(&self, end: usize) -> usize {
        let index = self.pieces.partition_point(|&(at, _)| at < end).saturating_sub(1);
        let (at, origin) = self.piece(index);
        let (next_at, next) = self.piece(index + 1);
        if end < next_at && next_at - at == next.saturating_sub(origin) { origin + (end - at) } else { next }
    }

    /// A piece's offsets; behind the last one, those of the fragment's end.
    fn piece(&self, index: usize) -> (usize, usize) {
        self.pieces.get(index).copied().unwrap_or((self.text.len(), self.end))
    }
}

#[cfg(test)]
mod tests {
    use super::Fragment;
    use crate::source::SourceId;

    const FILE: SourceId = SourceId(0);

    #[test]
    fn an_escape_is_one_whole() {
        // "a\u20acb" in the file: a at 1, the escape at 2..8, b at 8.
        let f = Fragment::mapped(FILE, "a€b".into(), vec![(0, 1), (1, 2), (4, 8)], 9);
        assert_eq!(f.span(0, 1).range(), 1..2);
        assert_eq!(f.span(1, 4).range(), 2..8);
        assert_eq!(f.span(4, 5).range(), 8..9);
        assert_eq!(f.span(0, 5).range(), 1..9);
        assert_eq!(f.slice(1..5).span(3, 4).range(), 8..9);
    }

    #[test]
    fn a_token_before_a_fold_stops_where_it_stops() {
        // "ab\n   cd"
        let f = Fragment::mapped(FILE, "ab cd".into(), vec![(0, 0), (2, 2), (3, 6)], 8);
        assert_eq!(f.span(0, 2).range(), 0..2);
        assert_eq!(f.span(3, 5).range(), 6..8);
        assert_eq!(f.span(0, 5).range(), 0..8);
    }

    #[test]
    fn joined_parts_keep_their_places() {
        let parts = [Fragment::verbatim(FILE, "één", 10), Fragment::verbatim(FILE, "x", 20)];
        let f = Fragment::join(&parts, ", ").expect("two parts");
        assert_eq!(f.text, "één, x");
        assert_eq!(f.span(0, 5).range(), 10..15);
        assert_eq!(f.span(7, 8).range(), 20..21);
        assert_eq!(f.trimmed(), f);
    }
}
