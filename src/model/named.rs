//! Where the parameters stand in the definitions. Their values have been put in the expressions; texts for people name them
//! all the same: `wachtnorm (30 s)`. Knows texts and places only.

use super::{Model, Type, Value};
use crate::source::{SourceId, Span};

/// The places of the names of parameters, in order. Where something else has that name (a column, a word in a text),
/// there is no constant to be looked up.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Named {
    /// With the index of the parameter.
    places: Vec<(Span, usize)>,
}

impl Named {
    /// Finds the names in all texts, which are in order.
    pub fn of<'a>(model: &Model, texts: impl Iterator<Item = (SourceId, &'a str)>) -> Self {
        let mut places = Vec::new();
        for (source, text) in texts {
            for (start, end) in words(text) {
                let word = text.get(start..end).unwrap_or_default();
                let Ok(at) = model.parameters.binary_search_by(|p| p.name.as_str().cmp(word)) else { continue };
                let (before, behind) = (text.get(..start).unwrap_or_default(), text.get(end..).unwrap_or_default());
                if before.ends_with('.') || behind.starts_with('.') {
                    continue;
                }
                let quoted = usize::from(before.ends_with('`') && behind.starts_with('`'));
                places.push((Span::new(source, start - quoted..end + quoted), at));
            }
        }
        Self { places }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The parameter that is named here, and nothing else.
    #[must_use]
    pub fn at(&self, span: Span) -> Option<usize> {
        self.places.binary_search_by(|(place, _)| place.cmp(&span)).ok().map(|i| self.places[i].1)
    }

    /// The parameters that are named within a place, each once.
    #[must_use]
    pub fn within(&self, span: Span) -> Vec<usize> {
        let first = self.places.partition_point(|(place, _)| (place.source, place.start) < (span.source, span.start));
        let mut found = Vec::new();
        for (place, parameter) in self.places.iter().skip(first) {
            if place.source != span.source || place.start >= span.end {
                break;
            }
            if place.end <= span.end && !found.contains(parameter) {
                found.push(*parameter);
            }
        }
        found
    }
}

impl Model {
    /// A constant as text with the parameter that it comes from: `wachtnorm (30 s)`, or of a sum `35 s (met wachtnorm)`.
    #[must_use]
    pub fn with_parameters(&self, value: &str, is_text: bool, span: Span) -> String {
        if let Some(parameter) = self.named.at(span).and_then(|at| self.parameters.get(at)) {
            return format!("{} ({value})", super::text::name(&parameter.name));
        }
        if is_text {
            return value.to_owned();
        }
        self.beside(value, &self.named.within(span))
    }

    /// `35 s (met wachtnorm)`
    #[must_use]
    pub fn beside(&self, value: &str, parameters: &[usize]) -> String {
        let names = parameters.iter().filter_map(|&at| self.parameters.get(at));
        let names: Vec<String> = names.map(|p| super::text::name(&p.name)).collect();
        if names.is_empty() { value.to_owned() } else { format!("{value} (met {})", names.join(" en ")) }
    }
}

/// The value of a parameter in the base of its unit, as norms have it: seconds, euro, percentage 0–100. None of what is no
/// quantity.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "constants in definitions are far below 2^53")]
pub fn in_base(value: &Value, ty: Type) -> Option<f64> {
    match value {
        Value::Int(n) if ty == Type::Duration => Some(*n as f64 / crate::calendar::SECOND as f64),
        Value::Int(n) if !matches!(ty, Type::Date | Type::Moment) => Some(*n as f64),
        Value::Float(x) => Some(*x),
        Value::Money(n) => Some(*n as f64 / super::expr::MONEY_SCALE as f64),
        _ => None,
    }
}

/// From and until of each word in a text.
fn words(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let part = |c: char| c == '_' || c.is_alphanumeric();
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let start = at + rest.find(part)?;
        let word = text.get(start..)?;
        let end = start + word.find(|c| !part(c)).unwrap_or(word.len());
        at = end;
        Some((start, end))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Parameter;

    fn model(text: &str) -> Model {
        let span = Span::new(SourceId(0), 0..0);
        let parameter = |name: &str, ty, value| Parameter { name: name.to_owned(), ty, value: Some(value), span };
        let parameters = vec![
            parameter("tot", Type::Integer, Value::Int(3)),
            parameter("wachtnorm", Type::Duration, Value::Int(30_000_000)),
        ];
        let mut model = Model { parameters, ..Model::default() };
        model.named = Named::of(&model, std::iter::once((SourceId(0), text)));
        model
    }

    #[test]
    fn a_name_stands_before_its_value() {
        let text = "a <= wachtnorm + 5 s en b.wachtnorm = wachtnormen en \"wachtnorm\" of `tot`";
        let model = model(text);
        let at = |part: &str| {
            let start = text.find(part).expect("there");
            Span::new(SourceId(0), start..start + part.len())
        };
        assert_eq!(model.with_parameters("30 s", false, at("wachtnorm ")), "30 s (met wachtnorm)");
        assert_eq!(
            model.with_parameters("30 s", false, Span { end: at("wachtnorm ").end - 1, ..at("wachtnorm ") }),
            "wachtnorm (30 s)"
        );
        assert_eq!(model.with_parameters("35 s", false, at("wachtnorm + 5 s")), "35 s (met wachtnorm)");
        assert_eq!(model.with_parameters("x", false, at("b.wachtnorm")), "x");
        assert_eq!(model.with_parameters("x", false, at("wachtnormen")), "x");
        assert_eq!(model.with_parameters("\"wachtnorm\"", true, at("\"wachtnorm\"")), "\"wachtnorm\"");
        assert_eq!(model.with_parameters("3", false, at("`tot`")), "`tot` (3)");
        assert_eq!(model.with_parameters("x", false, Span { source: SourceId(1), ..at("wachtnorm ") }), "x");
    }

    #[test]
    fn values_in_the_base_of_norms() {
        assert_eq!(in_base(&Value::Int(30_000_000), Type::Duration), Some(30.0));
        assert_eq!(in_base(&Value::Money(22_600), Type::Money), Some(2.26));
        assert_eq!(in_base(&Value::Int(5), Type::Workdays), Some(5.0));
        assert_eq!(in_base(&Value::Int(5), Type::Date), None);
        assert_eq!(in_base(&Value::Text("x".to_owned()), Type::Text), None);
    }
}
