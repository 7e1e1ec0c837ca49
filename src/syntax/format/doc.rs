//! A small pretty-printer: a text with places where a line may end, and the widest layout of it that fits. Knows nothing
//! of the language.

use unicode_width::UnicodeWidthStr;

/// The widest line that is written where there is a choice.
pub const WIDTH: usize = 100;

/// A text and the places where its lines may end.
#[derive(Clone, Debug)]
pub enum Doc {
    Text(String),
    /// A space, or a new line where its group does not fit.
    Line,
    /// Nothing, or a new line where its group does not fit.
    Soft,
    /// Always a new line; a group with one in it does not fit.
    Hard,
    /// A remark on a line of its own before what follows; inside a group, that does not fit.
    Above(String),
    /// A remark behind what stands before, at the end of its line; a group that goes on behind it does not fit.
    Behind(String),
    All(Vec<Doc>),
    /// New lines inside stand this much further to the right.
    Nest(usize, Box<Doc>),
    /// New lines inside stand under the place where it begins.
    Align(Box<Doc>),
    /// On one line if it fits; otherwise each `Line` and `Soft` directly in it is a new line.
    Group(Box<Doc>),
}

impl Doc {
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub fn group(inner: Vec<Self>) -> Self {
        Self::Group(Box::new(Self::All(inner)))
    }

    pub fn nest(by: usize, inner: Vec<Self>) -> Self {
        Self::Nest(by, Box::new(Self::All(inner)))
    }

    pub fn align(inner: Vec<Self>) -> Self {
        Self::Align(Box::new(Self::All(inner)))
    }
}

#[derive(Clone, Copy)]
struct Task<'a> {
    indent: usize,
    flat: bool,
    doc: &'a Doc,
}

/// Lays out a text of which the first line begins at column `column`, and the others at `indent`.
pub fn layout(doc: &Doc, column: usize, indent: usize, width: usize) -> String {
    let mut page = Page { out: String::new(), column, fresh: None, width };
    let mut stack = vec![Task { indent, flat: false, doc }];
    while let Some(task) = stack.pop() {
        let same = |doc| Task { doc, ..task };
        match task.doc {
            Doc::Text(text) => page.write(text),
            Doc::Line if task.flat => page.write(" "),
            Doc::Soft if task.flat => {}
            Doc::Line | Doc::Soft | Doc::Hard => page.fresh = Some(task.indent),
            Doc::Above(remark) => page.above(remark, task.indent),
            Doc::Behind(remark) => {
                page.write(&format!("  {remark}"));
                page.fresh = Some(task.indent);
            }
            Doc::All(list) => stack.extend(list.iter().rev().map(same)),
            Doc::Nest(by, inner) => stack.push(Task { indent: task.indent + by, ..same(inner) }),
            Doc::Align(inner) => stack.push(Task { indent: page.at(), ..same(inner) }),
            Doc::Group(inner) => {
                let flat = task.flat || fits(page.width, page.at(), inner, &stack);
                stack.push(Task { flat, ..same(inner) });
            }
        }
    }
    page.out
}

struct Page {
    out: String,
    column: usize,
    /// A new line is due, with this indentation.
    fresh: Option<usize>,
    width: usize,
}

impl Page {
    fn at(&self) -> usize {
        self.fresh.unwrap_or(self.column)
    }

    fn write(&mut self, text: &str) {
        let mut text = text;
        if let Some(indent) = self.fresh {
            text = text.trim_start_matches(' ');
            if text.is_empty() {
                return;
            }
            self.break_line(indent);
        }
        self.out.push_str(text);
        self.column += text.width();
    }

    fn above(&mut self, remark: &str, indent: usize) {
        if !self.out.is_empty() {
            self.fresh = Some(indent);
        }
        self.write(remark);
        self.fresh = Some(indent);
    }

    fn break_line(&mut self, indent: usize) {
        let kept = self.out.trim_end_matches(' ').len();
        self.out.truncate(kept);
        self.out.push('\n');
        self.out.push_str(&" ".repeat(indent));
        self.column = indent;
        self.fresh = None;
    }
}

