//! The difference between two texts as a picture of lines that go and lines that come.

/// Lines around a change that are shown as well.
const AROUND: usize = 2;

/// More changes than this are shown as one.
const CHANGES: usize = 2000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Same,
    Gone,
    New,
}

/// The picture: a head per stretch, ` `, `-` or `+` before each line. Empty where the texts are the same.
pub fn picture(name: &str, old: &str, new: &str, color: bool) -> String {
    let (before, after): (Vec<&str>, Vec<&str>) = (lines(old), lines(new));
    let steps = steps(&before, &after);
    if steps.iter().all(|step| *step == Step::Same) {
        return String::new();
    }
    let paint =
        |code: &str, text: String| if color { format!("\x1b[{code}m{text}\x1b[0m\n") } else { format!("{text}\n") };
    let mut out = paint("1", format!("--- {name}"));
    out.push_str(&paint("1", format!("+++ {name} (opgemaakt)")));
    let (mut i, mut j) = (0, 0);
    let mut shown_until = 0;
    for (index, step) in steps.iter().enumerate() {
        let first = index.saturating_sub(AROUND);
        if steps.iter().take(index + AROUND + 1).skip(first).any(|s| *s != Step::Same) {
            if shown_until != index || index == 0 {
                out.push_str(&paint("36", format!("@@ regel {} @@", j + 1)));
            }
            shown_until = index + 1;
            let text = |list: &[&str], at: usize| visible(list.get(at).copied().unwrap_or_default());
            out.push_str(&match step {
                Step::Same => paint("0", format!(" {}", text(&after, j))),
                Step::Gone => paint("31", format!("-{}", text(&before, i))),
                Step::New => paint("32", format!("+{}", text(&after, j))),
            });
        }
        i += usize::from(*step != Step::New);
        j += usize::from(*step != Step::Gone);
    }
    out
}

/// Lines with their line end, of which the last may lack it.
fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// A line as shown: line ends and marks that cannot be seen by name.
fn visible(line: &str) -> String {
    let (body, end) = match line.strip_suffix("\r\n") {
        Some(body) => (body, "␍"),
        None => (line.strip_suffix('\n').unwrap_or(line), ""),
    };
    let trailing = body.len() - body.trim_end_matches([' ', '\t']).len();
    let body = format!("{}{}", body.trim_end_matches([' ', '\t']), "·".repeat(trailing));
    format!("{}{end}", body.replace('\u{feff}', "␣"))
}

/// The shortest way from one list to the other, by the algorithm of Myers.
fn steps(a: &[&str], b: &[&str]) -> Vec<Step> {
    let head = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (a.get(head..).unwrap_or_default(), b.get(head..).unwrap_or_default());
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (a.get(..a.len() - tail).unwrap_or_default(), b.get(..b.len() - tail).unwrap_or_default());
    let mut all = vec![Step::Same; head];
    all.extend(middle(a, b));
    all.extend(vec![Step::Same; tail]);
    all
}

fn middle(a: &[&str], b: &[&str]) -> Vec<Step> {
    let most = (a.len() + b.len()).min(CHANGES);
    let side = most + 1;
    let mut reach = vec![0_usize; 2 * side + 1];
    let mut trace = Vec::new();
    for d in 0..=most {
        trace.push(reach.clone());
        for k in (side - d..=side + d).step_by(2) {
            let down = k == side - d || (k != side + d && reach[k - 1] < reach[k + 1]);
            let mut x = if down { reach[k + 1] } else { reach[k - 1] + 1 };
            // k stands for x - y, shifted by `side`.
            while x < a.len() && b.get(x + side - k).is_some_and(|y| *y == a[x]) {
                x += 1;
            }
            reach[k] = x;
            if x >= a.len() && x + side - k >= b.len() {
                return walk_back(a.len(), b.len(), &trace, side);
            }
        }
    }
    let mut all = vec![Step::Gone; a.len()];
    all.extend(vec![Step::New; b.len()]);
    all
}

fn walk_back(mut x: usize, mut y: usize, trace: &[Vec<usize>], side: usize) -> Vec<Step> {
    let mut all = Vec::new();
    for (d, reach) in trace.iter().enumerate().rev() {
        let k = x + side - y;
        let down = k == side - d || (k != side + d && reach[k - 1] < reach[k + 1]);
        let before = if down { k + 1 } else { k - 1 };
        let x0 = if d == 0 { 0 } else { reach[before] };
        let y0 = if d == 0 { 0 } else { x0 + side - before };
        let start = if d == 0 {
            (0, 0)
        } else if down {
            (x0, y0 + 1)
        } else {
            (x0 + 1, y0)
        };
        while (x, y) > start && x > start.0 && y > start.1 {
            all.push(Step::Same);
            (x, y) = (x - 1, y - 1);
        }
        if d > 0 {
            all.push(if down { Step::New } else { Step::Gone });
            (x, y) = (x0, y0);
        }
    }
    all.reverse();
    all
}

#[cfg(test)]
mod tests {
    use super::{Step, lines, picture, steps};

    #[test]
    fn changed_lines_with_two_around_them() {
        let old = "a\nb\nc\nd\ne\nf\ng\n";
        let shown = picture("x.kpi", old, &old.replace("e\n", "E\nE2\n"), false);
        assert_eq!(shown, "--- x.kpi\n+++ x.kpi (opgemaakt)\n@@ regel 3 @@\n c\n d\n-e\n+E\n+E2\n f\n g\n");
        assert_eq!(picture("x", old, old, true), "");
    }

    #[test]
    fn what_cannot_be_seen_is_shown() {
        let shown = picture("x", "a \r\n", "a\n", false);
        assert!(shown.contains("-a·␍\n+a\n"), "{shown}");
    }

    /// Following the steps turns one text into the other, also where nothing is alike.
    #[test]
    fn steps_lead_from_one_to_the_other() {
        let texts = ["", "a\n", "a\nb\nc\n", "c\nb\na\n", "b\nb\nx\na\nc\nc\n", "x\ny"];
        for old in texts {
            for new in texts {
                let (a, b) = (lines(old), lines(new));
                let (mut i, mut rebuilt) = (0, Vec::new());
                for step in steps(&a, &b) {
                    match step {
                        Step::Same => {
                            rebuilt.push(a[i]);
                            i += 1;
                        }
                        Step::Gone => i += 1,
                        Step::New => rebuilt.push(b[rebuilt.len()]),
                    }
                }
                assert_eq!((i, rebuilt), (a.len(), b));
            }
        }
    }
}
