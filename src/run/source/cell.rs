//! Text of a cell to a canonical value: amounts, durations, numbers and ja/nee, in Dutch or programmers' spelling.
//!
//! Nothing here rounds except to the smallest part of a type (half away from zero). This file knows texts only.

use std::borrow::Cow;

/// In µs.
const SECOND: i128 = 1_000_000;

/// A written number as `[-]digits[.digits]`, or nothing when it is none. With `comma` the decimal sign is a comma and
/// dots may stand between groups of three digits; without it the decimal sign is a dot and there are no groups.
pub fn plain(text: &str, comma: bool) -> Option<Cow<'_, str>> {
    let text = text.trim();
    let text = text.strip_prefix('+').unwrap_or(text);
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = match digits.split_once(if comma { ',' } else { '.' }) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let all_digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    if fraction.is_some_and(|f| !all_digits(f)) {
        return None;
    }
    if all_digits(whole) {
        return Some(if comma && fraction.is_some() {
            Cow::Owned(text.replace(',', "."))
        } else {
            Cow::Borrowed(text)
        });
    }
    if !comma {
        return None;
    }
    let mut groups = whole.split('.');
    let first = groups.next()?;
    let grouped = all_digits(first) && first.len() <= 3 && groups.all(|g| g.len() == 3 && all_digits(g));
    grouped.then(|| Cow::Owned(text.replace('.', "").replace(',', ".")))
}

/// The number `plain` (as [`plain`] gives it) times `factor`, rounded half away from zero; nothing when too large.
pub fn scaled(plain: &str, factor: i64) -> Option<i64> {
    let negative = plain.starts_with('-');
    let digits = plain.trim_start_matches('-');
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let fraction = fraction.get(..18).unwrap_or(fraction).trim_end_matches('0');
    if whole.trim_start_matches('0').len() > 19 {
        return None;
    }
    let mut mantissa: i128 = 0;
    for digit in whole.bytes().chain(fraction.bytes()) {
        mantissa = mantissa.checked_mul(10)?.checked_add(i128::from(digit.checked_sub(b'0')?))?;
    }
    let size =
        round_div(mantissa.checked_mul(i128::from(factor))?, 10_i128.checked_pow(u32::try_from(fraction.len()).ok()?)?);
    i64::try_from(if negative { -size } else { size }).ok()
}

/// `a / b` rounded half away from zero, b above 0.
pub fn round_div(a: i128, b: i128) -> i128 {
    let (quotient, rest) = (a / b, (a % b).abs());
    if rest >= b - rest { quotient + a.signum() } else { quotient }
}

/// `geheel`: a number without a fraction (`12`, `12,0` with a comma).
pub fn integer(text: &str, comma: bool) -> Option<i64> {
    let plain = plain(text, comma)?;
    let whole = match plain.split_once('.') {
        Some((whole, fraction)) if fraction.bytes().all(|b| b == b'0') => whole,
        Some(_) => return None,
        None => plain.as_ref(),
    };
    whole.parse().ok()
}

/// `getal`, `score`: nearest 64-bit float.
pub fn float(text: &str, comma: bool) -> Option<f64> {
    if let Some(plain) = plain(text, comma) {
        return plain.parse::<f64>().ok().filter(|x| x.is_finite());
    }
    let text = text.trim();
    let scientific = !comma && text.contains(['e', 'E']) && text.starts_with(|c: char| c.is_ascii_digit() || c == '-');
    if scientific { text.parse::<f64>().ok().filter(|x| x.is_finite()) } else { None }
}

/// `percentage`, `procentpunt`: `78,2` or `78,2 %`.
pub fn percentage(text: &str, comma: bool) -> Option<f64> {
    let text = text.trim();
    float(text.strip_suffix('%').unwrap_or(text), comma)
}

/// `bedrag` in ten-thousandths: `4,50`, `€ 4,50`, `-€ 4,50`, `€ -4,50`, `4,50 €`, `€ 4,-`.
pub fn money(text: &str, comma: bool) -> Option<i64> {
    let mut text = text.trim();
    let mut negative = false;
    if let Some(rest) = text.strip_prefix('-')
        && rest.trim_start().starts_with('€')
    {
        negative = true;
        text = rest.trim_start();
    }
    text = text.strip_prefix('€').or_else(|| text.strip_suffix('€')).unwrap_or(text).trim();
    let text = text.strip_suffix(",-").unwrap_or(text);
    if negative && text.starts_with(['-', '+']) {
        return None;
    }
    let size = scaled(&plain(text, comma)?, 10_000)?;
    if negative { size.checked_neg() } else { Some(size) }
}

