//! `herhaald(t, …)` and `vervolgd(t, …)`: whether another row of the same key lies in a row's window. The rows have been
//! read once before, into a [`Timeline`]; here each row finds its own answer in it. Mostly its moment tells; only where
//! rows of one moment differ are the key and the table's key looked at.

mod keys;
mod limits;
mod timeline;

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, BooleanBuilder, Int64Array, UInt32Array};
use arrow::compute::{SortOptions, take};
use arrow::datatypes::{DataType, Int64Type};
use arrow::row::{RowConverter, SortField};
use datafusion::common::{Result, internal_datafusion_err, internal_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

pub use limits::Limits;
pub use timeline::{Answers, Gathered, Need, Timeline};

use crate::model::expr::Direction;
use timeline::{ANSWER, MIXED, NO, NOTHING, TIED, YES};

/// Of rows that share moment and key: the table's key of the one that has no other of them to look at, by its place in
/// the timeline.
#[derive(Debug, Default)]
pub struct Ties {
    outer: BTreeMap<usize, Box<[u8]>>,
    bytes: usize,
}

impl Ties {
    /// Takes the rows of a batch in; `keys` and `ties` are the columns of the key and of the table's key.
    ///
    /// # Errors
    /// When a column is of a type that the engine does not have.
    pub fn add(
        &mut self,
        answers: &Answers,
        times: &Int64Array,
        pass: Option<&BooleanArray>,
        keys: &[ArrayRef],
        ties: &[ArrayRef],
    ) -> Result<()> {
        let asking = asking(answers, times, pass, |_| {});
        let tied = tied(answers, &asking, keys, |_, _| {})?;
        for (place, tie) in tied.iter().map(|t| t.place).zip(encoded(&tied, ties)?) {
            let nearer = |known: &[u8]| match answers.direction {
                Direction::Earlier => *tie < *known,
                Direction::Later => *tie > *known,
            };
            if self.outer.get(&place).is_none_or(|known| nearer(known)) {
                self.bytes += tie.len();
                self.outer.insert(place, tie);
            }
        }
        Ok(())
    }

    /// Bytes held.
    #[must_use]
    pub fn size(&self) -> usize {
        self.bytes + self.outer.len() * 64
    }
}

/// The answer (Boolean) of each row. `number` tells the questions of a plan apart: the engine takes expressions that look
/// the same for the same. `pass` says which rows are of the population (all, where none is given); `keys` and
/// `ties` are used as far as [`Answers::need`] says.
#[must_use]
pub fn repeated(
    number: usize,
    (answers, ties): (&Arc<Answers>, &Arc<Ties>),
    time: Expr,
    pass: Option<Expr>,
    keys: Vec<Expr>,
    key_ties: Vec<Expr>,
) -> Expr {
    let with_pass = pass.is_some();
    let mut args = vec![time];
    args.extend(pass);
    let mut with_keys = 0;
    if answers.need() >= Need::Keys {
        with_keys = keys.len();
        args.extend(keys);
    }
    if answers.need() >= Need::Ties {
        args.extend(key_ties);
    }
    let signature = Signature::any(args.len(), Volatility::Immutable);
    let name = format!("{}_{number}", answers.direction.word());
    let function =
        Repeated { name, answers: Arc::clone(answers), ties: Arc::clone(ties), with_pass, with_keys, signature };
    ScalarUDF::new_from_impl(function).call(args)
}

#[derive(Debug)]
struct Repeated {
    name: String,
    answers: Arc<Answers>,
    ties: Arc<Ties>,
    with_pass: bool,
    with_keys: usize,
    signature: Signature,
}

impl PartialEq for Repeated {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && Arc::ptr_eq(&self.answers, &other.answers) && self.signature == other.signature
    }
}

impl Eq for Repeated {}

impl std::hash::Hash for Repeated {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        // Where the answers stand in memory must not show in the order of anything.
        (&self.name, self.answers.states.len(), &self.signature).hash(state);
    }
}

impl ScalarUDFImpl for Repeated {
    fn name(&self) -> &str {
        &self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Boolean)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let arrays = ColumnarValue::values_to_arrays(&args.args)?;
        let Some((times, rest)) = arrays.split_first() else { return internal_err!("{} of nothing", self.name()) };
        let Some(times) = times.as_primitive_opt::<Int64Type>() else {
            return internal_err!("{} at something else than Int64", self.name());
        };
        let (pass, rest) = rest.split_at_checked(usize::from(self.with_pass)).unwrap_or((rest, &[]));
        let (keys, ties) = rest.split_at_checked(self.with_keys).unwrap_or((rest, &[]));
        let pass = pass.first().and_then(|p| p.as_boolean_opt());
        let found = self.found(times, pass, keys, ties)?;
        Ok(ColumnarValue::Array(Arc::new(found)))
    }
}

