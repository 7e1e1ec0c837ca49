//! Dimensions that tables and KPIs share: members with their spellings, in the order of reports, and groups of members.

use unicode_normalization::UnicodeNormalization;

use super::expr::RowExpr;
use super::table::TableId;
use crate::source::Span;

/// Index in [`super::Model::dimensions`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SharedId(pub usize);

/// `dimensie kanaal "Kanaal" { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct SharedDimension {
    pub id: SharedId,
    pub name: String,
    pub title: Option<String>,
    /// In the order of reports.
    pub members: Vec<SharedMember>,
    /// Disjoint, in the order of reports.
    pub groups: Vec<MemberGroup>,
    pub bindings: Vec<Binding>,
    /// More stands in the declaration that could not be read or has a mistake: what is missing here is no news.
    pub incomplete: bool,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct SharedMember {
    pub name: String,
    /// As written, besides the name itself.
    pub spellings: Vec<String>,
    pub span: Span,
}

/// `groep persoonlijk = telefoon, balie`
#[derive(Clone, Debug, PartialEq)]
pub struct MemberGroup {
    pub name: String,
    /// Indices of members.
    pub members: Vec<usize>,
    pub span: Span,
}

/// `in klantcontact.contact = kanaal`: what gives the spelling in a row of the table; always a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Binding {
    pub table: TableId,
    pub expr: RowExpr,
    pub span: Span,
}

/// How fine a shared dimension is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    Member,
    /// The group of the member; a member of no group stands for itself.
    Group,
}

/// The word behind the point for the coarser level: `kanaal.groep`.
pub const GROUP_LEVEL: &str = "groep";

/// A text as spellings are compared: without white space around it, in NFC, and without capitals.
#[must_use]
pub fn fold(text: &str) -> String {
    text.trim().nfc().collect::<String>().to_lowercase()
}

/// The member of a spelling that none has, from its folded text.
#[must_use]
pub fn unknown_member(folded: &str) -> String {
    format!("(onbekend: {folded})")
}

/// The folded text of such a member.
#[must_use]
pub fn unknown_spelling(member: &str) -> Option<&str> {
    member.strip_prefix("(onbekend: ")?.strip_suffix(')')
}

impl SharedDimension {
    /// The member with this name.
    #[must_use]
    pub fn member_named(&self, name: &str) -> Option<usize> {
        self.members.iter().position(|m| m.name == name)
    }

    /// The member that a text spells.
    #[must_use]
    pub fn member_spelled(&self, text: &str) -> Option<usize> {
        let wanted = fold(text);
        let spells = |m: &SharedMember| fold(&m.name) == wanted || m.spellings.iter().any(|s| fold(s) == wanted);
        self.members.iter().position(spells)
    }

    /// What a member is called at a level.
    #[must_use]
    pub fn label(&self, member: usize, level: Level) -> &str {
        let group = self.groups.iter().find(|g| level == Level::Group && g.members.contains(&member));
        group.map_or_else(|| self.members.get(member).map_or("", |m| m.name.as_str()), |g| g.name.as_str())
    }

    /// All labels of a level, in the order of reports: groups, then the members that are in none.
    #[must_use]
    pub fn labels(&self, level: Level) -> Vec<&str> {
        let groups = self.groups.iter().filter(|_| level == Level::Group);
        let mut labels: Vec<&str> = groups.map(|g| g.name.as_str()).collect();
        for member in 0..self.members.len() {
            let label = self.label(member, level);
            if !labels.contains(&label) {
                labels.push(label);
            }
        }
        labels
    }

    /// What gives the spelling in the rows of a table.
    #[must_use]
    pub fn binding(&self, table: TableId) -> Option<&Binding> {
        self.bindings.iter().find(|b| b.table == table)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    const SPAN: Span = Span { source: SourceId(0), start: 0, end: 0 };

    #[test]
    fn spellings_are_compared_without_case_and_outer_space() {
        let member = |name: &str, spellings: &[&str]| SharedMember {
            name: name.to_owned(),
            spellings: spellings.iter().map(|s| (*s).to_owned()).collect(),
            span: SPAN,
        };
        let group = |name: &str, members: &[usize]| MemberGroup {
            name: name.to_owned(),
            members: members.to_vec(),
            span: SPAN,
        };
        let dimension = SharedDimension {
            id: SharedId(0),
            name: "kanaal".to_owned(),
            title: None,
            members: vec![member("web", &[]), member("telefoon", &["Tel."]), member("café", &[]), member("balie", &[])],
            groups: vec![group("persoonlijk", &[1, 3])],
            bindings: Vec::new(),
            incomplete: false,
            span: SPAN,
        };
        let spelled = |text: &str| dimension.member_spelled(text);
        assert_eq!(
            [spelled(" WEB"), spelled("tel."), spelled("CAFE\u{301}"), spelled("fax")],
            [Some(0), Some(1), Some(2), None]
        );
        assert_eq!(dimension.labels(Level::Member), ["web", "telefoon", "café", "balie"]);
        assert_eq!(dimension.labels(Level::Group), ["persoonlijk", "web", "café"]);
        assert_eq!(unknown_spelling(&unknown_member("(x)")), Some("(x)"));
    }
}
