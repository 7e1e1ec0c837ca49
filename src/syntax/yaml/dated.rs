//! What holds from one day to another in YAML: the key `geldig`, and the section `meetstoringen`. Reading the days is the
//! work of `dsl`.

use super::node::{Node, NodeKind};
use super::shape::{self, Entry};
use super::sources;
use crate::diagnostic::{Diagnostic, Sink};
use crate::source::Spanned;
use crate::syntax::ast::{FaultDef, Validity};
use crate::syntax::dsl;

const FAULT: [&str; 4] = ["bron", "geldig", "reden", "richting"];
const EXAMPLE: &str = "schrijf `- {bron: acd.gesprek, geldig: vanaf 2026-05-03 tot 2026-05-10, reden: …}`";

/// `geldig: vanaf 2026-01-01`
pub fn validity(entry: &Entry<'_>, sink: &mut Sink) -> Option<Spanned<Validity>> {
    let help = "schrijf `geldig: vanaf 2026-01-01`, of `vanaf 2026-01-01 tot 2027-01-01`";
    let scalar = shape::scalar(entry.value, &entry.name.value, help, sink)?;
    dsl::parse_validity(&scalar.fragment.trimmed(), sink)
}

/// The faults of the section: a list of blocks, or one block.
pub fn faults(node: &Node, file: &str, sink: &mut Sink) -> Vec<FaultDef> {
    let items = match &node.kind {
        NodeKind::Sequence(items) => items.as_slice(),
        NodeKind::Scalar(_) if node.is_absent() => &[],
        _ => std::slice::from_ref(node),
    };
    items.iter().filter_map(|item| fault(item, file, sink)).collect()
}

fn fault(node: &Node, file: &str, sink: &mut Sink) -> Option<FaultDef> {
    let (mut path, mut dates, mut reason, mut direction) = (None, None, None, None);
    let fields = shape::entries(node, "meetstoringen", EXAMPLE, sink)?;
    let mut wrong = false;
    for field in &fields {
        let key = field.name.value.as_str();
        let text = |sink: &mut Sink| Some(shape::scalar(field.value, key, EXAMPLE, sink)?.fragment.trimmed());
        let read = match key {
            "bron" => {
                path = text(sink).and_then(|t| sources::path(&t, sink));
                path.is_some()
            }
            "geldig" => {
                dates = validity(field, sink);
                dates.is_some()
            }
            "reden" => {
                shape::warn_cut(field.value, file, sink);
                reason = shape::text(field.value, key, sink);
                reason.is_some()
            }
            "richting" => {
                direction = text(sink).and_then(|t| dsl::parse_direction(&t, sink));
                direction.is_some()
            }
            _ => {
                shape::unknown(&field.name, "van een meetstoring", &FAULT, sink);
                false
            }
        };
        wrong |= !read;
    }
    let missing = [("bron", path.is_none()), ("geldig", dates.is_none()), ("reden", reason.is_none())];
    if let (Some((key, _)), false) = (missing.into_iter().find(|(_, lacks)| *lacks), wrong) {
        let message = format!("bij deze meetstoring ontbreekt `{key}`");
        sink.push(Diagnostic::error(shape::SHAPE, message).at(node.site()).help(EXAMPLE));
    }
    Some(FaultDef { path: path?, validity: dates?.value, reason: reason?, direction, span: node.site() })
        .filter(|_| !wrong)
}
