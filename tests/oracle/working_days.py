#!/usr/bin/env python3
"""Holds holidays, `werkdagen`, `werktijd` and `datum + n werkdagen` against PyPI workalendar, holidays and numpy, and against
a plain day-by-day count, through the program itself: every figure compared here was printed by `meetlat run`.

The program is named by the environment variable MEETLAT (default: target/debug/meetlat). README.md says what is compared
and why the packages differ where they do. Needs the Python packages workalendar, holidays and numpy.
"""

import collections
import csv
import datetime as dt
import functools
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import zoneinfo

import holidays
import numpy as np
from workalendar.europe import Netherlands

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FIRST, LAST = dt.date(1990, 1, 1), dt.date(2050, 12, 31)
PAIRS, MOMENTS = 100_000, 20_000
ZONE = zoneinfo.ZoneInfo("Europe/Amsterdam")
DAY = dt.timedelta(days=1)

DEFINITIONS = """
kalender wet "Algemene termijnenwet" { feestdagen termijnenwet }
kalender cao "CAO Gemeenten"         { feestdagen cao_gemeenten }
kalender wet7 "Alle dagen, om de feestdagen te zien" { feestdagen termijnenwet   werkdagen ma, di, wo, do, vr, za, zo }
kalender cao7 "Alle dagen, om de feestdagen te zien" { feestdagen cao_gemeenten  werkdagen ma, di, wo, do, vr, za, zo }
kalender loket "Gemeentehuis" {
    feestdagen  termijnenwet
    feestdagen  cao_gemeenten  vanaf 2024-01-01
    werkdagen   ma, di, wo, do, vr
    werkdagen   ma, di, wo, do          vanaf 2025-06-01
    open        ma, di, wo, do, vr  08:30 - 12:00
    open        ma, di, wo, do, vr  13:00 - 17:00
    open        do  08:30 - 20:00       vanaf 2024-09-01 tot 2025-03-01
    open        vr  09:00 - 12:30       vanaf 2025-06-01
    open        za  22:00 - 24:00
    open        zo  00:00 - 04:30       // de nachten van de zomertijd
    gesloten    2024-12-24, 2024-12-31  "collectief verlof"
}
bronsysteem proef "Proef" {
    tabel dag "Eén rij per dag" {
        nr      tekst  sleutel
        gister  datum
        dag     datum  meetmoment
    }
    tabel paar "Eén rij per tweetal" {
        nr      tekst      sleutel
        moment  datum      meetmoment
        a       datum
        b       datum
        van     tijdstip
        eind    tijdstip
        n       werkdagen
    }
}
"""

# name: source, calculation
KPIS = {
    "vrij_wet": ("dag", "som(werkdagen(gister, dag, wet7))"),
    "vrij_cao": ("dag", "som(werkdagen(gister, dag, cao7))"),
    "dag_wet": ("dag", "som(werkdagen(gister, dag, wet))"),
    "dagen": ("paar", "som(werkdagen(a, b, wet))"),
    "dagen_moment": ("paar", "som(werkdagen(van, eind, wet))"),
    "dagen_gemengd": ("paar", "som(werkdagen(van, b, wet))"),
    "dagen_loket": ("paar", "som(werkdagen(van, eind, loket))"),
    "tijd": ("paar", "som(werktijd(van, eind, loket))"),
    "later": ("paar", "som(a + n - 1970-01-01)"),
}


