//! How the rows of a table come in over the days of its meetmoment: how far it goes, what is usual between two days with
//! rows, where it has a hole, and whether it stops before the other tables do. Everything is judged by the data alone,
//! never by a clock. This file knows days and numbers only.

/// Days further than this from the rest cannot be right, where the rest is not as thin.
const YEARS: i64 = 2 * 365;
/// Fewer steps between days say nothing of what is usual.
const STEPS: usize = 4;
/// A hole is longer than this many days, and than this many times what is usual.
const HOLE: (i64, i64) = (7, 5);
/// A table stops early when it ends more than this many times what is usual before most others.
const BEHIND: i64 = 2;

/// What the days of a table tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// The oldest and the newest day, without those far from the rest.
    pub oldest: i64,
    pub newest: i64,
    /// Nine of ten times the next day with rows comes within so many days. None where there are too few to say.
    pub usual: Option<i64>,
    /// Rows years before, and years after all others.
    pub remote: [Option<Remote>; 2],
    /// The last day before a hole and the first after it, in order.
    pub holes: Vec<(i64, i64)>,
}

/// A few rows years away from the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remote {
    pub rows: u64,
    /// The farthest of their days.
    pub day: i64,
}

impl Arrival {
    /// Of the days that have rows, in order, each with their number. None where there are none.
    #[must_use]
    pub fn of(days: &[(i64, u64)]) -> Option<Self> {
        let (kept, remote) = trimmed(days);
        let (oldest, newest) = (kept.first()?.0, kept.last()?.0);
        let usual = steps(kept, 9, 10).filter(|_| kept.len() > STEPS);
        let pairs = || kept.iter().zip(kept.iter().skip(1)).map(|(a, b)| (a.0, b.0));
        let hole = |usual: i64| move |(a, b): &(i64, i64)| b - a > HOLE.0.max(HOLE.1 * usual);
        let holes = usual.map_or_else(Vec::new, |usual| pairs().filter(hole(usual)).collect());
        Some(Self { oldest, newest, usual, remote, holes })
    }

    /// The day that most of the others reach, where this table stops well before it.
    #[must_use]
    pub fn stops_before(&self, others: &[&Self]) -> Option<i64> {
        let reach = self.newest + BEHIND * self.usual?;
        let mut ahead: Vec<i64> = others.iter().map(|other| other.newest).filter(|day| *day > reach).collect();
        ahead.sort_unstable();
        if ahead.len() * 2 <= others.len() {
            return None;
        }
        ahead.get((ahead.len() - 1) / 2).copied()
    }
}

/// The days without the few rows at either end that lie years away from the others.
fn trimmed(days: &[(i64, u64)]) -> (&[(i64, u64)], [Option<Remote>; 2]) {
    let total: u64 = days.iter().map(|(_, rows)| rows).sum();
    let Some(middle) = steps(days, 1, 2) else { return (days, [None; 2]) };
    let far = |from: i64, to: i64| to - from > YEARS.max(10 * middle);
    let few = |rows: u64| rows * 20 <= total;
    let (mut start, mut end, mut remote) = (0, days.len(), [None; 2]);
    let mut rows = 0;
    for (at, pair) in days.windows(2).enumerate() {
        let [(day, n), (next, _)] = pair else { continue };
        rows += n;
        if few(rows) && far(*day, *next) {
            start = at + 1;
            remote[0] = days.first().map(|first| Remote { rows, day: first.0 });
        }
    }
    rows = 0;
    for (at, pair) in days.windows(2).enumerate().rev() {
        let [(day, _), (next, n)] = pair else { continue };
        rows += n;
        if few(rows) && far(*day, *next) {
            end = at + 1;
            remote[1] = days.last().map(|last| Remote { rows, day: last.0 });
        }
    }
    (days.get(start..end).unwrap_or(days), remote)
}

/// The step between days that `part` of `whole` steps do not exceed.
fn steps(days: &[(i64, u64)], part: usize, whole: usize) -> Option<i64> {
    let mut steps: Vec<i64> = days.iter().zip(days.iter().skip(1)).map(|(a, b)| b.0 - a.0).collect();
    steps.sort_unstable();
    let at = (steps.len() * part).div_ceil(whole).checked_sub(1)?;
    steps.get(at).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows on these days, ten a day.
    fn on(days: impl IntoIterator<Item = i64>) -> Vec<(i64, u64)> {
        days.into_iter().map(|day| (day, 10)).collect()
    }

    /// Monday to Friday of so many weeks.
    fn working(weeks: i64) -> impl Iterator<Item = i64> {
        (0..weeks).flat_map(|week| (0..5).map(move |day| 7 * week + day))
    }

    #[test]
    fn a_weekend_is_usual_and_a_closed_week_no_hole() {
        let arrival = Arrival::of(&on(working(20).filter(|day| !(70..77).contains(day)))).expect("days");
        assert_eq!(arrival.usual, Some(3));
        assert_eq!(arrival.holes, []);
        assert_eq!(arrival.newest, 137);
    }

    #[test]
    fn a_month_without_rows_is_a_hole() {
        let arrival = Arrival::of(&on(working(20).filter(|day| !(63..91).contains(day)))).expect("days");
        assert_eq!(arrival.holes, [(60, 91)]);
        // Of a table that comes once a month it is not.
        let monthly = Arrival::of(&on((0..24).map(|month| month * 365 / 12))).expect("days");
        assert_eq!((monthly.usual, monthly.holes), (Some(31), Vec::new()));
    }

    #[test]
    fn few_days_say_nothing() {
        let arrival = Arrival::of(&on([0, 1, 2, 400])).expect("days");
        assert_eq!((arrival.usual, arrival.holes.len()), (None, 0));
        assert_eq!(Arrival::of(&[]), None);
    }

    #[test]
    fn a_few_rows_years_away_do_not_count() {
        let mut days = on(working(20));
        days.insert(0, (-20_000, 2));
        days.push((9_000, 1));
        days.push((20_000, 1));
        let arrival = Arrival::of(&days).expect("days");
        assert_eq!(arrival.remote, [Some(Remote { rows: 2, day: -20_000 }), Some(Remote { rows: 2, day: 20_000 })]);
        assert_eq!((arrival.oldest, arrival.newest, arrival.holes), (0, 137, Vec::new()));
        // As many rows as the rest are no mistake, and neither is a table of one day in ten years.
        let halves = Arrival::of(&on(working(2).chain(working(2).map(|day| day + 3000)))).expect("days");
        assert_eq!((halves.remote, halves.holes), ([None; 2], vec![(11, 3000)]));
        let rare = Arrival::of(&on((0..30).map(|n| n * 3650))).expect("days");
        assert_eq!(rare.remote, [None; 2]);
    }

    #[test]
    fn a_table_stops_early_when_most_others_go_on() {
        let until = |weeks: i64| Arrival::of(&on(working(weeks))).expect("days");
        let (short, long, longer) = (until(10), until(20), until(30));
        assert_eq!(short.stops_before(&[&long, &longer]), Some(long.newest));
        // One of the two is no more than half.
        assert_eq!(long.stops_before(&[&short, &longer]), None);
        assert_eq!(long.stops_before(&[]), None);
        // A weekend is no delay, nor is one more step: two steps of three days.
        let six = Arrival { newest: short.newest + 6, ..long.clone() };
        assert_eq!(short.stops_before(&[&six]), None);
        let seven = Arrival { newest: short.newest + 7, ..long };
        assert_eq!(short.stops_before(&[&seven]), Some(seven.newest));
    }
}
