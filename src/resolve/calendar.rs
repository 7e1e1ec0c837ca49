//! Calendars: their statements as rules with the days on which they hold, and which calendar counts where none is named.
//!
//! Of the rules that hold on a day the one that began last counts: `open do 08:30 - 20:00 vanaf 2025-09-01` replaces what
//! stood for Thursdays before. Several `open` lines for one weekday that begin on the same day stand beside each other
//! (a lunch break), and may not overlap. What is not stated is the default: Monday to Friday, the Algemene termijnenwet,
//! no opening hours.

use chrono::NaiveDate;

use crate::calendar::{Dated, HolidaySet, SECOND, WEEKDAYS, WorkCalendar};
use crate::diagnostic::{Diagnostic, Sink, suggest};
use crate::model::{Calendar, CalendarId, Model};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{CalendarBody, CalendarDef, CalendarWord, Name, Validity};

use super::Settings;
use super::names::Names;
use super::scope::{listed, suggested};

/// Puts all calendars into the model, and the one that counts where none is named.
pub(super) fn resolve(model: &mut Model, names: &Names<'_>, settings: &Settings, sink: &mut Sink) {
    model.calendars = names.calendars.values().map(|def| calendar(def, sink)).collect();
    let declared = model.calendars.len();
    if declared == 0 {
        model.calendars.push(Calendar::built_in());
    }
    model.default_calendar = match &settings.calendar {
        // Unknown it has been reported; whatever uses it is then no second mistake.
        Some(name) => Some(find(model, name, sink).unwrap_or(CalendarId(0))),
        None => (declared <= 1).then_some(CalendarId(0)),
    };
}

/// A calendar by its name; an unknown one is reported.
pub(super) fn find(model: &Model, name: &Name, sink: &mut Sink) -> Option<CalendarId> {
    let declared = || model.calendars.iter().filter(|c| c.span.is_some()).map(|c| c.name.as_str());
    if let Some(at) = model.calendars.iter().position(|c| c.span.is_some() && c.name == name.value) {
        return Some(CalendarId(at));
    }
    let diagnostic = Diagnostic::error("ML122", format!("kalender `{}` bestaat niet", name.value)).at(name.span);
    sink.push(match suggest::nearest(&name.value, declared()) {
        Some(near) => suggested(diagnostic, name.span, near),
        None if declared().next().is_none() => {
            diagnostic.help(format!("declareer haar: `kalender {} {{ feestdagen termijnenwet }}`", name.value))
        }
        None => diagnostic.help(format!("er zijn: {}", listed(declared()))),
    });
    None
}

/// Several calendars, and nothing that says which one. A KPI's own choice does not reach the columns of a table.
pub(super) fn which(model: &Model, word: &str, of_kpi: bool, span: Span) -> Diagnostic {
    let names: Vec<&str> = model.calendars.iter().map(|c| c.name.as_str()).collect();
    let first = names.first().copied().unwrap_or_default();
    let message = format!("{word}: volgens welke kalender? er zijn {}", listed(names.iter().copied()));
    let mut diagnostic = Diagnostic::error("ML123", message).at(span);
    if of_kpi {
        diagnostic = diagnostic.help(format!("kies er een in de meetmethode van de kpi: `kalender {first}`"));
    }
    diagnostic = diagnostic.help(format!("kies voor het hele project, in meetlat.yaml: `kalender: {first}`"));
    if word == "`werkdagen(…)`" || word == "`werktijd(…)`" {
        return diagnostic.help(format!("of alleen hier, als derde argument: `(…, …, {first})`"));
    }
    diagnostic
}

/// A diagnostic has been given.
struct Reported;

/// A statement with the days on which it holds, and where it stands.
struct Stated<T> {
    rule: Dated<T>,
    span: Span,
}

/// The statements of a calendar while they are gathered.
#[derive(Default)]
struct Gathered {
    holidays: Vec<Stated<Option<HolidaySet>>>,
    workdays: Vec<Stated<[bool; 7]>>,
    hours: [Vec<Stated<(i64, i64)>>; 7],
    closed: Vec<Spanned<NaiveDate>>,
    reasons: Vec<(NaiveDate, String)>,
    broken: bool,
}

