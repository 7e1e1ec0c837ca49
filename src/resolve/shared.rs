//! The `dimensie` declarations: members, spellings and groups, and the tables that they are in. How a KPI uses them
//! stands in `dimension`.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Sink, suggest};
use crate::model::dimension::{Binding, GROUP_LEVEL, MemberGroup, SharedMember, fold};
use crate::model::{Model, RowKind, SharedDimension, SharedId, Type, Value};
use crate::source::Span;
use crate::syntax::ast::{Expr, ExprKind, Name, Path, SharedDimensionDef, SharedDimensionLine};

use super::echo;
use super::expr::Rows;
use super::names::Names;
use super::scope::{Log, Scope, World, listed, suggested};
use super::source_use::TableIds;
use super::table::find_table;

/// Resolves all shared dimensions, in order of name. One with a mistake is there, and `incomplete`.
pub(super) fn resolve(
    world: World<'_>,
    names: &Names<'_>,
    ids: &TableIds<'_>,
    sink: &mut Sink,
) -> Vec<SharedDimension> {
    let defs = names.dimensions.values().enumerate();
    defs.map(|(at, def)| {
        let before = sink.len();
        let mut build = Build::new(SharedId(at), def, sink);
        build.members();
        build.spellings();
        build.groups();
        build.bindings(world, names, ids);
        let Build { mut found, .. } = build;
        found.incomplete |= sink.len() > before;
        if found.bindings.is_empty() && !found.incomplete {
            sink.push(unbound(def));
        }
        found
    })
    .collect()
}

/// Nobody can use it.
fn unbound(def: &SharedDimensionDef) -> Diagnostic {
    let name = crate::model::text::name(&def.name.value);
    Diagnostic::hint("ML139", format!("dimensie `{}` is met geen enkele tabel verbonden", def.name.value))
        .at(def.name.span)
        .help(format!(
            "zeg waar zij staat: `in bron.tabel = {name}`, of `in bron.tabel = \"lid\"` voor een bron van één lid"
        ))
}

struct Build<'a, 's> {
    def: &'a SharedDimensionDef,
    found: SharedDimension,
    /// Whose spelling a folded text is, and where it stands.
    spelled: BTreeMap<String, (usize, Span)>,
    sink: &'s mut Sink,
}

impl<'a, 's> Build<'a, 's> {
    fn new(id: SharedId, def: &'a SharedDimensionDef, sink: &'s mut Sink) -> Self {
        let found = SharedDimension {
            id,
            name: def.name.value.clone(),
            title: def.title.as_ref().map(|t| t.value.clone()),
            members: Vec::new(),
            groups: Vec::new(),
            bindings: Vec::new(),
            incomplete: def.incomplete,
            span: def.name.span,
        };
        Self { def, found, spelled: BTreeMap::new(), sink }
    }

    fn members(&mut self) {
        for line in &self.def.lines {
            let SharedDimensionLine::Members { names, .. } = line else { continue };
            for name in names {
                if let Some(first) = self.found.members.iter().find(|m| fold(&m.name) == fold(&name.value)) {
                    let message = format!("lid `{}` staat er al", name.value);
                    self.sink.push(
                        Diagnostic::error("ML135", message)
                            .at(name.span)
                            .also(first.span, "de eerste keer")
                            .help("hoofdletters maken geen verschil; laat een van beide weg"),
                    );
                    continue;
                }
                let member = self.found.members.len();
                self.spelled.insert(fold(&name.value), (member, name.span));
                self.found.members.push(SharedMember {
                    name: name.value.clone(),
                    spellings: Vec::new(),
                    span: name.span,
                });
            }
        }
        if self.found.members.is_empty() && !self.found.incomplete {
            self.sink.push(
                Diagnostic::error("ML044", format!("dimensie `{}` heeft geen leden", self.def.name.value))
                    .at(self.def.name.span)
                    .help("noem ze in de volgorde waarin een rapport ze laat zien: `leden telefoon, balie, email`"),
            );
        }
    }

