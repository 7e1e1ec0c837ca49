//! stub
use super::{Aggregate, BoundTest, Formula, Kpi, Model, RowExpr, TableId, Unit};
#[must_use]
pub fn expr(_model: &Model, _table: TableId, _expr: &RowExpr) -> String {
    String::new()
}
#[must_use]
pub fn aggregate(_model: &Model, _kpi: &Kpi, _aggregate: &Aggregate) -> String {
    String::new()
}
#[must_use]
pub fn formula(_model: &Model, _kpi: &Kpi, _formula: &Formula) -> String {
    String::new()
}
#[must_use]
pub fn bound(_test: &BoundTest, _unit: &Unit) -> String {
    String::new()
}