def project(folder, days, pairs):
    """Definitions, settings and data."""
    text = [DEFINITIONS]
    for name, (table, calculation) in KPIS.items():
        text.append(
            f'kpi {name} "{name}" {{ definitie "x" berekening {calculation} bronsysteem proef.{table} '
            f'meetmethode automatisch, per hele reeks dimensies nr norm geen "x" }}\n'
        )
    (folder / "definities").mkdir()
    (folder / "definities" / "proef.kpi").write_text("".join(text), encoding="utf-8")
    (folder / "meetlat.yaml").write_text(
        "project: Proef\nkalender: wet\nomgevingen:\n  lokaal:\n    bronnen:\n"
        "      proef.dag: {pad: dag.csv}\n      proef.paar: {pad: paar.csv}\n",
        encoding="utf-8",
    )
    with open(folder / "dag.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["nr", "gister", "dag"])
        writer.writerows([day, day - DAY, day] for day in days)
    with open(folder / "paar.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["nr", "moment", "a", "b", "van", "eind", "n"])
        writer.writerows(
            [nr, "2026-01-01", a, b, van.strftime("%Y-%m-%dT%H:%M:%SZ"), tot.strftime("%Y-%m-%dT%H:%M:%SZ"), n]
            for nr, (a, b, van, tot, n) in enumerate(pairs)
        )


def figures(folder, kpis):
    """kpi → nr → value, as the program prints them."""
    program = os.environ.get("MEETLAT", str(ROOT / "target" / "debug" / "meetlat"))
    command = [program, "run", *kpis, "--project", str(folder), "--format", "jsonl", "--by", "nr"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode != 0:
        raise SystemExit(f"exit {done.returncode}: {done.stderr.strip()[:2000]}")
    found = {name: {} for name in kpis}
    for line in done.stdout.splitlines():
        row = json.loads(line)
        member = row.get("dimensies", {}).get("nr")
        if member is not None:
            found[row["kpi"]][str(member)] = row["waarde"]
    return found


class Report:
    """Counts what agrees, and shows the first of what does not."""

    def __init__(self):
        self.failed = 0

    def compare(self, what, wanted, found):
        wrong = [(key, wanted[key], found.get(key)) for key in wanted if wanted[key] != found.get(key)]
        self.failed += bool(wrong)
        print(f"{'FAILED' if wrong else 'ok'} {what}: {len(wanted) - len(wrong)} of {len(wanted)} agree")
        for key, a, b in wrong[:10]:
            print(f"    {key}: expected {a}, found {b}")


@functools.cache
def easter(year):
    """Easter Sunday, as python-holidays has it: the day before its Easter Monday."""
    named = holidays.country_holidays("NL", years=year, language="en_US")
    return next(day for day, name in named.items() if "Easter Monday" in name) - DAY


def free_days(report, found, days):
    """Holidays of both sets against both packages."""
    ours = {name: {day for day in days if found[name][str(day)] == 0} for name in ("vrij_wet", "vrij_cao")}
    calendar = Netherlands()
    law = {day for year in range(FIRST.year, LAST.year + 1) for day, _ in calendar.holidays(year)}
    # Easter and Whit Sunday are in workalendar's list and not in article 3: a Sunday counts as one anyway.
    sundays = {day for day in law if day.weekday() == 6 and day not in ours["vrij_wet"]}
    named = {easter(year) + offset * DAY for year in range(FIRST.year, LAST.year + 1) for offset in (0, 49)}
    report.compare("workalendar, holidays that no Sunday makes", {d: True for d in law - sundays}, {d: True for d in ours["vrij_wet"]})
    report.compare("workalendar, no holidays more than it has", {d: True for d in ours["vrij_wet"]}, {d: True for d in law})
    report.compare("workalendar, its further days are Easter and Whit Sunday", {d: True for d in sundays}, {d: True for d in named})
    report.compare(
        "workalendar, every day a working day or not",
        {str(day): int(calendar.is_working_day(day)) for day in days},
        found["dag_wet"],
    )
    public = {day for day in holidays.country_holidays("NL", years=range(FIRST.year, LAST.year + 1))}
    reasons = collections.Counter()
    unexplained = {}
    for name in ours:
        for day in sorted(public ^ ours[name]):
            reason = explained(day, day in public, name)
            if reason:
                reasons[name, reason] += 1
            else:
                unexplained[name, day] = "in holidays" if day in public else "in meetlat"
    for (name, reason), count in sorted(reasons.items()):
        print(f"    {name[5:]}: {count} × {reason}")
    report.compare("python-holidays, differences that README.md explains", {}, unexplained)
    report.failed += bool(unexplained)
    for key, value in list(unexplained.items())[:10]:
        print(f"    {key}: {value}")


def explained(day, in_package, name):
    """Why python-holidays and a set differ on a day, if README.md says so."""
    from_easter = (day - easter(day.year)).days
    if in_package and from_easter in (0, 49):
        return "Easter or Whit Sunday: a Sunday, so in neither set"
    if in_package and from_easter == -2 and name == "vrij_cao":
        return "Good Friday: not in the CAO"
    if (day.month, day.day) == (5, 5):
        if not in_package and day.year % 5 and (name == "vrij_wet" or day.year >= 2024):
            return "5 May outside a lustrum year: a holiday every year by the law, and by the CAO from 2024"
        if in_package and name == "vrij_cao" and day.year < 2024:
            return "5 May in a lustrum year: before 2024 the CAO leaves it to the municipality"
    return None


def working_days(report, found, pairs):
    """`werkdagen` against numpy, and `datum + n werkdagen` against its `busday_offset`."""
    calendar = Netherlands()
    free = np.array(sorted({d for y in range(1980, 2061) for d, _ in calendar.holidays(y)}), dtype="datetime64[D]")
    one = np.timedelta64(1, "D")
    columns = {
        "dagen": ([p[0] for p in pairs], [p[1] for p in pairs]),
        "dagen_moment": ([local_day(p[2]) for p in pairs], [local_day(p[3]) for p in pairs]),
        "dagen_gemengd": ([local_day(p[2]) for p in pairs], [p[1] for p in pairs]),
    }
    for name, (a, b) in columns.items():
        a, b = np.array(a, dtype="datetime64[D]"), np.array(b, dtype="datetime64[D]")
        ahead = a <= b
        forward = np.busday_count(a + one, b + one, holidays=free)
        # The other way round: minus the days from b to a. numpy's own answer for a swapped pair leaves out its first day
        # instead of its last, so that it is this very count without the shift of a day.
        backward = -np.busday_count(b + one, a + one, holidays=free)
        swapped = np.busday_count(a, b, holidays=free)
        wanted = np.where(ahead, forward, backward)
        assert (wanted[~ahead] == swapped[~ahead]).all(), "numpy counts a swapped pair otherwise than README.md says"
        differs = int((forward[~ahead] != wanted[~ahead]).sum())
        report.compare(
            f"numpy, {name}: {int(ahead.sum())} pairs ahead, {int((~ahead).sum())} back",
            {str(nr): int(n) for nr, n in enumerate(wanted)},
            found[name],
        )
        print(f"    busday_count(a + 1, b + 1) as it stands differs for {differs} of the pairs back")
    a = np.array(columns["dagen"][0], dtype="datetime64[D]")
    n = np.array([p[4] for p in pairs])
    ahead = np.busday_offset(a, n, roll="backward", holidays=free)
    back = np.busday_offset(a, n, roll="forward", holidays=free)
    wanted = np.where(n > 0, ahead, np.where(n < 0, back, a)).astype("datetime64[D]").astype(int)
    report.compare(
        "numpy, a + n werkdagen", {str(nr): int(day) for nr, day in enumerate(wanted)}, found["later"]
    )


def local_day(moment):
    return moment.astimezone(ZONE).date()


def town_hall():
    """Per day the opening hours of the calendar `loket` as instants, and whether it is a working day."""
    calendar = Netherlands()
    closed = {dt.date(2024, 12, 24), dt.date(2024, 12, 31)}
    law = {d for y in range(2023, 2027) for d, _ in calendar.holidays(y)}
    clock = lambda text: dt.timedelta(hours=int(text[:2]), minutes=int(text[3:]))
    hours, works = {}, {}
    day = dt.date(2023, 12, 1)
    while day < dt.date(2026, 2, 1):
        # Easter and Whit Sunday are Sundays and no holidays of these sets; Good Friday is none of the CAO.
        from_easter = (day - easter(day.year)).days
        free = day in law and from_easter not in ((0, 49) if day.year < 2024 else (-2, 0, 49))
        shut = free or day in closed
        weekday = day.weekday()
        works[day] = not shut and weekday < (4 if day >= dt.date(2025, 6, 1) else 5)
        if weekday == 5:
            spans = [("22:00", "24:00")]
        elif weekday == 6:
            spans = [("00:00", "04:30")]
        elif weekday == 3 and dt.date(2024, 9, 1) <= day < dt.date(2025, 3, 1):
            spans = [("08:30", "20:00")]
        elif weekday == 4 and day >= dt.date(2025, 6, 1):
            spans = [("09:00", "12:30")]
        else:
            spans = [("08:30", "12:00"), ("13:00", "17:00")]
        midnight = dt.datetime.combine(day, dt.time())
        at = lambda span: (midnight + clock(span)).replace(tzinfo=ZONE).astimezone(dt.timezone.utc)
        hours[day] = [] if shut else [(at(a), at(b)) for a, b in spans]
        day += DAY
    return hours, works


def working_time(report, found, pairs):
    """`werktijd` and `werkdagen` by a calendar with everything in it, against going day by day."""
    hours, works = town_hall()
    nothing = dt.timedelta()
    time, days = {}, {}
    for nr, (_, _, van, tot, _) in enumerate(pairs[:MOMENTS]):
        sign = 1 if van <= tot else -1
        first, last = min(van, tot), max(van, tot)
        total, count = nothing, 0
        day, end = local_day(first), local_day(last)
        start = day
        while day <= end:
            total += sum((max(min(b, last) - max(a, first), nothing) for a, b in hours[day]), nothing)
            count += works[day] and day > start
            day += DAY
        time[str(nr)] = sign * total.total_seconds()
        days[str(nr)] = sign * count
    report.compare("day by day, werktijd", time, {key: found["tijd"][key] for key in time})
    report.compare("day by day, werkdagen of a calendar that changes", days, {key: found["dagen_loket"][key] for key in days})


def generated():
    """Pairs of days and moments. The first ones have their moments around the clock changes of 2024 and 2025."""
    chance = random.Random(20260101)
    span = (LAST - FIRST).days
    day = lambda: FIRST + chance.randrange(span + 1) * DAY
    utc = lambda d: dt.datetime.combine(d, dt.time(), dt.timezone.utc)
    changes = [dt.date(2024, 3, 31), dt.date(2024, 10, 27), dt.date(2025, 3, 30), dt.date(2025, 10, 26)]
    pairs = []
    for nr in range(PAIRS):
        a, b = day(), day()
        if nr % 3 == 0:
            b = min(max(a + chance.randrange(-15, 16) * DAY, FIRST), LAST)
        if nr < MOMENTS:
            near = chance.choice(changes)
            moment = lambda: utc(near) + dt.timedelta(seconds=chance.randrange(-90 * 86_400, 90 * 86_400))
            if nr % 2:
                moment = lambda: utc(near) + dt.timedelta(seconds=chance.randrange(-6 * 3_600, 12 * 3_600))
        else:
            moment = lambda: utc(day()) + dt.timedelta(seconds=chance.randrange(86_400))
        pairs.append((a, b, moment(), moment(), chance.randrange(-60, 61)))
    return pairs


def main():
    days = [FIRST + n * DAY for n in range((LAST - FIRST).days + 1)]
    pairs = generated()
    report = Report()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        project(folder, days, pairs)
        of_days = figures(folder, [name for name, (table, _) in KPIS.items() if table == "dag"])
        of_pairs = figures(folder, [name for name, (table, _) in KPIS.items() if table == "paar"])
    free_days(report, of_days, days)
    working_days(report, of_pairs, pairs)
    working_time(report, of_pairs, pairs)
    print("all agree" if not report.failed else f"{report.failed} comparisons failed")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