/// `duur` without a unit, in µs: `u:mm:ss` or `mm:ss`, seconds with a fraction where there is one.
pub fn clock_duration(text: &str) -> Option<i64> {
    let text = text.trim();
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let parts: Vec<&str> = text.split(':').collect();
    let (hours, minutes, seconds) = match parts.as_slice() {
        [hours, minutes, seconds] if minutes.len() == 2 => (*hours, *minutes, *seconds),
        [minutes, seconds] => ("0", *minutes, *seconds),
        _ => return None,
    };
    let whole = |s: &str| -> Option<i128> {
        (!s.is_empty() && s.len() <= 9 && s.bytes().all(|b| b.is_ascii_digit())).then(|| s.parse().ok()).flatten()
    };
    let (second, fraction) = seconds.split_once(['.', ',']).unwrap_or((seconds, "0"));
    if second.len() != 2 || fraction.is_empty() || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (hours, minutes, second) = (whole(hours)?, whole(minutes)?, whole(second)?);
    if second > 59 || (parts.len() == 3 && minutes > 59) {
        return None;
    }
    let fraction = i128::from(scaled(&format!("0.{fraction}"), 1_000_000)?);
    let size = (hours * 3600 + minutes * 60 + second) * SECOND + fraction;
    i64::try_from(if negative { -size } else { size }).ok()
}

/// `ja_nee` as people and systems write it.
pub fn truth(text: &str) -> Option<bool> {
    let text = text.trim();
    let is = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is(&["ja", "j", "true", "waar", "1"]) {
        Some(true)
    } else if is(&["nee", "n", "false", "onwaar", "0"]) {
        Some(false)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        assert_eq!(integer("12", false), Some(12));
        assert_eq!(integer(" -1.234 ", true), Some(-1234));
        assert_eq!(integer("12,0", true), Some(12));
        assert_eq!(integer("12,5", true), None);
        assert_eq!(integer("1.234", false), None);
        assert_eq!(integer("12a", false), None);
        assert_eq!(integer("9223372036854775808", false), None);
        assert_eq!(float("1.234,5", true), Some(1234.5));
        assert_eq!(float("1234.5", true), None);
        assert_eq!(float("12.34.567", true), None);
        assert_eq!(float("1,5", false), None);
        assert_eq!(float("1.5e3", false), Some(1500.0));
        assert_eq!(float("NaN", false), None);
        assert_eq!(float("inf", false), None);
        assert_eq!(percentage("78,2 %", true), Some(78.2));
    }

    #[test]
    fn amounts() {
        for text in ["4,50", "€ 4,50", "€4,5", "4,50 €", "€\u{a0}4,50"] {
            assert_eq!(money(text, true), Some(45_000), "{text}");
        }
        assert_eq!(money("-€ 4,50", true), Some(-45_000));
        assert_eq!(money("€ -4,50", true), Some(-45_000));
        assert_eq!(money("€ 1.204,-", true), Some(12_040_000));
        assert_eq!(money("4.50", false), Some(45_000));
        assert_eq!(money("0.00005", false), Some(1));
        assert_eq!(money("-0.00005", false), Some(-1));
        assert_eq!(money("99999999999999999999", false), None);
        assert_eq!(money("vier", true), None);
        assert_eq!(money("€", true), None);
    }

    #[test]
    fn durations_and_truth() {
        assert_eq!(clock_duration("1:02:03"), Some(3_723_000_000));
        assert_eq!(clock_duration("02:03.5"), Some(123_500_000));
        assert_eq!(clock_duration("90:00"), Some(5_400_000_000));
        assert_eq!(clock_duration("-0:30"), Some(-30_000_000));
        for bad in ["90", "1:2:3", "1:60:00", "0:60", "a:00", "1:00:", ""] {
            assert_eq!(clock_duration(bad), None, "{bad}");
        }
        assert_eq!(truth("JA"), Some(true));
        assert_eq!(truth("onwaar"), Some(false));
        assert_eq!(truth("misschien"), None);
        assert_eq!(scaled("1.5", 60_000_000), Some(90_000_000));
        assert_eq!(scaled("2000000000000.000000000000000000", 1_000_000), Some(2_000_000_000_000_000_000));
    }
}