fn calendar(def: &CalendarDef, sink: &mut Sink) -> Calendar {
    let mut found = Gathered { broken: def.incomplete, ..Gathered::default() };
    for clause in &def.clauses {
        found.clause(&clause.body, clause.word.value, clause.span, sink);
    }
    found.whole("feestdagen", |g| starts(&g.holidays), "feestdagen geen", sink);
    found.whole("werkdagen", |g| starts(&g.workdays), "werkdagen ma, di, wo, do, vr", sink);
    let mut rules = WorkCalendar::default();
    if !found.holidays.is_empty() {
        rules.holidays = dated(found.holidays);
    }
    if !found.workdays.is_empty() {
        rules.workdays = dated(found.workdays);
    }
    rules.hours = found.hours.map(dated);
    rules.closed = found.closed.iter().map(|day| day.value).collect();
    Calendar {
        name: def.name.value.clone(),
        title: def.title.as_ref().map(|t| t.value.clone()),
        rules,
        reasons: found.reasons,
        incomplete: found.broken,
        span: Some(def.name.span),
    }
}

fn dated<T>(list: Vec<Stated<T>>) -> Vec<Dated<T>> {
    list.into_iter().map(|stated| stated.rule).collect()
}

/// When statements begin and end, with their places.
type Times = Vec<(Option<NaiveDate>, Option<NaiveDate>, Span)>;

fn starts<T>(list: &[Stated<T>]) -> Times {
    list.iter().map(|s| (s.rule.from, s.rule.until, s.span)).collect()
}

impl Gathered {
    fn error(&mut self, diagnostic: Diagnostic, sink: &mut Sink) {
        self.broken = true;
        sink.push(diagnostic);
    }

    fn clause(&mut self, body: &CalendarBody, word: CalendarWord, span: Span, sink: &mut Sink) {
        let validity = match body {
            CalendarBody::Broken => {
                self.broken = true;
                return;
            }
            CalendarBody::Closed { days, reason } => return self.closed(days, reason.as_ref(), sink),
            CalendarBody::Holidays { validity, .. }
            | CalendarBody::Workdays { validity, .. }
            | CalendarBody::Open { validity, .. } => validity,
        };
        let Some((from, until)) = self.validity(validity, sink) else { return };
        match body {
            CalendarBody::Holidays { set, .. } => {
                let Ok(rule) = self.holiday_set(set.as_ref(), sink) else { return };
                if !self.twice(&starts(&self.holidays), from, span, word, sink) {
                    self.holidays.push(Stated { rule: Dated { from, until, rule }, span });
                }
            }
            CalendarBody::Workdays { days, .. } => {
                let Some(days) = self.weekdays(days, sink) else { return };
                let mut rule = [false; 7];
                for day in days {
                    rule[day] = true;
                }
                if !self.twice(&starts(&self.workdays), from, span, word, sink) {
                    self.workdays.push(Stated { rule: Dated { from, until, rule }, span });
                }
            }
            CalendarBody::Open { days, from: open, until: close, .. } => {
                let days = self.weekdays(days, sink);
                if close.value <= open.value {
                    return self.error(turned(open, close), sink);
                }
                let hours = (i64::from(open.value) * SECOND, i64::from(close.value) * SECOND);
                for day in days.unwrap_or_default() {
                    let stated = Stated { rule: Dated { from, until, rule: hours }, span };
                    if let Some(diagnostic) = overlap(&self.hours[day], &stated, day) {
                        // The other days of the line are the same mistake.
                        return self.error(diagnostic, sink);
                    }
                    self.hours[day].push(stated);
                }
            }
            CalendarBody::Closed { .. } | CalendarBody::Broken => {}
        }
    }

    /// From when until when; reports what never holds.
    fn validity(&mut self, validity: &Validity, sink: &mut Sink) -> Option<(Option<NaiveDate>, Option<NaiveDate>)> {
        let (from, until) = (validity.from.as_ref(), validity.until.as_ref());
        if let (Some(from), Some(until)) = (from, until)
            && until.value <= from.value
        {
            let message = format!("deze regel geldt nooit: hij eindigt op {} en begint op {}", until.value, from.value);
            let diagnostic = Diagnostic::error("ML042", message)
                .at(until.span)
                .also(from.span, "het begin")
                .help("`tot` noemt de eerste dag waarop de regel niet meer geldt");
            self.error(diagnostic, sink);
            return None;
        }
        Some((from.map(|d| d.value), until.map(|d| d.value)))
    }

