//! Why the KPIs are there: the strategy map from dream to results, and per customer chain the tree of its KPIs, from
//! process to result.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};

use super::{catalogue, parts};
use crate::model::strategy::{Chain, Goal};
use crate::report::graph::{self, Graph, Node, State};
use crate::report::series::Standing;
use crate::report::view::{KpiView, View};
use crate::report::words;

/// The chains that have KPIs in this report.
pub fn used<'a>(view: &View<'a>) -> Vec<&'a Chain> {
    view.model.chains.iter().filter(|chain| !of(view, chain).is_empty()).collect()
}

fn of<'v, 'a>(view: &'v View<'a>, chain: &Chain) -> Vec<&'v KpiView<'a>> {
    view.worst_first(|k| k.kpi.details.chain.contains(&chain.name))
}

fn is_result(kpi: &KpiView<'_>) -> bool {
    kpi.kpi.details.kpi_kind.as_deref() == Some("resultaat")
}

fn anchor(chain: &Chain) -> String {
    format!("keten-{}", chain.name)
}

/// The map: dreams, goals, chains and their result KPIs.
pub fn strategy(view: &View<'_>) -> Markup {
    let chains = used(view);
    html! {
        section.page #strategie {
            h1 #strategie-titel tabindex="-1" { "Strategie: van droom naar resultaat" }
            @if chains.is_empty() {
                p { "Geen van deze KPI's hoort bij een klantketen. Met `klantketen` in een KPI komt zij hier te staan." }
            } @else {
                p.note { "Kies een klantketen voor haar KPI's, of een resultaat voor zijn cijfers." }
                (graph::draw(&map(view, &chains), "Strategiekaart", &["Droom", "Doel", "Klantketen", "Resultaat"]))
                h2 { "In woorden" }
                (in_words(view, &chains))
            }
        }
    }
}

fn map(view: &View<'_>, chains: &[&Chain]) -> Graph {
    let mut graph = Graph::default();
    let mut goals: BTreeMap<&str, usize> = BTreeMap::new();
    for goal in served(view, chains) {
        let place = add(&mut graph, Node { layer: 1, title: words::clean(&goal.title), anchor: None, state: None });
        goals.insert(&goal.name, place);
        if let Some(vision) = &goal.vision {
            let node = Node { layer: 0, title: words::clean(vision), anchor: None, state: None };
            let dream = graph.nodes.iter().position(|n| *n == node).unwrap_or_else(|| add(&mut graph, node));
            graph.edges.push((dream, place));
        }
    }
    let mut results: BTreeMap<&str, usize> = BTreeMap::new();
    for chain in chains {
        let kpis = of(view, chain);
        let node = Node {
            layer: 2,
            title: words::clean(&chain.title),
            anchor: Some(anchor(chain)),
            state: Some(stand(&kpis)),
        };
        let place = add(&mut graph, node);
        graph.edges.extend(chain.goals.iter().filter_map(|g| goals.get(g.as_str())).map(|goal| (*goal, place)));
        for kpi in kpis.into_iter().filter(|k| is_result(k)) {
            let known = results.get(kpi.kpi.name.as_str()).copied();
            let result = known.unwrap_or_else(|| add(&mut graph, boxed(kpi, 3)));
            results.insert(&kpi.kpi.name, result);
            graph.edges.push((place, result));
        }
    }
    graph
}

fn add(graph: &mut Graph, node: Node) -> usize {
    graph.nodes.push(node);
    graph.nodes.len() - 1
}

/// The goals that these chains serve, in the order of their names.
fn served<'a>(view: &View<'a>, chains: &[&Chain]) -> Vec<&'a Goal> {
    let goals = view.model.goals.iter();
    goals.filter(|goal| chains.iter().any(|chain| chain.goals.contains(&goal.name))).collect()
}

