//! Remarks (comments) and blank lines between tokens: reading them from the white space of a `.kpi` text, and writing
//! them in both notations. A remark is kept without its sign.

use crate::syntax::dsl::words;

/// What stands on a line of its own before something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Above {
    Blank,
    Remark(String),
}

/// Lines before something, in order.
pub type Lead = Vec<Above>;

/// What stands between two tokens of a `.kpi` text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gap {
    /// On the line of the first one.
    pub behind: Option<String>,
    /// On lines of their own.
    pub lines: Lead,
}

/// Reads white space and remarks. `start`: nothing stands before it.
pub fn gap(text: &str, start: bool) -> Gap {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> = text.split('\n').collect();
    let last = lines.len() - 1;
    let mut gap = Gap::default();
    for (index, line) in lines.iter().enumerate() {
        let remark = line.find("//").and_then(|at| line.get(at + 2..)).map(|r| apart(r.trim_end()));
        match remark {
            Some(remark) if index == 0 && !start => gap.behind = Some(remark),
            Some(remark) => gap.lines.push(Above::Remark(remark)),
            // The first line belongs to what stands before, the last to what follows.
            None if (index > 0 || start) && index < last => blank(&mut gap.lines),
            None => {}
        }
    }
    gap
}

/// Adds a blank line, unless one stands there.
pub fn blank(lead: &mut Lead) {
    if lead.last() != Some(&Above::Blank) {
        lead.push(Above::Blank);
    }
}

/// Takes the remarks out of a text in the expression language.
pub fn take_all(written: &mut String) -> Vec<String> {
    let (mut kept, mut taken, mut at) = (String::with_capacity(written.len()), Vec::new(), 0);
    for token in words::tokens(written) {
        let between = written.get(at..token.start).unwrap_or_default();
        let found = gap(between, at == 0);
        taken.extend(found.behind);
        taken.extend(remarks(&found.lines).map(str::to_owned));
        if !between.is_empty() && !kept.is_empty() {
            kept.push(' ');
        }
        kept.push_str(written.get(token.start..token.end).unwrap_or_default());
        at = token.end;
    }
    *written = kept;
    taken
}

/// What stands above a section and above its first entry, apart.
pub fn together(above: &Lead, lead: &Lead) -> Lead {
    let mut all = above.clone();
    if remarks(above).next().is_some() {
        blank(&mut all);
    }
    all.extend(lead.iter().cloned());
    all
}

/// The remarks alone.
pub fn remarks(lead: &Lead) -> impl Iterator<Item = &str> {
    lead.iter().filter_map(|line| match line {
        Above::Remark(text) => Some(text.as_str()),
        Above::Blank => None,
    })
}

/// Without the blank lines around it, and each blank line once.
pub fn trimmed(lead: &Lead) -> Lead {
    let mut kept: Lead = Vec::new();
    for line in lead {
        if *line != Above::Blank || kept.last().is_some_and(|l| *l != Above::Blank) {
            kept.push(line.clone());
        }
    }
    while kept.last() == Some(&Above::Blank) {
        kept.pop();
    }
    kept
}

/// Whether it begins with a blank line.
pub fn begins_blank(lead: &Lead) -> bool {
    lead.first() == Some(&Above::Blank)
}

/// `// text`
pub fn kpi(text: &str) -> String {
    format!("//{}", apart(text))
}

/// `# text`
pub fn yaml(text: &str) -> String {
    format!("#{}", apart(text))
}

/// A remark with a space before it, unless it is drawn with the sign itself.
fn apart(text: &str) -> String {
    let own = text.starts_with(|c: char| c.is_whitespace() || matches!(c, '/' | '#' | '-' | '=' | '*' | '!'));
    if text.is_empty() || own { text.to_owned() } else { format!(" {text}") }
}
