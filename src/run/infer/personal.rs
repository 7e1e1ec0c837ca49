//! Whether values look like data about persons: e-mail addresses, telephone numbers, bank accounts, citizen service
//! numbers, postcodes, network addresses. Forms and check digits, no lists of names.

/// What personal data looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Email,
    Phone,
    Iban,
    Bsn,
    Postcode,
    Address,
}

impl Kind {
    const ALL: [Self; 6] = [Self::Email, Self::Iban, Self::Bsn, Self::Phone, Self::Postcode, Self::Address];

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Email => "e-mailadressen",
            Self::Phone => "telefoonnummers",
            Self::Iban => "rekeningnummers (IBAN)",
            Self::Bsn => "burgerservicenummers (elfproef)",
            Self::Postcode => "postcodes",
            Self::Address => "netwerkadressen (IP)",
        }
    }

    fn fits(self, text: &str) -> bool {
        match self {
            Self::Email => is_email(text),
            Self::Phone => is_phone(text),
            Self::Iban => is_iban(text),
            Self::Bsn => is_bsn(text),
            Self::Postcode => is_postcode(text),
            Self::Address => text.contains(['.', ':']) && text.parse::<std::net::IpAddr>().is_ok(),
        }
    }
}

/// How many values of a column look like each kind.
#[derive(Debug, Default)]
pub struct Suspicion {
    counts: [u64; Kind::ALL.len()],
    seen: u64,
}

/// The least number of values on which a form says something.
const ENOUGH: u64 = 3;

impl Suspicion {
    pub fn text(&mut self, text: &str) {
        self.seen += 1;
        for (kind, count) in Kind::ALL.iter().zip(&mut self.counts) {
            *count += u64::from(kind.fits(text));
        }
    }

    /// A number may be a citizen service number only: written as one it has lost the zero of a telephone number.
    pub fn number(&mut self, number: i64) {
        self.seen += 1;
        for (kind, count) in Kind::ALL.iter().zip(&mut self.counts) {
            *count += u64::from(*kind == Kind::Bsn && is_bsn(&number.to_string()));
        }
    }

    /// The kind that at least nine of ten values have, and the share in percent.
    pub fn verdict(&self) -> Option<(Kind, u64)> {
        let found = Kind::ALL.iter().zip(&self.counts).find(|(kind, count)| {
            // One in eleven numbers of nine digits passes by chance.
            let enough = if **kind == Kind::Bsn { 10 } else { ENOUGH };
            self.seen >= enough && **count * 10 >= self.seen * 9
        });
        found.map(|(kind, count)| (*kind, count * 100 / self.seen.max(1)))
    }
}

/// Words in the name of a column that point at a person.
const WORDS: [&str; 36] = [
    "achternaam",
    "voornaam",
    "voornamen",
    "voorletters",
    "roepnaam",
    "bsn",
    "burgerservicenummer",
    "email",
    "mail",
    "mailadres",
    "telefoon",
    "telefoonnummer",
    "tel",
    "mobiel",
    "iban",
    "rekeningnummer",
    "adres",
    "straat",
    "huisnummer",
    "postcode",
    "geboortedatum",
    "beller",
    "klant",
    "klantnummer",
    "inwoner",
    "burger",
    "aanvrager",
    "medewerker",
    "behandelaar",
    "responsible",
    "verantwoordelijke",
    "resource",
    "gebruiker",
    "agent",
    "bezoeker",
    "ip",
];

/// The word in the name of a column that points at a person.
pub fn word(identifier: &str) -> Option<&'static str> {
    let parts: Vec<&str> = identifier.split('_').collect();
    if parts == ["naam"] {
        return Some("naam");
    }
    WORDS.into_iter().find(|word| parts.contains(word))
}

fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.split_once('@') else { return false };
    let plain = |s: &str| !s.is_empty() && !s.contains(|c: char| c.is_whitespace() || matches!(c, '@' | ',' | ';'));
    plain(name) && plain(host) && host.split_once('.').is_some_and(|(a, b)| !a.is_empty() && b.len() >= 2)
}

