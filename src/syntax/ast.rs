//! The syntax tree that both notations give. It says what the author wrote and where, and nothing about what it means:
//! names are unresolved, types are words. A clause that could not be read stays in the tree as `Broken`, so that its
//! absence is not reported a second time.

mod trial;

pub use trial::{Cell, CellRow, CellTable, GivenDef, TrialDef};

use crate::calendar::{PeriodKind, PeriodName};
use crate::source::{Span, Spanned};

/// A name as written (NFC, without back-ticks).
pub type Name = Spanned<String>;
/// A text literal, escapes resolved.
pub type Text = Spanned<String>;

/// `team`, `team.afdeling`, `acd.gesprek`; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    pub segments: Vec<Name>,
    pub span: Span,
}

impl Path {
    /// The path as an author writes it, without back-ticks.
    #[must_use]
    pub fn text(&self) -> String {
        self.segments.iter().map(|s| s.value.as_str()).collect::<Vec<_>>().join(".")
    }

    /// The last segment: the name under which the path is shown.
    #[must_use]
    pub fn last(&self) -> &str {
        self.segments.last().map_or("", |s| s.value.as_str())
    }
}

/// One file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct File {
    pub declarations: Vec<Declaration>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Declaration {
    /// `gebruik "std:bronnen/acd"`
    Use(Text),
    Parameter(ParameterDef),
    Source(SourceDef),
    /// `dimensie kanaal "Kanaal" { … }`
    SharedDimension(SharedDimensionDef),
    Calendar(CalendarDef),
    Kpi(KpiDef),
    /// `aanpassing NAAM { … }`: clauses that replace those of a KPI taken in from elsewhere.
    Adjustment(AdjustmentDef),
    /// `toets "naam" { … }`
    Trial(TrialDef),
    /// `meetstoring BRON[.TABEL] vanaf D tot D "reden" [te laag|te hoog]`
    Fault(FaultDef),
    /// `doel NAAM { … }`, `klantketen NAAM { … }`
    Strategy(StrategyDef),
}

/// `doel bereikbaar "…" { droom "…" opgave dienstverlening }` or `klantketen klantcontact "…" { eigenaar "…" … }`
#[derive(Clone, Debug, PartialEq)]
pub struct StrategyDef {
    pub kind: StrategyKind,
    pub name: Name,
    pub title: Option<Text>,
    pub clauses: Vec<StrategyClause>,
    /// More stands here that could not be read; a diagnostic has been given.
    pub incomplete: bool,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StrategyKind {
    /// `doel`
    Goal,
    /// `klantketen`
    Chain,
}

impl StrategyKind {
    /// The word that declares one.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Goal => "doel",
            Self::Chain => "klantketen",
        }
    }

    /// What can be said of one, in the order in which `fmt` writes it.
    #[must_use]
    pub fn words(self) -> &'static [StrategyWord] {
        use StrategyWord::{CustomerValues, Goals, InternalValues, Owner, Task, Vision};
        match self {
            Self::Goal => &[Vision, Task],
            Self::Chain => &[Owner, Goals, CustomerValues, InternalValues],
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StrategyWord {
    /// `droom "…"`
    Vision,
    /// `opgave dienstverlening`
    Task,
    /// `eigenaar "…"`
    Owner,
    /// `doelen bereikbaar, betrouwbaar`
    Goals,
    /// `klantwaarden "…", "…"`
    CustomerValues,
    /// `interne_waarden "…", "…"`
    InternalValues,
}

impl StrategyWord {
    /// The word in both notations.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Vision => "droom",
            Self::Task => "opgave",
            Self::Owner => "eigenaar",
            Self::Goals => "doelen",
            Self::CustomerValues => "klantwaarden",
            Self::InternalValues => "interne_waarden",
        }
    }
}