impl Repeated {
    fn found(
        &self,
        times: &Int64Array,
        pass: Option<&BooleanArray>,
        keys: &[ArrayRef],
        ties: &[ArrayRef],
    ) -> Result<BooleanArray> {
        let answers = self.answers.as_ref();
        let mut states = Vec::with_capacity(times.len());
        let asking = asking(answers, times, pass, |state| states.push(state));
        if !asking.is_empty() {
            let tied = tied(answers, &asking, keys, |row, state| states[row] = state)?;
            for (asked, tie) in tied.iter().zip(encoded(&tied, ties)?) {
                let outer = self.ties.outer.get(&asked.place).is_none_or(|outer| *outer == tie);
                states[asked.row] = if outer { NO } else { YES };
            }
        }
        let mut found = BooleanBuilder::with_capacity(states.len());
        for state in states {
            found.append_option((state != NOTHING).then_some(state == YES));
        }
        Ok(found.finish())
    }
}

/// A row that its moment does not answer, and the place of that moment (or of moment and key) in the timeline.
struct Asking {
    row: usize,
    place: usize,
}

/// Tells the answer of each row as far as its moment gives it, and which rows must ask on.
fn asking(answers: &Answers, times: &Int64Array, pass: Option<&BooleanArray>, mut tell: impl FnMut(u8)) -> Vec<Asking> {
    let mut asking = Vec::new();
    let nulls = times.nulls().filter(|n| n.null_count() > 0);
    for (row, &at) in times.values().iter().enumerate() {
        let asks = nulls.is_none_or(|n| n.is_valid(row)) && pass.is_none_or(|p| p.is_valid(row) && p.value(row));
        if !asks {
            tell(NOTHING);
            continue;
        }
        let place = answers.line.first_at(at);
        let state = place.and_then(|place| answers.states.get(place)).copied().unwrap_or(NO);
        tell(state & ANSWER);
        if let Some(place) = place.filter(|_| state & MIXED != 0) {
            asking.push(Asking { row, place });
        }
    }
    asking
}

/// Tells the answer of rows as far as their key gives it, and which rows must ask on.
fn tied(
    answers: &Answers,
    asking: &[Asking],
    keys: &[ArrayRef],
    mut tell: impl FnMut(usize, u8),
) -> Result<Vec<Asking>> {
    let keys = picked(asking, keys)?;
    let mut tied = Vec::new();
    for (asked, number) in asking.iter().zip(answers.line.keys.find(&keys)?) {
        let place = answers.line.with_number(asked.place, number);
        let state = place.and_then(|place| answers.states.get(place)).copied().unwrap_or(NO);
        tell(asked.row, state & ANSWER);
        if let Some(place) = place.filter(|_| state & TIED != 0) {
            tied.push(Asking { row: asked.row, place });
        }
    }
    Ok(tied)
}

/// The values of the rows that ask.
fn picked(asking: &[Asking], arrays: &[ArrayRef]) -> Result<Vec<ArrayRef>> {
    if arrays.iter().all(|array| array.len() == asking.len()) {
        return Ok(arrays.to_vec());
    }
    let row = |asked: &Asking| u32::try_from(asked.row).map_err(|_| internal_datafusion_err!("a batch beyond 32 bits"));
    let rows = UInt32Array::from(asking.iter().map(row).collect::<Result<Vec<u32>>>()?);
    Ok(arrays.iter().map(|array| take(array, &rows, None)).collect::<Result<_, _>>()?)
}

/// The table's key of the rows that ask, in a form whose bytes have its order.
fn encoded(asking: &[Asking], ties: &[ArrayRef]) -> Result<Vec<Box<[u8]>>> {
    if asking.is_empty() {
        return Ok(Vec::new());
    }
    let options = SortOptions { descending: false, nulls_first: true };
    let fields = ties.iter().map(|t| SortField::new_with_options(t.data_type().clone(), options)).collect();
    let rows = RowConverter::new(fields)?.convert_columns(&picked(asking, ties)?)?;
    Ok(rows.iter().map(|row| row.data().into()).collect())
}

#[cfg(test)]
mod tests;
