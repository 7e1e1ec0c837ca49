//! `tekst_is(x, …)`: whether a text is one of some constants. Short texts are compared as the numbers that their views
//! are, without looking at letters.

use std::sync::Arc;

use arrow::array::{Array, AsArray, BooleanArray, StringViewArray, make_view};
use arrow::buffer::BooleanBuffer;
use arrow::datatypes::DataType;
use datafusion::common::{Result, internal_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

/// Longest text that a view holds inside itself.
const INLINE: usize = 12;

/// Whether `value` (Utf8View) is one of `texts`; empty where it is empty.
#[must_use]
pub fn is_text(value: Expr, texts: Vec<String>) -> Expr {
    let function = IsText { texts, signature: Signature::any(1, Volatility::Immutable) };
    ScalarUDF::new_from_impl(function).call(vec![value])
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct IsText {
    texts: Vec<String>,
    signature: Signature,
}

impl ScalarUDFImpl for IsText {
    fn name(&self) -> &'static str {
        "tekst_is"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Boolean)
    }

    fn schema_name(&self, args: &[Expr]) -> Result<String> {
        let args: Vec<String> = args.iter().map(|a| a.schema_name().to_string()).collect();
        Ok(format!("{}({}, {:?})", self.name(), args.join(", "), self.texts))
    }

    fn display_name(&self, args: &[Expr]) -> Result<String> {
        self.schema_name(args)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let arrays = ColumnarValue::values_to_arrays(&args.args)?;
        let Some(values) = arrays.first().and_then(|a| a.as_string_view_opt()) else {
            return internal_err!("{} over something else than texts", self.name());
        };
        Ok(ColumnarValue::Array(Arc::new(self.found(values))))
    }
}

impl IsText {
    fn found(&self, values: &StringViewArray) -> BooleanArray {
        let short = |text: &&String| text.len() <= INLINE;
        let views: Vec<u128> = self.texts.iter().filter(short).map(|t| make_view(t.as_bytes(), 0, 0)).collect();
        let long: Vec<&str> = self.texts.iter().filter(|t| !short(t)).map(String::as_str).collect();
        let rows = values.views();
        let hit = |row: usize| rows.get(row).is_some_and(|view| views.contains(view));
        let found = match (views.as_slice(), long.is_empty()) {
            ([only], true) => BooleanBuffer::collect_bool(rows.len(), |row| rows.get(row) == Some(only)),
            (_, true) => BooleanBuffer::collect_bool(rows.len(), hit),
            (_, false) => BooleanBuffer::collect_bool(rows.len(), |row| {
                hit(row) || !values.is_null(row) && long.contains(&values.value(row))
            }),
        };
        BooleanArray::new(found, values.nulls().cloned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_long_and_empty() {
        let long = "een onderwerp van meer letters";
        let values =
            StringViewArray::from(vec![Some("a"), Some(""), None, Some(long), Some("een onderwerp"), Some("b")]);
        let found = |texts: &[&str]| {
            let texts = texts.iter().map(|&t| t.to_owned()).collect();
            let found = IsText { texts, signature: Signature::any(1, Volatility::Immutable) }.found(&values);
            found.iter().map(|b| b.map_or('-', |b| if b { 'j' } else { 'n' })).collect::<String>()
        };
        assert_eq!(found(&["a"]), "jn-nnn");
        assert_eq!(found(&[""]), "nj-nnn");
        assert_eq!(found(&[long]), "nn-jnn");
        assert_eq!(found(&["b", "een onderwerp", long]), "nn-jjj");
        assert_eq!(found(&[]), "nn-nnn");
    }
}
