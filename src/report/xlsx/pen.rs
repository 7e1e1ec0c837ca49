//! Writing cells: texts are texts, numbers are numbers, what is missing is an empty cell.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};
use rust_xlsxwriter::{
    Color, ConditionalFormatText, ConditionalFormatTextRule, ExcelDateTime, Format, FormatAlign, Url, Worksheet,
    XlsxError,
};

use super::Problem;
use crate::report::words::clean;

/// Row and column, from 0.
pub type At = (u32, u16);

/// How a text looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Look {
    Plain,
    Title,
    Quiet,
    /// Above a column of texts.
    Head,
    /// Above a column of numbers.
    HeadRight,
    /// Over several lines.
    Wrapped,
    /// At the right, as the numbers are.
    Right,
    /// With room before it, beside a column of numbers.
    Apart,
    /// Above such a column.
    HeadApart,
}

/// The formats that were used, made once.
#[derive(Default)]
pub struct Pen {
    looks: BTreeMap<(Look, bool), Format>,
    numbers: BTreeMap<String, Format>,
    date: Option<Format>,
    link: Option<Format>,
}

/// Dark blue, for what is a heading, and the line of values.
pub const INK: Color = Color::RGB(0x0015_4273);

impl Pen {
    pub fn text(&mut self, sheet: &mut Worksheet, at: At, text: &str, look: Look) -> Result<(), Problem> {
        let text = fitting(text);
        if text.is_empty() {
            return Ok(());
        }
        // Where someone goes into the cell and leaves it again, it must not become a formula.
        let formula = text.starts_with(['=', '+', '-', '@']);
        let format = self.looks.entry((look, formula)).or_insert_with(|| formatted(look, formula));
        sheet.write_string_with_format(at.0, at.1, text, format)?;
        Ok(())
    }

    /// A number in a number format; nothing where there is none.
    pub fn number(&mut self, sheet: &mut Worksheet, at: At, number: Option<f64>, format: &str) -> Result<(), Problem> {
        let Some(number) = number.filter(|n| n.is_finite()) else { return Ok(()) };
        if !self.numbers.contains_key(format) {
            let made = Format::new().set_num_format(format).set_align(FormatAlign::Top);
            self.numbers.insert(format.to_owned(), made);
        }
        if let Some(format) = self.numbers.get(format) {
            sheet.write_number_with_format(at.0, at.1, number, format)?;
        }
        Ok(())
    }

    /// A number as it is: a count, or what it was divided by.
    pub fn plain(&mut self, sheet: &mut Worksheet, at: At, number: Option<f64>) -> Result<(), Problem> {
        let whole = number.is_none_or(|n| n.fract() == 0.0);
        self.number(sheet, at, number, if whole { "#,##0" } else { "#,##0.00" })
    }

    /// A day; as a text before 1900, which spreadsheets do not know.
    pub fn date(&mut self, sheet: &mut Worksheet, at: At, day: NaiveDate) -> Result<(), Problem> {
        let format = self.date.get_or_insert_with(|| {
            Format::new().set_num_format("dd-mm-yyyy").set_align(FormatAlign::Left).set_align(FormatAlign::Top)
        });
        match moment(day.and_time(chrono::NaiveTime::MIN)) {
            Ok(known) => {
                sheet.write_datetime_with_format(at.0, at.1, &known, format)?;
                Ok(())
            }
            Err(_) => self.text(sheet, at, &day.to_string(), Look::Plain),
        }
    }

    /// A text that leads to another sheet.
    pub fn link(&mut self, sheet: &mut Worksheet, at: At, name: &str, text: &str) -> Result<(), Problem> {
        let link = Url::new(format!("internal:'{}'!A1", name.replace('\'', "''"))).set_text(fitting(text));
        let made = || Format::new().set_hyperlink().set_text_wrap().set_align(FormatAlign::Top);
        sheet.write_url_with_format(at.0, at.1, link, self.link.get_or_insert_with(made))?;
        Ok(())
    }
}

