//! Where the boxes of a layered graph stand: in each column near what they are connected with, without overlap. After the
//! barycentre method of Sugiyama, Tagawa and Toda (1981), with a fixed number of sweeps.

use super::{Graph, LINE, PAD};
use crate::report::table::layout::wrap;

/// Characters on a line of a box.
const CHARACTERS: usize = 27;
/// Room between boxes of a column.
const BETWEEN: i32 = 14;
const SWEEPS: usize = 8;

/// A box in its place, in pixels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    pub layer: usize,
    pub y: i32,
    pub height: i32,
    /// The title in lines.
    pub title: Vec<String>,
}

/// One for each node, in their order.
pub fn place(graph: &Graph) -> Vec<Placed> {
    let mut placed: Vec<Placed> = graph
        .nodes
        .iter()
        .map(|node| {
            let title = wrap(&node.title, CHARACTERS);
            let lines = i32::try_from(title.len()).unwrap_or(1) + i32::from(node.state.is_some());
            Placed { layer: node.layer, y: 0, height: lines * LINE + PAD, title }
        })
        .collect();
    let mut columns = columns(&placed);
    for column in &columns {
        stack(&mut placed, column);
    }
    for sweep in 0..SWEEPS {
        let forth = sweep % 2 == 0;
        let turn: Vec<usize> = if forth { (0..columns.len()).collect() } else { (0..columns.len()).rev().collect() };
        for index in turn {
            let Some(column) = columns.get_mut(index) else { continue };
            let wish = |node: usize| wished(graph, &placed, node, forth);
            let mut wishes: Vec<(i32, usize)> = column.iter().map(|&node| (wish(node), node)).collect();
            wishes.sort_by_key(|(y, _)| *y); // stable: of equal wishes the order stays
            *column = wishes.iter().map(|(_, node)| *node).collect();
            settle(&mut placed, &wishes);
        }
    }
    let least = placed.iter().map(|p| p.y).min().unwrap_or(0);
    for one in &mut placed {
        one.y -= least;
    }
    placed
}

/// The nodes of each layer, in the order given.
fn columns(placed: &[Placed]) -> Vec<Vec<usize>> {
    let count = placed.iter().map(|p| p.layer + 1).max().unwrap_or(0);
    let of = |layer: usize| placed.iter().enumerate().filter(|(_, p)| p.layer == layer).map(|(i, _)| i).collect();
    (0..count).map(of).collect()
}

/// One below the other, around 0.
fn stack(placed: &mut [Placed], column: &[usize]) {
    let heights = column.iter().filter_map(|&i| placed.get(i)).map(|p| p.height + BETWEEN);
    let mut y = -heights.sum::<i32>() / 2;
    for &i in column {
        if let Some(one) = placed.get_mut(i) {
            one.y = y;
            y += one.height + BETWEEN;
        }
    }
}

/// The middle that a node would like: the mean of those that it is connected with, on the side already placed.
fn wished(graph: &Graph, placed: &[Placed], node: usize, forth: bool) -> i32 {
    let middle = |i: usize| placed.get(i).map(|p| p.y + p.height / 2);
    let sides = graph.edges.iter().filter_map(|&(from, to)| match (forth, from == node, to == node) {
        (true, _, true) => middle(from),
        (false, true, _) => middle(to),
        _ => None,
    });
    let found: Vec<i32> = sides.collect();
    match i32::try_from(found.len()) {
        Ok(n) if n > 0 => found.iter().sum::<i32>() / n,
        _ => middle(node).unwrap_or(0),
    }
}

/// Boxes of a column that touch: they move as one.
struct Block {
    /// Sum of where its boxes would like its first one to begin, and how many they are.
    wish: i32,
    boxes: i32,
    height: i32,
}

impl Block {
    fn top(&self) -> i32 {
        self.wish.div_euclid(self.boxes.max(1))
    }
}

/// Gives a column the places nearest to its wishes (least squares) where no boxes overlap: boxes that would are joined to
/// a block that stands at the mean of its wishes, until no blocks overlap (pool adjacent violators). Pushing boxes aside
/// instead would drive the columns further apart in each sweep.
fn settle(placed: &mut [Placed], wishes: &[(i32, usize)]) {
    let mut blocks: Vec<Block> = Vec::new();
    for &(middle, node) in wishes {
        let Some(one) = placed.get(node) else { continue };
        let mut block = Block { wish: middle - one.height / 2, boxes: 1, height: one.height + BETWEEN };
        while let Some(before) = blocks.pop_if(|before| before.top() + before.height > block.top()) {
            block = Block {
                wish: before.wish + block.wish - block.boxes * before.height,
                boxes: before.boxes + block.boxes,
                height: before.height + block.height,
            };
        }
        blocks.push(block);
    }
    let mut nodes = wishes.iter().map(|(_, node)| *node);
    for block in blocks {
        let mut y = block.top();
        for _ in 0..block.boxes {
            if let Some(one) = nodes.next().and_then(|node| placed.get_mut(node)) {
                one.y = y;
                y += one.height + BETWEEN;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::graph::Node;

    fn graph(layers: &[usize], edges: &[(usize, usize)]) -> Graph {
        let node = |(i, &layer): (usize, &usize)| Node { layer, title: format!("n{i}"), anchor: None, state: None };
        Graph { nodes: layers.iter().enumerate().map(node).collect(), edges: edges.to_vec() }
    }

    #[test]
    fn boxes_of_a_column_do_not_overlap() {
        let many: Vec<usize> = (0..30).map(|i| i % 3).collect();
        let edges: Vec<(usize, usize)> = (0..29).filter(|i| i % 3 != 2).map(|i| (i, i + 1)).collect();
        let placed = place(&graph(&many, &edges));
        for layer in 0..3 {
            let mut column: Vec<&Placed> = placed.iter().filter(|p| p.layer == layer).collect();
            column.sort_by_key(|p| p.y);
            for pair in column.windows(2) {
                assert!(pair[0].y + pair[0].height < pair[1].y, "{pair:?}");
            }
        }
        assert_eq!(placed.iter().map(|p| p.y).min(), Some(0));
    }

    #[test]
    fn edges_that_need_not_cross_do_not() {
        // a → d, b → c, in an order that makes them cross.
        let placed = place(&graph(&[0, 0, 1, 1], &[(0, 3), (1, 2)]));
        assert!((placed[0].y < placed[1].y) == (placed[3].y < placed[2].y), "{placed:?}");
    }

    #[test]
    fn many_that_lead_to_few_stay_together() {
        // 22 boxes lead to one, 32 to another, one to both.
        let layers: Vec<usize> = (0..57).map(|i| usize::from(i >= 55)).collect();
        let mut edges: Vec<(usize, usize)> = (0..54).map(|i| (i, if i < 22 { 55 } else { 56 })).collect();
        edges.extend([(54, 55), (54, 56)]);
        let placed = place(&graph(&layers, &edges));
        let bottom = placed.iter().map(|p| p.y + p.height).max().unwrap_or(0);
        let boxes: i32 = placed.iter().filter(|p| p.layer == 0).map(|p| p.height + BETWEEN).sum();
        assert_eq!(bottom, boxes - BETWEEN, "no room but between boxes");
        // Each of the two stands beside those that lead to it.
        assert!(placed[55].y < placed[54].y && placed[54].y < placed[56].y, "{:?}", &placed[54..]);
    }
}
