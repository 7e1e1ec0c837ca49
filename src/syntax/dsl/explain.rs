//! Why a piece does not fit its rule, in the author's words: pest says where it stopped and which rules it tried there.
//! The usual mistakes have a message of their own; the others get "verwacht …, maar hier staat …".

mod words;

use super::boundary::NORM_WORDS;
use super::grammar::Rule;
use super::lex::{Kind, is_reserved};
use super::lexical::{shown, too_deep};
use super::literal::UNITS;
use super::piece::Reader;
use crate::diagnostic::{Diagnostic, suggest};
use crate::source::Span;
use pest::error::{Error, ErrorVariant, InputLocation};
use std::ops::Range;
use words::expectation;

/// The words that may stand behind a column's type.
const OPTIONS: [&str; 6] = ["sleutel", "meetmoment", "persoonsgegeven", "kenmerk", "in", "bron"];

/// The message for a piece that could not be read. `base` is where its text begins.
pub(super) fn failure(
    reader: &Reader,
    rule: Rule,
    range: Range<usize>,
    base: usize,
    error: &Error<Rule>,
) -> Diagnostic {
    let ErrorVariant::ParsingError { positives, .. } = &error.variant else {
        return too_deep(reader.span_over(range));
    };
    let offset = match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => base + at,
    };
    let index = reader.tokens.partition_point(|token| token.end <= offset).clamp(range.start, range.end);
    let inside = index < range.end;
    if let Some(diagnostic) = not_applicable(reader, rule, range.clone()) {
        return diagnostic;
    }
    let tried: Vec<Rule> = positives.iter().copied().filter(|&rule| rule != Rule::EOI).collect();
    if let (true, Some(diagnostic)) = (inside, special(reader, rule, range.clone(), index, &tried)) {
        return diagnostic;
    }
    if let Some(comma) = trailing_comma(reader, range.clone(), index) {
        return Diagnostic::error("ML001", "achter het laatste hoort geen komma")
            .at(comma)
            .help("haal de komma weg, of schrijf erachter wat nog komt")
            .replace(comma, "");
    }
    let expected = expectation(&tried);
    let before = index.checked_sub(1).filter(|&i| i >= range.start).map_or("", |i| reader.word(i));
    if inside {
        let found = shown(reader.word(index));
        let message = match (&expected, before) {
            (Some(expected), _) => format!("verwacht {expected}, maar hier staat {found}"),
            (None, "") => format!("{found} past hier niet"),
            (None, before) => format!("{found} past niet achter {}", shown(before)),
        };
        let diagnostic = Diagnostic::error("ML001", message).at(reader.span_of(index));
        let word = reader.word(index);
        let fresh =
            matches!(reader.kind(index), Some(Kind::Name | Kind::Quoted)) && (!is_reserved(word) || word == "per");
        let joined = expected.as_deref() == Some("`,`") && fresh;
        if let (true, Some(previous)) = (joined, index.checked_sub(1)) {
            let place = reader.span_of(previous).after();
            return diagnostic.help("zet er een komma tussen").replace(place, ",");
        }
        return hints(diagnostic, reader, rule, range, index);
    }
    let place =
        index.checked_sub(1).filter(|&i| i >= range.start).map_or(reader.span_over(range), |i| reader.span_of(i));
    let expected = expected.unwrap_or_else(|| "meer".to_owned());
    let message = if before.is_empty() {
        format!("verwacht {expected}, maar hier staat niets")
    } else {
        format!("verwacht {expected} achter {}", shown(before))
    };
    Diagnostic::error("ML001", message).at(if before.is_empty() { place } else { place.after() })
}

/// A comma that ends the piece.
fn trailing_comma(reader: &Reader, range: Range<usize>, index: usize) -> Option<Span> {
    let last = range.clone().last()?;
    let stopped = index == last || index == range.end;
    (range.len() > 1 && stopped && reader.kind(last) == Some(Kind::Comma)).then(|| reader.span_of(last))
}

