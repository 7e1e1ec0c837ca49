//! Remarks and empty lines anywhere: put at random places of the texts of the repository, each stays there once, the form is
//! done after one time, and a file that goes to the other notation and back has the bytes of its form.
//!
//! `MEETLAT_CASES=n` runs more of them, `MEETLAT_SEED=n` that one alone.

use meetlat::syntax::format::{Notation, meaning};

use super::{Text, parsed, texts, written};

const CASES: u64 = 200;

/// Numbers that look random and are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).expect("a number") % limit.max(1)
    }
}

/// What one insertion puts in a text: a remark behind a line, one on a line of its own, or an empty line.
fn inserted(notation: Notation, number: usize, numbers: &mut Numbers) -> String {
    let sign = if notation == Notation::Kpi { "//" } else { "#" };
    let indent = " ".repeat(2 * numbers.below(6));
    match numbers.below(6) {
        0 => "\n\n".to_owned(),
        1 | 2 => format!("  {sign} r{number}.\n{indent}"),
        3 | 4 => format!("\n{indent}{sign} r{number}.\n{indent}"),
        _ => format!("\n\n{indent}{sign} r{number}.\n\n{indent}"),
    }
}

/// A place where something may be put: behind white space in `.kpi`, at the end of a line in YAML.
fn place(text: &str, notation: Notation, numbers: &mut Numbers) -> usize {
    let fits = |(_, c): &(usize, char)| if notation == Notation::Kpi { c.is_whitespace() } else { *c == '\n' };
    let all: Vec<usize> = text.char_indices().filter(fits).map(|(at, _)| at).collect();
    all.get(numbers.below(all.len())).copied().unwrap_or(0)
}

/// A text with remarks and empty lines in it, where they change nothing; and how many remarks.
fn scattered(text: &Text, numbers: &mut Numbers) -> (String, Vec<usize>) {
    let mut content = text.content.clone();
    let said = meaning(&parsed(&content, text.notation).0);
    let mut put = Vec::new();
    for number in 0..=numbers.below(8) {
        let at = place(&content, text.notation, numbers);
        let mut new = inserted(text.notation, number, numbers);
        if text.notation == Notation::Yaml {
            // The line break that stands there ends the last line of what is put before it.
            new.truncate(new.trim_end_matches(' ').len() - 1);
        }
        let mut tried = content.clone();
        tried.insert_str(at, &new);
        let (file, good) = parsed(&tried, text.notation);
        if good && meaning(&file) == said {
            content = tried;
            put.extend(new.contains(" r").then_some(number));
        }
    }
    (content, put)
}

fn wrong(text: &Text, seed: u64, count: &mut [usize; 2]) -> Option<String> {
    let mut numbers = Numbers(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    (0..8).for_each(|_| _ = numbers.below(2));
    let (content, put) = scattered(text, &mut numbers);
    let (own, other) = (text.notation, text.other());
    count[usize::from(own == Notation::Yaml)] += put.len();
    let told = |what: &str, texts: &[&str]| {
        let shown: Vec<String> = texts.iter().map(|text| format!("--------\n{text}")).collect();
        Some(format!("seed {seed}, {}: {what}\n{}", text.name, shown.join("\n")))
    };
    let form = match written(&content, own, own) {
        Ok(form) => form,
        Err(e) => return told(&e, &[&content]),
    };
    let Ok(again) = written(&form, own, own) else { return told("not a second time", &[&content, &form]) };
    if again != form {
        return told("the second time something changes", &[&content, &form, &again]);
    }
    let there = match written(&content, own, other) {
        Ok(there) => there,
        Err(e) => return told(&e, &[&content]),
    };
    let Ok(back) = written(&there, other, own) else { return told("not back", &[&content, &there]) };
    if back != form {
        return told("not the same bytes", &[&content, &form, &there, &back]);
    }
    if written(&there, other, other).ok().as_ref() != Some(&there) {
        return told("what was converted is not in form", &[&content, &there]);
    }
    let lost = |text: &str| put.iter().any(|number| text.matches(&format!(" r{number}.")).count() != 1);
    if lost(&form) || lost(&there) {
        return told("a remark is lost, or stands twice", &[&content, &form, &there]);
    }
    None
}

#[test]
fn remarks_anywhere_stay_once() {
    let mut all = texts();
    all.retain(|text| text.parsed().1 && text.content.len() < 8_000 && text.exception().is_none());
    let number = |name| std::env::var(name).ok().and_then(|n| n.parse::<u64>().ok());
    let seeds = match number("MEETLAT_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("MEETLAT_CASES").unwrap_or(CASES),
    };
    let count = seeds.end - seeds.start;
    let mut remarks = [0, 0];
    let failed: Vec<String> = seeds
        .filter_map(|seed| {
            let original = &all[usize::try_from(seed.wrapping_mul(7919)).expect("a number") % all.len()];
            // As it stands in the repository, or the other notation of it.
            let there = written(&original.content, original.notation, original.other()).ok().filter(|_| seed % 2 == 1);
            let text = there.map(|content| Text { name: original.name.clone(), content, notation: original.other() });
            wrong(text.as_ref().unwrap_or(original), seed, &mut remarks)
        })
        .collect();
    let first: Vec<&str> = failed.iter().take(3).map(String::as_str).collect();
    println!("{count} texts, remarks in .kpi and YAML: {remarks:?}");
    assert!(count < 10 || remarks.iter().all(|&number| number > usize::try_from(count).expect("a number") / 2));
    assert!(failed.is_empty(), "{} of {count} went wrong\n{}", failed.len(), first.join("\n\n"));
}
