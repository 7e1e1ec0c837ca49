//! Running toetsen: the given rows go to the reference interpreter and, where it is built in, to the engine; both must
//! give the expected results. `given` makes the rows, `ask` the questions, `compare` holds results against what is
//! expected, `coverage` tells what no toets decides and `mutate` what no toets would notice.
//!
//! Knows no files and no terminal; definitions with other parameters come from whoever can compile them.

pub mod ask;
pub mod compare;
pub mod coverage;
#[cfg(feature = "engine")]
mod engine;
mod given;
pub mod mutate;
mod part;
mod valid;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::check::Checked;
use crate::diagnostic::Diagnostic;
use crate::interpret::Data;
use crate::judge::Row;
use crate::model::{Trial, Value};
#[cfg(feature = "engine")]
use crate::run::engine::Engine;
use ask::Ask;
pub use compare::Difference;
pub use given::{made_up, rows as given_rows};

/// Definitions with other values for some parameters; or why there are none.
pub type Variant = Result<Checked, Vec<Diagnostic>>;

/// Compiles a variant.
pub type Compile<'a> = &'a (dyn Fn(&[(String, Value)]) -> Variant + Sync);

/// How a toets ended.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    /// What differs from what was expected.
    pub differences: Vec<Difference>,
    /// Why it could not be decided: the definition does not hold with these parameters, or the engine failed or gave
    /// something else than the interpreter.
    pub troubles: Vec<Trouble>,
}

/// A reason apart from expectations.
#[derive(Clone, Debug)]
pub enum Trouble {
    /// With the parameters of the toets the definitions do not hold.
    Definitions(Vec<Diagnostic>),
    /// Nothing can be calculated with the given rows.
    Rows(Diagnostic),
    /// The engine could not calculate it.
    Engine(Vec<Diagnostic>),
    /// Engine and interpreter differ: what, in words.
    Disagreement(String),
}

impl Verdict {
    #[must_use]
    pub fn passed(&self) -> bool {
        self.differences.is_empty() && self.troubles.is_empty()
    }
}

/// Everything that toetsen run on.
pub struct Bench<'a> {
    checked: &'a Checked,
    /// Per set of other parameters the definitions with them.
    variants: BTreeMap<String, Variant>,
    #[cfg(feature = "engine")]
    engine: Option<&'a Engine>,
}

impl<'a> Bench<'a> {
    /// For these toetsen; their parameters are put in once.
    #[must_use]
    pub fn new(checked: &'a Checked, trials: &[&Trial], compile: Compile<'_>) -> Self {
        let mut variants = BTreeMap::new();
        for trial in trials.iter().filter(|t| !t.parameters.is_empty()) {
            variants.entry(named(&trial.parameters)).or_insert_with(|| compile(&trial.parameters));
        }
        Self {
            checked,
            variants,
            #[cfg(feature = "engine")]
            engine: None,
        }
    }

    /// Also on the engine.
    #[cfg(feature = "engine")]
    #[must_use]
    pub fn with_engine(self, engine: &'a Engine) -> Self {
        Self { engine: Some(engine), ..self }
    }

    /// The definitions of a toets.
    ///
    /// # Errors
    /// What does not hold with its parameters.
    pub fn definitions(&self, trial: &Trial) -> Result<&Checked, &[Diagnostic]> {
        if trial.parameters.is_empty() {
            return Ok(self.checked);
        }
        match self.variants.get(&named(&trial.parameters)) {
            Some(Ok(checked)) => Ok(checked),
            Some(Err(diagnostics)) => Err(diagnostics),
            None => Ok(self.checked),
        }
    }

    /// Runs one toets.
    #[must_use]
    pub fn run(&self, trial: &Trial) -> Verdict {
        let checked = match self.definitions(trial) {
            Ok(checked) => checked,
            Err(diagnostics) => {
                let troubles = vec![Trouble::Definitions(diagnostics.to_vec())];
                return Verdict { troubles, ..Verdict::default() };
            }
        };
        let data = given::data(checked.model(), trial);
        let ask = Ask::of(checked, trial, &data);
        if let Some(wrong) = valid::check(checked, trial, &data, ask.peilmoment) {
            return Verdict { troubles: vec![Trouble::Rows(wrong)], ..Verdict::default() };
        }
        let answers = ask.interpreted(checked, &data);
        let differences = compare::against(trial, &answers);
        #[cfg(feature = "engine")]
        let troubles =
            self.engine.map(|engine| engine::check(engine, checked, &ask, &data, &answers)).unwrap_or_default();
        #[cfg(not(feature = "engine"))]
        let troubles = Vec::new();
        Verdict { differences, troubles }
    }

    /// Runs toetsen, several at a time; the verdicts in their order.
    #[must_use]
    pub fn run_all(&self, trials: &[&Trial]) -> Vec<Verdict> {
        in_parallel(trials.len(), |index| trials.get(index).map(|trial| self.run(trial)).unwrap_or_default())
    }
}

/// A set of parameters as one text.
fn named(parameters: &[(String, Value)]) -> String {
    format!("{parameters:?}")
}

/// The rows of a set of dimensions (the total is in each).
pub type Answers = BTreeMap<Vec<String>, Vec<Row>>;

/// Does numbered work on all cores; the results in the order of the numbers.
pub(crate) fn in_parallel<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from).min(count.max(1));
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, T)>> = Mutex::new(Vec::with_capacity(count));
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    if index >= count {
                        break;
                    }
                    let result = work(index);
                    if let Ok(mut done) = done.lock() {
                        done.push((index, result));
                    }
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

/// The rows of the KPI's tables as the interpreter takes them.
#[must_use]
pub fn data_of(checked: &Checked, trial: &Trial) -> Data {
    given::data(checked.model(), trial)
}
