//! Shared dimensions as written.

use super::{Expr, Name, Path, Text};
use crate::source::Span;

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