/// What a rule that usually fails for one reason says about it.
fn hints(diagnostic: Diagnostic, reader: &Reader, rule: Rule, range: Range<usize>, index: usize) -> Diagnostic {
    let word = reader.word(index);
    match rule {
        Rule::text_piece => {
            let diagnostic = diagnostic.help("het antwoord is een tekst tussen aanhalingstekens");
            let place = reader.span_over(range.clone());
            match reader.text_over(range) {
                text if !text.contains(['"', '\\', '\n', '\r', '{']) => {
                    diagnostic.replace(place, format!("\"{text}\""))
                }
                _ => diagnostic,
            }
        }
        Rule::column_piece if reader.kind(index) == Some(Kind::Comma) => {
            diagnostic.help("elke kolom staat op een eigen regel, zonder komma erachter")
        }
        Rule::norm_piece if index == range.start => diagnostic.help("een norm begint met een vergelijking: `>= 80%`"),
        Rule::requirement_piece if reader.kind(range.start + 1) != Some(Kind::Text) => {
            diagnostic.help("een eis heeft een naam tussen aanhalingstekens: `eis \"einde ligt na begin\": …`")
        }
        Rule::parameter_piece => {
            diagnostic.help("schrijf `parameter naam: type = waarde`, bijvoorbeeld `: duur = 20 s`")
        }
        Rule::sources_piece if index > range.start => match (reader.name_word(index - 1), reader.name_word(index)) {
            (Some(source), Some(table)) => {
                let place = reader.span_of(index - 1).to(reader.span_of(index));
                diagnostic
                    .help(format!("hoort `{table}` bij bronsysteem `{source}`, schrijf dan `{source}.{table}`"))
                    .replace(place, format!("{source}.{table}"))
            }
            _ => diagnostic,
        },
        Rule::holidays_piece => diagnostic.help("schrijf `termijnenwet`, `cao_gemeenten` of `geen`"),
        Rule::workdays_piece => diagnostic.help("bijvoorbeeld `werkdagen ma, di, wo, do, vr`"),
        Rule::hours_piece => diagnostic.help("bijvoorbeeld `open ma, di, wo 08:30 - 17:00`"),
        Rule::closed_piece => diagnostic.help("bijvoorbeeld `gesloten 2026-12-24, 2026-12-31 \"collectief verlof\"`"),
        Rule::method_piece => match reader.name_word(index.saturating_sub(1)) {
            Some("betrouwbaarheid") => diagnostic.help("schrijf bijvoorbeeld `betrouwbaarheid 95%`"),
            Some("afschermen" | "bij" | "minder" | "dan") => {
                diagnostic.help("schrijf bijvoorbeeld `afschermen bij minder dan 5`")
            }
            Some("nieuwe" | "nieuw" | "basis") => {
                diagnostic.help("schrijf bijvoorbeeld `nieuwe basis vanaf 2025-03-01`")
            }
            _ => diagnostic.help("bijvoorbeeld `automatisch, per maand op binnenkomst`"),
        },
        Rule::fault_piece => diagnostic.help(
            "schrijf `meetstoring bron.tabel vanaf 2026-05-03 tot 2026-05-10 \"reden\"`, en eventueel `te laag` of `te hoog`",
        ),
        Rule::dates_piece => diagnostic.help("schrijf `vanaf 2026-01-01`, of `vanaf 2026-01-01 tot 2027-01-01`"),
        _ if word == "{" || word == "}" => diagnostic.help("accolades staan om een kpi, een bronsysteem of een tabel"),
        _ => diagnostic,
    }
}

/// `= leeg` and `<> leeg`.
fn compared_with_empty(sign: &str, span: Span) -> Diagnostic {
    let test = if sign == "=" { "is leeg" } else { "is gevuld" };
    Diagnostic::error("ML023", format!("met `{sign}` is niet te zien of iets leeg is"))
        .at(span)
        .help(format!("schrijf `{test}`"))
        .replace(span, test)
}

