"""Variation and assurance, held against two other programs on random series.

1. `judged`: written from the rules in words (README.md here), in exact fractions: no value is ever "about" a limit.
2. `reference`: the functions of NHSRplotthedots 0.2 (R, MIT; commit 050b07d), line by line in numpy: limits and special points
   of one baseline. Where it differs, the difference must have one of the reasons that are named, and they are counted.

Environment: VARIATION, the example `variation` of this package (`cargo build --example variation`).
"""

import json
import os
import random
import subprocess
import sys
from collections import Counter
from fractions import Fraction

import numpy

VARIATION = os.environ["VARIATION"]
SERIES = 4000
LEFT_OUT = ["voorlopig", "onbetrouwbaar", "niet_representatief", "te weinig waarnemingen"]
LEAST = 13


# ------------------------------------------------------------------------------------------------ random series


def values(rng, count):
    """Decimal texts: steps on a few levels, noise, drifts, jumps, rare events, runs; many ties."""
    kind = rng.choice(["levels", "noise", "drift", "jumps", "jumps", "runs", "runs", "walk", "tenths", "noise",
                       "rare", "equal", "fall", "fall", "bands", "bands", "even", "edge"])
    scale = rng.choice([1, 1, 10, 1000])
    level, found = rng.randint(-5, 60), []
    for index in range(count):
        if kind == "levels":
            value = level + rng.choice([0, 0, 1, 2, 3, 5])
        elif kind == "noise":
            value = round(level + rng.gauss(0, 4), 2)
        elif kind == "drift":
            value = round(level + index * 0.4 + rng.gauss(0, 1), 1)
        elif kind == "jumps":
            value = level + rng.choice([-1, 0, 1]) + (rng.choice([-20, 20, 9]) if rng.random() < 0.1 else 0)
        elif kind == "rare":
            value = 3 if rng.random() < 0.08 else 0
        elif kind == "runs":
            value = level + (index // rng.choice([5, 6, 7, 8]) % 3) * 2 + rng.choice([-1, 0, 1])
        elif kind == "walk":
            level += rng.choice([-2, -1, 0, 1, 1, 2])
            value = level
        elif kind == "equal":
            value = level if rng.random() < 0.97 else level + 1
        elif kind == "fall":
            level -= rng.choice([0, 1, 1, 2, 2, 3, 3, -4])
            value = level
        elif kind == "bands":
            value = level + rng.choice([-2, 2, -2, 2, -2, 2, 1, 8, 10, 13, -9])
        elif kind == "even":
            # With an even number the limits are exact decimals: a norm can lie precisely on them.
            value = level + (index % 2) * 2
        elif kind == "edge":
            # 13 of these have their seventh exactly on the limit; other numbers have it beside it.
            value = "760.76" if index % 13 == 6 else "74.84" if (index % 13 % 2 == 0) == (index % 13 < 6) else "-74.84"
        else:
            value = round(0.1 * rng.randint(1, 9), 1)
        found.append(f"{value}" if scale == 1 or "." in f"{value}" else f"{value * scale}")
    return found


def norm(rng, texts):
    """Any kind of norm, often near or exactly on a value."""
    def bound():
        base = Fraction(rng.choice(texts))
        if rng.random() < 0.3:
            least, greatest = min(map(Fraction, texts)), max(map(Fraction, texts))
            far = Fraction("2.66") * (greatest - least)
            return float((least + greatest) / 2 + rng.choice([far, -far]))
        return float(round(base + rng.choice([0, 0, 1, -1, 5, -5, 20, -20, rng.randint(-9, 9)]), 2))

    kind = rng.choice([">=", ">", "<=", "<", "=", "<>", "tussen"])
    if kind == "tussen":
        low, high = sorted([bound(), bound()])
        return f"tussen {low} en {high + rng.choice([0, 10, 40])}"
    return f"{kind} {bound()}"


def series(rng):
    """The points as JSON; values as texts that are exact decimals."""
    count = rng.choice([0, 1, 2, 5, 11, 12, 13, 13, 14, 18, 24, 30, 45])
    texts = values(rng, count)
    gaps, breaks = rng.choice([0, 0, 0.05, 0.2]), rng.choice([0, 0, 0, 0.03, 0.06])
    plain = norm(rng, texts) if texts and rng.random() < 0.8 else None
    streefnorm = norm(rng, texts) if texts and rng.random() < 0.3 else None
    richtlijn = norm(rng, texts) if texts and rng.random() < 0.2 else None
    points = []
    for text in texts:
        if plain and rng.random() < 0.03:
            plain = norm(rng, texts) if rng.random() < 0.7 else None
        told, value = [], text
        if rng.random() < gaps:
            told = rng.sample(LEFT_OUT, rng.choice([1, 1, 2]))
            if rng.random() < 0.4:
                told, value = rng.choice([["afgeschermd"], ["geen gegevens"], []]), None
        elif rng.random() < 0.05:
            told = ["raming"]
        points.append({
            "value": value, "told": told, "norm": plain, "streefnorm": streefnorm, "richtlijn": richtlijn,
            "version": rng.random() < breaks, "baseline": rng.random() < breaks / 2,
        })
    return {"unit": rng.choice(["%", "aantal"]), "points": points}


# ------------------------------------------------------------------------------------------------ from the rules in words


def sign(x):
    return (x > 0) - (x < 0)


def mean(list_):
    return Fraction(sum(list_)) / len(list_) if list_ else None


def limits(list_):
    centre = mean(list_)
    ranges = [abs(b - a) for a, b in zip(list_, list_[1:])]
    kept = [r for r in ranges if r < Fraction("3.267") * mean(ranges)]
    moving = mean(kept) if kept and mean(kept) > 0 else mean(ranges)
    far = Fraction("2.66") * moving
    return [centre, moving, centre - far, centre + far, centre - far * 2 / 3, centre + far * 2 / 3]


def special(list_, lim, outside_is_near=False):
    """Per value None, or rule and side: for each value every stretch in which it lies."""
    centre, _, lower, upper, near_lower, near_upper = lim
    count = len(list_)

    def stretches(at, length):
        return [list_[start:start + length] for start in range(max(0, at - length + 1), at + 1) if start + length <= count]

    def side(value):
        return sign(value - centre)

    def outside(value):
        return value > upper or value < lower

    def near(value):
        return (outside_is_near or not outside(value)) and (value > near_upper or value < near_lower)

    found = []
    for at, value in enumerate(list_):
        # The latest stretch in time decides, so from the last.
        trends = [{sign(b - a) for a, b in zip(s, s[1:])} for s in reversed(stretches(at, 7))]
        trend = next((t for t in trends if t in ({1}, {-1})), None)
        threes = stretches(at, 3)
        pair = near(value) and any(
            sum(near(v) for v in s) >= 2 and {side(v) for v in s} == {side(value)} and side(value) for s in threes)
        shift = any({side(v) for v in s} == {side(value)} and side(value) for s in stretches(at, 7))
        if outside(value):
            found.append(("OutsideLimit", side(value)))
        elif trend:
            found.append(("Trend", next(iter(trend))))
        elif pair:
            found.append(("TwoOfThree", side(value)))
        elif shift:
            found.append(("Shift", side(value)))
        else:
            found.append(None)
    return found


def parts(text):
    if text.startswith("tussen "):
        return "tussen", [Fraction(n) for n in text[7:].split(" en ")]
    op, bound = text.split(" ")
    return op, [Fraction(bound)]


def pointing(text):
    return {">=": 1, ">": 1, "<=": -1, "<": -1}.get(parts(text)[0], 0) if text else 0


def meets(op, bounds, x):
    return {
        ">=": x >= bounds[0], ">": x > bounds[0], "<=": x <= bounds[0], "<": x < bounds[0],
        "=": x == bounds[0], "<>": x != bounds[0], "tussen": bounds[0] <= x <= bounds[-1],
    }[op]


def assured(text, lim):
    """What is normal lies on one side of the norm; a norm on a limit lies within."""
    op, bounds = parts(text)
    _, moving, lower, upper, *_ = lim
    if moving == 0:
        return "haalt de norm structureel" if meets(op, bounds, lower) else "haalt de norm structureel niet"
    beside = [lower > b or upper < b for b in bounds]
    if op == "=":
        good, bad = False, beside[0]
    elif op == "<>":
        good, bad = beside[0], False
    elif all(beside):
        good = meets(op, bounds, lower) and meets(op, bounds, upper)
        bad = not meets(op, bounds, lower) and not meets(op, bounds, upper) and (op != "tussen" or upper < bounds[0] or lower > bounds[1])
    else:
        # One end of `tussen` may lie within the limits while everything is beyond the other.
        good, bad = False, False
    return "haalt de norm structureel" if good else "haalt de norm structureel niet" if bad else "wisselend"


def left_out(point):
    words = {"niet_representatief": "niet representatief"}
    if "afgeschermd" in point["told"]:
        return "afgeschermd"
    if point["value"] is None:
        return "geen waarde"
    order = ["te weinig waarnemingen", "onbetrouwbaar", "niet_representatief", "voorlopig"]
    return next((words.get(w, w) for w in order if w in point["told"]), None)


def judged(one):
    points = one["points"]
    starts = [i for i, p in enumerate(points) if i == 0 or p["version"] or p["baseline"]]
    counting = [p for p in points if left_out(p) is None]
    direction = next((d for key in ["norm", "streefnorm", "richtlijn"]
                      for d in [next((pointing(p[key]) for p in reversed(counting) if pointing(p[key])), 0)] if d), 0)
    out = {"points": [], "baselines": [], "variation": f"te weinig punten (0 van {LEAST})", "assurance": None}
    for start, end in zip(starts, starts[1:] + [len(points)]):
        here = points[start:end]
        used = [Fraction(p["value"]) for p in here if left_out(p) is None]
        lim = limits(used) if len(used) >= LEAST else None
        marks = iter(special(used, lim) if lim else [])
        last = None
        for point in here:
            why = left_out(point)
            if why:
                out["points"].append(f"apart: {why}")
            elif lim is None:
                out["points"].append("onbeoordeeld")
            else:
                last = next(marks), point["norm"]
                out["points"].append(shown(last[0], direction))
        drawn = lim[2:4] if lim else None
        if lim and one["unit"] == "%" and 0 <= min(used) and max(used) <= 100:
            drawn = [max(drawn[0], Fraction(0)), min(drawn[1], Fraction(100))]
        out["baselines"].append({"from": start, "until": end, "used": len(used), "centre": mean(used),
                                 "limits": lim + drawn if lim else None})
        out["variation"] = f"te weinig punten ({len(used)} van {LEAST})"
        out["assurance"] = None
        if lim:
            out["variation"] = shown(last[0], direction).split(" ", 2)[2] if last[0] else "normale variatie"
            out["assurance"] = assured(last[1], lim) if last[1] else None
    return out


def shown(mark, direction):
    if mark is None:
        return "normaal"
    rule, side = mark
    words = {1: "verbetering", -1: "verslechtering"}
    change = words[side * direction] if direction else {1: "opvallend hoog", -1: "opvallend laag"}[side]
    return f"{rule} {'High' if side > 0 else 'Low'} {change}"


# ------------------------------------------------------------------------------------------------ NHSRplotthedots


def reference(y):
    """ptd_spc_standard and ptd_calculate_point_type of one group: limits, and per value rule and side."""
    centre, mr = y.mean(), numpy.abs(numpy.diff(y))
    mr = mr[mr < 3.267 * mr.mean()]
    amr = mr.mean() if len(mr) else numpy.nan
    lpl, upl = centre - 2.66 * amr, centre + 2.66 * amr
    near = 2 * (2.66 / 3) * amr
    outside = (y > upl) | (y < lpl)
    side = numpy.sign(y - centre)
    close = ~outside & ((y < centre - near) | (y > centre + near))
    n = len(y)

    trend = numpy.zeros(n)
    for i in range(6, n):
        d = numpy.sign(numpy.diff(y[i - 6:i + 1]))
        trend[i] = 1 if (d == 1).all() else -1 if (d == -1).all() else 0
    padded = numpy.concatenate([side * 0, side])
    shift = numpy.zeros(n)
    for i in range(n):
        before = [padded[n + i - k] if i - k >= 0 else 0 for k in range(1, 7)]
        shift[i] = all(b == side[i] for b in before) and side[i] != 0

    def part(v):
        v = numpy.concatenate([v, numpy.zeros(6)])
        return numpy.array([(numpy.abs(v[i:i + 7]) == 1).any() for i in range(n)])

    vp, rp = [numpy.concatenate([[0, 0], v, [0, 0]]) for v in (close.astype(int), side)]
    two = numpy.array([any(vp[i + k:i + k + 3].sum() >= 2 and abs(rp[i + k:i + k + 3].sum()) == 3 for k in range(3))
                       for i in range(n)])
    in_trend, in_shift, in_two = part(trend), part(shift), two & close
    steps = numpy.sign(numpy.diff(y))
    found = []
    for i in range(n):
        right = in_trend[i] and i + 1 < n and in_trend[i + 1]
        step = steps[min(i, n - 2)] if right else steps[i - 1] if i else 0
        above = 1 if side[i] > 0 else -1
        if outside[i]:
            found.append(("OutsideLimit", 1 if side[i] == 1 else -1))
        elif in_trend[i]:
            found.append(("Trend", 1 if step == 1 else -1))
        elif in_two[i]:
            found.append(("TwoOfThree", above))
        elif in_shift[i]:
            found.append(("Shift", above))
        else:
            found.append(None)
    return [centre, amr, lpl, upl, centre - near, centre + near], found


def against_reference(y, lim, found):
    """None where it agrees; otherwise why not."""
    exact = [float(v) for v in y]
    other, marks = reference(numpy.array(exact))
    if lim[1] == 0:
        return "all values are equal: the reference has no limits"
    if other[1] < 1e-9:
        return "screening leaves no variation: the reference has limits that fall together"
    if not numpy.allclose(other, [float(x) for x in lim], rtol=1e-9, atol=1e-9):
        ranges = [abs(b - a) for a, b in zip(y, y[1:])]
        if any(r == Fraction("3.267") * mean(ranges) for r in ranges):
            return "a range exactly on the bound of screening: the reference rounds"
        return f"UNEXPLAINED limits {other}"
    if marks == found:
        return None
    differing = [(a, b) for a, b in zip(marks, found) if a != b]
    if all(a and b and a[0] == b[0] == "Trend" for a, b in differing):
        return "two trends with equal values between them: the reference calls the end of a rise a fall"
    if any(v in lim for v in y):
        return "a value exactly on a line: the reference rounds"
    return f"UNEXPLAINED {differing}"


# ------------------------------------------------------------------------------------------------ comparing


def close(a, b, scale):
    return (a is None) == (b is None) and (a is None or abs(a - float(b)) <= 1e-9 * scale)


def differs(ours, theirs, one):
    scale = max([1] + [abs(float(p["value"])) for p in one["points"] if p["value"] is not None])
    for key in ["points", "variation", "assurance"]:
        if ours[key] != theirs[key]:
            return key
    if len(ours["baselines"]) != len(theirs["baselines"]):
        return "baselines"
    for a, b in zip(ours["baselines"], theirs["baselines"]):
        if any(a[key] != b[key] for key in ["from", "until", "used"]) or not close(a["centre"], b["centre"], scale):
            return "baseline"
        if (a["limits"] is None) != (b["limits"] is None):
            return "whether there are limits"
        if a["limits"] and not all(close(x, y, scale) for x, y in zip(a["limits"], b["limits"], strict=True)):
            return "limits"
    return None


def main():
    rng = random.Random(13)
    cases = [series(rng) for _ in range(SERIES)]
    lines = []
    for one in cases:
        points = [{**p, "value": None if p["value"] is None else float(p["value"])} for p in one["points"]]
        lines.append(json.dumps({"unit": one["unit"], "points": points}))
    answer = subprocess.run([VARIATION], input="\n".join(lines) + "\n", capture_output=True, text=True, check=True)
    ours = [json.loads(line) for line in answer.stdout.splitlines()]
    assert len(ours) == len(cases), f"{len(ours)} answers to {len(cases)} series"

    seen, why, wrong, compared, literal = Counter(), Counter(), 0, 0, 0
    for index, (one, mine) in enumerate(zip(cases, ours)):
        theirs = judged(one)
        key = differs(mine, theirs, one)
        if key:
            wrong += 1
            if wrong <= 5:
                print(f"series {index} differs in {key}\n  series: {one}\n  ours:   {mine}\n  theirs: {theirs}")
        seen.update(" ".join(p.split(" ")[:2]) if "High" in p or "Low" in p else p for p in theirs["points"])
        seen.update([theirs["assurance"] or "geen oordeel over de norm", "beeld " + theirs["variation"].split(" (")[0]])
        for base in theirs["baselines"]:
            if base["limits"]:
                used = [Fraction(p["value"]) for p in one["points"][base["from"]:base["until"]] if left_out(p) is None]
                lim = base["limits"][:6]
                compared += 1
                literal += special(used, lim) != special(used, lim, outside_is_near=True)
                why[against_reference(used, lim, special(used, lim)) or "agrees"] += 1
    print(f"{SERIES} series, {sum(len(c['points']) for c in cases)} points, {SERIES - wrong} the same as in exact fractions")
    print("  " + ", ".join(f"{count} {what}" for what, count in sorted(seen.items())))
    print(f"{compared} baselines beside NHSRplotthedots:")
    for reason, count in why.most_common():
        print(f"  {count} {reason}")
    print(f"  ({literal} would have other marks if a point outside a limit counted as one of two of three)")
    unexplained = sum(count for reason, count in why.items() if reason.startswith("UNEXPLAINED"))
    if wrong or unexplained:
        print(f"{wrong} differ, {unexplained} unexplained")
        sys.exit(1)
    print("all agree")


if __name__ == "__main__":
    main()
