//! A graph in layers, drawn from left to right: what leads to what. Plain data in, SVG out; the same data give the same
//! bytes. Nodes are links that a keyboard reaches in reading order; a status is a sign and a word beside its colour.
//!
//! `layout` places the nodes; here they are drawn.

mod layout;

use maud::{Markup, PreEscaped, html};

use layout::Placed;

/// A box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Which column it stands in, from the left.
    pub layer: usize,
    pub title: String,
    /// Where it leads inside the page; none for a box that is no link.
    pub anchor: Option<String>,
    /// Value and status, below the title.
    pub state: Option<State>,
}

/// How what a box is about stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// `76,1 % ✗ niet gehaald`
    pub text: String,
    /// `good`, `near`, `bad` or `quiet`: its colour.
    pub class: &'static str,
}

/// Boxes and what they lead to; edges by the places of their nodes, from left to right.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graph {
    pub nodes: Vec<Node>,
    pub edges: Vec<(usize, usize)>,
}

/// Width of a box, and the room between columns.
const WIDTH: i32 = 230;
const GAP: i32 = 56;
const LINE: i32 = 18;
const PAD: i32 = 10;

/// The graph; `label` says what it shows, `heads` what its columns are.
#[must_use]
pub fn draw(graph: &Graph, label: &str, heads: &[&str]) -> Markup {
    let layers = graph.nodes.iter().map(|n| n.layer + 1).max().unwrap_or(0);
    let layers = i32::try_from(layers).unwrap_or(0);
    let placed = layout::place(graph);
    let top = if heads.is_empty() { 0 } else { LINE + PAD };
    let height = placed.iter().map(|p| p.y + p.height).max().unwrap_or(0) + top + 2;
    let width = (layers * (WIDTH + GAP) - GAP).max(0) + 2;
    html! {
        div.scroll tabindex="0" role="group" aria-label=(label) {
            svg.graph role="group" aria-label=(label) viewBox=(format!("-1 -1 {} {}", width + 1, height + 1))
                style=(format!("width:{width}px")) {
                @for (i, head) in heads.iter().enumerate() {
                    text.head x=(x(i) + PAD) y=(LINE) { (head) }
                }
                @for &(from, to) in &graph.edges { (edge(&placed, from, to, top)) }
                @for (node, place) in graph.nodes.iter().zip(&placed) { (boxed(node, place, top)) }
            }
        }
    }
}

fn x(layer: usize) -> i32 {
    i32::try_from(layer).unwrap_or(0) * (WIDTH + GAP)
}

fn edge(placed: &[Placed], from: usize, to: usize, top: i32) -> Markup {
    let (Some(a), Some(b)) = (placed.get(from), placed.get(to)) else { return html! {} };
    let (x1, y1) = (x(a.layer) + WIDTH, a.y + a.height / 2 + top);
    let (x2, y2) = (x(b.layer), b.y + b.height / 2 + top);
    let bend = GAP / 2;
    html! {
        path.edge d=(format!("M{x1} {y1}C{} {y1} {} {y2} {} {y2}", x1 + bend, x2 - bend, x2 - 6)) {}
        path.arrow d=(format!("M{x2} {y2}l-8-4v8z")) {}
    }
}

fn boxed(node: &Node, place: &Placed, top: i32) -> Markup {
    let (left, y) = (x(place.layer), place.y + top);
    let class = node.state.as_ref().map_or("plain", |s| s.class);
    let inner = html! {
        rect.(class) x=(left) y=(y) width=(WIDTH) height=(place.height) rx="4" {}
        @for (i, line) in (1_i32..).zip(&place.title) {
            text.title x=(left + PAD) y=(y + PAD / 2 + i * LINE - 3) { (line) }
            // A space for who reads the text without its places.
            (PreEscaped(" "))
        }
        @if let Some(state) = &node.state {
            text.(class) x=(left + PAD) y=(y + place.height - PAD) { (state.text) }
        }
    };
    html! {
        @if let Some(anchor) = &node.anchor { a href={ "#" (anchor) } { (inner) } } @else { g { (inner) } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(layer: usize, title: &str) -> Node {
        Node { layer, title: title.to_owned(), anchor: Some(format!("kpi-{layer}")), state: None }
    }

    #[test]
    fn texts_are_escaped_and_boxes_link() {
        let state = Some(State { text: "76,1 % ✗ niet gehaald".into(), class: "bad" });
        let graph =
            Graph { nodes: vec![node(0, "<script>"), Node { state, ..node(1, "Doel") }], edges: vec![(0, 1), (0, 7)] };
        let text = draw(&graph, "Kaart \"A\"", &["van", "naar"]).into_string();
        assert!(!text.contains("<script>"), "{text}");
        assert!(text.contains("&lt;script&gt;") && text.contains("href=\"#kpi-1\""), "{text}");
        assert!(
            text.contains("76,1 % ✗ niet gehaald") && text.contains("aria-label=\"Kaart &quot;A&quot;\""),
            "{text}"
        );
        // An edge to nowhere is not drawn.
        assert_eq!(text.matches("class=\"edge\"").count(), 1);
        assert_eq!(text, draw(&graph, "Kaart \"A\"", &["van", "naar"]).into_string());
    }

    #[test]
    fn nothing_gives_an_empty_drawing() {
        assert!(draw(&Graph::default(), "leeg", &[]).into_string().contains("<svg"));
    }
}