/// The usual mistakes.
fn special(reader: &Reader, rule: Rule, range: Range<usize>, index: usize, tried: &[Rule]) -> Option<Diagnostic> {
    let span = reader.span_of(index);
    let word = reader.word(index);
    let previous = index.checked_sub(1).filter(|&i| i >= range.start);
    let before = previous.map_or("", |i| reader.word(i));
    let before_kind = previous.and_then(|i| reader.kind(i));
    let name = reader.name_word(index).filter(|word| !is_reserved(word));
    let value_wanted = tried.iter().any(|rule| {
        matches!(rule, Rule::path | Rule::ident | Rule::literal | Rule::expr | Rule::value) || is_piece(*rule)
    });

    if word == "leeg" && matches!(before, "=" | "<>") {
        return Some(compared_with_empty(before, reader.span_of(index.checked_sub(1)?).to(span)));
    }
    let divides = index.checked_sub(2).is_some_and(|i| i >= range.start && reader.word(i) == "per");
    if divides && before_kind == Some(Kind::Number) && (word == "%" || UNITS.contains(&word) || word == "maand") {
        return Some(
            Diagnostic::error("ML005", format!("achter `per` hoort een getal zonder eenheid, niet `{before} {word}`"))
                .at(span)
                .help("bijvoorbeeld `per 1000`"),
        );
    }
    if let (Some(name), Some(Kind::Number)) = (name, before_kind)
        && before.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'_' | b'.'))
        && !NORM_WORDS.contains(&name)
        && !OPTIONS.contains(&name)
    {
        return Some(unknown_unit(reader, index, name, before));
    }
    if rule == Rule::method_piece && word == "." {
        let comma = index.checked_sub(2).filter(|&i| i >= range.start && reader.kind(i) == Some(Kind::Comma))?;
        let comma = reader.span_of(comma);
        return Some(
            Diagnostic::error("ML001", "meer meetmomenten worden verbonden met `en`, niet met een komma")
                .at(comma)
                .help("bijvoorbeeld `per maand op ticket.afgifte en uitstroom.afgehandeld`")
                .replace(comma, " en"),
        );
    }
    if let Some(diagnostic) = slip(reader, rule, range.clone(), index) {
        return Some(diagnostic);
    }
    if before == "basis" && tried.contains(&Rule::period_name) {
        let diagnostic = Diagnostic::error("ML131", format!("{} is geen periode", shown(word)));
        return Some(
            diagnostic.at(span).help("schrijf de basisperiode als `basis 2005`, `basis 2005-K1` of `basis 2005-03`"),
        );
    }
    if word == ")" && index >= range.start + 3 && reader.word(index - 2) == "per" && reader.word(index - 3) == "(" {
        return Some(groups(reader, rule, range, index - 2, before));
    }
    if rule != Rule::method_piece && before_kind.is_some() {
        let per = if before == "per" && name.is_some() { index.checked_sub(1) } else { Some(index) };
        let key = per.and_then(|per| reader.name_word(per + 1)).filter(|next| !is_reserved(next));
        if let (Some(per), Some(key)) = (per.filter(|&per| reader.word(per) == "per"), key) {
            return Some(groups(reader, rule, range, per, key));
        }
    }
    if before == "per" && reader.kind(index) == Some(Kind::Number) {
        let whole = word.split('.').next().unwrap_or(word);
        let diagnostic =
            Diagnostic::error("ML005", format!("achter `per` hoort een geheel getal, niet {}", shown(word)));
        let fixed = if word.ends_with(".000") { format!("{whole}000") } else { whole.to_owned() };
        return Some(diagnostic.at(span).help(format!("schrijf `per {fixed}`")).replace(span, fixed));
    }
    if rule == Rule::norm_piece
        && matches!(word, "+" | "-" | "*" | "/")
        && previous.is_some_and(|i| reader.ends_operand(i, 0))
    {
        return Some(
            Diagnostic::error("ML025", "rekenen in een norm staat tussen haakjes")
                .at(span)
                .help("bijvoorbeeld `<= (termijn - 5 dagen)`"),
        );
    }
    if is_reserved(word)
        && value_wanted
        && !matches!(word, "ja" | "nee" | "leeg")
        && reader.kind(index) == Some(Kind::Name)
    {
        return Some(
            Diagnostic::error("ML016", format!("`{word}` is een woord van de taal en hier geen naam"))
                .at(span)
                .help(format!("heet er iets zo, zet de naam dan tussen backticks: \\`{word}\\`").replace('\\', ""))
                .replace(span, format!("`{word}`")),
        );
    }
    if let (Some(name), true) = (name, matches!(rule, Rule::column_piece | Rule::column_body_piece))
        && tried.iter().any(|rule| matches!(rule, Rule::column_option | Rule::nullable | Rule::w_sleutel))
    {
        return Some(column_option(name, reader, index));
    }
    None
}

