//! Orders things that depend on each other, and finds the circles. Works on numbers; no recursion, so that a chain of
//! ten thousand does no harm.

/// The groups of things that depend on each other in a circle, dependencies first. `edges[i]` are the things that `i`
/// needs. A group of one is a circle only where it needs itself.
pub(super) fn components(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    const NEW: usize = usize::MAX;
    let mut index = vec![NEW; edges.len()];
    let mut low = vec![0; edges.len()];
    let mut on_stack = vec![false; edges.len()];
    let mut stack = Vec::new();
    let mut found = Vec::new();
    let mut next = 0;
    for root in 0..edges.len() {
        if index[root] != NEW {
            continue;
        }
        let mut work = vec![(root, 0)];
        while let Some(top) = work.last_mut() {
            let (node, edge) = *top;
            if edge == 0 {
                index[node] = next;
                low[node] = next;
                next += 1;
                stack.push(node);
                on_stack[node] = true;
            }
            if let Some(&target) = edges[node].get(edge) {
                top.1 += 1;
                if index[target] == NEW {
                    work.push((target, 0));
                } else if on_stack[target] {
                    low[node] = low[node].min(index[target]);
                }
                continue;
            }
            work.pop();
            if let Some(&(parent, _)) = work.last() {
                low[parent] = low[parent].min(low[node]);
            }
            if low[node] == index[node] {
                let mut group = Vec::new();
                while let Some(member) = stack.pop() {
                    on_stack[member] = false;
                    group.push(member);
                    if member == node {
                        break;
                    }
                }
                group.sort_unstable();
                found.push(group);
            }
        }
    }
    found
}

/// A shortest circle through the first of a group, that one first; nothing when the group is no circle.
pub(super) fn circle(edges: &[Vec<usize>], group: &[usize]) -> Option<Vec<usize>> {
    let &start = group.first()?;
    let mut from: std::collections::BTreeMap<usize, usize> = std::collections::BTreeMap::new();
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(node) = queue.pop_front() {
        for &target in &edges[node] {
            if target == start {
                let mut path = vec![node];
                let mut at = node;
                while at != start {
                    at = *from.get(&at)?;
                    path.push(at);
                }
                path.reverse();
                return Some(path);
            }
            if group.binary_search(&target).is_ok() && !from.contains_key(&target) {
                from.insert(target, node);
                queue.push_back(target);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{circle, components};

    #[test]
    fn dependencies_come_first_and_circles_are_found() {
        let edges = vec![vec![1], vec![2], vec![], vec![4], vec![5, 2], vec![3], vec![6]];
        assert_eq!(components(&edges), [vec![2], vec![1], vec![0], vec![3, 4, 5], vec![6]]);
        assert_eq!(circle(&edges, &[3, 4, 5]), Some(vec![3, 4, 5]));
        assert_eq!(circle(&edges, &[6]), Some(vec![6]));
        assert_eq!(circle(&edges, &[0]), None);
    }
}
