//! Answers beside those of comparing every row with every other.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Int64Array, StringViewArray};

use super::*;
use crate::calendar::Zone;
use crate::model::expr::Window;

/// Rows of (moment, key, tie), read in so many parts; the answers in their order.
fn answers(rows: &[(i64, &str, i64)], parts: usize, direction: Direction, window: i64) -> (Vec<Option<bool>>, Need) {
    let of = |rows: &[(i64, &str, i64)]| {
        let times = Int64Array::from_iter_values(rows.iter().map(|r| r.0));
        let keys: ArrayRef =
            Arc::new(rows.iter().map(|r| (!r.1.is_empty()).then_some(r.1)).collect::<StringViewArray>());
        let ties: ArrayRef = Arc::new(Int64Array::from_iter_values(rows.iter().map(|r| r.2)));
        (times, [keys], [ties])
    };
    let everything = (i64::MIN, i64::MAX);
    let mut gathered = Vec::new();
    for part in rows.chunks(rows.len().div_ceil(parts).max(1)) {
        let (times, keys, _) = of(part);
        let mut one = Gathered::new(1, everything);
        one.add(&times, None, &keys).expect("rows");
        gathered.push(one);
    }
    let line = Arc::new(Timeline::of(gathered));
    let mut limits = Limits::new(direction, Window::Micros(window), false, Zone::UTC);
    let answers = Arc::new(Answers::of(line, &mut limits, everything));
    let (times, keys, key_ties) = of(rows);
    let mut ties = Ties::default();
    if answers.need() == Need::Ties {
        ties.add(&answers, &times, None, &keys, &key_ties).expect("ties");
    }
    let need = answers.need();
    let signature = Signature::any(3, Volatility::Immutable);
    let name = "herhaald_1".to_owned();
    let function = Repeated { name, answers, ties: Arc::new(ties), with_pass: false, with_keys: 1, signature };
    let found = function.found(&times, None, &keys, &key_ties).expect("answers");
    (found.iter().collect(), need)
}

/// The same by comparing every row with every other.
fn plainly(rows: &[(i64, &str, i64)], direction: Direction, window: i64) -> Vec<Option<bool>> {
    let meets = |row: &(i64, &str, i64), other: &(i64, &str, i64)| {
        let (row, other) = if direction == Direction::Earlier { (row, other) } else { (other, row) };
        row.1 == other.1 && (other.0, other.2) < (row.0, row.2) && row.0 - other.0 <= window
    };
    rows.iter().map(|row| (!row.1.is_empty()).then(|| rows.iter().any(|other| meets(row, other)))).collect()
}

#[test]
fn every_row_finds_what_comparing_all_pairs_finds() {
    let mut state = 7_u64;
    let mut random = move |n: i64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(state >> 33).unwrap_or(0) % n
    };
    let names = ["", "a", "b", "twaalf tekens", "een naam die niet in een view past", "een naam die ook niet past"];
    for (count, span) in [(0, 1), (1, 1), (7, 3), (60, 1), (60, 20), (300, 40), (300, 100_000)] {
        for round in 0..6 {
            let rows: Vec<(i64, &str, i64)> = (0..count)
                .map(|tie| (random(span) - span / 2, names[usize::try_from(random(6)).unwrap_or(0)], (tie * 37) % 1009))
                .collect();
            for direction in [Direction::Earlier, Direction::Later] {
                for window in [0, 1, 5, span] {
                    for parts in [1, 3] {
                        let (found, _) = answers(&rows, parts, direction, window);
                        assert_eq!(
                            found,
                            plainly(&rows, direction, window),
                            "{count} {span} {round} {direction:?} {window}"
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn only_as_much_of_a_row_is_needed_as_decides() {
    let need = |rows: &[(i64, &str, i64)]| answers(rows, 1, Direction::Earlier, 10).1;
    assert_eq!(need(&[(1, "a", 1), (2, "b", 2), (3, "a", 3)]), Need::Moment);
    assert_eq!(need(&[(1, "a", 1), (1, "b", 2), (3, "a", 3)]), Need::Moment);
    assert_eq!(need(&[(1, "a", 1), (3, "b", 2), (3, "a", 3)]), Need::Keys);
    assert_eq!(need(&[(1, "a", 1), (3, "", 2)]), Need::Moment);
    assert_eq!(need(&[(1, "a", 1), (3, "", 2), (3, "a", 3)]), Need::Keys);
    assert_eq!(need(&[(1, "a", 1), (1, "a", 2)]), Need::Ties);
    // Both have a row before them: which of the two is first decides nothing.
    assert_eq!(need(&[(0, "a", 0), (1, "a", 1), (1, "a", 2)]), Need::Moment);
}

#[test]
fn outside_the_population_there_is_no_answer() {
    let times = Int64Array::from(vec![Some(1), Some(2), None]);
    let pass = BooleanArray::from(vec![Some(true), None, Some(true)]);
    let keys: ArrayRef = Arc::new(Int64Array::from(vec![5, 5, 5]));
    let mut gathered = Gathered::new(1, (i64::MIN, i64::MAX));
    gathered.add(&times, Some(&pass), std::slice::from_ref(&keys)).expect("rows");
    let mut limits = Limits::new(Direction::Later, Window::Micros(9), false, Zone::UTC);
    let line = Arc::new(Timeline::of(vec![gathered]));
    let answers = Arc::new(Answers::of(line, &mut limits, (i64::MIN, i64::MAX)));
    let signature = Signature::any(3, Volatility::Immutable);
    let name = "vervolgd_1".to_owned();
    let function = Repeated { name, answers, ties: Arc::default(), with_pass: true, with_keys: 1, signature };
    let found = function.found(&times, Some(&pass), &[keys], &[]).expect("answers");
    assert_eq!(found, BooleanArray::from(vec![Some(false), None, None]));
}

#[test]
fn keys_of_several_columns_and_types() {
    let mut state = 11_u64;
    let mut random = move |n: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % n
    };
    let rows: Vec<(u64, u64, bool)> = (0..5_000).map(|_| (random(40), random(30), random(2) == 0)).collect();
    let columns = |rows: &[(u64, u64, bool)]| -> [ArrayRef; 3] {
        [
            Arc::new(StringViewArray::from_iter_values(rows.iter().map(|r| format!("sleutel nummer {}", r.0)))),
            Arc::new(Int64Array::from_iter_values(rows.iter().map(|r| i64::try_from(r.1).unwrap_or(0) - 9))),
            Arc::new(rows.iter().map(|r| Some(r.2)).collect::<BooleanArray>()),
        ]
    };
    let (first, second) = rows.split_at(2_000);
    let mut keys = keys::Keys::new(3);
    let mut numbers = keys.insert(&columns(first)).expect("numbers");
    let mut others = keys::Keys::new(3);
    let theirs = others.insert(&columns(second)).expect("numbers");
    let map = keys.absorb(&others);
    numbers.extend(theirs.iter().map(|&n| map[n as usize]));
    assert_eq!(keys.find(&columns(&rows)).expect("numbers"), numbers);
    let mut seen = std::collections::BTreeMap::new();
    for (row, number) in rows.iter().zip(&numbers) {
        assert_eq!(*seen.entry(row).or_insert(*number), *number);
    }
    let distinct: std::collections::BTreeSet<u32> = seen.values().copied().collect();
    assert_eq!(distinct.len(), seen.len());
    assert_eq!(keys.len(), seen.len());
}
