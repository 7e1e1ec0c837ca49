//! Marks that the rows themselves tell, by `kenmerk` columns: one per name, with its reasons in a fixed order.

use super::row::Mark;
use crate::combine::Marks;

/// More reasons than this are only counted.
const SHOWN: usize = 5;

/// The marks of a result, in the order of their names.
pub(super) fn marks(told: &Marks) -> impl Iterator<Item = Mark> {
    told.iter().map(|(name, reasons)| {
        let mut shown: Vec<&str> = reasons.iter().take(SHOWN).map(String::as_str).collect();
        let more = match reasons.len().saturating_sub(SHOWN) {
            0 => None,
            1 => Some("en nog 1 reden".to_owned()),
            n => Some(format!("en nog {n} redenen")),
        };
        shown.extend(more.as_deref());
        Mark { mark: name.clone(), reason: shown.join("; ") }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_sorted_joined_and_counted() {
        let of = |reasons: &[&str]| {
            let told = Marks::from([("raming".to_owned(), reasons.iter().map(|&r| r.to_owned()).collect())]);
            marks(&told).map(|m| m.reason).collect::<String>()
        };
        assert_eq!(of(&[]), "");
        assert_eq!(of(&["b", "a", "b"]), "a; b");
        assert_eq!(of(&["1", "2", "3", "4", "5", "6"]), "1; 2; 3; 4; 5; en nog 1 reden");
        assert_eq!(of(&["1", "2", "3", "4", "5", "6", "7"]), "1; 2; 3; 4; 5; en nog 2 redenen");
    }
}
