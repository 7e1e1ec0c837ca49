//! Dates and moments as people write them: ISO, or the pattern of a connection (`dd-mm-jjjj`).
//!
//! A date may be followed by a time (`uu:mm`, seconds and their fraction optional) and, in ISO, by an offset. This file
//! knows texts only.

use chrono::NaiveDate;

use super::clock::LocalClock;
use crate::calendar::{HOUR, MINUTE, SECOND, day_number};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Day,
    Month,
    Year,
    ShortYear,
    Literal(char),
}

/// How dates are written in a source: `dd-mm-jjjj`, `d/m/jj`, `jjjjmmdd`, ….
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatePattern(Vec<Part>);

impl DatePattern {
    /// Reads a pattern; nothing when day, month or year is missing, doubled or spelled otherwise. A time in it
    /// (` uu:mm`) is allowed and says nothing: times are always optional.
    #[must_use]
    pub fn new(pattern: &str) -> Option<Self> {
        let lower = pattern.to_lowercase();
        let date = lower.split_once('u').map_or(lower.as_str(), |(date, _)| date).trim();
        let mut parts = Vec::new();
        let mut rest = date.chars().peekable();
        while let Some(c) = rest.next() {
            let mut count = 1;
            while c.is_alphabetic() && rest.next_if_eq(&c).is_some() {
                count += 1;
            }
            parts.push(match (c, count) {
                ('d', 1 | 2) => Part::Day,
                ('m', 1 | 2) => Part::Month,
                ('j', 4) => Part::Year,
                ('j', 2) => Part::ShortYear,
                (c, _) if !c.is_alphanumeric() => Part::Literal(c),
                _ => return None,
            });
        }
        let once = |test: fn(&Part) -> bool| parts.iter().filter(|p| test(p)).count() == 1;
        let complete = once(|p| *p == Part::Day)
            && once(|p| *p == Part::Month)
            && once(|p| matches!(p, Part::Year | Part::ShortYear));
        complete.then_some(Self(parts))
    }

    /// The date at the start of a text and what follows it.
    fn date<'t>(&self, text: &'t str) -> Option<(NaiveDate, &'t str)> {
        let (mut year, mut month, mut day) = (0, 0, 0);
        let mut rest = text;
        for (i, part) in self.0.iter().enumerate() {
            let fixed = !matches!(self.0.get(i + 1), None | Some(Part::Literal(_)));
            let least = if fixed { 2 } else { 1 };
            match part {
                Part::Day => (day, rest) = number(rest, least, 2)?,
                Part::Month => (month, rest) = number(rest, least, 2)?,
                Part::Year => (year, rest) = number(rest, 4, 4)?,
                Part::ShortYear => {
                    let (short, after) = number(rest, 2, 2)?;
                    (year, rest) = (2000 + short, after);
                }
                Part::Literal(c) => rest = rest.strip_prefix(*c)?,
            }
        }
        Some((NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?, rest))
    }
}

/// At least `least` and at most `most` digits at the start of a text, and what follows.
fn number(text: &str, least: usize, most: usize) -> Option<(u32, &str)> {
    let digits = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    if digits < least {
        return None;
    }
    let (number, rest) = text.split_at_checked(digits)?;
    Some((number.parse().ok()?, rest))
}

fn iso_date(text: &str) -> Option<(NaiveDate, &str)> {
    let (year, rest) = number(text, 4, 4)?;
    let (month, rest) = number(rest.strip_prefix('-')?, 2, 2)?;
    let (day, rest) = number(rest.strip_prefix('-')?, 2, 2)?;
    Some((NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?, rest))
}

/// `uu:mm[:ss[.ffffff]]` as µs since midnight, and what follows. Finer fractions are cut off.
fn time(text: &str) -> Option<(i64, &str)> {
    let (hour, rest) = number(text, 1, 2)?;
    let (minute, rest) = number(rest.strip_prefix(':')?, 2, 2)?;
    let (second, mut rest) = match rest.strip_prefix(':') {
        Some(rest) => number(rest, 2, 2)?,
        None => (0, rest),
    };
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let mut micros = i64::from(hour) * HOUR + i64::from(minute) * MINUTE + i64::from(second) * SECOND;
    if let Some(fraction) = rest.strip_prefix(['.', ',']) {
        let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 {
            return None;
        }
        let (written, after) = fraction.split_at_checked(digits)?;
        let mut unit = SECOND / 10;
        for digit in written.bytes() {
            micros += i64::from(digit - b'0') * unit;
            unit /= 10;
        }
        rest = after;
    }
    Some((micros, rest))
}

/// `Z`, `+01`, `+0100`, `+01:00` in µs.
fn offset(text: &str) -> Option<i64> {
    if text.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let sign = match text.chars().next()? {
        '+' => 1,
        '-' | '\u{2212}' => -1,
        _ => return None,
    };
    let (hours, rest) = number(text.trim_start_matches(['+', '-', '\u{2212}']), 2, 2)?;
    let rest = rest.strip_prefix(':').unwrap_or(rest);
    let (minutes, rest) = if rest.is_empty() { (0, rest) } else { number(rest, 2, 2)? };
    if !rest.is_empty() || hours > 15 || minutes > 59 {
        return None;
    }
    Some(sign * (i64::from(hours) * HOUR + i64::from(minutes) * MINUTE))
}

