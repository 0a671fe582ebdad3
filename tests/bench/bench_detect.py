"""Measures BAU Tracker's detector, and the rules that people use today, on made teams of which the truth is known.

Run by `make bench-detect`, or `python -m tests.bench.bench_detect --help`. CONTRIBUTING.md says how to read it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.bench.cases import folders_with_cases, read_cases, write_cases
from tests.bench.findings import Findings, Kept, is_of, keep, read_kept
from tests.bench.mechanisms.simulation import simulate
from tests.bench.running import Chunk, generated, given, run
from tests.bench.tables import report


def main(arguments: Sequence[str]) -> None:
    """Print the tables; end with a status other than 0 when a verdict used later weeks."""
    asked = _parser().parse_args(arguments)
    if not asked.seeds and not asked.data:
        raise SystemExit("Give --seeds, or --data, or both.")
    if asked.write:
        for seed in asked.seeds:
            write_cases(list(simulate(seed, asked.teams)), asked.write / f"seed-{seed}")
        return
    kept = read_kept(asked.against) if asked.against else {}
    found = []
    for origin, chunks in _origins(asked):
        found.append(_find(origin, chunks, kept.get(origin)))
        sys.stdout.write(report(found[-1]) + "\n")
        sys.stdout.flush()
    if asked.json:
        keep(found, asked.json)
    if any(each.outcome.changed for each in found):
        raise SystemExit("A verdict has used later weeks.")


def _find(origin: str, chunks: Mapping[str, Sequence[Chunk]], earlier: Kept | None) -> Findings:
    parts = {}
    for part, some in chunks.items():
        sys.stderr.write(f"{origin}, {part} ...\n")
        parts[part] = run(some)
    if earlier and not is_of(earlier, parts):
        sys.stderr.write(f"{origin}: the earlier run was of other teams ({', '.join(earlier.parts)}); not compared.\n")
        return Findings(origin, parts)
    return Findings(origin, parts, earlier)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bench_detect", description=__doc__)
    parser.add_argument(
        "--seeds", type=int, nargs="*", default=[1, 2, 3], help="of our own generator; none to leave it out"
    )
    parser.add_argument("--teams", type=int, default=60, help="of each scenario, for each seed")
    parser.add_argument("--data", type=Path, nargs="*", default=[], help="folders with teams, or with such folders")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep all figures there")
    parser.add_argument("--against", type=Path, metavar="FILE", help="compare with a run that --json kept there")
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
