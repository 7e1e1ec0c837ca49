//! ML304: more than about four goals for one task. Who has fourteen goals has none; the limit is per `opgave`, because a
//! municipality has several.

use std::collections::BTreeMap;

use super::Set;
use crate::diagnostic::{Diagnostic, Sink};
use crate::model::strategy::Goal;

/// "About four" in the source: the fifth is one too many.
const FEW: usize = 4;

pub(super) fn check(set: &Set<'_>, sink: &mut Sink) {
    let mut by_task: BTreeMap<Option<&str>, Vec<&Goal>> = BTreeMap::new();
    for goal in &set.model.goals {
        if goal.tasks.is_empty() {
            by_task.entry(None).or_default().push(goal);
        }
        for task in &goal.tasks {
            by_task.entry(Some(task)).or_default().push(goal);
        }
    }
    for (task, mut goals) in by_task {
        if goals.len() <= FEW {
            continue;
        }
        goals.sort_by_key(|goal| goal.span);
        let own: Vec<&Goal> = goals.iter().copied().filter(|g| set.own(g.span)).collect();
        // The one where it becomes too many, or the last of one's own.
        let Some(at) = own.iter().find(|g| goals[FEW..].iter().any(|far| far.name == g.name)).or(own.last()) else {
            continue;
        };
        let of = task.map_or_else(|| "zonder opgave".to_owned(), |task| format!("voor opgave `{task}`"));
        sink.push(
            Diagnostic::warning("ML304", format!("er zijn {} doelen {of}: meer dan ongeveer {FEW}", goals.len()))
                .at(at.span)
                .help("kies wat het meest telt; voeg doelen samen, of verdeel ze over opgaven met `opgave …`"),
        );
    }
}