    /// The holidays of a word; none for `geen`.
    fn holiday_set(&mut self, set: Option<&Name>, sink: &mut Sink) -> Result<Option<HolidaySet>, Reported> {
        let Some(name) = set else { return Ok(None) };
        if let Some(set) = HolidaySet::of(&name.value) {
            return Ok(Some(set));
        }
        let words = HolidaySet::ALL.map(HolidaySet::word);
        let elsewhere = match name.value.to_lowercase().as_str() {
            "atw" | "wet" | "wettelijk" | "nederland" | "nl" => Some("termijnenwet"),
            "cao" | "car_uwo" | "caruwo" | "gemeenten" => Some("cao_gemeenten"),
            _ => None,
        };
        let near = suggest::nearest(&name.value, words.into_iter().chain(["geen"])).or(elsewhere);
        let diagnostic = Diagnostic::error("ML040", format!("`{}` is geen bekende lijst feestdagen", name.value));
        let diagnostic = diagnostic.at(name.span);
        self.error(
            match near {
                Some(near) => suggested(diagnostic, name.span, near),
                None => diagnostic.help("kies `termijnenwet`, `cao_gemeenten` of `geen`"),
            },
            sink,
        );
        Err(Reported)
    }

    /// The days of the week of some words, from Monday = 0. A word that is none, or comes twice, is reported.
    fn weekdays(&mut self, words: &[Name], sink: &mut Sink) -> Option<Vec<usize>> {
        let mut found: Vec<usize> = Vec::new();
        let mut whole = true;
        for word in words {
            let Some(day) = WEEKDAYS.iter().position(|day| *day == word.value) else {
                self.error(no_weekday(word), sink);
                whole = false;
                continue;
            };
            if found.contains(&day) {
                let diagnostic = Diagnostic::error("ML042", format!("`{}` staat hier al", word.value))
                    .at(word.span)
                    .help("noem elke dag één keer");
                self.error(diagnostic, sink);
                whole = false;
                continue;
            }
            found.push(day);
        }
        whole.then_some(found)
    }

    /// Reports a statement that begins on the same day as another.
    fn twice(
        &mut self,
        before: &Times,
        from: Option<NaiveDate>,
        span: Span,
        word: CalendarWord,
        sink: &mut Sink,
    ) -> bool {
        let Some((_, _, first)) = before.iter().find(|(start, _, _)| *start == from) else { return false };
        let word = word.word();
        let message = match from {
            Some(from) => format!("`{word}` vanaf {from} staat er al"),
            None => format!("`{word}` staat er al"),
        };
        let diagnostic = Diagnostic::error("ML042", message)
            .at(span)
            .also(*first, "de eerste")
            .help(format!("laat een van beide weg, of zeg vanaf wanneer de tweede geldt: `{word} … vanaf 2026-01-01`"));
        self.error(diagnostic, sink);
        true
    }

    /// Reports days of which a calendar says nothing: what is stated from or until a day must be stated for the others.
    fn whole(&mut self, word: &str, times: impl Fn(&Self) -> Times, example: &str, sink: &mut Sink) {
        let mut times = times(self);
        if times.is_empty() || self.broken {
            return;
        }
        times.sort_by_key(|t| t.0);
        // Nothing yet; then the day until which something is stated, or none without end.
        let mut known_until: Option<Option<NaiveDate>> = None;
        for (index, (from, until, span)) in times.iter().enumerate() {
            let gap: Option<(Option<NaiveDate>, NaiveDate)> = match (index, from) {
                (_, None) => None,
                (0, Some(from)) => Some((None, *from)),
                (_, Some(from)) => known_until.flatten().filter(|known| known < from).map(|known| (Some(known), *from)),
            };
            if let Some((start, end)) = gap {
                let when = start.map_or(format!("vóór {end}"), |start| format!("van {start} tot {end}"));
                let since = start.map_or(String::new(), |start| format!(" vanaf {start}"));
                let diagnostic = Diagnostic::error("ML124", format!("deze kalender zegt niets over `{word}` {when}"))
                    .at(*span)
                    .help(format!("zet erbij wat daar geldt, bijvoorbeeld `{example}{since} tot {end}`"));
                return self.error(diagnostic, sink);
            }
            known_until = Some(match known_until {
                None => *until,
                Some(known) => known.zip(*until).map(|(a, b)| a.max(b)),
            });
        }
        if let (Some(Some(known)), Some((_, _, span))) = (known_until, times.last()) {
            let diagnostic =
                Diagnostic::error("ML124", format!("deze kalender zegt niets over `{word}` vanaf {known}"))
                    .at(*span)
                    .help(format!("zet erbij wat daarna geldt, bijvoorbeeld `{example} vanaf {known}`"));
            self.error(diagnostic, sink);
        }
    }