    fn spellings(&mut self) {
        for line in &self.def.lines {
            let SharedDimensionLine::Spellings { member, texts, .. } = line else { continue };
            let Some(at) = self.member(member) else { continue };
            for text in texts {
                let folded = fold(&text.value);
                if folded.is_empty() {
                    self.sink.push(
                        Diagnostic::error("ML135", "een lege tekst is geen spelling: die rijen horen bij `(leeg)`")
                            .at(text.span)
                            .help("laat haar weg"),
                    );
                    continue;
                }
                match self.spelled.get(&folded) {
                    Some(&(other, first)) if other != at => {
                        let names = [at, other].map(|m| format!("`{}`", self.found.members[m].name));
                        let message = format!("`{}` hoort bij twee leden: {}", text.value, names.join(" en "));
                        self.sink.push(
                            Diagnostic::error("ML135", message)
                                .at(text.span)
                                .also(first, "de eerste keer")
                                .help("hoofdletters en spaties eromheen maken geen verschil; laat een van beide weg"),
                        );
                    }
                    // The name itself again, in other letters: harmless, and common in lists that were copied.
                    Some(_) => {}
                    None => {
                        self.spelled.insert(folded, (at, text.span));
                        self.found.members[at].spellings.push(text.value.clone());
                    }
                }
            }
        }
    }

    /// The index of a member that is named; an unknown one is reported.
    fn member(&mut self, name: &Name) -> Option<usize> {
        let found = self.found.member_named(&name.value);
        // A list that could not be read may have had it.
        if found.is_none() && !self.found.incomplete && !self.found.members.is_empty() {
            let message = format!("`{}` is geen lid van dimensie `{}`", name.value, self.def.name.value);
            let diagnostic = Diagnostic::error("ML136", message).at(name.span);
            let known = self.found.members.iter().map(|m| m.name.as_str());
            self.sink.push(match suggest::nearest(&name.value, known.clone()) {
                Some(near) => suggested(diagnostic, name.span, near),
                None if self.found.groups.iter().any(|g| g.name == name.value) => {
                    diagnostic.help("een groep bestaat uit leden, niet uit andere groepen")
                }
                None => diagnostic.help(format!("zet het bij de leden, of kies uit {}", listed(known))),
            });
        }
        found
    }

    fn groups(&mut self) {
        for line in &self.def.lines {
            let SharedDimensionLine::Group { name, members, span } = line else { continue };
            let clash = self.found.groups.iter().find(|g| g.name == name.value).map(|g| (g.span, "de groep"));
            let member = self.found.members.iter().find(|m| m.name == name.value).map(|m| (m.span, "het lid"));
            if let Some((first, what)) = clash.or(member) {
                self.sink.push(
                    Diagnostic::error("ML135", format!("`{}` bestaat al in deze dimensie", name.value))
                        .at(name.span)
                        .also(first, what)
                        .help("geef de groep een eigen naam"),
                );
                continue;
            }
            let mut group = MemberGroup { name: name.value.clone(), members: Vec::new(), span: *span };
            for member in members {
                let Some(at) = self.member(member) else { continue };
                let holds = |g: &&MemberGroup| g.members.contains(&at);
                let taken = self.found.groups.iter().chain([&group]).find(holds).cloned();
                if let Some(first) = taken {
                    let message = format!("`{}` zit al in groep `{}`", member.value, first.name);
                    let diagnostic = Diagnostic::error("ML135", message).at(member.span);
                    self.sink.push(
                        diagnostic
                            .also(first.span, "die groep")
                            .help("een lid zit in hoogstens één groep: anders telt het twee keer mee"),
                    );
                    continue;
                }
                group.members.push(at);
            }
            self.found.groups.push(group);
        }
    }