/// `2 van 9 niet gehaald`: how the KPIs of a chain stand together.
fn stand(kpis: &[&KpiView<'_>]) -> State {
    let count = |standing: Standing| kpis.iter().filter(|k| k.standing() == standing).count();
    let (missed, near, met) = (count(Standing::NotMet), count(Standing::Near), count(Standing::Met));
    let judged = missed + near + met;
    match (missed, near) {
        _ if judged == 0 => State { text: words::kpis(kpis.len()), class: "quiet" },
        (0, 0) => State { text: format!("✓ {met} van {judged} gehaald"), class: "good" },
        (0, near) => State { text: format!("~ {near} van {judged} bijna"), class: "near" },
        (missed, _) => State { text: format!("✗ {missed} van {judged} niet gehaald"), class: "bad" },
    }
}

fn boxed(kpi: &KpiView<'_>, layer: usize) -> Node {
    let state = kpi.latest().map(|row| {
        // A box is narrow; its page says it in full.
        let sign = words::status(row).replace("te weinig waarnemingen", "te weinig");
        let text = if row.value.is_some() { format!("{}  {sign}", words::value(row)) } else { sign };
        State { text, class: parts::class(kpi.standing()) }
    });
    Node { layer, title: kpi.title.clone(), anchor: Some(kpi.anchor()), state }
}

/// The same as lists, for who does not see the map.
fn in_words(view: &View<'_>, chains: &[&Chain]) -> Markup {
    html! {
        @for goal in served(view, chains) {
            h3 { (words::clean(&goal.title)) }
            @if let Some(vision) = &goal.vision { p.vision { (words::clean(vision)) } }
            ul {
                @for chain in chains.iter().filter(|c| c.goals.contains(&goal.name)) {
                    li { a href={ "#" (anchor(chain)) } { (words::clean(&chain.title)) } }
                }
            }
        }
    }
}

/// One chain: who answers for it, what may be expected, and the tree of its KPIs.
pub fn page(view: &View<'_>, chain: &Chain) -> Markup {
    let kpis = of(view, chain);
    let anchor = anchor(chain);
    let tree = tree(&kpis);
    let loose: Vec<&KpiView<'_>> =
        kpis.iter().copied().filter(|k| tree.nodes.iter().all(|n| n.anchor != Some(k.anchor()))).collect();
    html! {
        section.page id=(anchor) {
            h1 id={ (anchor) "-titel" } tabindex="-1" { (chain.title) }
            @if let Some(owner) = &chain.owner { p.owner { "Eigenaar: " (owner) } }
            (values("Wat klanten mogen verwachten", &chain.customer_values))
            (values("Wat de organisatie ervan vraagt", &chain.internal_values))
            @if !tree.nodes.is_empty() {
                h2 { "Wat waaraan bijdraagt" }
                p.note { "Van links naar rechts: wat in het proces gebeurt, draagt bij aan het resultaat." }
                (graph::draw(&tree, &format!("KPI-boom van {}", chain.title), &[]))
            }
            @if !loose.is_empty() && !tree.nodes.is_empty() {
                p { "Zonder verband met een andere KPI van deze keten: " (words::list(&loose.iter().map(|k| k.title.clone()).collect::<Vec<_>>())) "." }
            }
            h2 { "De KPI's van deze keten" }
            (catalogue::table(&kpis, &chain.title, catalogue::Use::Plain))
        }
    }
}

/// The KPIs of a chain with what they contribute to, in layers: what nothing contributes to stands left.
fn tree(kpis: &[&KpiView<'_>]) -> Graph {
    let place: BTreeMap<&str, usize> = kpis.iter().enumerate().map(|(i, k)| (k.kpi.name.as_str(), i)).collect();
    let mut edges: Vec<(usize, usize)> = Vec::new();
    for (from, kpi) in kpis.iter().enumerate() {
        let to = kpi.kpi.details.contributes_to.iter().filter_map(|name| place.get(name.value.as_str()));
        edges.extend(to.map(|to| (from, *to)).filter(|(from, to)| from != to));
    }
    let linked: BTreeSet<usize> = edges.iter().flat_map(|(a, b)| [*a, *b]).collect();
    let layers = layers(kpis.len(), &edges);
    let kept: Vec<usize> = linked.into_iter().collect();
    let nodes = kept.iter().filter_map(|&i| Some(boxed(kpis.get(i)?, layers.get(i).copied().unwrap_or(0)))).collect();
    let at = |i: usize| kept.binary_search(&i).ok();
    Graph { nodes, edges: edges.iter().filter_map(|&(a, b)| Some((at(a)?, at(b)?))).collect() }
}

/// The longest way to each node. A circle (which definitions may hold) ends after as many rounds as there are nodes.
fn layers(nodes: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    let mut layers = vec![0; nodes];
    for _ in 0..nodes {
        let mut moved = false;
        for &(from, to) in edges {
            let least = layers.get(from).map_or(0, |l| l + 1);
            if let Some(layer) = layers.get_mut(to).filter(|l| **l < least && least < nodes) {
                *layer = least;
                moved = true;
            }
        }
        if !moved {
            break;
        }
    }
    layers
}

fn values(title: &str, list: &[String]) -> Markup {
    html! {
        @if !list.is_empty() {
            p { strong { (title) ": " } (list.join(", ")) }
        }
    }
}
