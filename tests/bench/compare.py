#!/usr/bin/env python3
"""Two benches in turn, A B A B …, and the ratios of what they print.

    tests/bench/compare.py [--pairs 6]  'COMMAND A' 'COMMAND B'

Each command prints JSON objects, one a line ({"prefill": tokens/s, "decode": …}); the median of a run's lines counts as
that run's figure. Absolute figures of a shared machine mean little: the ratio of neighbours in time is what to quote.
Prints a Markdown table: median of A, median of B, median of the ratios A/B of each pair, their least and greatest.
"""
import argparse
import json
import shlex
import statistics
import subprocess
import sys


def run(command):
    out = subprocess.run(shlex.split(command), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    if out.returncode != 0:
        sys.exit(f"compare.py: exit status of {command!r}, got {out.returncode}, expected 0")
    rows = [json.loads(line) for line in out.stdout.splitlines() if line.startswith("{")]
    keys = {key for row in rows for key, value in row.items() if isinstance(value, (int, float))}
    return {key: statistics.median(row[key] for row in rows if key in row) for key in keys}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=6)
    parser.add_argument("a")
    parser.add_argument("b")
    options = parser.parse_args()
    pairs = []
    for _ in range(options.pairs):
        pairs.append((run(options.a), run(options.b)))
        print(json.dumps(pairs[-1]), file=sys.stderr, flush=True)
    print(f"n = {options.pairs} pairs\n\n| figure | A median | B median | A/B median | least | greatest |\n|---|---|---|---|---|---|")
    for key in sorted(set(pairs[0][0]) & set(pairs[0][1])):
        a, b = [p[0][key] for p in pairs], [p[1][key] for p in pairs]
        ratios = [x / y for x, y in zip(a, b)]
        print(f"| {key} | {statistics.median(a):.1f} | {statistics.median(b):.1f} | {statistics.median(ratios):.2f} "
              f"| {min(ratios):.2f} | {max(ratios):.2f} |")


main()
