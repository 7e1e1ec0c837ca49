//! Names for columns: what the file calls `case:concept:name` becomes a name that reads in a definition.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

/// A name in lower case with underscores for all else: `Datum ontvangst` is `datum_ontvangst`, `StartTijd` `start_tijd`.
pub fn identifier(text: &str) -> String {
    let mut name = String::new();
    let mut before = ' ';
    for c in text.nfc() {
        if c.is_alphanumeric() {
            if c.is_uppercase() && before.is_lowercase() {
                name.push('_');
            }
            name.extend(c.to_lowercase());
        } else if !name.is_empty() && !name.ends_with('_') {
            name.push('_');
        }
        before = c;
    }
    let name = name.trim_end_matches('_');
    match name.chars().next() {
        None => "kolom".to_owned(),
        Some(c) if c.is_alphabetic() => name.to_owned(),
        Some(_) => format!("k_{name}"),
    }
}

/// A name for each column, all different: of `case:channel` the last part alone, where no other column ends so.
pub fn columns(physical: &[&str]) -> Vec<String> {
    let parts: Vec<Vec<&str>> = physical.iter().map(|name| name.split(':').collect()).collect();
    let tail = |at: usize, count: usize| {
        let all = &parts[at];
        identifier(&all[all.len().saturating_sub(count)..].join("_"))
    };
    let most = parts.iter().map(Vec::len).max().unwrap_or(1);
    let mut taken = BTreeSet::new();
    let mut names = Vec::with_capacity(physical.len());
    for at in 0..physical.len() {
        let alone = |count: usize| (0..parts.len()).all(|other| other == at || tail(other, count) != tail(at, count));
        let count = (1..=most).find(|&count| alone(count)).unwrap_or(most);
        let base = tail(at, count);
        let mut name = base.clone();
        let mut number = 2;
        while !taken.insert(name.clone()) {
            name = format!("{base}_{number}");
            number += 1;
        }
        names.push(name);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_and_differ() {
        assert_eq!(identifier("Datum ontvangst"), "datum_ontvangst");
        assert_eq!(identifier("StartTijd (sec.)"), "start_tijd_sec");
        assert_eq!(identifier("2e lijn"), "k_2e_lijn");
        assert_eq!(identifier("%"), "kolom");
        let xes = ["concept:name", "case:concept:name", "org:resource", "case:channel"];
        assert_eq!(columns(&xes), ["concept_name", "case_concept_name", "resource", "channel"]);
        assert_eq!(columns(&["a b", "a_b", "A B"]), ["a_b", "a_b_2", "a_b_3"]);
    }
}