    fn bindings(&mut self, world: World<'_>, names: &Names<'_>, ids: &TableIds<'_>) {
        for line in &self.def.lines {
            let SharedDimensionLine::Binding { table, value, span } = line else { continue };
            if let [only] = table.segments.as_slice() {
                self.sink.push(
                    Diagnostic::error("ML103", format!("`{}` is geen tabel: het bronsysteem ontbreekt", only.value))
                        .at(table.span)
                        .help("schrijf `in bronsysteem.tabel = kolom`"),
                );
                continue;
            }
            let Some(entry) = find_table(names, "", table, self.sink).map(|at| &names.tables[at]) else {
                self.found.incomplete = true;
                continue;
            };
            let Some(&id) = ids.get(&(entry.source, entry.def.name.value.as_str())) else { continue };
            if let Some(first) = self.found.binding(id) {
                self.sink.push(
                    Diagnostic::error("ML137", format!("`{}` is al met deze dimensie verbonden", echo::path(table)))
                        .at(*span)
                        .also(first.span, "de eerste keer")
                        .help("een tabel heeft één kolom voor een dimensie; laat een van beide weg"),
                );
                continue;
            }
            if let Some(diagnostic) = self.meant_text(world, id, value) {
                self.sink.push(diagnostic);
                continue;
            }
            let mut log = Log::new(self.sink);
            let expr = Rows::new(world, Scope::Table(id), &mut log).expr(value);
            if expr.ty == Type::Unknown || log.broken {
                self.found.incomplete = true;
                continue;
            }
            if expr.ty != Type::Text {
                self.sink.push(no_text(value, expr.ty));
                continue;
            }
            if let RowKind::Constant(Value::Text(text)) = &expr.kind
                && self.found.member_spelled(text).is_none()
                && !self.found.incomplete
            {
                self.sink.push(unknown_constant(&self.found, text, value.span));
                continue;
            }
            self.found.bindings.push(Binding { table: id, expr, span: *span });
        }
    }

    /// `in acd.gesprek = telefoon`, where the table has no such column and the dimension has such a member.
    fn meant_text(&self, world: World<'_>, table: crate::model::TableId, value: &Expr) -> Option<Diagnostic> {
        let ExprKind::Path(Path { segments, span }) = &value.kind else { return None };
        let [word] = segments.as_slice() else { return None };
        let known = world.model.table(table).column_named(&word.value).is_some();
        if known || self.found.member_spelled(&word.value).is_none() {
            return None;
        }
        let quoted = crate::model::text::quoted(&word.value);
        let table = world.model.table(table).full_name();
        Some(
            Diagnostic::error("ML101", format!("`{table}` heeft geen kolom `{}`", word.value))
                .at(*span)
                .help(format!("bedoelde u het lid `{quoted}`, zet dan de aanhalingstekens erbij"))
                .replace(*span, quoted),
        )
    }
}

fn no_text(value: &Expr, ty: Type) -> Diagnostic {
    let message = format!("{} is {}, en spellingen zijn teksten", echo::shown(value), ty.phrase());
    let written = echo::text(value);
    let diagnostic = Diagnostic::error("ML137", message).at(value.span);
    match ty {
        Type::Bool => diagnostic.help(format!("maak er teksten van: `als({written}, \"…\", \"…\")`")),
        _ => diagnostic.help("neem een kolom van het type `tekst`, of één lid tussen aanhalingstekens"),
    }
}

fn unknown_constant(dimension: &SharedDimension, text: &str, span: Span) -> Diagnostic {
    let message = format!("\"{text}\" is geen lid van dimensie `{}`", dimension.name);
    let diagnostic = Diagnostic::error("ML136", message).at(span);
    let spellings = dimension.members.iter().flat_map(|m| [&m.name].into_iter().chain(&m.spellings));
    match suggest::nearest(text, spellings.map(String::as_str)) {
        Some(near) => {
            let quoted = crate::model::text::quoted(near);
            diagnostic.help(format!("bedoelde u `{quoted}`?")).replace(span, quoted)
        }
        None => diagnostic.help(format!(
            "zet het bij de leden, of kies uit {}",
            listed(dimension.members.iter().map(|m| m.name.as_str()))
        )),
    }
}

/// The shared dimension that a path names: `kanaal`, `kanaal.groep`, or one of these behind relations and the name of a
/// source; with what stands before its name.
pub(super) fn named<'p>(model: &Model, segments: &'p [Name]) -> Option<(SharedId, crate::model::Level, &'p [Name])> {
    use crate::model::Level;
    let of = |name: &Name| model.dimensions.binary_search_by(|d| d.name.as_str().cmp(&name.value)).ok();
    match segments {
        [before @ .., name, level] if level.value == GROUP_LEVEL && of(name).is_some() => {
            of(name).map(|at| (SharedId(at), Level::Group, before))
        }
        [before @ .., name] => of(name).map(|at| (SharedId(at), Level::Member, before)),
        [] => None,
    }
}
