//! Values of flags: words and texts of the command line as types. Messages are shown after the flag's name.

#[cfg(feature = "engine")]
use crate::calendar::PeriodKind;

/// `maand`, `hele-reeks` …
#[cfg(feature = "engine")]
pub fn period(text: &str) -> Result<PeriodKind, String> {
    let word = text.replace('-', " ");
    PeriodKind::ALL.into_iter().find(|p| p.word() == word).ok_or_else(|| {
        let words: Vec<String> = PeriodKind::ALL.iter().map(|p| p.word().replace(' ', "-")).collect();
        format!("kies uit {}", words.join(", "))
    })
}

/// `2026-07-01`, `2026-07-01T00:00`, `2026-07-01 00:00:00`: local time.
#[cfg(feature = "engine")]
pub fn moment(text: &str) -> Result<chrono::NaiveDateTime, String> {
    let text = text.replace('T', " ");
    let day = || chrono::NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok()?.and_hms_opt(0, 0, 0);
    ["%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"]
        .iter()
        .find_map(|format| chrono::NaiveDateTime::parse_from_str(&text, format).ok())
        .or_else(day)
        .ok_or_else(|| "schrijf een moment als 2026-07-01 of 2026-07-01T00:00".to_owned())
}

/// `4GB`, `512MB`: bytes.
#[cfg(feature = "engine")]
pub fn memory(text: &str) -> Result<usize, String> {
    let wrong = || "schrijf een grootte als 4GB of 512MB".to_owned();
    let upper = text.trim().to_uppercase();
    let digits = upper.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let factor = match upper[digits.len()..].trim() {
        "GB" | "G" => 1_u64 << 30,
        "MB" | "M" => 1_u64 << 20,
        _ => return Err(wrong()),
    };
    let number: u64 = digits.trim().parse().map_err(|_| wrong())?;
    number.checked_mul(factor).filter(|&n| n > 0).and_then(|n| usize::try_from(n).ok()).ok_or_else(wrong)
}

/// `NAAM=WAARDE` split at the first `=`.
pub fn assignment(text: &str) -> Option<(&str, &str)> {
    let (name, value) = text.split_once('=')?;
    let name = name.trim();
    (!name.is_empty() && !value.trim().is_empty()).then_some((name, value.trim()))
}

#[cfg(all(test, feature = "engine"))]
mod tests {
    use super::*;

    #[test]
    fn values_read_as_people_write_them() {
        assert_eq!(period("hele-reeks"), Ok(PeriodKind::Whole));
        assert!(period("eeuw").is_err());
        assert_eq!(memory("4GB"), Ok(4 << 30));
        assert!(memory("veel").is_err() && memory("0GB").is_err() && memory("é").is_err());
        assert_eq!(moment("2026-07-01"), moment("2026-07-01T00:00"));
        assert_eq!(assignment("a = b=c"), Some(("a", "b=c")));
        assert_eq!(assignment("a="), None);
    }
}
