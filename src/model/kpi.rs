//! A KPI: six answers, resolved.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::calendar::CalendarId;
use super::dimension::{Level, SharedId};
use super::expr::{Arithmetic, ColumnRef, RowExpr};
use super::form::Form;
use super::norm::Norms;
use super::table::TableId;
use super::types::{Type, Unit};
use super::validity::Validity;
use crate::calendar::{PeriodKind, PeriodName, Shift};
use crate::source::{Span, Spanned};

/// Index in [`super::Model::kpis`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KpiId(pub usize);

#[derive(Clone, Debug, PartialEq)]
pub struct Kpi {
    pub id: KpiId,
    pub name: String,
    pub title: String,
    /// `geldig vanaf D tot D`; none where the definition is undated.
    pub validity: Option<Validity>,
    /// `definitie`
    pub definition: String,
    /// `berekening`
    pub calculation: Calculation,
    /// `bronsysteem`; empty for `afgeleid` and `geen`.
    pub sources: Vec<SourceUse>,
    /// `meetmethode`
    pub method: Method,
    /// `dimensies`; empty for `geen`.
    pub dimensions: Vec<Dimension>,
    pub norms: Norms,
    pub unit: Unit,
    pub details: Details,
    /// The whole declaration.
    pub span: Span,
    pub name_span: Span,
    pub calculation_span: Span,
    pub norm_span: Span,
    pub dimensions_span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Calculation {
    /// `berekening geen "reden"`: answers the six questions but has no indicator.
    NotMeasurable {
        reason: String,
    },
    Formula(Formula),
}

/// `acd.gesprek als … waarbij …`
#[derive(Clone, Debug, PartialEq)]
pub struct SourceUse {
    /// The alias or the table's own name: how expressions name it.
    pub alias: String,
    pub table: TableId,
    pub filter: Option<RowExpr>,
    /// The time axis: a `datum` or `tijdstip` column.
    pub axis: ColumnRef,
    /// `weging`: how heavy a row counts, a plain number.
    pub weight: Option<RowExpr>,
    pub span: Span,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Method {
    /// `automatisch`, `enquête`, `steekproef`, `handmatig`; empty when not measurable.
    pub way: Option<&'static str>,
    pub period: Option<PeriodKind>,
    /// `minimaal N waarnemingen`
    pub minimum: Option<u64>,
    /// `altijd over afgelopen kwartaal`: what each period's value is calculated over ([`Shift::Past`]).
    pub window: Option<Shift>,
    /// `definitief na 7 dagen`: so many units after what was measured has ended, the value does not change any more.
    pub settles: Option<Settles>,
    /// `nieuwe basis vanaf 2025-03-01`: from there on, what is normal for the series is calculated anew; in order of time.
    pub baselines: Vec<Spanned<NaiveDate>>,
    /// `kalender NAAM`: by which its working days and opening hours count, where it is not the project's.
    pub calendar: Option<CalendarId>,
    /// `betrouwbaarheid 95%`
    pub confidence: Option<Confidence>,
    /// `afschermen bij minder dan N`
    pub shield: Option<Shield>,
    /// `waarnemingen som(kolom)`: what n is, for sources that hold totals.
    pub observations: Option<Aggregate>,
}

/// A number of `dagen`, `weken` or `maanden`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settles {
    pub count: u32,
    pub unit: PeriodKind,
}

/// How sure the interval around a figure must be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Confidence {
    /// In percent.
    pub level: f64,
    pub span: Span,
}

/// Cells over fewer than these are not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shield {
    pub least: u64,
    pub span: Span,
}

/// What is told and reported but not calculated.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Details {
    pub owner: Option<String>,
    pub chain: Vec<String>,
    pub perspective: Option<String>,
    pub kpi_kind: Option<String>,
    pub aspect: Option<String>,
    pub level: Option<String>,
    pub contributes_to: Vec<Spanned<String>>,
    /// In the order of preference; empty where the definition does not say.
    pub visualisation: Vec<Spanned<Form>>,
    pub note: Option<String>,
    /// Where each clause stands, by its word (`niveau`): that of an `aanpassing` where it comes from one.
    pub places: BTreeMap<&'static str, Span>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Dimension {
    pub name: String,
    pub ty: Type,
    /// Per source use of the KPI, by index: the expression that gives the member, or none where that source lacks the
    /// dimension (its figures are then the same for every member).
    pub exprs: Vec<Option<RowExpr>>,
    /// The shared dimension that it is, with its level; none for one of the KPI's own.
    pub shared: Option<(SharedId, Level)>,
    pub span: Span,
}

