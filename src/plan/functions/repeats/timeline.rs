//! The rows of a population in order of time, and which of them come again. Built from batches in any order; the same
//! rows give the same answers.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, BooleanArray, Int64Array};
use datafusion::common::Result;

use super::keys::{EMPTY, Keys};
use super::limits::Limits;
use crate::model::expr::Direction;

/// Rows as they come: a place in time and the number of a key.
#[derive(Debug)]
pub struct Gathered {
    keys: Keys,
    numbers: Vec<u32>,
    times: Vec<i64>,
    /// Rows outside are of no concern: from, until.
    range: (i64, i64),
}

impl Gathered {
    #[must_use]
    pub fn new(keys: usize, range: (i64, i64)) -> Self {
        Self { keys: Keys::new(keys), numbers: Vec::new(), times: Vec::new(), range }
    }

    /// Takes the rows of a batch in that lie in the range and `pass`, where that is given.
    ///
    /// # Errors
    /// When a key is of a type that the engine does not have.
    pub fn add(&mut self, times: &Int64Array, pass: Option<&BooleanArray>, keys: &[ArrayRef]) -> Result<()> {
        let numbers = self.keys.insert(keys)?;
        let (from, until) = self.range;
        for (row, (&at, number)) in times.values().iter().zip(numbers).enumerate() {
            let passes = pass.is_none_or(|p| p.is_valid(row) && p.value(row));
            if from <= at && at < until && passes && times.is_valid(row) {
                self.times.push(at);
                self.numbers.push(number);
            }
        }
        Ok(())
    }

    /// Bytes held, with those that ordering them takes.
    #[must_use]
    pub fn size(&self) -> usize {
        self.keys.size() + 2 * (self.times.capacity() * size_of::<i64>() + self.numbers.capacity() * size_of::<u32>())
    }
}

/// Rows in order of time, those of one moment in that of their key's number.
#[derive(Debug)]
pub struct Timeline {
    pub(super) keys: Keys,
    pub(super) times: Vec<i64>,
    pub(super) numbers: Vec<u32>,
    /// Time is cut in stretches of equal length; stretch i begins at row `starts[i]`.
    starts: Vec<usize>,
    first: i64,
    /// A stretch has 2^shift units of time.
    shift: u32,
}

/// Rows in a stretch, about.
const STRETCH: usize = 8;

impl Timeline {
    /// Puts rows in order.
    #[must_use]
    pub fn of(parts: Vec<Gathered>) -> Self {
        let mut keys = Keys::default();
        let mut lists = Vec::new();
        for part in parts {
            let Gathered { keys: theirs, mut numbers, times, .. } = part;
            if lists.is_empty() {
                keys = theirs;
            } else {
                let map = keys.absorb(&theirs);
                for number in numbers.iter_mut().filter(|n| **n != EMPTY) {
                    *number = map.get(*number as usize).copied().unwrap_or(EMPTY);
                }
            }
            lists.push((times, numbers));
        }
        let rows = lists.iter().map(|(times, _)| times.len()).sum::<usize>();
        let all = || lists.iter().flat_map(|(times, _)| times.iter().copied());
        let (first, last) = (all().min().unwrap_or(0), all().max().unwrap_or(0));
        let most = (rows / STRETCH).max(1) as u64;
        let mut shift = 0;
        while last.abs_diff(first).checked_shr(shift).unwrap_or(0) >= most {
            shift += 1;
        }
        let stretches = usize::try_from(last.abs_diff(first).checked_shr(shift).unwrap_or(0)).unwrap_or(0) + 1;
        let mut line =
            Self { keys, times: vec![0; rows], numbers: vec![0; rows], starts: vec![0; stretches + 1], first, shift };
        line.fill(lists);
        line.order();
        line
    }

    fn stretch(&self, at: i64) -> usize {
        usize::try_from(at.abs_diff(self.first).checked_shr(self.shift).unwrap_or(0)).unwrap_or(usize::MAX)
    }

    /// Puts every row in its stretch.
    fn fill(&mut self, lists: Vec<(Vec<i64>, Vec<u32>)>) {
        for &at in lists.iter().flat_map(|(times, _)| times) {
            let stretch = self.stretch(at);
            self.starts[stretch + 1] += 1;
        }
        let mut before = 0;
        for start in &mut self.starts {
            before += *start;
            *start = before;
        }
        let mut next = self.starts.clone();
        for (times, numbers) in lists {
            for (at, number) in times.into_iter().zip(numbers) {
                let place = &mut next[self.stretch(at)];
                self.times[*place] = at;
                self.numbers[*place] = number;
                *place += 1;
            }
        }
    }

    /// Orders the rows inside each stretch.
    fn order(&mut self) {
        let mut pairs: Vec<(i64, u32)> = Vec::new();
        for bounds in self.starts.windows(2) {
            let &[from, until] = bounds else { continue };
            let (times, numbers) = (&mut self.times[from..until], &mut self.numbers[from..until]);
            if times.len() <= 4 * STRETCH {
                for end in 1..times.len() {
                    let (at, number) = (times[end], numbers[end]);
                    let mut place = end;
                    while place > 0 && (times[place - 1], numbers[place - 1]) > (at, number) {
                        times[place] = times[place - 1];
                        numbers[place] = numbers[place - 1];
                        place -= 1;
                    }
                    times[place] = at;
                    numbers[place] = number;
                }
            } else {
                pairs.clear();
                pairs.extend(times.iter().copied().zip(numbers.iter().copied()));
                pairs.sort_unstable();
                for (row, &(at, number)) in pairs.iter().enumerate() {
                    times[row] = at;
                    numbers[row] = number;
                }
            }
        }
    }