/// One thing that is said of a goal or a chain.
#[derive(Clone, Debug, PartialEq)]
pub struct StrategyClause {
    pub word: Spanned<StrategyWord>,
    pub body: StrategyBody,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum StrategyBody {
    /// `droom`, `eigenaar`
    Text(Text),
    /// `opgave`, `doelen`
    Names(Vec<Name>),
    /// `klantwaarden`, `interne_waarden`
    Texts(Vec<Text>),
    /// Could not be read; a diagnostic has been given.
    Broken,
}

/// `parameter wachtnorm: duur = 20 s`
#[derive(Clone, Debug, PartialEq)]
pub struct ParameterDef {
    pub name: Name,
    pub kind: ParameterKind,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ParameterKind {
    /// `: duur = 20 s`; the value may be left to the project.
    Read { ty: TypeName, value: Option<Expr> },
    /// Could not be read; its name is known.
    Broken,
}

/// A type as written.
#[derive(Clone, Debug, PartialEq)]
pub struct TypeName {
    pub kind: TypeWord,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum TypeWord {
    Text,
    YesNo,
    Integer,
    Number,
    Money,
    Date,
    Moment,
    Duration,
    Days,
    Workdays,
    Percentage,
    PercentPoint,
    /// `score(1..10)`
    Score(f64, f64),
    /// A word that is no type; kept for a message with a suggestion.
    Unknown(String),
}

/// `bronsysteem acd "Telefooncentrale" { tabel … }`
#[derive(Clone, Debug, PartialEq)]
pub struct SourceDef {
    pub name: Name,
    pub title: Option<Text>,
    pub tables: Vec<TableDef>,
    /// More stands here that could not be read; a diagnostic has been given. A table not known is then no news.
    pub incomplete: bool,
    pub span: Span,
}

/// `tabel gesprek "…" { … }` or `tabel reeks uit gesprek waarbij … per beller "…" { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct TableDef {
    pub name: Name,
    pub title: Option<Text>,
    pub derived: Option<DerivedFrom>,
    /// `verenigt acd.gesprek, email.bericht`; never beside `derived`.
    pub united: Option<UnitedFrom>,
    pub columns: Vec<ColumnDef>,
    pub requirements: Vec<RequirementDef>,
    pub valid: Option<ValidRows>,
    /// More stands here that could not be read; a diagnostic has been given. A column not known is then no news.
    pub incomplete: bool,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct DerivedFrom {
    /// `gesprek` (same source) or `acd.gesprek`.
    pub base: Path,
    pub filter: Option<Expr>,
    pub keys: Vec<Name>,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct UnitedFrom {
    /// One or more, as written: `gesprek` (same source) or `acd.gesprek`.
    pub parts: Vec<Path>,
    pub span: Span,
}

/// One column line.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnDef {
    pub name: Name,
    pub kind: ColumnKind,
    pub options: Vec<Spanned<ColumnOption>>,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ColumnKind {
    /// `gesprek_id tekst …`
    Stored(TypeName),
    /// `wachttijd = …`; in a derived table the expression holds aggregates, in the form of calls.
    Derived(Expr),
    /// `moment = binnenkomst, ontvangen`: in a united table, one for each part; two or more.
    PerPart(Vec<PartValue>),
    /// Could not be read; its name is known.
    Broken,
}

/// What a column of a united table is in the rows of one part.
#[derive(Clone, Debug, PartialEq)]
pub struct PartValue {
    /// None for `leeg`: this part has no such value.
    pub expr: Option<Expr>,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ColumnOption {
    /// `?`
    Nullable,
    /// `sleutel`
    Key,
    /// `meetmoment`
    TimeAxis,
    /// `persoonsgegeven`
    Personal,
    /// `in ("inkomend", "uitgaand")`
    Values(Vec<Spanned<Literal>>),
    /// `in s`: the source stores a number of this unit.
    StoredUnit(Unit),
    /// `bron "case:type"`
    PhysicalName(String),
    /// `-> personeel.team.code` (a column) or `-> team.code` (same source)
    Relation(RelationDef),
    /// `kenmerk`: what is filled or `ja` marks every result that the row takes part in.
    Mark,
}

/// `-> dvo.zaaktype geldig op start`
#[derive(Clone, Debug, PartialEq)]
pub struct RelationDef {
    pub to: Path,
    /// The column with the moment at which the row pointed at is valid.
    pub at: Option<Path>,
}

/// `geldig begin tot eind`: when each row of a table is valid.
#[derive(Clone, Debug, PartialEq)]
pub struct ValidRows {
    pub from: Name,
    pub until: Name,
    /// `tot en met`: the end itself belongs to it.
    pub inclusive: bool,
    pub span: Span,
}

/// `eis "einde ligt na begin": beeindigd >= binnenkomst`
#[derive(Clone, Debug, PartialEq)]
pub struct RequirementDef {
    pub name: Text,
    /// None where it could not be read; a diagnostic has been given.
    pub condition: Option<Expr>,
    pub span: Span,
}

/// `dimensie NAAM "Titel" { leden …  lid = "spelling"  groep naam = lid, lid  in bron.tabel = kolom }`: members shared by
/// tables and KPIs.
#[derive(Clone, Debug, PartialEq)]
pub struct SharedDimensionDef {
    pub name: Name,
    pub title: Option<Text>,
    pub lines: Vec<SharedDimensionLine>,
    /// More stands here that could not be read; a diagnostic has been given.
    pub incomplete: bool,
    pub span: Span,
}

/// `kalender gemeente "Gemeentehuis" { feestdagen … werkdagen … open … gesloten … }`
#[derive(Clone, Debug, PartialEq)]
pub struct CalendarDef {
    pub name: Name,
    pub title: Option<Text>,
    /// In the order as written; one word may come several times.
    pub clauses: Vec<CalendarClause>,
    /// More stands here that could not be read; a diagnostic has been given.
    pub incomplete: bool,
    pub span: Span,
}

/// A line of a `dimensie`.
#[derive(Clone, Debug, PartialEq)]
pub enum SharedDimensionLine {
    /// `leden telefoon, balie, email`: also their order.
    Members { names: Vec<Name>, span: Span },
    /// `email = "E-mail", "mail"`
    Spellings { member: Name, texts: Vec<Text>, span: Span },
    /// `groep persoonlijk = telefoon, balie`
    Group { name: Name, members: Vec<Name>, span: Span },
    /// `in klantcontact.contact = kanaal`, `in acd.gesprek = "telefoon"`
    Binding { table: Path, value: Expr, span: Span },
}

/// One statement of a calendar.
#[derive(Clone, Debug, PartialEq)]
pub struct CalendarClause {
    pub word: Spanned<CalendarWord>,
    pub body: CalendarBody,
    /// The whole statement, word included (in YAML: key and value, or the item of a list).
    pub span: Span,
}

/// The words that begin a statement of a calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CalendarWord {
    Holidays,
    Workdays,
    Open,
    Closed,
}

impl CalendarWord {
    /// All of them, in the order in which `fmt` writes them.
    pub const ALL: [Self; 4] = [Self::Holidays, Self::Workdays, Self::Open, Self::Closed];

    /// The word in both notations.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Holidays => "feestdagen",
            Self::Workdays => "werkdagen",
            Self::Open => "open",
            Self::Closed => "gesloten",
        }
    }

