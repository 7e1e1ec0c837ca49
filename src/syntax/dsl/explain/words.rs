//! What the parser expected, in Dutch.

use super::super::grammar::Rule;

/// What could have stood there, in Dutch; nothing where only an end could.
pub(super) fn expectation(tried: &[Rule]) -> Option<String> {
    let mut words: Vec<&str> = tried.iter().filter_map(|&rule| called(rule)).collect();
    words.sort_by_key(|word| (word.starts_with('`'), *word));
    words.dedup();
    // A value includes a name.
    if words.contains(&"een waarde") {
        words.retain(|word| !matches!(*word, "een naam" | "een tekst" | "een getal" | "een datum" | "een haakje `(`"));
    }
    if words.contains(&"een eigenschap van de kolom") {
        words.retain(|word| !matches!(*word, "`->`" | "`in`"));
    }
    if words.contains(&"een bewerking") {
        words.retain(|word| {
            !matches!(*word, "een eenheid" | "`en`" | "`per`" | "`in`" | "`tussen`" | "een vergelijking")
        });
    }
    if words.len() > 1 {
        words.retain(|word| *word != "een eenheid");
    }
    if words.len() > 6 {
        words.truncate(6);
    }
    match words.as_slice() {
        [] => None,
        [one] => Some((*one).to_owned()),
        [rest @ .., last] => Some(format!("{} of {last}", rest.join(", "))),
    }
}

/// A rule in Dutch. Rules that always stand beside one that says it better have no name.
fn called(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::expr
        | Rule::sum
        | Rule::literal
        | Rule::call
        | Rule::bracketed
        | Rule::value
        | Rule::norm_value
        | Rule::measure
        | Rule::money
        | Rule::moment
        | Rule::expr_piece
        | Rule::calculation_piece => "een waarde",
        Rule::path
        | Rule::ident
        | Rule::segment
        | Rule::name
        | Rule::quoted
        | Rule::source_ref
        | Rule::words_piece
        | Rule::name_piece
        | Rule::path_piece
        | Rule::assignment_piece
        | Rule::column_piece => "een naam",
        Rule::dimension | Rule::dimensions_piece => "een dimensie",
        Rule::sources_piece => "een bron",
        Rule::norm_piece => "een norm",
        Rule::type_piece | Rule::type_name | Rule::score_type => "een type",
        Rule::method_piece | Rule::way => "een wijze van meten",
        Rule::column_body_piece => "een type of `=`",
        Rule::text | Rule::text_piece => "een tekst",
        Rule::integer | Rule::number | Rule::signed => "een getal",
        Rule::date | Rule::moment_piece | Rule::closed_piece => "een datum",
        Rule::unit => "een eenheid",
        Rule::comparison | Rule::test | Rule::bound => "een vergelijking",
        Rule::op_add
        | Rule::op_multiply
        | Rule::op_and
        | Rule::op_or
        | Rule::in_list
        | Rule::between
        | Rule::is_empty
        | Rule::per_number => "een bewerking",
        Rule::close => "`)`",
        Rule::dots => "`..`",
        Rule::comma => "`,`",
        Rule::open => "`(`",
        Rule::colon => "`:`",
        Rule::equals => "`=`",
        Rule::arrow => "`->`",
        Rule::column_option
        | Rule::nullable
        | Rule::values
        | Rule::stored_unit
        | Rule::physical_name
        | Rule::relation
        | Rule::w_sleutel
        | Rule::w_meetmoment
        | Rule::w_persoonsgegeven
        | Rule::w_kenmerk
        | Rule::w_bron => "een eigenschap van de kolom",
        Rule::k_en => "`en`",
        Rule::k_in => "`in`",
        Rule::k_tussen => "`tussen`",
        Rule::k_leeg => "`leeg`",
        Rule::k_waarbij | Rule::where_clause => "`waarbij`",
        Rule::k_per | Rule::period | Rule::per_member => "`per`",
        Rule::k_op | Rule::on => "`op`",
        Rule::k_als | Rule::alias => "`als`",
        Rule::k_vanaf | Rule::from => "`vanaf`",
        Rule::k_tot | Rule::until | Rule::until_with => "`tot`",
        Rule::w_gevuld => "`gevuld`",
        Rule::w_telt => "`telt`",
        Rule::w_mee => "`mee`",
        Rule::yes => "`ja`",
        Rule::no => "`nee`",
        Rule::none | Rule::w_geen => "`geen \"reden\"`",
        Rule::w_afgeleid => "`afgeleid`",
        Rule::minimum | Rule::w_minimaal => "`minimaal`",
        Rule::confidence | Rule::w_betrouwbaarheid => "`betrouwbaarheid`",
        Rule::shield | Rule::w_afschermen => "`afschermen`",
        Rule::w_bij => "`bij`",
        Rule::w_minder => "`minder`",
        Rule::w_dan => "`dan`",
        Rule::new_baseline | Rule::w_nieuwe => "`nieuwe basis vanaf`",
        Rule::w_basis => "`basis`",
        Rule::percent => "`%`",
        Rule::valid | Rule::valid_on | Rule::w_geldig => "`geldig`",
        Rule::direction | Rule::w_te => "`te laag` of `te hoog`",
        Rule::w_laag => "`laag`",
        Rule::w_hoog => "`hoog`",
        Rule::w_waarnemingen => "`waarnemingen`",
        Rule::w_reeks => "`reeks`",
        Rule::w_met => "`met`",
        Rule::period_word => "een periode",
        _ => return called_in_norm(rule),
    })
}

fn called_in_norm(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::near | Rule::w_bijna => "`bijna`",
        Rule::target | Rule::w_streefnorm => "`streefnorm`",
        Rule::guideline | Rule::w_richtlijn => "`richtlijn`",
        Rule::benchmark | Rule::w_benchmark => "`benchmark`",
        Rule::w_n => "`n`",
        Rule::derived_from | Rule::w_uit => "`uit`",
        Rule::member_norm | Rule::norm_member => "een lid",
        Rule::w_overig => "`overig`",
        Rule::w_totaal => "`totaal`",
        Rule::brace_open => "`{`",
        Rule::brace_close => "`}`",
        Rule::member_none => "`geen`",
        _ => return called_in_calendar(rule),
    })
}

fn called_in_calendar(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::dash => "`-`",
        Rule::clock => "een tijd zoals `08:30`",
        Rule::weekday | Rule::workdays_piece | Rule::hours_piece => "een dag zoals `ma`",
        Rule::holidays_piece => "een lijst feestdagen",
        Rule::by_calendar => "`kalender`",
        _ => return None,
    })
}