/// `per klant` where no groups can be.
fn groups(reader: &Reader, rule: Rule, range: Range<usize>, per: usize, key: &str) -> Diagnostic {
    let place = reader.span_over(per..per + 2);
    let diagnostic =
        Diagnostic::error("ML128", format!("`per {key}` staat hier niet binnen een functie over groepen")).at(place);
    let alone = reader.kind(per.wrapping_sub(1)) == Some(Kind::Open) && reader.word(per.wrapping_sub(2)) == "aantal";
    if alone && reader.kind(per + 2) == Some(Kind::Close) {
        let call = reader.span_over(per - 2..per + 3);
        let fixed = format!("aantal_uniek({key})");
        return diagnostic.help(format!("hoeveel verschillende het er zijn: `{fixed}`")).replace(call, fixed);
    }
    if rule == Rule::calculation_piece {
        let before = reader.text_over(range.start..per);
        let shown = if before.chars().count() > 40 || before.contains('\n') { "aantal()" } else { before };
        return diagnostic
            .help(format!("zeg hoe de groepen worden samengenomen: `gemiddelde({shown} per {key})`"))
            .help(format!("een uitkomst per {key} vraagt u met een dimensie: `dimensies {key}`"));
    }
    diagnostic.help(format!("groepen staan in een berekening: `gemiddelde(aantal() per {key})`"))
}

/// `n.v.t.` where only `geen "reden"` says so.
fn not_applicable(reader: &Reader, rule: Rule, range: Range<usize>) -> Option<Diagnostic> {
    let clause = matches!(
        rule,
        Rule::calculation_piece | Rule::sources_piece | Rule::method_piece | Rule::dimensions_piece | Rule::norm_piece
    );
    let text = reader.text_over(range.clone());
    let said = matches!(text.to_lowercase().as_str(), "n.v.t." | "n.v.t" | "nvt" | "nvt." | "n/a" | "-" | "geen norm");
    let answer = "geen \"niet van toepassing\"";
    (clause && said).then(|| {
        Diagnostic::error("ML001", format!("{} is hier geen antwoord", shown(text)))
            .at(reader.span_over(range.clone()))
            .help(format!("is er geen, zeg dan waarom: `{answer}`"))
            .replace(reader.span_over(range), answer)
    })
}