    /// The statement of a word, if it is one.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.word() == word)
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum CalendarBody {
    /// `feestdagen cao_gemeenten vanaf 2024-01-01`; `set` is the word as written, none for `geen`.
    Holidays { set: Option<Name>, validity: Validity },
    /// `werkdagen ma, di, wo, do, vr`: words as written.
    Workdays { days: Vec<Name>, validity: Validity },
    /// `open ma, di 08:30 - 17:00 vanaf 2025-09-01`: seconds since midnight, at most those of 24:00.
    Open { days: Vec<Name>, from: Spanned<u32>, until: Spanned<u32>, validity: Validity },
    /// `gesloten 2026-12-24, 2026-12-31 "collectief verlof"`
    Closed { days: Vec<Spanned<chrono::NaiveDate>>, reason: Option<Text> },
    /// Could not be read; a diagnostic has been given.
    Broken,
}

/// `kpi NAAM "Titel" [geldig vanaf D tot D] { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct KpiDef {
    pub name: Name,
    pub title: Option<Text>,
    /// `geldig vanaf D [tot D]`: what stands behind `geldig`, and its place.
    pub validity: Option<Spanned<Validity>>,
    pub clauses: Vec<Clause>,
    pub span: Span,
}

/// `aanpassing NAAM { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct AdjustmentDef {
    pub name: Name,
    pub clauses: Vec<Clause>,
    pub span: Span,
}

/// `meetstoring acd.gesprek vanaf 2026-05-03 tot 2026-05-10 "telefooncentrale defect" te laag`
#[derive(Clone, Debug, PartialEq)]
pub struct FaultDef {
    /// A source or a table.
    pub path: Path,
    /// Without an end the fault goes on.
    pub validity: Validity,
    pub reason: Text,
    pub direction: Option<Spanned<FaultDirection>>,
    pub span: Span,
}

/// Which way a fault pulls the figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultDirection {
    /// `te laag`
    TooLow,
    /// `te hoog`
    TooHigh,
}