fn formatted(look: Look, formula: bool) -> Format {
    let plain = Format::new().set_align(FormatAlign::Top);
    let head = || {
        let plain = Format::new().set_bold().set_text_wrap().set_font_color(Color::White).set_background_color(INK);
        plain.set_align(FormatAlign::VerticalCenter)
    };
    let format = match look {
        Look::Plain => plain,
        Look::Title => plain.set_bold().set_font_size(16).set_font_color(INK),
        Look::Quiet => plain.set_font_color(Color::RGB(0x0059_5959)),
        Look::Head => head(),
        Look::HeadRight => head().set_align(FormatAlign::Right),
        Look::Wrapped => plain.set_text_wrap(),
        Look::Right => plain.set_align(FormatAlign::Right),
        Look::Apart => plain.set_text_wrap().set_align(FormatAlign::Left).set_indent(1),
        Look::HeadApart => head().set_align(FormatAlign::Left).set_indent(1),
    };
    if formula { format.set_quote_prefix() } else { format }
}

/// The height of a row in which texts stand over several lines: LibreOffice does not find it by itself. Each text comes with
/// the width of its column, in characters.
pub fn height(sheet: &mut Worksheet, row: u32, texts: &[(&str, f64)]) -> Result<(), Problem> {
    const LINE: u32 = 15;
    /// The most that a row can be high is 409 points.
    const MOST: u32 = 27;
    let most = texts.iter().map(|(text, width)| lines(text, *width)).max().unwrap_or(1);
    if most > 1 {
        sheet.set_row_height(row, LINE * most.min(MOST))?;
    }
    Ok(())
}

/// How many lines a text takes, broken between words.
fn lines(text: &str, width: f64) -> u32 {
    /// A column's unit is a digit; most letters are narrower.
    const LETTER: f64 = 0.9;
    let of_one = |line: &str| {
        let (mut lines, mut used) = (1, 0.0);
        for word in line.split(' ') {
            let length = f64::from(u32::try_from(word.chars().count() + 1).unwrap_or(u32::MAX)) * LETTER;
            if used > 0.0 && used + length > width + LETTER {
                lines += 1;
                used = 0.0;
            }
            used += length;
        }
        lines
    };
    text.split('\n').map(of_one).sum()
}

/// As much of a text as a cell holds, without control characters.
fn fitting(text: &str) -> String {
    const MOST: usize = 32_767;
    // Lines of one text stay apart.
    let lines: Vec<String> = text.split('\n').map(clean).collect();
    let text = lines.join("\n");
    if text.encode_utf16().count() <= MOST {
        return text;
    }
    let short: String = text.chars().take(MOST / 2).collect();
    format!("{short}…")
}

pub fn moment(at: NaiveDateTime) -> Result<ExcelDateTime, XlsxError> {
    let part = |n: u32| u8::try_from(n).unwrap_or(u8::MAX);
    let year = u16::try_from(at.year()).unwrap_or(0);
    ExcelDateTime::from_ymd(year, part(at.month()), part(at.day()))?.and_hms(
        u16::from(part(at.hour())),
        part(at.minute()),
        f64::from(at.second()),
    )
}

/// Colours beside the words of a status, never instead of them.
pub fn statuses(sheet: &mut Worksheet, from: At, to: At) -> Result<(), Problem> {
    let looks = [("✗", 0x00FF_D9D6, 0x009C_0006), ("~", 0x00FF_EFC2, 0x007A_4B00), ("✓", 0x00DF_F2DF, 0x0000_5A1E)];
    for (icon, ground, ink) in looks {
        let format = Format::new().set_background_color(Color::RGB(ground)).set_font_color(Color::RGB(ink));
        let rule = ConditionalFormatText::new()
            .set_rule(ConditionalFormatTextRule::BeginsWith(icon.to_owned()))
            .set_format(format);
        sheet.add_conditional_format(from.0, from.1, to.0, to.1, &rule)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words() {
        assert_eq!([lines("", 10.0), lines("een twee", 10.0), lines("een twee drie vier", 10.0)], [1, 1, 2]);
        assert_eq!(lines("a\nb\neenheelerglangwoord", 10.0), 3);
    }

    #[test]
    fn texts_fit_a_cell() {
        assert_eq!(fitting("a\u{7}b\nc"), "a b\nc");
        assert!(fitting(&"𝐀".repeat(40_000)).encode_utf16().count() <= 32_767);
    }
}
