//! Members of dimensions: the keys of cells and of result rows.

/// The member of a dimension; ordered as reports show it: `(leeg)` last.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Member {
    Bool(bool),
    /// `geheel`, `dagen`, hours, weekdays …
    Int(i64),
    /// Days since 1970-01-01.
    Date(i32),
    Text(String),
    /// An empty dimension value.
    Empty,
}

impl Member {
    /// As it stands in results: `nee`/`ja`, digits, ISO date, the text itself, `(leeg)`.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::Bool(true) => "ja".to_owned(),
            Self::Bool(false) => "nee".to_owned(),
            Self::Int(n) => n.to_string(),
            Self::Date(d) => crate::calendar::day_of(*d).map_or_else(|| d.to_string(), |d| d.to_string()),
            Self::Text(t) => t.clone(),
            Self::Empty => "(leeg)".to_owned(),
        }
    }
}