fn is_phone(text: &str) -> bool {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let only = text.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '(' | ')' | '+'));
    let national = digits.len() == 10 && text.starts_with(['0', '(']) && !digits.starts_with("00");
    let abroad = (text.starts_with('+') && (10..=14).contains(&digits.len()))
        || (digits.starts_with("00") && (12..=16).contains(&digits.len()));
    only && (national || abroad)
}

/// Country, check digits and account, of which the number modulo 97 is 1 (ISO 13616).
fn is_iban(text: &str) -> bool {
    let bare: Vec<u8> = text.bytes().filter(|b| *b != b' ').map(|b| b.to_ascii_uppercase()).collect();
    let form = bare.len() >= 15
        && bare.len() <= 34
        && bare.iter().take(2).all(u8::is_ascii_uppercase)
        && bare.iter().skip(2).take(2).all(u8::is_ascii_digit)
        && bare.iter().all(u8::is_ascii_alphanumeric);
    let rest = bare.iter().skip(4).chain(bare.iter().take(4)).fold(0_u64, |rest, b| match b {
        b'0'..=b'9' => (rest * 10 + u64::from(b - b'0')) % 97,
        letter => (rest * 100 + u64::from(letter.wrapping_sub(b'A')) + 10) % 97,
    });
    form && rest == 1
}

/// Eight or nine digits; 9·a + 8·b + … + 2·h − i is a multiple of eleven.
fn is_bsn(text: &str) -> bool {
    if !(8..=9).contains(&text.len()) || !text.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    let padded = format!("{text:0>9}");
    let sum: i32 =
        padded.bytes().zip([9, 8, 7, 6, 5, 4, 3, 2, -1]).map(|(digit, weight)| i32::from(digit - b'0') * weight).sum();
    sum % 11 == 0 && padded != "000000000"
}

fn is_postcode(text: &str) -> bool {
    let bare: Vec<u8> = text.bytes().filter(|b| *b != b' ').collect();
    bare.len() == 6
        && text.len() <= 7
        && bare.first().is_some_and(|b| (b'1'..=b'9').contains(b))
        && bare.iter().take(4).all(u8::is_ascii_digit)
        && bare.iter().skip(4).all(u8::is_ascii_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_and_check_digits() {
        for bsn in ["111222333", "123456782", "10000008"] {
            assert!(is_bsn(bsn), "{bsn}");
        }
        for no in ["111222334", "123456789", "000000000", "12345678a", "1234567"] {
            assert!(!is_bsn(no), "{no}");
        }
        assert!(is_iban("NL91 ABNA 0417 1643 00") && is_iban("BE68539007547034") && !is_iban("NL92ABNA0417164300"));
        assert!(is_email("a.b@gemeente.nl") && !is_email("a b@x.nl") && !is_email("a@b") && !is_email("niets"));
        for phone in ["0612345678", "06-12345678", "(038) 123 45 67", "+31 6 12345678", "0031612345678"] {
            assert!(is_phone(phone), "{phone}");
        }
        for no in ["1234567890", "06123", "2026-01-05", "0000000000000000000"] {
            assert!(!is_phone(no), "{no}");
        }
        assert!(is_postcode("1234 AB") && is_postcode("1234ab") && !is_postcode("0234AB") && !is_postcode("1234A1"));
        assert_eq!(word("naam_medewerker"), Some("medewerker"));
        assert_eq!(word("gemeente_naam"), None);
    }

    #[test]
    fn nine_of_ten_is_enough_and_one_of_eleven_is_not() {
        let mut some = Suspicion::default();
        (0..9).for_each(|n| some.text(&format!("a{n}@b.nl")));
        some.text("onbekend");
        assert_eq!(some.verdict(), Some((Kind::Email, 90)));
        some.text("onbekend");
        assert_eq!(some.verdict(), None);
        let mut numbers = Suspicion::default();
        (100_000_000..100_000_200).for_each(|n| numbers.number(n));
        assert_eq!(numbers.verdict(), None);
    }
}
