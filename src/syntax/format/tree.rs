//! A definitions file as an outline: which declarations, clauses and columns it holds, with their texts as the author wrote
//! them and the remarks around each. Both notations are read into it and written from it. What an answer says is not
//! looked at here: answers are texts in the expression language, with remarks behind `//`.

use super::remark::Lead;
use crate::syntax::ast::{CalendarWord, StrategyWord};

/// One file.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// A YAML file that begins with `---`.
    pub marked: bool,
    /// Remarks at the top that belong to the file as a whole.
    pub header: Lead,
    pub entries: Vec<Entry>,
    /// Remarks behind the last declaration.
    pub end: Lead,
}

/// A declaration, or one line of it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What stands in YAML above the key of the section that this entry opens.
    pub above: Lead,
    pub lead: Lead,
    pub kind: Kind,
    /// The remark behind its last word.
    pub behind: Option<String>,
}

impl Entry {
    pub fn new(kind: Kind) -> Self {
        Self { above: Lead::new(), lead: Lead::new(), kind, behind: None }
    }
}

#[derive(Clone, Debug)]
pub enum Kind {
    /// `gebruik "…"`
    Use(String),
    /// `parameter naam: type = waarde`
    Parameter {
        name: String,
        ty: String,
        value: Option<String>,
    },
    Block(Block),
    /// A clause word with its answer.
    Clause {
        word: &'static str,
        answer: Answer,
    },
    /// A column with what stands behind its name.
    Column {
        name: String,
        body: String,
    },
    /// `eis "naam": voorwaarde`
    Requirement {
        name: String,
        condition: String,
    },
    /// A line of a `dimensie`, a `toets` or a table: where it stands, the name that it is about (if any), and what it says.
    Line {
        place: Place,
        key: String,
        written: String,
    },
    /// `meetstoring bron.tabel vanaf D tot D "reden" te laag`
    Fault {
        path: String,
        validity: String,
        reason: String,
        direction: Option<String>,
    },
    /// `gegeven bron.tabel` or (without a table) `verwacht`, with its rows; the first one names the columns.
    Cells {
        table: Option<String>,
        rows: Vec<Row>,
    },
}

/// What a line is: its word in `.kpi`, and its key in YAML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Members,
    Spellings,
    Group,
    Binding,
    /// When the rows of a table are valid.
    Validity,
    TrialKpi,
    TrialMoment,
    TrialParameter,
    Calendar(CalendarWord),
    Strategy(StrategyWord),
}

impl Place {
    /// Whether its answers are texts, without quotes in YAML.
    pub fn is_texts(self) -> bool {
        matches!(self, Self::Spellings | Self::Strategy(StrategyWord::CustomerValues | StrategyWord::InternalValues))
    }

    /// The key in YAML.
    pub fn key(self) -> &'static str {
        match self {
            Self::Members => "leden",
            Self::Spellings => "spellingen",
            Self::Group => "groepen",
            Self::Binding => "in",
            Self::Validity => "geldig",
            Self::TrialKpi => "kpi",
            Self::TrialMoment => "peilmoment",
            Self::TrialParameter => "parameters",
            Self::Calendar(word) => word.word(),
            Self::Strategy(word) => word.word(),
        }
    }
}

/// A row of cells, each as it is written between its bars.
#[derive(Clone, Debug, Default)]
pub struct Row {
    pub lead: Lead,
    pub cells: Vec<String>,
    pub behind: Option<String>,
}

#[derive(Clone, Debug)]
pub enum Answer {
    /// A text.
    Text(String),
    /// Anything else, as written in the expression language.
    Written(String),
}

/// A declaration with a body.
#[derive(Clone, Debug)]
pub struct Block {
    pub word: BlockWord,
    pub name: String,
    pub title: Option<Title>,
    /// Further parts of its head, each a word with what follows it: `uit`, `waarbij`, `per`.
    pub head: Vec<(&'static str, String)>,
    /// The remark behind its opening brace.
    pub open: Option<String>,
    pub entries: Vec<Entry>,
    /// Remarks behind its last entry.
    pub end: Lead,
    /// How far to the right its keys stood in YAML.
    pub column: usize,
}

impl Block {
    pub fn new(word: BlockWord, name: String) -> Self {
        Self { word, name, title: None, head: Vec::new(), open: None, entries: Vec::new(), end: Lead::new(), column: 0 }
    }
}

/// A title with the remarks that it has in YAML.
#[derive(Clone, Debug)]
pub struct Title {
    pub lead: Lead,
    pub text: String,
    pub behind: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockWord {
    Source,
    Table,
    Dimension,
    Calendar,
    Goal,
    Chain,
    Kpi,
    Adjustment,
    Trial,
}

impl BlockWord {
    /// The word in the `.kpi` notation.
    pub fn word(self) -> &'static str {
        match self {
            Self::Source => "bronsysteem",
            Self::Table => "tabel",
            Self::Dimension => "dimensie",
            Self::Calendar => "kalender",
            Self::Goal => "doel",
            Self::Chain => "klantketen",
            Self::Trial => "toets",
            Self::Kpi => "kpi",
            Self::Adjustment => "aanpassing",
        }
    }

    /// The key of the mapping in YAML in which it stands by its name.
    pub fn section(self) -> &'static str {
        match self {
            Self::Source => "bronsystemen",
            Self::Table => "tabellen",
            Self::Dimension => "dimensies",
            Self::Calendar => "kalenders",
            Self::Goal => "doelen",
            Self::Chain => "klantketens",
            Self::Trial => "toetsen",
            Self::Kpi => "kpis",
            Self::Adjustment => "aanpassingen",
        }
    }
}

impl Kind {
    /// The key of the mapping in YAML in which it stands; none for what stands in its block itself.
    pub fn section(&self) -> Option<&'static str> {
        match self {
            Self::Use(_) => Some("gebruik"),
            Self::Parameter { .. } => Some("parameters"),
            Self::Block(block) => Some(block.word.section()),
            Self::Column { .. } => Some("kolommen"),
            Self::Requirement { .. } => Some("eisen"),
            Self::Line { place, .. } => Some(place.key()),
            Self::Fault { .. } => Some("meetstoringen"),
            Self::Cells { table, .. } => Some(if table.is_some() { "gegeven" } else { "verwacht" }),
            Self::Clause { .. } => None,
        }
    }
}
