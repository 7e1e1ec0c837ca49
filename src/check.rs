//! The rules that a resolved model must keep, one file per rule. What comes out is [`Checked`], the only thing that the
//! calculating phases accept.

use crate::diagnostic::Sink;
use crate::model::Model;

/// A model without errors. Made by [`check`] only.
#[derive(Clone, Debug)]
pub struct Checked(Model);

impl Checked {
    #[must_use]
    pub fn model(&self) -> &Model {
        &self.0
    }
}

/// Holds a model against all rules. Nothing when it, or what came before, has errors.
pub fn check(model: Model, sink: &mut Sink) -> Option<Checked> {
    (!sink.has_errors()).then_some(Checked(model))
}
