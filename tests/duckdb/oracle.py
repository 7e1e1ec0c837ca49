#!/usr/bin/env python3
"""Holds the results of `meetlat run` on examples/gemeente against hand-written SQL in DuckDB.

Each `*.sql` file here beside bronnen*.sql answers one KPI. Its head names it: `-- kpi: NAAM`, and optionally
`-- dimensie: NAAM` when the rows are per member of that dimension (a column `lid`; NULL is the member `(leeg)`).
Its rows are `periode[, lid], waarde, teller, noemer`, NULL where there is none.

The program is named by the environment variable MEETLAT (default: target/debug/meetlat). `--values` prints the SQL's
answers and runs nothing else. Needs the Python package duckdb.
"""

import json
import math
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import duckdb

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PROJECT = ROOT / "examples" / "gemeente"
DATA = PROJECT / "data"
TOLERANCE = 1e-9


def database(text_folder):
    """A connection with a view per table of the example."""
    for path in DATA.glob("*.csv"):
        # DuckDB reads no windows-1252 without an extension.
        (text_folder / path.name).write_text(path.read_text(encoding="windows-1252"), encoding="utf-8")
    connection = duckdb.connect()
    for path in sorted(HERE.glob("bronnen*.sql")):
        connection.execute(path.read_text(encoding="utf-8").format(data=DATA, tekst=text_folder))
    return connection


def head(text, word):
    """The value of a `-- word: value` line, if there is one."""
    found = re.search(rf"^-- {word}: *(\S+)", text, re.MULTILINE)
    return found.group(1) if found else None


def expected(connection, text):
    """(periode, lid) → (waarde, teller, noemer)."""
    cursor = connection.execute(text)
    names = [column[0] for column in cursor.description]
    wanted = {}
    for row in cursor.fetchall():
        cells = dict(zip(names, row))
        member = ("(leeg)" if cells["lid"] is None else str(cells["lid"])) if "lid" in cells else None
        wanted[(cells["periode"], member)] = tuple(
            None if cells[name] is None else float(cells[name]) for name in ("waarde", "teller", "noemer")
        )
    return wanted


def actual(kpi, dimension):
    """The same from the program."""
    program = os.environ.get("MEETLAT", str(ROOT / "target" / "debug" / "meetlat"))
    command = [program, "run", kpi, "--project", str(PROJECT), "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode != 0:
        raise RuntimeError(f"exit {done.returncode}: {done.stderr.strip()[:400]}")
    found = {}
    for row in json.loads(done.stdout)["resultaten"]:
        members = row["dimensies"]
        if row["kpi"] != kpi or set(members) != ({dimension} if dimension else set()):
            continue
        member = str(members[dimension]) if dimension else None
        found[(row["periode"], member)] = tuple(row[name] for name in ("waarde", "teller", "noemer"))
    return found


def same(wanted, found):
    """Two cells: both missing, or close enough."""
    if wanted is None or found is None:
        return wanted is None and found is None
    return math.isclose(wanted, found, rel_tol=TOLERANCE, abs_tol=1e-12)


def differences(wanted, found):
    """What does not agree, in words."""
    nothing = (None, None, None)
    for key in sorted(wanted.keys() | found.keys(), key=str):
        # A period or member in which nothing can be said may be a row without a value, or no row.
        if key not in found and wanted[key][0] is not None:
            yield f"{key}: missing; expected {wanted[key]}"
            continue
        if key not in wanted and found[key][0] is not None:
            yield f"{key}: unexpected {found[key]}"
            continue
        for name, a, b in zip(("waarde", "teller", "noemer"), wanted.get(key, nothing), found.get(key, nothing)):
            if not same(a, b) and wanted.get(key, nothing)[0] is not None:
                yield f"{key} {name}: expected {a}, found {b}"


def main():
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        connection = database(pathlib.Path(folder))
        for path in sorted(HERE.glob("*.sql")):
            text = path.read_text(encoding="utf-8")
            kpi, dimension = head(text, "kpi"), head(text, "dimensie")
            if kpi is None:
                continue
            wanted = expected(connection, text)
            if "--values" in sys.argv:
                print(path.name)
                for key, values in sorted(wanted.items(), key=str):
                    print("   ", *key, *values)
                continue
            label = f"{kpi} per {dimension}" if dimension else kpi
            try:
                wrong = list(differences(wanted, actual(kpi, dimension)))
            except (RuntimeError, OSError, ValueError, KeyError) as problem:
                wrong = [str(problem)]
            if wrong:
                failed += 1
                print(f"FAILED {label} ({path.name})")
                for line in wrong[:10]:
                    print(f"    {line}")
                if len(wrong) > 10:
                    print(f"    and {len(wrong) - 10} more")
            else:
                passed += 1
                print(f"ok {label}: {len(wanted)} rows")
    if "--values" not in sys.argv:
        print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
