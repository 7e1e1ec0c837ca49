//! The member that a text spells: a dictionary of spellings, looked up once per distinct text of a batch.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, StringViewArray, UInt32Array};
use arrow::compute::take;
use arrow::datatypes::DataType;
use datafusion::common::{Result, ScalarValue, internal_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use crate::model::dimension::{fold, unknown_member};
use crate::model::{Level, SharedDimension};

/// The label (Utf8View) of the member that `value` (Utf8View) spells; empty where that is empty or blank.
#[must_use]
pub fn member_of(dimension: &SharedDimension, level: Level, value: Expr) -> Expr {
    let labels = Arc::new(labels(dimension, level));
    if let Expr::Literal(ScalarValue::Utf8View(text), _) = &value {
        let label = text.as_deref().and_then(|text| label_of(&labels, text));
        return Expr::Literal(ScalarValue::Utf8View(label), None);
    }
    let signature = Signature::any(1, Volatility::Immutable);
    ScalarUDF::new_from_impl(MemberOf { labels, signature }).call(vec![value])
}

/// By folded spelling.
type Labels = BTreeMap<String, String>;

fn labels(dimension: &SharedDimension, level: Level) -> Labels {
    let mut labels = Labels::new();
    for (at, member) in dimension.members.iter().enumerate() {
        for spelling in [&member.name].into_iter().chain(&member.spellings) {
            labels.insert(fold(spelling), dimension.label(at, level).to_owned());
        }
    }
    labels
}

fn label_of(labels: &Labels, text: &str) -> Option<String> {
    let folded = fold(text);
    match labels.get(&folded) {
        Some(label) => Some(label.clone()),
        None => (!folded.is_empty()).then(|| unknown_member(&folded)),
    }
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct MemberOf {
    labels: Arc<Labels>,
    signature: Signature,
}

impl ScalarUDFImpl for MemberOf {
    fn name(&self) -> &'static str {
        "lid"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8View)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let arrays = ColumnarValue::values_to_arrays(&args.args)?;
        let Some(values) = arrays.first().and_then(|a| a.as_string_view_opt()) else {
            return internal_err!("lid over something else than Utf8View");
        };
        Ok(ColumnarValue::Array(self.members(values)?))
    }
}

/// Places in the cache before the dictionary; a power of two.
const PLACES: usize = 256;

impl MemberOf {
    /// First which label each row has, then the labels in that order: their texts are not copied.
    fn members(&self, values: &StringViewArray) -> Result<ArrayRef> {
        let mut found =
            Found { labels: &self.labels, known: BTreeMap::new(), places: BTreeMap::new(), texts: Vec::new() };
        let mut cache = [None; PLACES];
        let views = values.views();
        let mut indices: Vec<Option<u32>> = Vec::with_capacity(values.len());
        for (row, &view) in views.iter().enumerate() {
            if values.is_null(row) {
                indices.push(None);
                continue;
            }
            // A text of at most twelve bytes lies in its view; a longer one is known by its place, which neighbours from
            // one dictionary share.
            let place = place_of(view);
            let index = match cache.get(place) {
                Some(&Some((known, index))) if known == view => index,
                _ => {
                    let index = found.index(values.value(row));
                    if let Some(place) = cache.get_mut(place) {
                        *place = Some((view, index));
                    }
                    index
                }
            };
            indices.push(index);
        }
        let texts = StringViewArray::from_iter_values(&found.texts);
        Ok(take(&texts, &UInt32Array::from(indices), None)?)
    }
}

/// A place in the cache for a view.
fn place_of(view: u128) -> usize {
    #[expect(clippy::cast_possible_truncation, reason = "both halves are mixed, and the top bits taken")]
    let mixed = (view as u64 ^ (view >> 64) as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    usize::try_from(mixed >> 56).unwrap_or(0)
}

/// The labels that a batch has, each once.
struct Found<'a> {
    labels: &'a Labels,
    /// By text, as it is.
    known: BTreeMap<String, Option<u32>>,
    /// By label: its index in `texts`.
    places: BTreeMap<String, u32>,
    texts: Vec<String>,
}

impl Found<'_> {
    fn index(&mut self, text: &str) -> Option<u32> {
        if let Some(index) = self.known.get(text) {
            return *index;
        }
        let index = label_of(self.labels, text).and_then(|label| {
            if let Some(&at) = self.places.get(&label) {
                return Some(at);
            }
            let at = u32::try_from(self.texts.len()).ok()?;
            self.texts.push(label.clone());
            self.places.insert(label, at);
            Some(at)
        });
        self.known.insert(text.to_owned(), index);
        index
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_label_per_distinct_text() {
        let labels: Labels = [("tel", "telefoon"), ("telefoon", "telefoon"), ("balie", "balie")]
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
            .into();
        let function = MemberOf { labels: Arc::new(labels), signature: Signature::any(1, Volatility::Immutable) };
        let long = "een lange tekst die niet in een view past";
        let values = StringViewArray::from_iter([
            Some("Tel"),
            None,
            Some(" balie "),
            Some(long),
            Some("  "),
            Some("TELEFOON"),
            Some("Tel"),
            Some(&long.to_uppercase()),
        ]);
        let found = function.members(&values).expect("labels");
        let unknown = format!("(onbekend: {long})");
        let expected = [
            Some("telefoon"),
            None,
            Some("balie"),
            Some(unknown.as_str()),
            None,
            Some("telefoon"),
            Some("telefoon"),
            Some(unknown.as_str()),
        ];
        assert_eq!(found.as_string_view().iter().collect::<Vec<_>>(), expected);
    }
}