/// What people write by habit and the language writes in another way, with what to write.
fn slip(reader: &Reader, rule: Rule, range: Range<usize>, index: usize) -> Option<Diagnostic> {
    let (word, span) = (reader.word(index), reader.span_of(index));
    let previous = index.checked_sub(1).filter(|&i| i >= range.start);
    let before = previous.map_or("", |i| reader.word(i));
    let told = |message: String| Some(Diagnostic::error("ML001", message).at(span));
    match (rule, before, word) {
        (Rule::norm_piece, "", _) => {
            let sign = match word {
                "minimaal" | "minstens" => ">=",
                "maximaal" | "hoogstens" => "<=",
                "hoger" | "meer" | "groter" | "boven" => ">",
                "lager" | "minder" | "kleiner" | "onder" => "<",
                _ => return None,
            };
            told(format!("een norm schrijft u met een teken, niet met `{word}`"))
                .map(|d| d.help(format!("schrijf `{sign}` en dan de waarde, bijvoorbeeld `{sign} 80%`")))
        }
        (Rule::norm_piece, _, "en") => told("twee grenzen in één norm schrijft u met `tussen`".to_owned())
            .map(|d| d.help("bijvoorbeeld `tussen 80% en 90%`")),
        (Rule::norm_piece, "vanaf" | "tot", _) | (Rule::norm_piece, _, "in") => {
            told(format!("verwacht een datum als `2026-01-31`, maar hier staat {}", shown(word)))
                .map(|d| d.help("een norm geldt `vanaf` een datum en `tot` een datum, bijvoorbeeld `vanaf 2026-01-01`"))
        }
        (Rule::method_piece, "per", _) if reader.kind(index) == Some(Kind::Number) => {
            Some(Diagnostic::error("ML024", "een periode is een vast woord, geen aantal").at(span))
                .map(|d| d.help("kies uit: dag, week, maand, kwartaal, tertaal, halfjaar, jaar of hele reeks"))
        }
        (Rule::method_piece, "elke" | "iedere" | "elk" | "ieder", _) => {
            let place = previous.map_or(span, |i| reader.span_of(i)).to(span);
            Some(Diagnostic::error("ML024", format!("een periode begint met `per`, niet met `{before}`")).at(place))
                .map(|d| d.help(format!("schrijf `per {word}`")).replace(place, format!("per {word}")))
        }
        (Rule::dimensions_piece, "" | ",", "per") => {
            told("achter `dimensies` staan alleen de namen, zonder `per`".to_owned())
                .map(|d| d.help("haal `per` weg").replace(span, ""))
        }
        (Rule::sources_piece, _, "en") => told("tussen twee bronnen staat een komma, geen `en`".to_owned())
            .map(|d| d.help("bijvoorbeeld `bronsysteem balie.ticket, cbs.bevolking`")),
        (Rule::column_piece, _, ":") => {
            let typed = super::column::TYPES.iter().any(|t| t.0 == reader.word(index + 1));
            let (help, fixed) = if typed { ("haal de dubbele punt weg", "") } else { ("schrijf `=`", " =") };
            told("achter de naam van een kolom hoort geen dubbele punt".to_owned())
                .map(|d| d.help(help).replace(span, fixed))
        }
        (Rule::column_piece, _, _) if index == range.start + 1 && reader.kind(index) == Some(Kind::Text) => {
            let bare = word.trim_matches('"');
            told("een type staat zonder aanhalingstekens".to_owned())
                .map(|d| d.help(format!("schrijf `{bare}`")).replace(span, bare))
        }
        (Rule::kpi_head_piece, "kpi", _) if reader.kind(index) == Some(Kind::Text) => {
            told("deze kpi heeft alleen een titel en nog geen naam".to_owned())
                .map(|d| d.help("zet er een naam voor, in één woord: `kpi aantal_bezoekers \"Aantal bezoekers\" {`"))
        }
        (Rule::kpi_head_piece | Rule::source_head_piece, _, _)
            if index == range.start + 2 && reader.kind(index) != Some(Kind::Text) =>
        {
            told(format!("een naam is één woord, en hier staat nog {}", shown(word)))
                .map(|d| d.help("verbind de woorden met `_`, bijvoorbeeld `aantal_bezoekers`"))
        }
        (_, _, "leeg") if reader.word(index + 1) == "telt" => {
            let place = previous.map_or(span, |i| reader.span_of(i)).after();
            told("voor `leeg telt …` hoort een komma".to_owned())
                .map(|d| d.help("schrijf `, leeg telt als nee`").replace(place, ","))
        }
        (_, "niet", "leeg") => {
            let place = previous.map_or(span, |i| reader.span_of(i)).to(span);
            Some(Diagnostic::error("ML001", "bij `niet leeg` ontbreekt `is`").at(place))
                .map(|d| d.help("schrijf `is niet leeg`, of `is gevuld`").replace(place, "is niet leeg"))
        }
        (_, "niet", "gevuld") => {
            told("het tegendeel van `is gevuld` heet `is leeg`".to_owned()).map(|d| d.help("schrijf `is leeg`"))
        }
        (_, _, "in") if reader.kind(index + 1) != Some(Kind::Open) && !before.is_empty() => {
            told("de waarden achter `in` staan tussen haakjes".to_owned()).map(|d| d.help("bijvoorbeeld `in (1, 2)`"))
        }
        (_, _, "tot") if range.clone().any(|i| i < index && reader.word(i) == "tussen") => {
            told("een reeks waarden schrijft u met `tussen … en …`".to_owned())
                .map(|d| d.help("bijvoorbeeld `tussen 1 en 3`; beide grenzen tellen mee"))
        }
        (Rule::calculation_piece, _, "waarbij") => told("`waarbij` staat binnen de haakjes van de functie".to_owned())
            .map(|d| d.help("bijvoorbeeld `aantal(waarbij soort = \"inloop\")`")),
        (
            Rule::calculation_piece,
            "aantal" | "som" | "gemiddelde" | "mediaan" | "percentage" | "minimum" | "maximum",
            _,
        ) if reader.kind(index) == Some(Kind::Name) => {
            told(format!("achter `{before}` horen haakjes")).map(|d| d.help(format!("schrijf `{before}({word})`")))
        }
        _ => None,
    }
}