/// The clause words. The first six are the six answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClauseWord {
    Definition,
    Calculation,
    Source,
    Method,
    Dimensions,
    Norm,
    Owner,
    Chain,
    Perspective,
    KpiKind,
    Aspect,
    Level,
    ContributesTo,
    Visualisation,
    Note,
}

impl ClauseWord {
    /// All of them, in the order in which `fmt` writes them.
    pub const ALL: [Self; 15] = [
        Self::Definition,
        Self::Calculation,
        Self::Source,
        Self::Method,
        Self::Dimensions,
        Self::Norm,
        Self::Owner,
        Self::Chain,
        Self::Perspective,
        Self::KpiKind,
        Self::Aspect,
        Self::Level,
        Self::ContributesTo,
        Self::Visualisation,
        Self::Note,
    ];

    /// The six questions that every KPI answers.
    pub const SIX: [Self; 6] =
        [Self::Definition, Self::Calculation, Self::Source, Self::Method, Self::Dimensions, Self::Norm];

    /// The word in both notations.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Definition => "definitie",
            Self::Calculation => "berekening",
            Self::Source => "bronsysteem",
            Self::Method => "meetmethode",
            Self::Dimensions => "dimensies",
            Self::Norm => "norm",
            Self::Owner => "eigenaar",
            Self::Chain => "klantketen",
            Self::Perspective => "perspectief",
            Self::KpiKind => "kpi_soort",
            Self::Aspect => "aspect",
            Self::Level => "niveau",
            Self::ContributesTo => "draagt_bij_aan",
            Self::Visualisation => "visualisatie",
            Self::Note => "toelichting",
        }
    }

    /// Whether its answer is a text, in quotes in the `.kpi` notation and without them in YAML.
    #[must_use]
    pub fn is_text(self) -> bool {
        matches!(self, Self::Definition | Self::Owner | Self::Note)
    }

    /// The clause of a word, if it is one.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.word() == word)
    }
}