/// A date with the time and offset that follow it, where they do.
struct Written {
    date: NaiveDate,
    /// µs since midnight
    time: i64,
    /// Whether a time stands there at all.
    timed: bool,
    offset: Option<i64>,
}

impl Written {
    fn read(text: &str, pattern: Option<&DatePattern>) -> Option<Self> {
        let text = text.trim();
        let (date, rest) = pattern.and_then(|p| p.date(text)).or_else(|| iso_date(text))?;
        if rest.is_empty() {
            return Some(Self { date, time: 0, timed: false, offset: None });
        }
        let spaced = rest.trim_start();
        let rest = if spaced.len() < rest.len() { spaced } else { rest.strip_prefix(['T', 't'])? };
        let (time, rest) = time(rest)?;
        let rest = rest.trim_start();
        let offset = if rest.is_empty() { None } else { Some(offset(rest)?) };
        Some(Self { date, time, timed: true, offset })
    }

    fn local(&self) -> i64 {
        i64::from(day_number(self.date)) * 24 * HOUR + self.time
    }
}

/// A `tijdstip` in µs UTC; without an offset it is local time of the clock's zone, without a time it is midnight.
pub fn moment(text: &str, pattern: Option<&DatePattern>, clock: &mut LocalClock) -> Option<i64> {
    let written = Written::read(text, pattern)?;
    match written.offset {
        Some(offset) => Some(written.local() - offset),
        None => clock.instant(written.local()),
    }
}

/// How often the local time of a `tijdstip` occurs: see [`LocalClock::occurrences`]. Once where an offset stands behind it.
pub fn occurrences(text: &str, pattern: Option<&DatePattern>, clock: &mut LocalClock) -> Option<i64> {
    let written = Written::read(text, pattern)?;
    if written.offset.is_some() { Some(1) } else { clock.occurrences(written.local()) }
}

/// A `datum` in days since 1970; a time after it is left out, and with an offset the day is the local one.
pub fn day(text: &str, pattern: Option<&DatePattern>, clock: &LocalClock) -> Option<i64> {
    let written = Written::read(text, pattern)?;
    let date = match written.offset {
        Some(offset) => clock.zone().day(written.local() - offset)?,
        None => written.date,
    };
    Some(i64::from(day_number(date)))
}

/// The day that a text writes (days since 1970, as it stands there), and whether a time follows it.
pub fn written(text: &str, pattern: Option<&DatePattern>) -> Option<(i64, bool)> {
    let written = Written::read(text, pattern)?;
    Some((i64::from(day_number(written.date)), written.timed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Zone;

    fn utc(text: &str) -> Option<i64> {
        moment(text, None, &mut LocalClock::new(Zone::UTC))
    }

    #[test]
    fn reads_iso() {
        let nine = utc("2026-01-05 09:00").expect("a moment");
        assert_eq!(nine, 1_767_603_600_000_000);
        for text in
            ["2026-01-05T09:00:00", "2026-01-05T10:00+01:00", "2026-01-05 09:00:00.000000Z", " 2026-01-05 9:00 "]
        {
            assert_eq!(utc(text), Some(nine), "{text}");
        }
        assert_eq!(utc("2026-01-05 09:00:00.1234569"), Some(nine + 123_456));
        for text in [
            "2026-02-30 09:00",
            "2026-01-05 24:00",
            "2026-01-05 09:60",
            "2026-01-05x",
            "morgen",
            "",
            "2026-01-05 09:00 +1",
        ] {
            assert_eq!(utc(text), None, "{text}");
        }
        assert_eq!(moment("2026-01-05 09:00", None, &mut LocalClock::new(Zone::default())), Some(nine - HOUR));
    }

    #[test]
    fn reads_patterns() {
        let clock = LocalClock::new(Zone::default());
        let read = |pattern: &str, text: &str| day(text, DatePattern::new(pattern).as_ref(), &clock);
        let fifth = Some(20_458);
        assert_eq!(read("dd-mm-jjjj", "05-01-2026"), fifth);
        assert_eq!(read("dd-mm-jjjj", "5-1-2026 9:30"), fifth);
        assert_eq!(read("dd-mm-jjjj", "2026-01-05"), fifth);
        assert_eq!(read("d/m/jj", "5/1/26"), fifth);
        assert_eq!(read("jjjjmmdd", "20260105"), fifth);
        assert_eq!(read("dd-mm-jjjj uu:mm", "05-01-2026 23:59:59"), fifth);
        assert_eq!(read("mm/dd/jjjj", "01/05/2026"), fifth);
        assert_eq!(read("dd-mm-jjjj", "31-02-2026"), None);
        for bad in ["", "yyyy-mm-dd", "dd-mm", "dd-mm-jjj", "dd-dd-jjjj"] {
            assert_eq!(DatePattern::new(bad), None, "{bad}");
        }
    }
}