    fn closed(&mut self, days: &[Spanned<NaiveDate>], reason: Option<&Name>, sink: &mut Sink) {
        for day in days {
            if let Some(first) = self.closed.iter().find(|known| known.value == day.value) {
                let diagnostic = Diagnostic::error("ML042", format!("{} staat al bij de gesloten dagen", day.value))
                    .at(day.span)
                    .also(first.span, "de eerste keer")
                    .help("haal een van beide weg");
                self.error(diagnostic, sink);
                continue;
            }
            self.closed.push(day.clone());
            self.reasons.extend(reason.map(|reason| (day.value, reason.value.clone())));
        }
    }
}

fn no_weekday(word: &Name) -> Diagnostic {
    let diagnostic = Diagnostic::error("ML040", format!("`{}` is geen dag van de week", word.value)).at(word.span);
    let lower = word.value.to_lowercase();
    let foreign = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let near = WEEKDAYS
        .iter()
        .find(|day| lower.starts_with(**day))
        .or_else(|| foreign.iter().position(|day| lower.starts_with(day)).and_then(|at| WEEKDAYS.get(at)))
        .copied();
    match near {
        Some(near) => diagnostic.help(format!("schrijf `{near}`")).replace(word.span, near),
        None => diagnostic.help(format!("de dagen zijn {}", WEEKDAYS.join(", "))),
    }
}

fn clock(seconds: u32) -> String {
    let rest = if seconds.is_multiple_of(60) { String::new() } else { format!(":{:02}", seconds % 60) };
    format!("{:02}:{:02}{rest}", seconds / 3600, seconds / 60 % 60)
}

/// Closing at or before opening.
fn turned(open: &Spanned<u32>, close: &Spanned<u32>) -> Diagnostic {
    let (from, until) = (clock(open.value), clock(close.value));
    let message = format!("de sluitingstijd {until} ligt niet na de openingstijd {from}");
    let diagnostic = Diagnostic::error("ML041", message).at(close.span).also(open.span, "open");
    match (open.value, close.value) {
        (_, 0) => diagnostic.help("het einde van de dag is `24:00`").replace(close.span, "24:00"),
        (open, close) if close < open => diagnostic
            .help(format!("zijn de tijden verwisseld, schrijf dan `{until} - {from}`"))
            .help(format!(
                "loopt het door na middernacht, schrijf dan twee regels: `{from} - 24:00`, en voor de dag erna `00:00 - {until}`"
            )),
        _ => diagnostic.help("is die dag niets open, laat hem dan weg"),
    }
}

/// Opening hours that begin to hold on the same day and overlap.
fn overlap(before: &[Stated<(i64, i64)>], stated: &Stated<(i64, i64)>, day: usize) -> Option<Diagnostic> {
    let (open, close) = stated.rule.rule;
    let same = before.iter().find(|other| {
        let (from, until) = other.rule.rule;
        other.rule.from == stated.rule.from && open < until && from < close
    })?;
    let day = WEEKDAYS.get(day).copied().unwrap_or_default();
    let diagnostic = Diagnostic::error("ML041", format!("deze openingstijden op `{day}` overlappen met andere"))
        .at(stated.span)
        .also(same.span, "de andere");
    Some(if stated.rule.from.is_none() {
        diagnostic.help("zijn het nieuwe tijden, zeg dan vanaf wanneer: `… vanaf 2026-01-01`")
    } else {
        diagnostic.help("laat een van beide weg, of laat de tijden op elkaar aansluiten")
    })
}
