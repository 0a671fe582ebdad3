"""Measures BAU Tracker's detector, and the rules that people use today, on made teams of which the truth is known.

Run by `make bench-detect`, or `python -m tests.bench.bench_detect --help`. CONTRIBUTING.md says how to read it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.bench.cases import folders_with_cases, read_cases, write_cases
from tests.bench.mechanisms.simulation import simulate
from tests.bench.running import Chunk, Outcome, generated, given, run
from tests.bench.tables import report, values


def main(arguments: Sequence[str]) -> None:
    """Print the tables; end with a status other than 0 when a verdict used later weeks."""
    asked = _parser().parse_args(arguments)
    if asked.write:
        for seed in asked.seeds:
            write_cases(list(simulate(seed, asked.teams)), asked.write / f"seed-{seed}")
        return
    told, changed = [], 0
    for title, chunks in _origins(asked):
        parts = {part: _run(f"{title}, {part}", some) for part, some in chunks.items()}
        sys.stdout.write(report(title, parts) + "\n")
        sys.stdout.flush()
        told.append(values(title, parts))
        changed += sum(part.changed for part in parts.values())
    if asked.json:
        asked.json.write_text(json.dumps(told, indent=1), encoding="utf-8")
    if changed:
        raise SystemExit("A verdict has used later weeks.")


def _run(title: str, chunks: Sequence[Chunk]) -> Outcome:
    sys.stderr.write(f"{title} ...\n")
    return run(chunks)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bench_detect", description=__doc__)
    parser.add_argument(
        "--seeds", type=int, nargs="*", default=[1, 2, 3], help="of our own generator; none to leave it out"
    )
    parser.add_argument("--teams", type=int, default=60, help="of each scenario, for each seed")
    parser.add_argument("--data", type=Path, nargs="*", default=[], help="folders with teams, or with such folders")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there too")
    parser.add_argument(
        "--write", type=Path, metavar="DIR", help="only write the made teams there, a folder for each seed"
    )
    return parser


def _origins(asked: argparse.Namespace) -> Iterator[tuple[str, dict[str, list[Chunk]]]]:
    """Go through the origins of teams, each with its parts: our generator by seed, and what was given by folder."""
    if asked.seeds:
        yield "Our own generator", {f"seed {seed}": generated(seed, asked.teams) for seed in asked.seeds}
    for folder in asked.data:
        yield str(folder), {path.name: given(read_cases(path)) for path in folders_with_cases(folder)}


if __name__ == "__main__":
    main(sys.argv[1:])