/// Whether a text fits on the line, up to the first place behind it where the line may end.
fn fits(width: usize, column: usize, doc: &Doc, behind: &[Task]) -> bool {
    let mut left = width.saturating_sub(column);
    let mut next = behind.len();
    let mut stack = vec![Task { indent: 0, flat: true, doc }];
    let (mut begun, mut ended) = (false, false);
    loop {
        let task = match stack.pop() {
            Some(task) => task,
            None if next == 0 || ended => return true,
            None => {
                next -= 1;
                behind[next]
            }
        };
        let same = |doc| Task { doc, ..task };
        match task.doc {
            Doc::Text(_) if ended => return false,
            Doc::Text(text) => match left.checked_sub(text.width()) {
                Some(rest) => (left, begun) = (rest, true),
                None => return false,
            },
            // At the begin of the group the remark is no matter of the group; behind it, a new line comes anyway.
            Doc::Above(_) if task.flat && begun => return false,
            Doc::Behind(_) if task.flat => ended = true,
            Doc::Line if task.flat => match left.checked_sub(1) {
                Some(rest) => left = rest,
                None => return false,
            },
            Doc::Soft | Doc::Above(_) if task.flat => {}
            Doc::Line | Doc::Soft | Doc::Above(_) | Doc::Behind(_) => return true,
            // A forced new line inside the group breaks it; behind it, the group has fitted.
            Doc::Hard => return !task.flat,
            Doc::All(list) => stack.extend(list.iter().rev().map(same)),
            // Behind the text, another group may still break.
            Doc::Nest(_, inner) | Doc::Align(inner) | Doc::Group(inner) => stack.push(same(inner)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Doc, layout};

    fn list() -> Doc {
        let items = vec![Doc::Soft, Doc::text("een,"), Doc::Line, Doc::text("twee")];
        Doc::group(vec![Doc::text("f("), Doc::nest(4, items), Doc::Soft, Doc::text(")")])
    }

    #[test]
    fn a_group_breaks_only_where_it_does_not_fit() {
        assert_eq!(layout(&list(), 0, 0, 20), "f(een, twee)");
        assert_eq!(layout(&list(), 0, 0, 11), "f(\n    een,\n    twee\n)");
        assert_eq!(layout(&list(), 2, 2, 12), "f(\n      een,\n      twee\n  )");
    }

    #[test]
    fn a_forced_line_breaks_its_group_and_spaces_before_it_go() {
        let doc = Doc::group(vec![Doc::text("a "), Doc::Hard, Doc::text("b"), Doc::Line, Doc::text("c")]);
        assert_eq!(layout(&doc, 0, 2, 80), "a\n  b\n  c");
    }

    #[test]
    fn a_remark_at_the_edge_of_a_group_does_not_break_it() {
        let pair = |a, b| Doc::group(vec![a, Doc::Line, b]);
        let (a, b) = (|| Doc::text("a"), || Doc::text("b"));
        let above = |doc| Doc::All(vec![Doc::Above("// x".into()), doc]);
        let behind = |doc| Doc::All(vec![doc, Doc::Behind("// x".into())]);
        let after =
            |doc| layout(&Doc::All(vec![Doc::text("("), Doc::nest(2, vec![doc, Doc::Line, Doc::text(")")])]), 0, 0, 80);
        assert_eq!(after(pair(above(a()), b())), "(\n  // x\n  a b\n  )");
        assert_eq!(after(pair(a(), behind(b()))), "(a b  // x\n  )");
        assert_eq!(after(pair(behind(a()), b())), "(a  // x\n  b\n  )");
        assert_eq!(after(pair(a(), above(b()))), "(a\n  // x\n  b\n  )");
    }

    #[test]
    fn what_is_aligned_stands_under_its_begin() {
        let doc = Doc::All(vec![Doc::text("en ("), Doc::align(vec![Doc::text("a"), Doc::Hard, Doc::text("b)")])]);
        assert_eq!(layout(&doc, 3, 0, 80), "en (a\n       b)");
    }
}
