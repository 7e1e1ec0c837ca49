#!/usr/bin/env python3
"""What `cargo bench --bench repeats` asks, asked of DuckDB over the same files: `python3 benches/repeats.py FOLDER`.

The folder is `bench-gesprekken-20000000` in cargo's target folder. Needs the Python package duckdb (2.0.0).
"""

import os
import sys
import time

import duckdb

QUERY = """
SELECT date_trunc('month', binnenkomst) AS maand,
       count(*) FILTER (vorige IS NOT NULL AND date_diff('day', vorige, binnenkomst) <= 7) AS herhaald,
       count(*) AS van
FROM (
    SELECT binnenkomst, lag(binnenkomst) OVER (PARTITION BY beller ORDER BY binnenkomst, gesprek_id) AS vorige
    FROM read_parquet('{}/*.parquet') WHERE beller IS NOT NULL
)
GROUP BY 1 ORDER BY 1
"""


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else os.path.expanduser(
        "~/.cache/meetlat-target/bench-gesprekken-20000000")
    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    best = best_cpu = float("inf")
    for number in range(1, 6):
        start, cpu = time.perf_counter(), time.process_time()
        rows = connection.execute(QUERY.format(folder)).fetchall()
        seconds, used = time.perf_counter() - start, time.process_time() - cpu
        if number == 1:
            for month, again, of in rows:
                print(f"    {month:%Y-%m} {again} van {of}")
        print(f"ronde {number}: {seconds:.2f} s ({used:.2f} s processortijd)")
        best, best_cpu = min(best, seconds), min(best_cpu, used)
    print(f"beste: {best:.2f} s ({best_cpu:.2f} s processortijd)")


if __name__ == "__main__":
    main()