fn unknown_unit(reader: &Reader, index: usize, name: &str, before: &str) -> Diagnostic {
    let span = reader.span_of(index);
    let number = index.checked_sub(1).map_or(span, |i| reader.span_of(i));
    if UNITS.contains(&name) || name == "maand" {
        return Diagnostic::error("ML015", format!("de eenheid `{name}` staat niet op de regel van haar getal"))
            .at(span)
            .help(format!("schrijf `{before} {name}` op één regel"))
            .replace(number.to(span), format!("{before} {name}"));
    }
    let near = match name {
        "sec" | "seconde" | "secs" => Some("s"),
        "minuut" | "m" | "mins" => Some("min"),
        "uren" | "u" | "h" => Some("uur"),
        "d" => Some("dagen"),
        "w" => Some("weken"),
        "pp" | "procentpunten" => Some("procentpunt"),
        _ => match suggest::nearest(name, UNITS) {
            Some("dag") if before != "1" => Some("dagen"),
            Some("werkdag") if before != "1" => Some("werkdagen"),
            near => near,
        },
    };
    let diagnostic = Diagnostic::error("ML015", format!("{} is geen eenheid", shown(name))).at(span);
    match (name, near) {
        ("procent" | "pct", _) => {
            diagnostic.help(format!("schrijf `{before}%`")).replace(number.to(span), format!("{before}%"))
        }
        ("euro" | "euros" | "EUR" | "eur", _) => {
            diagnostic.help(format!("schrijf `€ {before}`")).replace(number.to(span), format!("€ {before}"))
        }
        ("jaar" | "jaren", _) => diagnostic.help("schrijf een jaar als `12 maanden`"),
        ("kwartaal" | "kwartalen", _) => diagnostic.help("schrijf een kwartaal als `3 maanden`"),
        (_, Some(near)) => diagnostic.help(format!("schrijf `{before} {near}`")).replace(span, near),
        _ => diagnostic.help("eenheden zijn s, min, uur, dagen, weken, werkdagen, maanden en procentpunt"),
    }
}

fn column_option(name: &str, reader: &Reader, index: usize) -> Diagnostic {
    let span = reader.span_of(index);
    if name == "geldig" {
        return Diagnostic::error("ML020", "`geldig` hoort bij een verwijzing of bij de tabel")
            .at(span)
            .help("schrijf achter een verwijzing `-> tabel.kolom geldig op moment`")
            .help("of in de tabel zelf een regel `geldig begin tot eind`");
    }
    let diagnostic = Diagnostic::error("ML020", format!("{} zegt niets over een kolom", shown(name))).at(span);
    match suggest::nearest(name, OPTIONS) {
        Some(near) => diagnostic.help(format!("bedoelde u `{near}`?")).replace(span, near),
        None => diagnostic
            .help("achter het type staat `?`, `sleutel`, `meetmoment`, `persoonsgegeven`, `kenmerk`, `in (…)`, `bron \"…\"` of `-> tabel.kolom`")
            .help("elke kolom staat op een eigen regel"),
    }
}

/// A piece that failed at its very first token, where a name or value could stand.
fn is_piece(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::column_piece
            | Rule::dimensions_piece
            | Rule::expr_piece
            | Rule::calculation_piece
            | Rule::words_piece
            | Rule::sources_piece
    )
}
