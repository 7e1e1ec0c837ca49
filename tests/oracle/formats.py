#!/usr/bin/env python3
"""Reads what `meetlat run` writes with programs that know nothing of Meetlat, and holds it against `--format json`.

- the workbook with openpyxl: every sheet, all rows, no formulas, no warnings; and with LibreOffice, which opens it without
  repair, writes it again with the same cells and makes a PDF of it;
- the Parquet store with DuckDB: the same rows; a store that DuckDB wrote again is still one;
- texts that a spreadsheet or a browser could run stay texts.

The program is named by the environment variable MEETLAT (default: target/debug/meetlat), the folder for what is made by
FORMATS (default: a temporary one). Needs duckdb and openpyxl from PyPI, and from Debian libreoffice-calc and poppler-utils.
"""

import csv
import datetime
import json
import math
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import warnings

import duckdb
import openpyxl

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROJECT = ROOT / "examples" / "gemeente"
COLUMNS = (
    "kpi titel versie periode periode_van periode_tot dimensies waarde eenheid teller noemer n n_leeg ondergrens "
    "bovengrens norm norm_soort afstand status kenmerken reeksbreuk definitie_hash invoer_hash"
).split()
DATES = ("versie", "periode_van", "periode_tot")
SECONDS = {"s": 1, "min": 60, "uur": 3600, "dagen": 86400}
RISKY = ['=HYPERLINK("http://x")', "<script>alert(1)</script>", "+1", "@x", "-x"]

NASTY = """
bronsysteem bron "@Bron" {{
    tabel rij "Rijen" {{
        id     tekst     sleutel
        dag    datum     meetmoment
        lid    tekst
        duur   geheel
    }}
}}
{kpis}
"""
KPI = """
kpi k{i} {title} {{
    definitie     {title}
    berekening    gemiddelde(duur)
    bronsysteem   bron.rij
    meetmethode   automatisch, per maand op dag
    dimensies     lid
    norm          >= 2
    eigenaar      {title}
}}
"""


def fail(text):
    sys.exit(f"formats: {text}")


def check(holds, text):
    if not holds:
        fail(text)