/// One clause of a KPI: its word, where it stands, and its body.
#[derive(Clone, Debug, PartialEq)]
pub struct Clause {
    /// The clause word (a YAML key) and its place.
    pub word: Spanned<ClauseWord>,
    pub body: ClauseBody,
    /// The whole clause, word included (in YAML: key and value).
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ClauseBody {
    /// `definitie`, `eigenaar`, `toelichting`
    Text(Text),
    /// `berekening`, `bronsysteem`, `meetmethode`, `dimensies` answered with `geen "reden"` (the reason may be absent)
    None(Option<Text>),
    /// `berekening`
    Calculation(Calculation),
    /// `bronsysteem afgeleid`
    Derived(Span),
    /// `bronsysteem`
    Sources(Vec<SourceRef>),
    /// `meetmethode`
    Method(Method),
    /// `dimensies`
    Dimensions(Vec<DimensionDef>),
    /// `norm`
    Norm(Vec<NormItem>),
    /// `klantketen`, `perspectief`, `kpi_soort`, `aspect`, `niveau`, `draagt_bij_aan`, `visualisatie`
    Words(Vec<Name>),
    /// Could not be read; a diagnostic has been given.
    Broken,
}

/// A whole `berekening`. The rule on empty answers is part of the call: see [`Arg::EmptyCounts`].
#[derive(Clone, Debug, PartialEq)]
pub struct Calculation {
    pub expr: Expr,
}

/// `acd.gesprek als inkomend waarbij richting = "inkomend"`
#[derive(Clone, Debug, PartialEq)]
pub struct SourceRef {
    pub path: Path,
    pub alias: Option<Name>,
    pub filter: Option<Expr>,
    pub span: Span,
}

/// `automatisch, per maand op binnenkomst, minimaal 30 waarnemingen`
#[derive(Clone, Debug, PartialEq)]
pub struct Method {
    pub way: Option<Spanned<MethodWay>>,
    pub period: Option<Spanned<PeriodKind>>,
    /// `op ticket.afgifte en uitstroom.afgehandeld`
    pub axes: Vec<Path>,
    /// `minimaal 30 waarnemingen`
    pub minimum: Option<Spanned<u64>>,
    /// `kalender gemeente`
    pub calendar: Option<Name>,
    /// `betrouwbaarheid 95%`: the digits as written
    pub confidence: Option<Spanned<String>>,
    /// `afschermen bij minder dan 5`
    pub shield: Option<Spanned<u64>>,
    /// `weging gewicht`: how heavy a row counts
    pub weight: Option<Box<Expr>>,
    /// `waarnemingen som(kolom)`: what n is
    pub observations: Option<Box<Expr>>,
    /// `altijd over afgelopen kwartaal`, `altijd over afgelopen 12 maanden`
    pub window: Option<Spanned<TimeSpan>>,
    /// `definitief na 7 dagen`
    pub settles: Option<Spanned<TimeSpan>>,
    pub span: Span,
}

/// `7 dagen`, `kwartaal` (without a number: one)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeSpan {
    pub count: u32,
    pub unit: PeriodKind,
}

/// `automatisch | enquête | steekproef | handmatig`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MethodWay {
    Automatic,
    Survey,
    Sample,
    Manual,
}

/// `team`, `personeel.team.afdeling`, `uur(binnenkomst) als dagdeel`
#[derive(Clone, Debug, PartialEq)]
pub struct DimensionDef {
    pub expr: Expr,
    pub name: Option<Name>,
    pub span: Span,
}

/// One part of a norm clause, in the order as written.
#[derive(Clone, Debug, PartialEq)]
pub enum NormItem {
    /// `geen "reden"`
    None { reason: Option<Text>, span: Span },
    /// `>= 80% vanaf 2026-01-01 tot 2028-01-01`
    Bound { test: Test, validity: Validity, span: Span },
    /// `bijna >= 75%`: of the bound before it
    Near { test: Test, span: Span },
    /// `streefnorm >= 95%`
    Target { test: Test, validity: Validity, span: Span },
    /// `richtlijn >= 80%`
    Guideline { test: Test, validity: Validity, span: Span },
    /// `benchmark "landelijk" 76.2% (2005, n = 815)`
    Benchmark { label: Text, value: Expr, year: Option<Spanned<i64>>, n: Option<Spanned<u64>>, span: Span },
    /// `per kanaal { telefoon >= 80%  overig geen  totaal >= 85% }`
    PerMember { dimension: Path, entries: Vec<MemberNormDef>, span: Span },
}

/// What holds for one or more members: `telefoon, balie >= 80%`.
#[derive(Clone, Debug, PartialEq)]
pub struct MemberNormDef {
    pub members: Vec<NormMember>,
    /// Never [`NormItem::PerMember`].
    pub items: Vec<NormItem>,
    pub span: Span,
}

/// Whose norm it is.
#[derive(Clone, Debug, PartialEq)]
pub enum NormMember {
    /// A member by its name, or by its value where it is no name: `"Team A"`, `9`, `ja`.
    Named(Spanned<Literal>),
    /// `overig`: every member that is not named.
    Rest(Span),
    /// `totaal`: the rows without a member.
    Total(Span),
}

impl NormMember {
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Self::Named(name) => name.span,
            Self::Rest(span) | Self::Total(span) => *span,
        }
    }
}

