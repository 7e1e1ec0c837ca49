//! What texts look like: numbers, days, moments, ja and nee. Counts how many of a column's texts fit each form; the form
//! that fits all of them is what the column holds.

use super::super::source::{DatePattern, cell, moment};

/// The ways to write a day that are tried beside ISO, most usual first.
pub const PATTERNS: [&str; 6] = ["dd-mm-jjjj", "dd/mm/jjjj", "dd.mm.jjjj", "jjjj/mm/dd", "dd-mm-jj", "jjjjmmdd"];

/// How many texts have each form.
#[derive(Debug)]
pub struct Shapes {
    /// Digits, with a sign maybe, and no needless zero before them.
    pub whole: u64,
    /// Digits with a zero before them: a code, not a number.
    pub zeros: u64,
    /// With a decimal point.
    pub point: u64,
    /// With a decimal comma (and dots between thousands).
    pub comma: u64,
    /// Either of the two, with a euro sign.
    pub euro: u64,
    /// Either of the two, with a per cent sign.
    pub share: u64,
    pub truth: u64,
    /// `0` and `1`, which are also whole numbers.
    pub bits: u64,
    /// `u:mm:ss`
    pub clock: u64,
    pub day: u64,
    pub moment: u64,
    /// By pattern: days, and days with a time.
    pub patterns: [(u64, u64); PATTERNS.len()],
    /// The most decimals.
    pub decimals: usize,
    ready: Vec<Option<DatePattern>>,
    iso: Option<(i64, i64)>,
    spans: [Option<(i64, i64)>; PATTERNS.len()],
}

impl Default for Shapes {
    fn default() -> Self {
        Self {
            whole: 0,
            zeros: 0,
            point: 0,
            comma: 0,
            euro: 0,
            share: 0,
            truth: 0,
            bits: 0,
            clock: 0,
            day: 0,
            moment: 0,
            patterns: [(0, 0); PATTERNS.len()],
            decimals: 0,
            ready: PATTERNS.iter().map(|p| DatePattern::new(p)).collect(),
            iso: None,
            spans: [None; PATTERNS.len()],
        }
    }
}

impl Shapes {
    /// Counts a text that is not blank; gives the number that it writes.
    pub fn add(&mut self, text: &str) -> Option<f64> {
        self.truth += u64::from(cell::truth(text).is_some());
        self.bits += u64::from(matches!(text, "0" | "1"));
        self.clock += u64::from(cell::clock_duration(text).is_some());
        // Most texts begin with a letter: no number and no day.
        if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '€' | '.')) {
            return None;
        }
        self.days(text);
        self.number(text)
    }

    fn number(&mut self, text: &str) -> Option<f64> {
        let (bare, euro, share) = stripped(text);
        let point = cell::plain(bare, false);
        let comma = cell::plain(bare, true);
        let written = point.as_deref().or(comma.as_deref())?;
        let fraction = written.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        self.decimals = self.decimals.max(fraction);
        let digits = bare.trim_start_matches(['-', '+']);
        let whole = digits.bytes().all(|b| b.is_ascii_digit());
        if whole && digits.len() > 1 && digits.starts_with('0') {
            self.zeros += 1;
        } else if whole {
            self.whole += 1;
        }
        if !whole {
            self.point += u64::from(point.is_some());
            self.comma += u64::from(comma.is_some());
        }
        self.euro += u64::from(euro);
        self.share += u64::from(share);
        // `1.204` is a thousand in Dutch and one in English; the column as a whole decides, this is for a range only.
        written.parse().ok()
    }

    fn days(&mut self, text: &str) {
        if let Some((day, timed)) = moment::written(text, None) {
            if timed {
                self.moment += 1;
            } else {
                self.day += 1;
            }
            widen(&mut self.iso, day);
            return;
        }
        for ((pattern, counts), span) in self.ready.iter().zip(&mut self.patterns).zip(&mut self.spans) {
            let Some(pattern) = pattern else { continue };
            let Some((day, timed)) = moment::written(text, Some(pattern)) else { continue };
            if timed {
                counts.1 += 1;
            } else {
                counts.0 += 1;
            }
            widen(span, day);
        }
    }

    /// The first pattern by which all of `texts` texts are days (or days with a time).
    pub fn pattern(&self, texts: u64) -> Option<usize> {
        self.patterns.iter().position(|(days, moments)| texts > 0 && days + moments == texts)
    }

    /// The days that the texts write.
    pub fn span(&self) -> Option<(i64, i64)> {
        self.iso.or_else(|| self.spans.iter().copied().flatten().next())
    }
}

fn widen(span: &mut Option<(i64, i64)>, day: i64) {
    let (low, high) = span.unwrap_or((day, day));
    *span = Some((low.min(day), high.max(day)));
}

/// A text without a euro or per cent sign.
fn stripped(text: &str) -> (&str, bool, bool) {
    let euro = text.contains('€');
    let share = text.ends_with('%');
    let bare = text.trim_matches(|c: char| c == '€' || c == '%' || c.is_whitespace());
    (bare.strip_suffix(",-").unwrap_or(bare), euro, share)
}