def meetlat(project, *args):
    program = os.environ.get("MEETLAT", str(ROOT / "target" / "debug" / "meetlat"))
    command = [program, "run", "--project", str(project), "-q", *map(str, args)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    check(done.returncode == 0, f"{' '.join(command)}: exit {done.returncode}: {done.stderr.strip()[:400]}")
    return done.stdout


def same(a, b):
    if isinstance(a, (int, float)) and isinstance(b, (int, float)) and not isinstance(a, bool):
        return math.isclose(a, b, rel_tol=1e-12, abs_tol=1e-12)
    return a == b


def day(text):
    return None if text is None else datetime.date.fromisoformat(text)


def opened(path):
    """The workbook; a warning of the reader is a fault."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return openpyxl.load_workbook(path)


def workbook(path, rows):
    book = opened(path)
    check(book.sheetnames[:3] == ["Overzicht", "Alle rijen", "Definities"], f"sheets {book.sheetnames[:4]}")
    names = [name.lower() for name in book.sheetnames]
    check(len(set(names)) == len(names) and all(0 < len(n) <= 31 for n in names), "names of sheets")
    cells = 0
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                cells += cell.value is not None
                check(cell.data_type != "f", f"a formula in {sheet.title} {cell.coordinate}: {cell.value}")
                link = cell.hyperlink
                check(not link or (link.target is None and link.location), f"a link out: {cell.coordinate}")
    all_rows(book["Alle rijen"], rows)
    totals = {}
    for row in rows:
        if not row["dimensies"]:
            totals.setdefault(row["kpi"], []).append(row)
    overview(book, totals, {row["kpi"] for row in rows})
    print(f"openpyxl: {len(book.sheetnames)} sheets, {cells} cells, {len(rows)} rows, no formulas, no warnings")
    return book


def all_rows(sheet, rows):
    lines = sheet.iter_rows(values_only=True)
    heads = next(lines)
    tables = [(t.name, t.ref) for t in sheet.tables.values()]
    last = openpyxl.utils.get_column_letter(len(heads))
    check(tables == [("resultaten", f"A1:{last}{len(rows) + 1}")], f"the table is {tables}")
    plain = [h for h in heads if not h.startswith("dim_")]
    check(plain == [c for c in COLUMNS if c != "dimensies"], f"columns {plain}")
    count = 0
    for cells, row in zip(lines, rows):
        count += 1
        found = dict(zip(heads, cells))
        for name in plain:
            wanted, cell = row[name], found[name]
            if name in DATES:
                wanted, cell = day(wanted), cell and cell.date()
            if name == "kenmerken":
                marks = (f"{m['kenmerk']}: {m['reden']}" if m["reden"] else m["kenmerk"] for m in wanted)
                wanted = "; ".join(marks) or None
            check(same(wanted, cell), f"row {count} {name}: {cell!r}, expected {wanted!r}")
        members = {h[4:]: c for h, c in found.items() if h.startswith("dim_") and c is not None}
        members = {k: str(c.date()) if isinstance(c, datetime.datetime) else str(c) for k, c in members.items()}
        check(members == row["dimensies"], f"row {count}: members {members}, expected {row['dimensies']}")
    check(count == len(rows), f"{count} rows, expected {len(rows)}")


def scaled(cell, row, key):
    """The number of a cell in the unit of the contract: its format tells minutes or hours."""
    if cell.value is None or row["eenheid"].split(" ")[0] != "s":
        return cell.value
    unit = re.search(r'"(?: )(s|min|uur|dagen)\b', cell.number_format)
    check(unit, f"no unit in {cell.number_format} of {row['kpi']} {key}")
    return cell.value * SECONDS[unit.group(1)]


def overview(book, totals, kpis):
    sheet = book["Overzicht"]
    start = next(r for r in range(1, 20) if sheet.cell(r, 1).value == "KPI")
    lines = [sheet[r] for r in range(start + 1, sheet.max_row + 1)]
    seen, charts = set(), 0
    for line in lines:
        tab = book[line[0].hyperlink.location.rsplit("!", 1)[0].strip("'").replace("''", "'")]
        check(tab["A2"].hyperlink.location == "'Overzicht'!A1", f"no way back on {tab.title}")
        kpi = tab["B2"].value.split(" · ")[0]
        seen.add(kpi)
        rows = totals.get(kpi, [])
        row = next((r for r in rows if r["periode"] == line[2].value), None)
        if row:
            check(row["status"] in line[6].value, f"{kpi}: {line[6].value}, expected {row['status']}")
            check(same(scaled(line[3], row, "overzicht"), row["waarde"]), f"{kpi}: {line[3].value}")
        charts += kpi_sheet(tab, rows)
    check(seen == kpis and len(lines) == len(kpis), f"{len(lines)} lines for {len(kpis)} KPIs")
    first = ["✗ niet gehaald", "~ bijna", "? geen gegevens"]
    places = [next((i for i, word in enumerate(first) if line[6].value.startswith(word)), 3) for line in lines]
    check(places == sorted(places), "what is wrong does not come first")
    print(f"openpyxl: an overview of {len(lines)} KPIs, {charts} charts")


def kpi_sheet(tab, rows):
    if not rows:
        return len(tab._charts)
    head = next(r for r in range(1, 40) if tab.cell(r, 1).value == "Periode")
    heads = [c.value for c in tab[head]]
    value = heads.index("Waarde") + 1
    for i, row in enumerate(rows, head + 1):
        check(tab.cell(i, 1).value == row["periode"], f"{tab.title} {i}: {tab.cell(i, 1).value}")
        check(same(scaled(tab.cell(i, value), row, "waarde"), row["waarde"]), f"{tab.title} {row['periode']}")
        check(tab.cell(i, 2).value.date() == day(row["periode_van"]), f"{tab.title} {row['periode']}: the day")
    wanted = int(sum(r["waarde"] is not None for r in rows) > 1)
    check(len(tab._charts) == wanted, f"{tab.title}: {len(tab._charts)} charts")
    for chart in tab._charts:
        check(chart.display_blanks == "gap", f"{tab.title}: gaps are drawn as {chart.display_blanks}")
        first = chart.series[0].val.numRef.f.rsplit("!", 1)[1].replace("$", "")
        letter = openpyxl.utils.get_column_letter(value)
        check(first == f"{letter}{head + 1}:{letter}{head + len(rows)}", f"{tab.title}: the chart shows {first}")
    return wanted


def stored(path):
    """The rows of a store as JSON has them."""
    cursor = duckdb.connect().execute(f"SELECT * FROM '{path}'")
    names = [column[0] for column in cursor.description]
    check(names == COLUMNS, f"columns of the store: {names}")
    return [dict(zip(names, row)) for row in cursor.fetchall()]


def key(row):
    return (row["kpi"], str(row["versie"] or ""), str(row["periode_van"]), row["periode"], str(row["dimensies"]))


def store(path, rows):
    found = stored(path)
    check(len(found) == len(rows), f"{len(found)} rows in the store, expected {len(rows)}")
    for a, b in zip(sorted(found, key=key), sorted(rows, key=key)):
        for name in COLUMNS:
            wanted = day(b[name]) if name in DATES else b[name]
            # Numbers are the same to the last bit.
            check(a[name] == wanted, f"{b['kpi']} {b['periode']} {name}: {a[name]!r}, expected {wanted!r}")
    print(f"DuckDB: {len(found)} rows, the same as JSON")


def adding(folder, path, moment):
    """Runs that add again, and a store that another program wrote."""
    before = path.read_bytes()
    meetlat(PROJECT, "--as-of", moment, "--format", "parquet", "--output", path)
    check(path.read_bytes() == before, "the same run gave other bytes")
    other = folder / "andere.parquet"
    duckdb.connect().execute(f"COPY (SELECT * FROM '{path}' ORDER BY random()) TO '{other}' (FORMAT parquet)")
    meetlat(PROJECT, "--as-of", moment, "--format", "parquet", "--output", other)
    check(other.read_bytes() == before, "a store that DuckDB wrote became another")
    print(f"DuckDB: a store it wrote again is still one; {path.stat().st_size} bytes")


def office(folder, book, path):
    """LibreOffice reads the workbook, writes the same cells, and prints it."""
    out = folder / "libreoffice"
    out.mkdir(exist_ok=True)
    utf8 = "csv:Text - txt - csv (StarCalc):44,34,76"
    for form in ("xlsx", "pdf", utf8):
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = ["soffice", profile, "--headless", "--convert-to", form, "--outdir", str(out), str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
        made = out / f"{path.stem}.{form.split(':')[0]}"
        check(done.returncode == 0 and made.exists(), f"LibreOffice made no {made.name}: {done.stderr[:300]}")
    again = openpyxl.load_workbook(out / path.name)
    check(again.sheetnames == book.sheetnames, "LibreOffice has other sheets")
    compared = 0
    for sheet in book.worksheets:
        other = again[sheet.title]
        for row in sheet.iter_rows():
            for cell in row:
                seen = other[cell.coordinate]
                if cell.value is None and seen.value is None:
                    continue
                compared += 1
                if isinstance(cell.value, bool):
                    # LibreOffice writes truth as a formula.
                    check(seen.value == f"={str(cell.value).upper()}()", f"{cell.coordinate}: {seen.value!r}")
                    continue
                where = f"{sheet.title} {cell.coordinate}"
                check(same(cell.value, seen.value), f"{where}: {seen.value!r}, not {cell.value!r}")
                check(seen.data_type != "f", f"LibreOffice has a formula in {where}")
        check(len(other._charts) == len(sheet._charts), f"{sheet.title}: LibreOffice has {len(other._charts)} charts")
    # The first sheet, as it is shown.
    with open(out / f"{path.stem}.csv", encoding="utf-8", newline="") as file:
        shown = list(csv.reader(file))
    for line, row in zip(shown, book["Overzicht"].iter_rows()):
        for text, cell in zip(line, row):
            if isinstance(cell.value, str):
                check(text == cell.value, f"LibreOffice shows {text!r}, not {cell.value!r}")
            check(bool(text) == (cell.value is not None), f"LibreOffice shows {text!r} for {cell.value!r}")
    picture(out, path.stem)
    print(f"LibreOffice: {compared} cells the same, and a PDF")


def picture(out, stem):
    pdf = out / f"{stem}.pdf"
    subprocess.run(["pdftoppm", "-r", "80", "-png", "-f", "1", "-l", "1", str(pdf), str(out / stem)], check=True)
    pages = sorted(out.glob(f"{stem}-*.png"))
    check(pages and pages[0].stat().st_size > 5_000, "no picture of the first page")


def nasty(folder):
    """Titles and members that a spreadsheet could run."""
    project = folder / "riskant"
    (project / "definities").mkdir(parents=True, exist_ok=True)
    quoted = [json.dumps(title) for title in RISKY]
    kpis = "".join(KPI.format(i=i, title=title) for i, title in enumerate(quoted))
    (project / "definities" / "k.kpi").write_text(NASTY.format(kpis=kpis), encoding="utf-8")
    bron = "{pad: rijen.csv}"
    settings = f"project: '=1+1 & co'\ndefinities: [definities/]\nomgevingen:\n  lokaal:\n    bronnen:\n      bron.rij: {bron}\n"
    (project / "meetlat.yaml").write_text(settings, encoding="utf-8")
    with open(project / "rijen.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "dag", "lid", "duur"])
        days = [f"2026-0{m}-0{d}" for m in range(1, 5) for d in range(1, 6)]
        writer.writerows([n, moment, RISKY[n % len(RISKY)], n] for n, moment in enumerate(days))
    rows = json.loads(meetlat(project, "--format", "json"))["resultaten"]
    path = folder / "riskant.xlsx"
    meetlat(project, "--format", "xlsx", "--output", path)
    book = workbook(path, rows)
    office(folder, book, path)
    texts = {cell for sheet in book.worksheets for row in sheet.iter_rows(values_only=True) for cell in row}
    check(set(RISKY) <= texts, f"lost: {set(RISKY) - texts}")
    markdown = meetlat(project, "--format", "md", "--by", "lid")
    check(not re.search(r"(?<!\\)<", markdown) and "\\<script\\>alert(1)" in markdown, "Markdown has a script")


def main():
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(os.environ.get("FORMATS", temporary)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        nasty(folder)
        document = json.loads(meetlat(PROJECT, "--format", "json"))
        rows, moment = document["resultaten"], document["peilmoment"]
        book = folder / "gemeente.xlsx"
        meetlat(PROJECT, "--format", "xlsx", "--output", book)
        office(folder, workbook(book, rows), book)
        parquet = folder / "gemeente.parquet"
        parquet.unlink(missing_ok=True)
        meetlat(PROJECT, "--as-of", moment, "--format", "parquet", "--output", parquet)
        store(parquet, rows)
        adding(folder, parquet, moment)
    print("all agree")


main()