/// A calculation over aggregates.
#[derive(Clone, Debug, PartialEq)]
pub struct Formula {
    pub kind: FormulaKind,
    pub unit: Unit,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum FormulaKind {
    /// A constant in the base of its unit: seconds, euro, percentage 0–100.
    Number(f64),
    Aggregate(Box<Aggregate>),
    /// `kpi(name)`: recomputed at the asker's period with its own population and axis.
    Kpi(KpiId),
    Negate(Box<Formula>),
    Binary(Arithmetic, Box<Formula>, Box<Formula>),
    /// `a per 1000 b` = 1000 · a / b
    Per(Box<Formula>, u64, Box<Formula>),
    /// `percentage(A van B)` = 100 · A / B
    Share(Box<Formula>, Box<Formula>),
    /// `vorige(x)`, `vorig_jaar(x)`, `lopend(x, 12 maanden)`, `cumulatief(x, jaar)`: x over another stretch of time.
    Over(Box<Formula>, Spanned<Shift>),
    /// `index(x, basis 2005-K1)` = 100 · x / x in the base
    Index(Box<Formula>, Spanned<PeriodName>),
    /// `op_jaarbasis(x)` = x · days in the year / days in the period; the year is that of the period's first day
    Yearly(Box<Formula>),
    /// `aandeel(A)` = 100 · A / A over all members together; A is one aggregate that adds up.
    Portion(Box<Formula>),
}

/// One aggregate over the rows of one source use that lie in the period, pass the use's filter and this one's own.
#[derive(Clone, Debug, PartialEq)]
pub struct Aggregate {
    pub func: AggFunc,
    /// Index in [`Kpi::sources`].
    pub source: usize,
    /// What is aggregated; for a percentage the condition; none for `aantal`.
    pub arg: Option<RowExpr>,
    /// `waarbij …` of this aggregate alone.
    pub filter: Option<RowExpr>,
    /// What an empty condition of a percentage counts as. `None` where the author did not say.
    pub empty: Option<EmptyRule>,
    /// `laatste(x op t)`: the axis; `werkvoorraad(van, tot)`: `van`; otherwise none.
    pub on: Option<ColumnRef>,
    /// `… per klant`: the rows are first summed up per key, and `arg` and `filter` are over these groups.
    pub per: Option<Box<Groups>>,
    pub ty: Type,
    pub span: Span,
}

/// The groups of a calculation in two levels: one for each combination of key values in the rows of a period (and
/// member) that count. A row with an empty key value belongs to no group.
#[derive(Clone, Debug, PartialEq)]
pub struct Groups {
    /// The groups as a table ([`super::table::Origin::Groups`]); its columns are the inner aggregates.
    pub table: TableId,
    /// Over the rows of the source.
    pub keys: Vec<RowExpr>,
    /// The part of `waarbij …` that chooses rows, not groups.
    pub rows: Option<RowExpr>,
}

impl Aggregate {
    /// The table over whose rows `arg` and `filter` are, for an aggregate over `source`.
    #[must_use]
    pub fn table(&self, source: TableId) -> TableId {
        self.per.as_ref().map_or(source, |groups| groups.table)
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum AggFunc {
    /// `aantal()`: rows
    Count,
    /// `aantal_uniek(x)`: distinct values of x that are not empty
    CountDistinct,
    /// `som(x)`; 0 over no rows where the source has any in the period
    Sum,
    /// `gemiddelde(x)`
    Mean,
    /// `mediaan(x)`: the 50th percentile
    Median,
    /// `percentiel(x, p)`, p 0–100, exact: linear between the neighbours at rank 1 + p/100 · (n − 1), as Excel's
    /// PERCENTIEL.INC
    Percentile(f64),
    Min,
    Max,
    /// `percentage(c)` = 100 · #(c is `ja`) / #(c is not empty), in the population
    Percentage,
    /// `laatste(x op t)`: x of the latest row with t before the period's end (of any time before it) and x not empty;
    /// ties by the table's key (the greatest), then by x. In a derived table: over the rows of the key.
    Last,
    /// `aandeel_van_top(p%, x per k)` = 100 · (the sum of the greatest x) / (the sum of all x): of p % of the groups,
    /// rounded up to a whole group.
    TopShare(f64),
    /// `werkvoorraad(van, tot)`: rows that are open at the period's end, or at the peilmoment where that comes first:
    /// begun before it (`on`), and not ended before it (the argument, a column; empty is open). A row that ended before
    /// it began was never open. No value for a period that begins at or after the peilmoment, and where the table has no
    /// row at all that has begun.
    Stock,
}

impl AggFunc {
    /// The name in the language.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Count => "aantal",
            Self::CountDistinct => "aantal_uniek",
            Self::Sum => "som",
            Self::Mean => "gemiddelde",
            Self::Median => "mediaan",
            Self::Percentile(_) => "percentiel",
            Self::Min => "minimum",
            Self::Max => "maximum",
            Self::Percentage => "percentage",
            Self::Last => "laatste",
            Self::TopShare(_) => "aandeel_van_top",
            Self::Stock => "werkvoorraad",
        }
    }
}

/// `leeg telt als nee | als ja | niet mee`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EmptyRule {
    No,
    Yes,
    Skip,
}

