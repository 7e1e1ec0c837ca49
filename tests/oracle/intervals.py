"""Intervals of `betrouwbaarheid`, held against statsmodels (Wilson) and against numpy (multinomial difference).

Thousands of small samples, one per group, in one run of the real program. Environment: MEETLAT, the program.
"""

import json
import math
import os
import subprocess
import sys
import tempfile

import numpy
from scipy.stats import norm
from statsmodels.stats.proportion import proportion_confint

MEETLAT = os.environ["MEETLAT"]
LEVELS = ["51", "80", "90", "95", "99", "99.9", "99.999999"]
KPI = """
kpi {name} "T" {{
    definitie "x" berekening {formula} bronsysteem kto.antwoord dimensies groep norm geen "x"
    meetmethode enquête, per jaar, betrouwbaarheid {level}%{weight}
}}
"""
TABLE = """
bronsysteem kto "E" { tabel antwoord {
    nummer geheel sleutel
    dag datum meetmoment
    groep tekst
    s geheel
    w geheel
} }
"""
SHARE = "percentage(s >= 6)"
DIFFERENCE = "percentage(s >= 5) - percentage(s <= 3)"
OVERLAPPING = "percentage(s >= 3) - percentage(s >= 6)"


def weight(index):
    return 1 + index * 7 % 5


def samples():
    """Per group its scores 1..7: all of none, all, one, and random ones of many sizes."""
    random = numpy.random.default_rng(3)
    groups = {}
    for n in [1, 2, 3, 5, 10, 30, 100, 1000]:
        for k in sorted({0, 1, n // 3, n // 2, n - 1, n}):
            groups[f"w{n}_{k}"] = [7] * k + [2] * (n - k)
    for index in range(1500):
        n = int(random.integers(1, 60))
        weights = random.dirichlet(numpy.ones(7) * random.choice([0.2, 1.0, 5.0]))
        groups[f"r{index}"] = [int(s) for s in random.choice(numpy.arange(1, 8), size=n, p=weights)]
    return groups


def run(folder, definitions, groups):
    os.makedirs(f"{folder}/definities")
    os.makedirs(f"{folder}/data")
    with open(f"{folder}/definities/k.kpi", "w") as file:
        file.write(definitions)
    with open(f"{folder}/meetlat.yaml", "w") as file:
        file.write("omgevingen:\n  l:\n    bronnen:\n      kto.antwoord: {pad: data/a.csv}\n")
    with open(f"{folder}/data/a.csv", "w") as file:
        file.write("nummer,dag,groep,s,w\n")
        number = 0
        for name, scores in groups.items():
            for index, score in enumerate(scores):
                number += 1
                file.write(f"{number},2026-03-01,{name},{score},{weight(index)}\n")
    command = [MEETLAT, "--project", folder, "run", "--format", "json", "--by-each", "-q"]
    ran = subprocess.run(command, capture_output=True, text=True)
    if ran.returncode != 0:
        sys.exit(ran.stderr)
    return json.loads(ran.stdout)["resultaten"]


def expected(kind, level, scores, weights):
    s, w = numpy.array(scores), numpy.array(weights, dtype=float)
    alpha = 1 - float(level) / 100
    if kind == "share":
        low, high = proportion_confint(int((s >= 6).sum()), len(s), alpha=alpha, method="wilson")
        return 100 * max(low, 0), 100 * min(high, 1)
    if kind == "weighted":
        # As many rows as say as much without weights (Kish); statsmodels takes parts of rows.
        rows = w.sum() ** 2 / (w * w).sum()
        share = w[s >= 6].sum() / w.sum()
        low, high = proportion_confint(share * rows, rows, alpha=alpha, method="wilson")
        return 100 * max(low, 0), 100 * min(high, 1)
    # The mean of one number per row (+1, 0, -1), with its population variance: the same figure by another road.
    d = (s >= 5) * 1.0 - (s <= 3) if kind == "difference" else (s >= 3) * 1.0 - (s >= 6)
    half = norm.isf(alpha / 2) * math.sqrt(d.var() / len(d))
    return 100 * max(d.mean() - half, -1), 100 * min(d.mean() + half, 1)


def main():
    groups = samples()
    everyone = [s for scores in groups.values() for s in scores]
    weights = {name: [weight(i) for i in range(len(scores))] for name, scores in groups.items()}
    all_weights = [w for list_ in weights.values() for w in list_]
    kinds = {"share": SHARE, "difference": DIFFERENCE, "overlapping": OVERLAPPING, "weighted": SHARE}
    names = {f"{kind}_{i}": (kind, level) for kind in kinds for i, level in enumerate(LEVELS)}
    definitions = TABLE + "".join(
        KPI.format(name=name, formula=kinds[kind], level=level, weight=", weging w" if kind == "weighted" else "") for name, (kind, level) in names.items()
    )
    with tempfile.TemporaryDirectory() as folder:
        rows = run(f"{folder}/p", definitions, groups)
    worst, count = {}, 0
    for row in rows:
        kind, level = names[row["kpi"]]
        group = row["dimensies"].get("groep")
        low, high = expected(
            kind, level, groups[group] if group else everyone, weights[group] if group else all_weights
        )
        off = max(abs(low - row["ondergrens"]), abs(high - row["bovengrens"])) / 100
        worst[kind] = max(worst.get(kind, 0), off)
        count += 1
        if off > 1e-9:
            sys.exit(f"{row['kpi']} {group}: {row['ondergrens']} – {row['bovengrens']}, expected {low} – {high}")
    if count != len(names) * (len(groups) + 1):
        sys.exit(f"{count} rows for {len(names)} KPIs over {len(groups)} groups")
    print(f"{count} intervals; largest difference (as a part of 1): {worst}")


main()
