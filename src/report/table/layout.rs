//! Text in columns: width, wrapping, alignment and colour. It knows nothing of KPIs.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// What a text means, for its colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Plain,
    Title,
    Good,
    Near,
    Bad,
    Quiet,
}

/// ANSI colours, when on.
#[derive(Clone, Copy, Debug)]
pub struct Paint {
    pub on: bool,
}

impl Paint {
    pub fn with(self, tone: Tone, text: &str) -> String {
        let code = match tone {
            Tone::Plain => "",
            Tone::Title => "1",
            Tone::Good => "32",
            Tone::Near => "33",
            Tone::Bad => "31",
            Tone::Quiet => "2",
        };
        if self.on && !code.is_empty() && !text.trim().is_empty() {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}

/// The lines of one cell.
#[derive(Clone, Debug, Default)]
pub struct Cell {
    pub lines: Vec<(String, Tone)>,
}

impl Cell {
    pub fn of(text: impl Into<String>, tone: Tone) -> Self {
        Self { lines: vec![(text.into(), tone)] }
    }

    pub fn plain(text: impl Into<String>) -> Self {
        Self::of(text, Tone::Plain)
    }

    pub fn wrapped(text: &str, width: usize, indent: usize, tone: Tone) -> Self {
        let lines = wrap(text, width.saturating_sub(indent).max(1));
        Self { lines: lines.into_iter().map(|l| (format!("{}{l}", " ".repeat(indent)), tone)).collect() }
    }

    pub fn width(&self) -> usize {
        self.lines.iter().map(|(text, _)| text.width()).max().unwrap_or(0)
    }
}

/// A column: spaces before it, its width, and on which side its text stands.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    pub gap: usize,
    pub width: usize,
    pub right: bool,
}

/// The lines of a row of cells, without spaces at their ends.
pub fn row(cells: &[Cell], columns: &[Column], paint: Paint) -> String {
    let height = cells.iter().map(|c| c.lines.len()).max().unwrap_or(0);
    let mut out = String::new();
    for i in 0..height {
        let mut line = String::new();
        let mut spaces = 0;
        for (cell, column) in cells.iter().zip(columns) {
            spaces += column.gap;
            let (text, tone) = cell.lines.get(i).map_or(("", Tone::Plain), |(text, tone)| (text.as_str(), *tone));
            let fill = column.width.saturating_sub(text.width());
            if text.is_empty() {
                spaces += fill;
            } else if column.right {
                line.push_str(&" ".repeat(spaces + fill));
                line.push_str(&paint.with(tone, text));
                spaces = 0;
            } else {
                line.push_str(&" ".repeat(spaces));
                line.push_str(&paint.with(tone, text));
                spaces = fill;
            }
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// Breaks at spaces, and inside words that are longer than a line.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ').filter(|w| !w.is_empty()) {
        if !line.is_empty() && line.width() + 1 + word.width() > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        let mut room = width.saturating_sub(line.width());
        for c in word.chars() {
            let w = c.width().unwrap_or(0);
            if w > room && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
                room = width;
            }
            line.push(c);
            room = room.saturating_sub(w);
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wraps_by_width() {
        assert_eq!(wrap("een twee drie", 8), ["een twee", "drie"]);
        assert_eq!(wrap("Terugbelafspraken nu", 8), ["Terugbel", "afsprake", "n nu"]);
        assert_eq!(wrap("", 8), [""]);
        assert_eq!(wrap("日本語", 4), ["日本", "語"]);
    }

    #[test]
    fn aligns_by_width() {
        let columns = [Column { gap: 0, width: 6, right: false }, Column { gap: 2, width: 5, right: true }];
        let cells = [Cell::plain("één"), Cell { lines: vec![("1 %".into(), Tone::Bad), ("✗".into(), Tone::Bad)] }];
        assert_eq!(row(&cells, &columns, Paint { on: false }), "één       1 %\n            ✗\n");
        assert_eq!(
            row(&cells, &columns, Paint { on: true }),
            "één       \u{1b}[31m1 %\u{1b}[0m\n            \u{1b}[31m✗\u{1b}[0m\n"
        );
    }
}