impl Method {
    /// The latest `nieuwe basis vanaf` before a day.
    #[must_use]
    pub fn baseline_before(&self, day: NaiveDate) -> Option<NaiveDate> {
        self.baselines.iter().map(|baseline| baseline.value).filter(|baseline| *baseline < day).max()
    }
}

impl Kpi {
    /// Whether this version of the definition holds on a day.
    #[must_use]
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.validity.is_none_or(|v| v.holds_on(day))
    }

    /// The formula, where the KPI is measurable.
    #[must_use]
    pub fn formula(&self) -> Option<&Formula> {
        match &self.calculation {
            Calculation::Formula(formula) => Some(formula),
            Calculation::NotMeasurable { .. } => None,
        }
    }

    /// All aggregates of the calculation, from left to right.
    #[must_use]
    pub fn aggregates(&self) -> Vec<&Aggregate> {
        let mut found = Vec::new();
        if let Some(formula) = self.formula() {
            formula.walk(&mut |part| {
                if let FormulaKind::Aggregate(aggregate) = &part.kind {
                    found.push(aggregate.as_ref());
                }
            });
        }
        found
    }
}

impl Formula {
    /// The parts of a formula.
    #[must_use]
    pub fn children(&self) -> Vec<&Self> {
        match &self.kind {
            FormulaKind::Number(_) | FormulaKind::Aggregate(_) | FormulaKind::Kpi(_) => Vec::new(),
            FormulaKind::Negate(x)
            | FormulaKind::Over(x, _)
            | FormulaKind::Index(x, _)
            | FormulaKind::Yearly(x)
            | FormulaKind::Portion(x) => vec![x],
            FormulaKind::Binary(_, a, b) | FormulaKind::Per(a, _, b) | FormulaKind::Share(a, b) => vec![a, b],
        }
    }

    /// The parts of a formula, to be changed; in the order of [`Self::children`].
    #[must_use]
    pub fn children_mut(&mut self) -> Vec<&mut Self> {
        match &mut self.kind {
            FormulaKind::Number(_) | FormulaKind::Aggregate(_) | FormulaKind::Kpi(_) => Vec::new(),
            FormulaKind::Negate(x)
            | FormulaKind::Over(x, _)
            | FormulaKind::Index(x, _)
            | FormulaKind::Yearly(x)
            | FormulaKind::Portion(x) => vec![x],
            FormulaKind::Binary(_, a, b) | FormulaKind::Per(a, _, b) | FormulaKind::Share(a, b) => vec![a, b],
        }
    }

    /// Calls `visit` for this formula and everything in it.
    pub fn walk<'a>(&'a self, visit: &mut impl FnMut(&'a Self)) {
        visit(self);
        for child in self.children() {
            child.walk(visit);
        }
    }

    /// The KPIs that it refers to.
    #[must_use]
    pub fn kpis(&self) -> Vec<KpiId> {
        let mut found = Vec::new();
        self.walk(&mut |part| {
            if let FormulaKind::Kpi(id) = part.kind {
                found.push(id);
            }
        });
        found
    }
}