/// `>= 80%`, `tussen 85% en 90%`. Values are literals, parameters, or arithmetic in brackets.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    Compare(Spanned<Comparison>, Expr),
    Between(Expr, Expr),
}

/// `vanaf D [tot D | tot en met D]`
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Validity {
    pub from: Option<Spanned<chrono::NaiveDate>>,
    /// Exclusive: `tot D` as written, `tot en met D` as the day after.
    pub until: Option<Spanned<chrono::NaiveDate>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

impl Comparison {
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
}

impl Arithmetic {
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
        }
    }
}

/// An expression as written.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    pub kind: ExprKind,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    Literal(Literal),
    Path(Path),
    /// `niet x`
    Not(Box<Expr>),
    /// `-x`
    Negate(Box<Expr>),
    /// `a en b en c`: two or more
    And(Vec<Expr>),
    /// `a of b`: two or more
    Or(Vec<Expr>),
    Compare(Box<Expr>, Spanned<Comparison>, Box<Expr>),
    Arithmetic(Box<Expr>, Spanned<Arithmetic>, Box<Expr>),
    /// `x [niet] in (a, b)`
    In {
        value: Box<Expr>,
        negated: bool,
        list: Vec<Expr>,
    },
    /// `x [niet] tussen a en b`
    Between {
        value: Box<Expr>,
        negated: bool,
        low: Box<Expr>,
        high: Box<Expr>,
    },
    /// `x is leeg` (`filled` false), `x is gevuld` and `x is niet leeg` (`filled` true)
    IsEmpty {
        value: Box<Expr>,
        filled: bool,
    },
    /// `f(…)`
    Call {
        name: Name,
        args: Vec<Arg>,
    },
    /// `a per 1000 b`, where b may be absent (`5 per 1000`, a value in a norm)
    Per {
        value: Box<Expr>,
        number: Spanned<u64>,
        base: Option<Box<Expr>>,
    },
}

/// One argument of a call.
#[derive(Clone, Debug, PartialEq)]
pub enum Arg {
    /// An expression, with what follows it: `x waarbij p`, `inwoners op peildatum`, `A van B`, `aantal() per klant`.
    Value { expr: Expr, on: Option<Path>, of: Option<Expr>, filter: Option<Expr>, per: Option<GroupKeys>, span: Span },
    /// `waarbij p` alone: `aantal(waarbij p)`, `aantal(waarbij aantal() > 3 per klant)`
    Where { filter: Expr, per: Option<GroupKeys>, span: Span },
    /// `leeg telt als nee | leeg telt als ja | leeg telt niet mee`
    EmptyCounts { rule: EmptyRule, span: Span },
    /// `contact via zaak waarbij p`: the rows of a table that point here by that column.
    Pointing { table: Path, via: Path, filter: Option<Expr>, span: Span },
    /// `uiterlijk termijn`
    DueBy { expr: Expr, span: Span },
    /// `binnen 5 werkdagen`
    Within { expr: Expr, span: Span },
    /// `basis 2005-K1`
    Basis { period: PeriodName, span: Span },
}

/// `per klant`, `per (klant, product)`: what the rows are first summed up by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupKeys {
    /// One or more.
    pub paths: Vec<Path>,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EmptyRule {
    No,
    Yes,
    Skip,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    Text(String),
    Bool(bool),
    /// `1_000`, `5.5`: the digits as written, without `_`
    Number(String),
    Date(chrono::NaiveDate),
    /// Local time in the project's zone.
    Moment(chrono::NaiveDateTime),
    /// `80%`
    Percent(String),
    /// `€ 4.50`
    Money(String),
    /// `20 s`, `5 werkdagen`, `20 procentpunt`
    Quantity(String, Unit),
}

/// A unit after a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// `s`, `seconden`
    Seconds,
    /// `min`, `minuten`
    Minutes,
    /// `uur`
    Hours,
    /// `dag`, `dagen`: calendar days
    Days,
    /// `week`, `weken`: 7 calendar days
    Weeks,
    /// `werkdag`, `werkdagen`
    Workdays,
    /// `maand`, `maanden`
    Months,
    /// `procentpunt`
    PercentPoint,
}
