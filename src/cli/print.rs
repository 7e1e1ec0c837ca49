//! Printing: results to stdout, everything about them to stderr.

use std::io::{IsTerminal, Write};

use super::args::Color;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::render::{self, Style};
use crate::source::SourceMap;

/// The width of texts that do not go to a terminal.
const PLAIN_WIDTH: usize = 120;

/// Where and how to print.
pub struct Printer {
    pub quiet: bool,
    pub verbose: bool,
    color: Color,
}

impl Printer {
    pub fn new(color: Color, quiet: bool, verbose: bool) -> Self {
        Self { quiet, verbose, color }
    }

    fn colored(&self, terminal: bool) -> bool {
        match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal && std::env::var_os("NO_COLOR").is_none(),
        }
    }

    /// How to write to stdout.
    pub fn stdout_style(&self) -> Style {
        Style { color: self.colored(std::io::stdout().is_terminal()), width: width() }
    }

    fn stderr_style(&self) -> Style {
        Style { color: self.colored(std::io::stderr().is_terminal()), width: width() }
    }

    /// Messages to stderr, each with a blank line after it.
    pub fn diagnostics(&self, list: &[Diagnostic], sources: &SourceMap) {
        for diagnostic in list {
            err(&render::render(diagnostic, sources, self.stderr_style()));
        }
    }

    /// A line about what happens; not with `--quiet`.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            err(text);
        }
    }
}

/// The terminal's width as the shell tells it, or a plain one.
fn width() -> usize {
    let told = std::env::var("COLUMNS").ok().and_then(|c| c.parse::<usize>().ok());
    let asked = || terminal_width().filter(|_| std::io::stdout().is_terminal());
    told.or_else(asked).unwrap_or(PLAIN_WIDTH).clamp(60, 400)
}

fn terminal_width() -> Option<usize> {
    terminal_size::terminal_size().map(|(w, _)| usize::from(w.0))
}

/// To stdout. A reader that went away (a closed pipe) is no mistake.
pub fn out(text: &str) {
    let mut stdout = std::io::stdout().lock();
    let _ = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
}

/// A line to stderr.
pub fn err(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}