    /// The first row at a moment; nothing when there is none.
    #[inline]
    pub(super) fn first_at(&self, at: i64) -> Option<usize> {
        if at < self.first {
            return None;
        }
        let stretch = self.stretch(at);
        let (from, until) = (*self.starts.get(stretch)?, *self.starts.get(stretch.checked_add(1)?)?);
        let times = self.times.get(from..until)?;
        let place = if times.len() <= 4 * STRETCH {
            times.iter().position(|&t| t >= at)?
        } else {
            times.partition_point(|&t| t < at)
        };
        (times.get(place) == Some(&at)).then_some(from + place)
    }

    /// The first row with this key's number among those that share the moment of row `first`.
    pub(super) fn with_number(&self, first: usize, number: u32) -> Option<usize> {
        let at = self.times.get(first)?;
        let after = self.starts.get(self.stretch(*at).checked_add(1)?)?;
        let same = self.times.get(first..*after)?.partition_point(|t| t == at);
        let numbers = self.numbers.get(first..first + same)?;
        let place = numbers.partition_point(|&n| n < number);
        (numbers.get(place) == Some(&number)).then_some(first + place)
    }

    /// Bytes held.
    #[must_use]
    pub fn size(&self) -> usize {
        self.keys.size()
            + self.times.len() * (size_of::<i64>() + size_of::<u32>())
            + self.starts.len() * size_of::<usize>()
    }
}

/// What must be known of a row to answer it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// Its moment: rows of one moment all have one answer.
    Moment,
    /// Its key as well.
    Keys,
    /// Its place in the table's key as well: rows with one key share a moment.
    Ties,
}

/// The answers are these, in the lower bits.
pub(super) const NO: u8 = 0;
pub(super) const YES: u8 = 1;
/// The key is empty.
pub(super) const NOTHING: u8 = 2;
pub(super) const ANSWER: u8 = 3;
/// At the first row of a moment: its rows have different answers.
pub(super) const MIXED: u8 = 4;
/// At the first row of a moment and key: of its rows only the first (or last) by the table's key has this answer, the
/// others come again.
pub(super) const TIED: u8 = 8;

/// The answer of each row of a timeline.
#[derive(Debug)]
pub struct Answers {
    pub(super) line: Arc<Timeline>,
    pub(super) states: Vec<u8>,
    pub(super) direction: Direction,
    need: Need,
}

impl Answers {
    /// `asked` is the range of rows whose answers matter.
    #[must_use]
    pub fn of(line: Arc<Timeline>, limits: &mut Limits, asked: (i64, i64)) -> Self {
        let mut answers =
            Self { states: vec![NO; line.times.len()], direction: limits.direction(), need: Need::Moment, line };
        match answers.direction {
            Direction::Earlier => answers.earlier(limits),
            Direction::Later => answers.later(limits),
        }
        answers.mark(asked);
        answers
    }

    #[must_use]
    pub fn need(&self) -> Need {
        self.need
    }

    /// A row comes again when the last one with its key lies in its window.
    fn earlier(&mut self, limits: &mut Limits) {
        let mut last = vec![i64::MIN; self.line.keys.len()];
        for (state, (&at, &number)) in self.states.iter_mut().zip(self.line.times.iter().zip(&self.line.numbers)) {
            *state = match last.get_mut(number as usize) {
                None => NOTHING,
                Some(last) => {
                    let from = limits.earliest(at).max(i64::MIN + 1);
                    let again = *last >= from;
                    *last = at;
                    u8::from(again)
                }
            };
        }
    }

    /// A row is followed when the next one with its key lies in its window.
    fn later(&mut self, limits: &mut Limits) {
        let mut next = vec![i64::MAX; self.line.keys.len()];
        let rows = self.line.times.iter().zip(&self.line.numbers);
        for (state, (&at, &number)) in self.states.iter_mut().zip(rows).rev() {
            *state = match next.get_mut(number as usize) {
                None => NOTHING,
                Some(next) => {
                    let again = *next < limits.latest(at);
                    *next = at;
                    u8::from(again)
                }
            };
        }
    }

    /// Finds the moments whose rows differ, and the keys that share a moment.
    fn mark(&mut self, (from, until): (i64, i64)) {
        let Self { line, states, need, direction } = self;
        let mut row = 0;
        while let Some(&at) = line.times.get(row) {
            let first = row;
            let mut mixed = false;
            while line.times.get(row) == Some(&at) {
                let number = line.numbers[row];
                let begin = row;
                row += 1;
                while line.times.get(row) == Some(&at) && line.numbers[row] == number {
                    row += 1;
                }
                // Of rows that share key and moment, the one on the far side has no other of them to look at.
                let outer = if *direction == Direction::Earlier { begin } else { row - 1 };
                let own = states[outer];
                states[begin] = own;
                if row - begin > 1 && own == NO && (from..until).contains(&at) {
                    states[begin] |= TIED;
                    *need = Need::Ties;
                    mixed = true;
                }
                mixed |= own != states[first] & ANSWER;
            }
            if mixed && (from..until).contains(&at) {
                states[first] |= MIXED;
                *need = (*need).max(Need::Keys);
            }
        }
    }
}
