//! "Bedoelde u …": the nearest of the names that are possible.

/// The candidate nearest to `word`, if one is near: the same letters in another case, or at most a third of them
/// different (at least one). Ties go to the first in alphabetical order.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    let limit = (word.chars().count() / 3).max(1);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let distance = strsim::damerau_levenshtein(&lower, &candidate.to_lowercase());
        if distance <= limit && best.is_none_or(|b| (distance, candidate) < b) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_a_near_name_and_leaves_far_ones() {
        let names = ["binnenkomst", "opgenomen", "beeindigd"];
        assert_eq!(nearest("binnekomst", names), Some("binnenkomst"));
        assert_eq!(nearest("Opgenomen", names), Some("opgenomen"));
        assert_eq!(nearest("kanaal", names), None);
    }
}
