//! What is wrong, as a plain value. Every phase collects diagnostics in a [`Sink`] and goes on; terminal text, JSON and
//! whatever comes later are renderers of the same value (`diagnostic/render.rs`, `diagnostic/json.rs`).
//!
//! Texts are Dutch: lower case, no final stop, the author's own text in backticks, first what is wrong and then (in
//! `help`) what to do. A text never holds a value of a personal-data column.

pub mod codes;
pub mod json;
pub mod render;
pub mod suggest;

use crate::source::Span;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// `fout`: nothing is calculated.
    Error,
    /// `waarschuwing`: it runs, and probably does not mean what the author thinks.
    Warning,
    /// `tip`.
    Hint,
}

impl Severity {
    /// The Dutch word, as contract (`ernst`).
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "fout",
            Self::Warning => "waarschuwing",
            Self::Hint => "tip",
        }
    }
}

/// The text to put in a place instead of what stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    pub span: Span,
    pub text: String,
}

/// One message about the user's definitions, data or command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// `ML201`; its page is `codes/ML201.md`.
    pub code: &'static str,
    pub severity: Severity,
    pub message: String,
    /// Where; none for messages about data or the engine.
    pub span: Option<Span>,
    /// What to write under the main span.
    pub label: Option<String>,
    /// Other places that matter, each with its words.
    pub related: Vec<(Span, String)>,
    /// What to do, each answer of its own.
    pub help: Vec<String>,
    pub replacement: Option<Replacement>,
}

impl Diagnostic {
    pub fn new(code: &'static str, severity: Severity, message: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            message: message.into(),
            span: None,
            label: None,
            related: Vec::new(),
            help: Vec::new(),
            replacement: None,
        }
    }

    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, message)
    }

    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, message)
    }

    pub fn hint(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Hint, message)
    }

    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }

    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.label = Some(text.into());
        self
    }

    #[must_use]
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Self {
        self.related.push((span, text.into()));
        self
    }

    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    /// The text that mends it; `help` should say the same in words.
    #[must_use]
    pub fn replace(mut self, span: Span, text: impl Into<String>) -> Self {
        self.replacement = Some(Replacement { span, text: text.into() });
        self
    }
}

/// Where the phases leave their diagnostics.
#[derive(Clone, Debug, Default)]
pub struct Sink {
    list: Vec<Diagnostic>,
}

impl Sink {
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|d| d.severity == Severity::Error)
    }

    /// Whether one of the diagnostics so far is such.
    pub fn any(&self, such: impl FnMut(&Diagnostic) -> bool) -> bool {
        self.list.iter().any(such)
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// By file and position, messages without a place last; equal messages once.
    #[must_use]
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        self.list.sort_by(|a, b| {
            let key = |d: &Diagnostic| (d.span.is_none(), d.span, d.severity, d.code);
            key(a).cmp(&key(b))
        });
        self.list.dedup();
        self.list
    }
}
